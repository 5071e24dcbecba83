"""Triggers by which the database itself refuses to change or remove what is only added to.

The one door is that of erasure, and it is narrow: the erasable columns of a row may change once the salt of that row
is gone, which leaves its mark for ever. No setting and no session variable opens it.

They are put up after every ``migrate``, since SQLite drops a table's triggers when a migration remakes the table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection, transaction

from casework.models import Salt, Seal, SealHead

from .logs import LOGS

_PREFIX: Final = "kept_"
_REFUSAL: Final = "append-only: "


def put_up(**_signal: Any) -> None:
    """Every guard that is not there as it should be; nothing is locked where all are."""
    gone = set(missing())
    if not gone:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for _name, text in _functions():
                cursor.execute(text)
        for name, table, text in _wanted():
            if name in gone:
                cursor.execute(_dropped(name, table))
                cursor.execute(text)


def missing() -> Iterator[str]:
    """The names of guards that are gone, switched off or not as written here."""
    there = _there()
    for name, _table, text in _wanted():
        if there.get(name) != _known(text):
            yield name
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name, text in _functions():
                cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [name])
                found = cursor.fetchone()
                if found is None or found[0].strip() != text.split("$guard$")[1].strip():
                    yield f"{name}()"


@contextmanager
def taken_down() -> Iterator[None]:
    """Without the guards, in one transaction: for a migration that mends stored rows, and for tests that clean up.

    What is changed meanwhile no longer fits the chain, and ``verify_audit`` will say so.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            there = _there()
            for name, table, _text in _wanted():
                if name in there:
                    cursor.execute(_dropped(name, table))
        yield
        put_up()


def grants(role: str) -> Iterator[str]:
    """SQL by which the owner of the tables lets ``role`` run the program and no more (PostgreSQL)."""
    name = connection.ops.quote_name(role)
    yield f"GRANT USAGE ON SCHEMA public TO {name};"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};"
    for log in LOGS.values():
        yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {log.table} FROM {name};"
        for column in log.erasable:
            yield f"GRANT UPDATE ({connection.ops.quote_name(column)}) ON {log.table} TO {name};"
    yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {Seal._meta.db_table} FROM {name};"
    yield f"REVOKE DELETE, TRUNCATE ON {SealHead._meta.db_table} FROM {name};"
    yield f"REVOKE UPDATE, DELETE, TRUNCATE ON {Salt._meta.db_table} FROM {name};"
    yield f"GRANT UPDATE (salt, commitment) ON {Salt._meta.db_table} TO {name};"


def _conditions() -> Iterator[tuple[str, str]]:
    """Table → when an update of one of its rows is refused. A table that a migration has yet to make has none."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    if {model._meta.db_table for model in (Salt, Seal, SealHead)} - there:
        return
    for log in LOGS.values():
        if log.table not in there:
            continue
        changed = _differ(log.fixed)
        if not log.erasable:
            yield log.table, "TRUE"
            continue
        erased = (
            f"EXISTS (SELECT 1 FROM {Salt._meta.db_table} AS kept WHERE kept.log = '{log.key}' "  # noqa: S608 - names from above # nosec B608
            'AND kept."row" = OLD.id AND kept.salt IS NULL)'
        )
        yield log.table, f"{changed} OR NOT {erased}"
    yield Seal._meta.db_table, "TRUE"
    yield SealHead._meta.db_table, "NEW.id <> OLD.id OR NEW.seq <= OLD.seq"
    gone = "OLD.salt IS NOT NULL AND NEW.salt IS NULL"
    yield Salt._meta.db_table, f"{_differ(('id', 'log', 'row', 'keys'))} OR NOT ({gone})"


def _differ(columns: tuple[str, ...]) -> str:
    unlike = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    return " OR ".join(f'NEW."{column}" {unlike} OLD."{column}"' for column in columns)


def _wanted() -> Iterator[tuple[str, str, str]]:
    """Name, table and text of every trigger."""
    for table, condition in _conditions():
        for deed, when in (("update", condition), ("delete", "")):
            name = f"{_PREFIX}{table}_{deed}"
            if connection.vendor == "postgresql":
                # A subquery can't stand in WHEN, so the condition lies in a function of the table.
                function = f"{_PREFIX}{table}" if when else f"{_PREFIX}always"
                before = f"CREATE TRIGGER {name} BEFORE {deed.upper()} ON {table}"
                text = f"{before} FOR EACH ROW EXECUTE FUNCTION {function}()"
            else:
                guard = f" WHEN {when}" if when else ""
                text = (
                    f"CREATE TRIGGER {name} BEFORE {deed.upper()} ON {table} FOR EACH ROW{guard} "
                    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}{table}'); END"
                )
            yield name, table, text
        if connection.vendor == "postgresql":
            name = f"{_PREFIX}{table}_truncate"
            text = f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table}"
            yield name, table, f"{text} FOR EACH STATEMENT EXECUTE FUNCTION {_PREFIX}always()"


def _functions() -> Iterator[tuple[str, str]]:
    always = f"BEGIN RAISE EXCEPTION '{_REFUSAL}%', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END"
    yield f"{_PREFIX}always", _function(f"{_PREFIX}always", always)
    for table, condition in _conditions():
        body = (
            f"BEGIN IF {condition} THEN RAISE EXCEPTION '{_REFUSAL}%', TG_TABLE_NAME "
            "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END"
        )
        yield f"{_PREFIX}{table}", _function(f"{_PREFIX}{table}", body)


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ {body} $guard$"


def _there() -> dict[str, str]:
    """Name → text of every guard that is there and switched on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(oid, true) FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgenabled = 'O' AND starts_with(tgname, %s)",
                [_PREFIX],
            )
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{_PREFIX}%"]
            )
        return {name: _known(text) for name, text in cursor.fetchall()}


def _known(text: str) -> str:
    """A definition as both sides of the comparison write it: PostgreSQL names the schema, SQLite keeps the text."""
    return " ".join(text.replace("public.", "").split())


def _dropped(name: str, table: str) -> str:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {name}{on}"
