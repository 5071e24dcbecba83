"""Rows by the hundred thousand: past the ORM's compiler, which costs most, not past fields or constraints.

Used by two verbs (``actions.history``, ``actions.calendar``) and by ``wordsearch.cases``. Signals are not sent and
``save`` is not called, as with ``bulk_create``.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from django.db import connection, models

#: Fields whose values go to the driver as they are.
_PLAIN: Final = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)

Prepare = Callable[[Any], Any]


def take_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys that nobody else will use; only inside a transaction that writes."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [key for (key,) in cursor.fetchall()]
        # SQLite has one writer, and AUTOINCREMENT goes on behind the highest key that was ever there.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last: int = (cursor.fetchone() or (0,))[0]
        return range(last + 1, last + 1 + count)


def insert(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Store rows given by column (``case_id``, not ``case``); what a row lacks takes the default of its field.

    All rows have a primary key or none has.
    """
    if not rows:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.attname in rows[0]]
    columns = [(field.attname, field.get_default(), _preparation(field)) for field in fields]
    prepared = (
        [
            value if prepare is None or value is None else prepare(value)
            for value, prepare in ((row.get(name, default), prepare) for name, default, prepare in columns)
        ]
        for row in rows
    )
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    into = f"{quote(model._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django's cursor does not know COPY, so its errors have to be made Django's here.
            with connection.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for values in prepared:
                    copy.write_row(values)
        else:
            places = ", ".join(["%s"] * len(fields))
            # Names of tables and columns alone are put in, and they come from the models.
            cursor.executemany(f"INSERT INTO {into} VALUES ({places})", list(prepared))  # noqa: S608 - quoted names # nosec B608


def _preparation(field: models.Field[Any, Any]) -> Prepare | None:
    if isinstance(field, _PLAIN):
        return None

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    # The same days come again and again.
    return cache(prepare) if isinstance(field, models.DateField) else prepare
