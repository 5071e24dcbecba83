"""Looking up pairs of characters in the database: the two engines differ here and nowhere else."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet, TextField
from django.db.models.expressions import CombinedExpression, RawSQL

from casework.models import CaseText, Searchable

Row = TypeVar("Row", Searchable, CaseText)
Thing = TypeVar("Thing")

#: Rows in one statement.
AT_ONCE = 500

#: What a very common pair is counted up to; beyond it says nothing anyway.
COUNTED_TO = 500


def holding_all(rows: QuerySet[Row], keys: Sequence[str], *, one_of: Sequence[str] = ()) -> QuerySet[Row]:
    """The rows whose text has every one of these keys, and one at least of ``one_of`` where any are given."""
    if connection.vendor == "postgresql":
        held = _array(rows, "@>", keys)
        return _array(held, "&&", one_of) if one_of else held
    wanted = _quoted(keys, " AND ")
    return _matching(rows, f"({_quoted(one_of, ' OR ')}) AND {wanted}" if one_of else wanted)


def holding_any(rows: QuerySet[Row], keys: Sequence[str]) -> QuerySet[Row]:
    """The rows whose text has one of these keys at least."""
    return _array(rows, "&&", keys) if connection.vendor == "postgresql" else _matching(rows, _quoted(keys, " OR "))


def _array(rows: QuerySet[Row], operator: str, keys: Sequence[str]) -> QuerySet[Row]:
    """As the index of PostgreSQL is written, or it would not be used; the column named as in the query around it."""
    pairs = Func(F("pairs"), template="string_to_array(%(expressions)s, ' ')", output_field=TextField())
    wanted = RawSQL("%s::text[]", [list(keys)], TextField())
    return rows.filter(CombinedExpression(pairs, operator, wanted, BooleanField()))


def _matching(rows: QuerySet[Row], query: str) -> QuerySet[Row]:
    table = rows.model.found_by
    return rows.filter(pk__in=RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [query]))  # noqa: S608, S611 # nosec B608, B611


def _quoted(keys: Sequence[str], between: str) -> str:
    return between.join(f'"{key}"' for key in keys)


def frequencies(keys: Sequence[str]) -> dict[str, int]:
    """In how many texts each key stands, up to ``COUNTED_TO``; one query. Keys of no text are left out."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT key, (SELECT count(*) FROM (SELECT 1 FROM casework_searchable "
                "WHERE string_to_array(pairs, ' ') @> ARRAY[key] LIMIT %s) counted) FROM unnest(%s::text[]) AS key",
                [COUNTED_TO, list(keys)],
            )
        else:
            holders = ", ".join(["%s"] * len(keys))
            cursor.execute(
                f"SELECT term, min(doc, %s) FROM casework_pairs_terms WHERE term IN ({holders})",  # noqa: S608 - holders are %s # nosec B608
                [COUNTED_TO, *keys],
            )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {key: count for key, count in rows if count}


def in_parts(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """``AT_ONCE`` by ``AT_ONCE``."""
    left = iter(things)
    while part := list(islice(left, AT_ONCE)):
        yield part
