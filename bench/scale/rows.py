"""The rows that an act of the product writes, taken down once, and written again by hand with the driver alone.

Nothing is known here of any act: the statements that it sends are watched, the rows that it leaves are read back, and
``Script`` writes the same columns of the same tables in the same order, one statement a row, with new keys.
"""

import json
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

_INSERT: Final = re.compile(r'INSERT INTO "(\w+)"')
_UPDATE: Final = re.compile(r'UPDATE "(\w+)" SET (.*) WHERE (.*)', re.DOTALL)
_SET: Final = re.compile(r'"(\w+)" = ')
#: A counter that goes on from where it stands.
_COUNTED: Final = re.compile(r'"(\w+)" = \("\w+"\."\w+" \+ %s\)')


@dataclass(frozen=True, slots=True)
class Inserted:
    """One new row. ``refers``: column → the table and key of another new row; ``unlike``: what no two rows share."""

    table: str
    key: int
    values: Mapping[str, Any]
    refers: Mapping[str, tuple[str, int]]
    unlike: frozenset[str]


@dataclass(frozen=True, slots=True)
class Updated:
    """Columns of a row that was there before, or of a new one; ``values`` as they stood at the end.

    ``stays``: columns that were written and hold what no other row may have; another row keeps its own. ``counts``:
    columns that went on by one.
    """

    table: str
    key: int
    values: Mapping[str, Any]
    refers: Mapping[str, tuple[str, int]]
    stays: frozenset[str]
    counts: frozenset[str]


@dataclass(slots=True)
class Script:
    """What one act writes, in its order, and how often it was written by hand."""

    steps: list[Inserted | Updated] = field(default_factory=list)

    @property
    def tables(self) -> list[str]:
        """The table of each statement."""
        return [step.table for step in self.steps]

    def write(
        self,
        run: "Execute",
        serial: int,
        place: Mapping[tuple[str, int], int] | None = None,
        fresh: Mapping[tuple[str, str], Any] | None = None,
    ) -> None:
        """Send every statement. ``serial``: another for each time.

        ``place``: table and key → another row's key. ``fresh``: table and column → a value made for this time.
        """
        keys, made = dict(place or {}), fresh or {}
        for step in self.steps:
            if isinstance(step, Updated):
                run(*self._update(step, keys))
                continue
            values = self._pointed(step, keys) | {n: _another(step.values[n], serial) for n in step.unlike}
            values |= {column: value for (table, column), value in made.items() if table == step.table}
            columns = ", ".join(f'"{column}"' for column in values)
            holders = ", ".join(["%s"] * len(values))
            statement = f'INSERT INTO "{step.table}" ({columns}) VALUES ({holders}) RETURNING "id"'
            ((keys[step.table, step.key],),) = run(statement, list(values.values()))

    def copy(self, connection: "psycopg.Connection[Any]", first_key: int) -> None:
        """The same rows by ``COPY``, table by table, under keys from ``first_key`` on; what is updated, one by one."""
        keys = {
            (step.table, step.key): first_key + n for n, step in enumerate(self.steps) if isinstance(step, Inserted)
        }
        for table in dict.fromkeys(step.table for step in self.steps if isinstance(step, Inserted)):
            rows = [step for step in self.steps if isinstance(step, Inserted) and step.table == table]
            columns = ", ".join(f'"{column}"' for column in ("id", *rows[0].values))
            with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    values = self._pointed(row, keys)
                    values |= {name: _another(row.values[name], first_key + row.key) for name in row.unlike}
                    copy.write_row([keys[table, row.key], *values.values()])
        for step in self.steps:
            if isinstance(step, Updated):
                connection.execute(*self._update(step, keys))

    def _update(self, step: Updated, keys: Mapping[tuple[str, int], int]) -> tuple[str, list[Any]]:
        """The statement and its values; what has to stay is written as it is."""
        said = dict.fromkeys(step.values, "%s")
        said |= {name: f'"{name}"' for name in step.stays} | {name: f'"{name}" + 1' for name in step.counts}
        sets = ", ".join(f'"{name}" = {value}' for name, value in said.items())
        values = [value for name, value in self._pointed(step, keys).items() if said[name] == "%s"]
        key = keys.get((step.table, step.key), step.key)
        return f'UPDATE "{step.table}" SET {sets} WHERE "id" = %s', [*values, key]

    @staticmethod
    def _pointed(step: "Inserted | Updated", keys: Mapping[tuple[str, int], int]) -> dict[str, Any]:
        """The columns of a row, its foreign keys pointing to the rows that were written now."""
        return {
            column: keys.get(step.refers[column], value) if column in step.refers else value
            for column, value in step.values.items()
        }

    def keep(self, path: Path) -> None:
        """For another process of this bench."""
        path.write_bytes(pickle.dumps(self))

    @classmethod
    def kept(cls, path: Path) -> "Script":
        script: Script = pickle.loads(path.read_bytes())
        return script


#: Sends one statement and gives its rows.
Execute = Callable[[str, Sequence[Any]], Sequence[Any]]


def through(connection: "psycopg.Connection[Any]") -> Execute:
    """The driver as it is: statements are prepared by itself when they come again."""

    def run(statement: str, values: Sequence[Any]) -> Sequence[Any]:
        cursor = connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else ()

    return run


