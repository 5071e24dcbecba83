"""Today's page for one person: all rows are one query, which looks at no more than ``COUNTED`` cases of each."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Value
from django_stubs_ext import StrOrPromise

from casework import access
from casework.desk.queue import shown
from casework.desk.urgency import Urgency, urgency_of
from casework.models import (
    Case,
    Staff,
)
from casework.models.case import CaseQuerySet

from .elsewhere import ELSEWHERE, Elsewhere
from .rows import GROUPS, ROWS, Row
from .seat import WRITES_REPORTS, Seat

#: Counting stops here: "at least 100" is as good a reason to begin.
COUNTED: Final = 100
#: Lines under a row; the rest is one click away.
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Block:
    """A row that holds something: how many, and its most urgent cases."""

    row: Row
    count: int
    at_least: bool
    lines: list[tuple[Case, Urgency]]

    @property
    def more(self) -> bool:
        return self.count > len(self.lines)


@dataclass(frozen=True, slots=True)
class Pointer:
    """A line about things elsewhere that there are: how many."""

    row: Elsewhere
    count: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A question of the day with what there is to it; quiet when there is nothing."""

    key: str
    words: StrOrPromise
    empty: StrOrPromise
    blocks: list[Block]
    pointers: list[Pointer]

    @property
    def all(self) -> list[Block | Pointer]:
        return [*self.pointers, *self.blocks]

    @property
    def count(self) -> int:
        return sum(each.count for each in self.all)

    @property
    def at_least(self) -> bool:
        return any(each.at_least for each in self.all)

    @property
    def alarming(self) -> bool:
        return any(each.row.alarming for each in self.all)


def rows_for(user: Staff) -> list[Row]:
    """The rows that are about somebody's work."""
    return [row for row in ROWS.values() if access.agencies_where(user, row.roles)]


def has_day(user: Staff) -> bool:
    """Whether today's page is for this person: they work on cases, or on the annual report."""
    return bool(rows_for(user)) or bool(access.agencies_where(user, WRITES_REPORTS))


def look(user: Staff, *, on: date) -> list[Section]:
    """The page for this person on this day."""
    seat, rows = Seat(user, on=on), rows_for(user)
    keys = _keys({row.key: row.cases(seat) for row in rows})
    cases = {case.pk: case for case in shown({pk for found in keys.values() for pk in found[:SHOWN]})}
    blocks = {
        row.key: Block(
            row,
            count=min(len(keys[row.key]), COUNTED),
            at_least=len(keys[row.key]) > COUNTED,
            lines=[(cases[pk], urgency_of(cases[pk], on=on)) for pk in keys[row.key][:SHOWN] if pk in cases],
        )
        for row in rows
        if row.key in keys
    }
    pointers = [pointer for row in ELSEWHERE.values() if (pointer := _pointer(row, seat)).count]
    return [
        Section(
            group.value,
            its.words,
            its.empty,
            [block for block in blocks.values() if block.row.group is group],
            [pointer for pointer in pointers if pointer.row.group is group],
        )
        for group, its in GROUPS.items()
    ]


def _pointer(row: Elsewhere, seat: Seat) -> Pointer:
    count = row.things(seat)[: COUNTED + 1].count()
    return Pointer(row, min(count, COUNTED), at_least=count > COUNTED)


def _keys(found: dict[str, CaseQuerySet]) -> dict[str, list[int]]:
    """The cases of each row that has any, most urgent first, of all rows in one query."""
    parts = [
        Case.objects.filter(pk__in=cases.order_by("due_on", "pk").values("pk")[: COUNTED + 1])
        .annotate(row=Value(key))
        .values_list("row", "due_on", "pk")
        for key, cases in found.items()
    ]
    keys: dict[str, list[int]] = {}
    rows = parts[0].union(*parts[1:], all=True) if parts else ()
    for key, _due_on, pk in sorted(rows, key=lambda each: (each[1] or date.max, each[2])):
        keys.setdefault(key, []).append(pk)
    return keys
