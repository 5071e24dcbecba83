"""The database refuses by itself: to change, to remove, to empty; and lets through what only adds."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from casework import audit
from casework.audit import guards
from casework.audit.logs import LOGS
from casework.models import Case, Salt

pytestmark = pytest.mark.django_db

TABLES = [log.table for log in LOGS.values()] + ["casework_seal", "casework_sealhead", "casework_salt"]


def refused(sql: str, *values: str | int) -> bool:
    with suppress(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            if cursor.rowcount == 0:
                raise AssertionError(f"nothing to refuse: {sql}")
        return False
    return True


#: Where NULL would be refused anyway and prove nothing: another value of the same type.
OTHER = {"id": "id + 1000000", "page": "'x'", "kind": "'denied'", "case_id": "case_id + 1", "cases": "cases + 1"}

FILLED = [table for table in TABLES if table.rpartition("_")[2] not in ("staffchange", "settingchange", "disputestep")]


@pytest.mark.parametrize("table", FILLED)
def test_no_row_is_removed(lived: list[Case], table: str) -> None:
    assert refused(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("table", "column"),
    [(log.table, field.column) for log in LOGS.values() for field in log.model._meta.concrete_fields]
    + [("casework_seal", "digest"), ("casework_seal", "leaves"), ("casework_salt", "keys"), ("casework_salt", "salt")],
)
def test_no_column_is_changed(lived: list[Case], table: str, column: str) -> None:
    if table in FILLED:
        # Its own value again: the guard of a fixed column lets that through, of an erasable one refuses even that.
        change = "salt = NULL" if column == "salt" else f'"{column}" = {OTHER.get(column, "NULL")}'
        assert refused(f"UPDATE {table} SET {change}")


def test_the_head_goes_forward_only(lived: list[Case]) -> None:
    assert refused("UPDATE casework_sealhead SET seq = seq - 1")
    assert refused("UPDATE casework_sealhead SET digest = 'x'")
    assert not refused("UPDATE casework_sealhead SET seq = seq + 1")


def test_no_table_is_emptied(lived: list[Case]) -> None:
    if connection.vendor == "postgresql":
        for table in TABLES:
            assert refused(f"TRUNCATE {table} CASCADE")


def test_a_value_changes_only_when_its_salt_is_gone(lived: list[Case]) -> None:
    """The door of erasure: the salt first, and only a row that has one; then the erasable columns and no other."""
    salt = Salt.objects.filter(log="access", keys=["what"]).order_by("row").first()
    assert salt is not None
    change = "UPDATE casework_accessrecord SET what = '' WHERE id = %s"
    assert refused(change, salt.row)
    assert refused("UPDATE casework_salt SET commitment = 'x' WHERE id = %s", salt.pk)
    assert not refused("UPDATE casework_salt SET salt = NULL, commitment = 'x' WHERE id = %s", salt.pk)
    assert refused("UPDATE casework_accessrecord SET page = 'other' WHERE id = %s", salt.row)
    assert not refused(change, salt.row)
    assert refused("UPDATE casework_salt SET commitment = 'y' WHERE id = %s", salt.pk), "what is gone stays gone"
    found = audit.first_fault()
    assert found is not None, "x is no commitment"
    assert found.row == salt.row


def test_rows_are_added_as_ever(lived: list[Case]) -> None:
    assert list(guards.missing()) == []
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO casework_event (case_id, kind, "on", at, actor, payload) '
            'SELECT case_id, kind, "on", at, actor, payload FROM casework_event'
        )
        assert cursor.rowcount > 0


def test_a_role_of_its_own_may_add_and_read_and_no_more(lived: list[Case]) -> None:
    """PostgreSQL's grants, beside the triggers: the program's role owns nothing and can take no trigger down."""
    if connection.vendor != "postgresql":
        assert list(guards.grants("x"))
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE gk_audit_test")
        for statement in guards.grants("gk_audit_test"):
            cursor.execute(statement)
        cursor.execute("SET LOCAL ROLE gk_audit_test")
    assert refused("DELETE FROM casework_event")
    assert refused("UPDATE casework_event SET kind = kind")
    assert refused("ALTER TABLE casework_event DISABLE TRIGGER ALL")
    assert refused("DROP TRIGGER kept_casework_event_delete ON casework_event")
    added = "INSERT INTO casework_takenout (by_id, at, form, query, cases)"
    assert not refused(f"{added} SELECT by_id, at, form, '', 1 FROM casework_takenout")
    assert audit.seal_all(at=lived[0].registered_at, patience=0) == 1
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DROP OWNED BY gk_audit_test")
        cursor.execute("DROP ROLE gk_audit_test")