def _another(value: Any, serial: int) -> Any:
    """A value that was not there before, of the same length or a little longer."""
    if isinstance(value, str):
        end = f"~{serial:x}"
        return (value[: -len(end)] if len(value) > len(end) else value) + end
    return value + 1_000_000 + serial if isinstance(value, int) else value


# ── Taking down ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Sent:
    """A writing statement: its table; of an update the columns, the keys of the rows that it met, and counters."""

    table: str
    columns: Sequence[str] = ()
    keys: Sequence[int] = ()
    counts: frozenset[str] = frozenset()


def taken_down(act: Callable[[], object]) -> Script:
    """Do it once and note what it wrote."""
    from django.apps import apps
    from django.db import connection

    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    numbered = [table for table, model in models.items() if model._meta.pk.get_internal_type() == "BigAutoField"]
    before = _last_keys(numbered)
    sent: list[_Sent] = []
    with _watched(sent):
        act()
    fresh = {
        table: iter(_rows(connection, f'SELECT * FROM "{table}" WHERE "id" > %s ORDER BY "id"', [last]))
        for table, last in before.items()
    }
    script = Script()
    for statement in sent:
        table, model = statement.table, models[statement.table]
        for key in statement.keys:
            (row,) = _rows(connection, f'SELECT * FROM "{table}" WHERE "id" = %s', [key])
            values = {column: row[column] for column in statement.columns}
            stays = _stays(model, values, before)
            script.steps.append(Updated(table, key, values, _refers(model, values), stays, statement.counts))
        if statement.columns:
            continue
        for row in fresh[table]:
            key = row.pop("id")
            script.steps.append(Inserted(table, key, row, _refers(model, row), _unlike(model, row)))
    for table in _first_those_named(models, fresh):  # what came by COPY sent no statement
        for row in fresh[table]:
            key = row.pop("id")
            row_of = Inserted(table, key, row, _refers(models[table], row), _unlike(models[table], row))
            script.steps.append(row_of)
    return script


def _first_those_named(models: Mapping[str, Any], tables: Iterable[str]) -> list[str]:
    """Each table behind those to which its rows point."""
    named = {
        table: {f.related_model._meta.db_table for f in models[table]._meta.concrete_fields if f.is_relation} - {table}
        for table in tables
    }
    ordered: list[str] = []
    while left := [table for table in named if table not in ordered]:
        free = [table for table in left if not named[table] & set(left)]
        ordered += free or left[:1]  # agencies and staff point to each other
    return ordered


@contextmanager
def _watched(sent: list[_Sent]) -> Iterator[None]:
    """Note each writing statement."""
    from django.db import connection

    def watch(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if found := _INSERT.match(sql):
            sent.append(_Sent(found[1]))
        elif found := _UPDATE.match(sql):
            table, sets, where = found.groups()
            given = list(params or ())[sets.count("%s") :]
            with connection.connection.cursor() as cursor:
                cursor.execute(f'SELECT "id" FROM "{table}" WHERE {where}', given)
                keys = [key for (key,) in cursor.fetchall()]
            sent.append(_Sent(table, _SET.findall(sets), keys, frozenset(_COUNTED.findall(sets))))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def _last_keys(tables: Sequence[str]) -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f'SELECT COALESCE(MAX("id"), 0) FROM "{table}"')
            (found[table],) = cursor.fetchone()
    return found


def _rows(connection: Any, sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows by column, each value in the shape in which the driver takes it back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        columns = [(column.name, column.type_code) for column in cursor.description]
        return [
            {name: _given_back(value, kind) for (name, kind), value in zip(columns, row, strict=True)}
            for row in cursor.fetchall()
        ]


_JSONB: Final = 3802


def _given_back(value: Any, kind: int) -> Any:
    if kind == _JSONB and value is not None:  # Django leaves it to the field to read it
        return Jsonb(json.loads(value) if isinstance(value, str) else value)
    return bytes(value) if isinstance(value, memoryview) else value


def _refers(model: Any, values: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """The foreign keys among the columns: table and key of the row to which each points."""
    return {
        each.column: (each.related_model._meta.db_table, values[each.column])
        for each in model._meta.concrete_fields
        if each.is_relation and values.get(each.column) is not None
    }


def _unlike(model: Any, values: Mapping[str, Any]) -> frozenset[str]:
    """Of each unique set of columns the one that tells its rows apart, where no foreign key does."""
    found = set()
    fields = {each.name: each for each in model._meta.concrete_fields}
    sets = [[each.name] for each in fields.values() if each.unique and not each.primary_key]
    sets += [list(each.fields) for each in model._meta.constraints if hasattr(each, "deferrable") and each.fields]
    for names in sets:
        own = [name for name in names if not fields[name].is_relation]
        last = own[-1] if own and len(own) == len(names) else own[-1] if own and own[-1] in _SERIALS else ""
        if last and values.get(fields[last].column) not in (None, ""):
            found.add(fields[last].column)
    return frozenset(found)


def _stays(model: Any, values: Mapping[str, Any], before: Mapping[str, int]) -> frozenset[str]:
    """The columns of an update that are unique, but for a key of a row that is new itself."""
    return (
        _unlike(model, values)
        | {
            each.column
            for each in model._meta.concrete_fields
            if each.is_relation
            and each.unique
            and values.get(each.column, 0) is not None
            and values.get(each.column, 0) <= before.get(each.related_model._meta.db_table, 0)
        }
        & values.keys()
    )


#: Columns that tell rows apart within an agency: there the foreign key stays the same.
_SERIALS: Final = frozenset({"number", "serial"})
