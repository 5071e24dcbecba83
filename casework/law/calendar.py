"""Working days: Monday to Friday, as the State Council's notices and a region's own days change them.

A *known* day lies within the published editions. Later days count Monday to Friday as worked, which is the earlier
and so the cautious estimate, and whatever rests on them is provisional.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from typing import Final

from casework.law.editions import EDITIONS, Edition, Notice, Overlay
from casework.law.refusals import Refused
from casework.law.words import Text, said

HORIZON_YEARS: Final = 10
"""How many years past the last published one an estimate may still be asked for."""
_RESULT_DAYS: Final = 1000
"""How far a period that begins before the horizon may reach beyond it."""


class DayKind(StrEnum):
    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class Day:
    """What a day is and which document says so."""

    on: date
    kind: DayKind
    name: Text | None
    """The holiday off, or the holiday for which a weekend day is worked."""
    edition: str
    """Document number of the notice that governs the day; empty when none is published yet."""
    provisional: bool

    @property
    def is_workday(self) -> bool:
        return self.kind in (DayKind.WORKDAY, DayKind.MAKEUP)


class Calendar:
    """An immutable table of days; every question is answered in constant time."""

    __slots__ = (
        "_count",
        "_editions",
        "_first",
        "_horizon",
        "_last",
        "_make_up",
        "_off",
        "_overlays",
        "_table_end",
        "_workdays",
    )

    def __init__(self, editions: Iterable[Edition], overlays: Iterable[Overlay] = ()) -> None:
        self._editions = {edition.year: edition for edition in sorted(editions, key=lambda e: e.year)}
        self._overlays = tuple(overlays)
        years = list(self._editions)
        if not years or years != list(range(years[0], years[-1] + 1)):
            raise ValueError("the editions must cover one year after another without a gap")
        self._first = date(years[0], 1, 1).toordinal()
        self._last = date(years[-1], 12, 31).toordinal()
        self._horizon = date(years[-1] + HORIZON_YEARS, 12, 31).toordinal()
        # The table closes with a Sunday, so that what follows is whole weeks of five working days.
        self._table_end = self._last + -self._last % 7
        self._off, self._make_up = self._collect()
        self._count, self._workdays = self._tabulate()

    def _collect(self) -> tuple[Mapping[int, Notice], Mapping[int, Notice]]:
        """Days off and weekend days worked; a later edition or overlay prevails over an earlier one."""
        off: dict[int, Notice] = {}
        make_up: dict[int, Notice] = {}
        layers: list[tuple[Mapping[date, Notice], Mapping[date, Notice]]] = [
            (edition.off, edition.make_up) for edition in self._editions.values()
        ]
        for overlay in self._overlays:
            notice = overlay.notice
            layers.append((dict.fromkeys(notice.off, notice), dict.fromkeys(notice.make_up, notice)))
        for days_off, days_worked in layers:
            for day, notice in days_off.items():
                make_up.pop(day.toordinal(), None)
                off[day.toordinal()] = notice
            for day, notice in days_worked.items():
                off.pop(day.toordinal(), None)
                make_up[day.toordinal()] = notice
        return off, make_up

    def _tabulate(self) -> tuple[list[int], list[int]]:
        """How many working days lie between the first day and each day, and the working days in order."""
        count: list[int] = []
        workdays: list[int] = []
        for ordinal in range(self._first, self._table_end + 1):
            by_week = (ordinal - 1) % 7 < 5
            if ordinal in self._make_up or (by_week and ordinal not in self._off):
                workdays.append(ordinal)
            count.append(len(workdays))
        return count, workdays

    # -- what is published ---------------------------------------------------------------------------------------

    @property
    def first_day(self) -> date:
        return date.fromordinal(self._first)

    @property
    def last_known_day(self) -> date:
        """The last day of the last published year."""
        return date.fromordinal(self._last)

    @property
    def horizon(self) -> date:
        """The last day for which an estimate is given."""
        return date.fromordinal(self._horizon)

    @property
    def editions(self) -> tuple[Edition, ...]:
        return tuple(self._editions.values())

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        return self._overlays

    def with_overlays(self, *overlays: Overlay) -> "Calendar":
        """The same editions with a region's own days laid over them."""
        return Calendar(self._editions.values(), (*self._overlays, *overlays))

    def known(self, on: date) -> bool:
        return self._first <= on.toordinal() <= self._last

    def check_covers(self, on: date) -> None:
        """Raise ``Refused`` for a day before the first edition or too far ahead to be estimated."""
        if on.toordinal() < self._first:
            raise Refused(_TOO_EARLY.format(on=said(on), first=said(self.first_day)), law="放假办法")
        if on.toordinal() > self._horizon:
            raise Refused(_TOO_LATE.format(on=said(on), last=said(self.horizon)), law="放假办法")

    # -- one day -------------------------------------------------------------------------------------------------

    def is_workday(self, on: date) -> bool:
        ordinal = self._ordinal(on)
        return self._counted(ordinal) != self._counted(ordinal - 1)

    def day(self, on: date) -> Day:
        ordinal = self._ordinal(on)
        if notice := self._off.get(ordinal):
            return Day(on, DayKind.HOLIDAY, notice.off[on], notice.number, provisional=False)
        if notice := self._make_up.get(ordinal):
            return Day(on, DayKind.MAKEUP, notice.make_up[on], notice.number, provisional=False)
        edition = self._editions.get(on.year)
        kind = DayKind.WORKDAY if on.weekday() < 5 else DayKind.WEEKEND
        return Day(on, kind, None, edition.number if edition else "", provisional=edition is None)

    # -- counting ------------------------------------------------------------------------------------------------

    def add_workdays(self, start: date, days: int) -> date:
        """The ``days``-th working day after ``start``, which itself does not count (民法典 201)."""
        return date.fromordinal(self.add_to_ordinal(self._ordinal(start), days))

    def add_to_ordinal(self, start: int, days: int) -> int:
        """``add_workdays`` on ordinals of days that are known to be covered; ``days`` is at least 1."""
        if days < 1:
            raise ValueError("at least one working day must be added")
        return self._ordinal_of(self._counted(start) + days)

    def subtract_workdays(self, end: date, days: int) -> date:
        """The working day on which ``days`` working days are left until ``end`` (``end`` itself counted)."""
        if days < 1:
            raise ValueError("at least one working day must be subtracted")
        wanted = self._counted(self._ordinal(end)) - days
        if wanted < 1:
            self.check_covers(self.first_day - timedelta(days=1))
        return date.fromordinal(self._ordinal_of(wanted))

    def _ordinal_of(self, count: int) -> int:
        """The ordinal of the working day with this number in the table or, estimated, after it."""
        if count <= len(self._workdays):
            return self._workdays[count - 1]
        weeks, weekday = divmod(count - len(self._workdays) - 1, 5)
        return self._table_end + weeks * 7 + weekday + 1

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; none when ``end`` is earlier."""
        return max(0, self._counted(self._ordinal(end)) - self._counted(self._ordinal(start)))

    def count_between_ordinals(self, start: int, end: int) -> int:
        """``workdays_between`` on ordinals, ``start`` not after ``end``."""
        return self._counted(end) - self._counted(start)

    def roll_forward(self, on: date) -> date:
        """``on`` itself when it is a working day, else the next one (民法典 203, 民诉法 85, 行诉解释 48)."""
        return on if self.is_workday(on) else self.add_workdays(on, 1)

    def _counted(self, ordinal: int) -> int:
        """Working days from the first day of the table up to and including this one."""
        index = ordinal - self._first
        if index < 0:
            return 0
        if ordinal <= self._table_end:
            return self._count[index]
        weeks, days = divmod(ordinal - self._table_end, 7)
        return len(self._workdays) + weeks * 5 + min(days, 5)

    def _ordinal(self, on: date) -> int:
        ordinal = on.toordinal()
        if not self._first <= ordinal <= self._horizon + _RESULT_DAYS:
            self.check_covers(on)
        return ordinal


_TOO_EARLY: Final = Text(
    "{on}早于工作日历的起始日{first}，无法推算，请核对日期。",
    "{on} is before {first}, the first day of the working-day calendar; please check the date.",
)
_TOO_LATE: Final = Text(
    "{on}晚于可以推算的最后一日{last}，请核对日期。",
    "{on} is after {last}, the last day that can be estimated; please check the date.",
)


_CHINA: Final = timezone(timedelta(hours=8))


def day_of(moment: datetime) -> date:
    """The legal day of a moment: China keeps one time without summer time, whatever the zone of the server."""
    return moment.astimezone(_CHINA).date()


def start_of(day: date) -> datetime:
    """The first moment of a legal day."""
    return datetime.combine(day, time(), tzinfo=_CHINA)


@cache
def published() -> Calendar:
    """The calendar of every published edition, built once."""
    return Calendar(EDITIONS)
