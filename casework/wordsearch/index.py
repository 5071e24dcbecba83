"""Looking up pairs of characters in the database: the two engines differ here and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from casework.models import Searchable

#: What a very common pair is counted up to; beyond it says nothing anyway.
COUNTED_TO = 500


def holding_all(rows: QuerySet[Searchable], keys: Sequence[str]) -> QuerySet[Searchable]:
    """The rows whose text has every one of these keys."""
    return _holding(rows, keys, all_of_them=True)


def holding_any(rows: QuerySet[Searchable], keys: Sequence[str]) -> QuerySet[Searchable]:
    """The rows whose text has one of these keys at least."""
    return _holding(rows, keys, all_of_them=False)


def _holding(rows: QuerySet[Searchable], keys: Sequence[str], *, all_of_them: bool) -> QuerySet[Searchable]:
    if connection.vendor == "postgresql":
        held = RawSQL(  # noqa: S611 - the keys are parameters
            f"string_to_array(casework_searchable.pairs, ' ') {'@>' if all_of_them else '&&'} %s::text[]",
            [list(keys)],
        )
        return rows.alias(held=held).filter(held=True)
    found = RawSQL(
        "SELECT rowid FROM casework_pairs WHERE casework_pairs MATCH %s",
        [(" AND " if all_of_them else " OR ").join(f'"{key}"' for key in keys)],
    )
    return rows.filter(pk__in=found)


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
                f"SELECT term, min(doc, %s) FROM casework_pairs_terms WHERE term IN ({holders})",  # noqa: S608
                [COUNTED_TO, *keys],
            )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return {key: count for key, count in rows if count}
