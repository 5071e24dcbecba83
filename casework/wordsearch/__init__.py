"""Searching Chinese text by its words, on both databases alike: what holds a word, and what is most like a text.

Words are found inside longer ones, since Chinese does not set them apart. Whoever changes a thing that can be found
calls ``keep`` or ``forget`` in the same transaction; ``rebuild`` makes the index anew and ``differences`` proves it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from casework.models import Searchable

from .index import AT_ONCE, frequencies, holding_all, holding_any, in_parts
from .pairs import folded, keys, sought

__all__ = ["Entry", "Like", "alike", "containing", "differences", "forget", "frequencies", "keep", "rebuild"]

#: The rarest pairs of a text decide which others are compared with it.
_DECIDING: Final = 16
_CANDIDATES: Final = 400
_MOST_ASKED: Final = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """Something as it is to be found. ``text`` is searched beside the title and not shown."""

    source: str
    of: int
    agency_id: int
    title: str
    on: date
    address: str = ""
    beside: str = ""
    text: str = ""

    def row(self) -> Searchable:
        plain = folded(f"{self.title}\n{self.beside}\n{self.text}")
        return Searchable(
            source=self.source,
            of=self.of,
            agency_id=self.agency_id,
            title=self.title[:400],
            on=self.on,
            address=self.address,
            beside=self.beside[:200],
            folded=plain,
            pairs=" ".join(keys(plain)),
        )


@dataclass(frozen=True, slots=True)
class Like:
    """Something found, and how much it has in common with what was asked: from 0 to 1."""

    found: Searchable
    share: float


def containing(query: str, rows: QuerySet[Searchable] | None = None) -> QuerySet[Searchable]:
    """The rows whose text holds every word of the query; none for a query without letters and figures."""
    rows = Searchable.objects.all() if rows is None else rows
    plain = folded(query)
    if not plain:
        return rows.none()
    held = holding_all(rows, sought(plain))
    for word in plain.split():
        held = held.filter(folded__contains=word)  # pairs may stand apart
    return held


def alike(text: str, rows: QuerySet[Searchable] | None = None, *, least: float, most: int) -> list[Like]:
    """At most so many rows that share at least ``least`` of the shorter of both texts, the most alike first.

    Pairs that stand in many texts weigh little. Three queries, however much there is.
    """
    asked = {key for word in folded(text).split() for key in keys(word) if "x" in key}
    counted = frequencies(sorted(asked)[:_MOST_ASKED])
    if not counted:
        return []
    rows = Searchable.objects.all() if rows is None else rows
    rarest = sorted(counted, key=lambda key: (counted[key], key))[:_DECIDING]
    near = holding_any(rows, rarest).select_related("agency").order_by("-on", "-pk")[:_CANDIDATES]
    pairs_of = {row: {key for key in row.pairs.split() if "x" in key} for row in near}
    best = sorted(pairs_of, key=lambda row: -_weight(pairs_of[row] & asked, counted))[: 3 * most]
    counted |= frequencies(sorted(set().union(*(pairs_of[row] for row in best)) - asked)[:_MOST_ASKED])
    whole = _weight(asked, counted)
    found = [
        Like(row, _weight(pairs_of[row] & asked, counted) / min(whole, _weight(pairs_of[row], counted)))
        for row in best
        if pairs_of[row]
    ]
    found.sort(key=lambda like: (-like.share, -like.found.on.toordinal(), -like.found.pk))
    return [like for like in found if like.share >= least][:most]


def _weight(pairs: Iterable[str], counted: Mapping[str, int]) -> float:
    return sum(1 / (1 + math.log1p(counted.get(pair, 0))) for pair in pairs)


def keep(entries: Iterable[Entry]) -> None:
    """Have these things found as they are now; only inside the transaction that changed them."""
    for part in in_parts(entries):
        Searchable.objects.bulk_create(
            [entry.row() for entry in part],
            update_conflicts=True,
            unique_fields=["source", "of"],
            update_fields=["agency", "title", "on", "address", "beside", "folded", "pairs"],
        )


def forget(source: str, of: Iterable[int]) -> None:
    """Have these things found no longer."""
    gone = sorted(of)
    for start in range(0, len(gone), AT_ONCE):
        Searchable.objects.filter(source=source, of__in=gone[start : start + AT_ONCE]).delete()


def rebuild(entries: Iterable[Entry]) -> int:
    """The index of these entries and of nothing else; how many there are."""
    with transaction.atomic():
        Searchable.objects.all().delete()
        total = 0
        for part in in_parts(entries):
            keep(part)
            total += len(part)
    return total


def differences(entries: Iterable[Entry]) -> Iterator[str]:
    """What the index holds and should not, lacks, or holds otherwise: a name each."""
    fields = ("agency_id", "title", "on", "address", "beside", "folded", "pairs")
    left = {(source, of) for source, of in Searchable.objects.values_list("source", "of")}
    for part in in_parts(entries):
        wanted = {(entry.source, entry.of): entry.row() for entry in part}
        kept = {
            (row.source, row.of): row
            for row in Searchable.objects.filter(
                source__in={entry.source for entry in part}, of__in=[entry.of for entry in part]
            )
        }
        for key, row in wanted.items():
            left.discard(key)
            if key not in kept or any(getattr(kept[key], name) != getattr(row, name) for name in fields):
                yield f"{key[0]} {key[1]}"
    yield from (f"{source} {of}" for source, of in sorted(left))
