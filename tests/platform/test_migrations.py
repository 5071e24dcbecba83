"""Migrations that keep nobody from writing: on a large table an index is made concurrently, or a reason stands here.

PostgreSQL's ``CREATE INDEX`` lets nobody write to the table until it is done, and a visitor's application would wait.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterUniqueTogether,
    CreateModel,
    Migration,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from casework.models.concurrently import AddIndexConcurrently

#: A row for each case or more; the others have one for each office, day or person.
LARGE: Final = {
    "casework": {
        "accessrecord", "acknowledgement", "applicant", "case", "casetext", "clearance", "consultation", "countchange",
        "decision", "delivery", "document", "event", "letter", "salt", "supplement", "textmark",
    },
    "notifications": {"message"},
}  # fmt: skip
FIRST: Final = "0001_initial"
#: What locks a large table all the same: migration → table and name. They came before the first numbered release, and
#: were measured with docs/operations.md, "An upgrade": two seconds an index and a million rows. Nothing is added here.
ACCEPTED: Final = {
    "0003_approval": {
        ("decision", "signed_for"), ("document", "decision"), ("event", "for_whom"), ("letter", "signed_for"),
        ("document", "same_file_once_a_case"), ("document", "same_attachment_once_a_draft"),
    },
    "0005_intake": {("case", "written_by"), ("applicant", "applicant_by_name"), ("case", "one_case_a_form")},
    "0006_today": {("letter", "letters_of_acts")},
    "0007_consult": {
        ("consultation", "cancelled_by"), ("consultation", "judged_by"), ("consultation", "letter"),
        ("consultation", "one_consultation_a_link"), ("document", "consultation"),
        ("document", "same_file_once_a_case"), ("document", "same_file_once_a_consultation"),
    },
    "0008_delivery": {("document", "delivery")},
    "0011_earlier_reply": {("decision", "earlier")},
    "0022_dispute": {("case", "annual_matrix")},
    "0023_pictures": {("case", "annual_matrix"), ("case", "received_in_year")},
    "0025_records": {("document", "release"), ("document", "waits_for_the_scanner")},
    "0028_before": {("supplement", "supplements_by_day")},
    "0030_desk_of_queue_and_notes": {("case", "text_not_marked")},
    "0036_desk": {
        ("case", "cases_by_receipt"), ("case", "cases_by_state"), ("case", "cases_by_clerk"),
        ("case", "cases_by_number"), ("case", "workload"),
    },
    "0002_channels": {("message", "message_undeliverable")},
}  # fmt: skip


def locking(operation: Operation, app: str, state: ProjectState) -> Iterator[tuple[str, str]]:
    """Table and name of each index that the operation makes on a large table while nobody may write to it."""
    if isinstance(operation, SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from locking(inner, app, state)
    if isinstance(operation, RunSQL):
        yield from in_sql(str(operation.sql))
    table = getattr(operation, "model_name_lower", "")
    if isinstance(operation, AlterUniqueTogether):
        table = operation.name_lower
    if table not in LARGE[app]:
        return
    if isinstance(operation, AddIndex) and not isinstance(operation, AddIndexConcurrently):
        yield table, operation.index.name
    elif isinstance(operation, AddConstraint) and isinstance(operation.constraint, models.UniqueConstraint):
        yield table, operation.constraint.name
    elif isinstance(operation, AlterUniqueTogether):
        yield table, "unique together"
    elif isinstance(operation, AddField | AlterField) and has_index(operation.field):
        before = state.models[app, table].fields.get(operation.name) if isinstance(operation, AlterField) else None
        if before is None or not has_index(before):
            yield table, operation.name


def in_sql(text: str) -> Iterator[tuple[str, str]]:
    made = r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[^;]*?\bON\s+(?:ONLY\s+)?\"?(\w+?)_(\w+)"
    for app, table in re.findall(made, text, re.IGNORECASE):
        if table in LARGE.get(app, ()):
            yield table, "in SQL"


def has_index(field: models.Field[Any, Any]) -> bool:
    return bool(getattr(field, "db_index", False) or field.unique) and not isinstance(field, models.ManyToManyField)


def found() -> Iterator[tuple[str, str, str]]:
    """Every such index of every migration after the first, but on tables that the same migration makes."""
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in LARGE and name != FIRST:
            yield from found_in(migration, loader.project_state([(app, name)], at_end=False))


def found_in(migration: Migration, before: ProjectState) -> Iterator[tuple[str, str, str]]:
    made = {operation.name_lower for operation in migration.operations if isinstance(operation, CreateModel)}
    state = before.clone()
    for operation in migration.operations:
        for table, name in locking(operation, migration.app_label, state):
            if table not in made:
                yield migration.name, table, name
        operation.state_forwards(migration.app_label, state)


def test_no_migration_locks_a_large_table_for_an_index_without_a_reason() -> None:
    now = set(found())
    accepted = {(migration, *what) for migration, all_of_it in ACCEPTED.items() for what in all_of_it}
    assert now - accepted == set(), "make it with casework.models.concurrently"
    assert accepted - now == set(), "no longer needed here"


def test_the_large_tables_exist() -> None:
    for app, names in LARGE.items():
        assert names <= set(apps.all_models[app])


INDEX: Final = models.Index(fields=["wanted_way"], name="tried_by_a_test")
SQL: Final = 'CREATE {} tried_by_a_test ON {} ("wanted_way")'


@pytest.mark.parametrize(
    ("operation", "refused"),
    [
        (AddIndex("case", INDEX), True),
        (AddIndexConcurrently("case", INDEX), False),
        (AddIndex("agency", INDEX), False),
        (AddConstraint("case", models.UniqueConstraint(fields=["wanted_way"], name="x")), True),
        (AddConstraint("case", models.CheckConstraint(condition=models.Q(pk__gt=0), name="x")), False),
        (AddField("case", "x", models.CharField(max_length=1, null=True)), False),
        (AddField("case", "x", models.CharField(max_length=1, null=True, db_index=True)), True),
        (AddField("case", "x", models.ForeignKey("casework.Agency", models.PROTECT, null=True)), True),
        (AddField("case", "x", models.ForeignKey("casework.Agency", models.PROTECT, null=True, db_index=False)), False),
        (AlterField("case", "wanted_way", models.CharField(max_length=12, db_index=True)), True),
        (AlterField("case", "wanted_way", models.CharField(max_length=20)), False),
        (AlterField("case", "agency", models.ForeignKey("casework.Agency", models.PROTECT, null=True)), False),
        (AlterUniqueTogether("case", {("number", "year")}), True),
        (RunSQL(SQL.format("INDEX", "casework_case")), True),
        (RunSQL(SQL.format("UNIQUE INDEX", '"casework_case"')), True),
        (RunSQL(SQL.format("INDEX CONCURRENTLY", "casework_case")), False),
        (RunSQL(SQL.format("INDEX", "casework_agency")), False),
        (SeparateDatabaseAndState([AddIndex("case", INDEX)]), True),
    ],
)
def test_what_is_refused(operation: Operation, refused: bool) -> None:
    made = type("Migration", (Migration,), {"operations": [operation]})
    migration = made("9999_tried", "casework")
    state = MigrationLoader(None).project_state([("casework", "0038_last_run")])
    assert bool(list(found_in(migration, state))) is refused


def indexes() -> dict[str, Any]:
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, "casework_case")


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_while_others_write_and_anew_where_it_was_broken_off() -> None:
    operation = AddIndexConcurrently("case", INDEX)
    before = MigrationLoader(None).project_state([("casework", "0038_last_run")])
    after = before.clone()
    operation.state_forwards("casework", after)
    for _broken_off in (False, True):
        if _broken_off and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'tried_by_a_test'::regclass")
        elif _broken_off:
            break
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("casework", editor, before, after)
        assert indexes()["tried_by_a_test"]["columns"] == ["wanted_way"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'tried_by_a_test'::regclass")
            assert cursor.fetchone() == (True,)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_backwards("casework", editor, after, before)
    assert "tried_by_a_test" not in indexes()
