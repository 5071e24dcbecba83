"""The figures behind the pictures of a year: by month, by days to the reply, by outcome, kind and channel, by unit.

A *reply* is a case closed under 三(一) to 三(五); what ended under 三(六) was not replied to and has no days to reply.
Late is what ``Case.was_late`` calls late: dispatched after the due date of the clock, whatever had moved it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, Final

from django.db.models import Case as Choice
from django.db.models import Count, F, Q, QuerySet, Value, When

from casework.law.calendar import Calendar
from casework.law.outcomes import OUTCOMES, ApplicantKind, Group, Outcome
from casework.law.periods import PERIODS, PeriodKind, in_force
from casework.law.receipt import Channel
from casework.models import Agency, Case

from .table3 import Agencies, keys

YEARS_SHOWN: Final = 10
#: Below so many replies a rate or a median says little of an office, and is marked.
FEW: Final = 10
REPLIES: Final = tuple(code.value for code, row in OUTCOMES.items() if row.group is not Group.OTHER)
_ENDED: Final = tuple(code.value for code in OUTCOMES)
_LATE: Final = Q(closed_on__gt=F("due_on"))
_KINDS: Final = tuple(kind.value for kind in ApplicantKind)


@dataclass(frozen=True, slots=True)
class Rate:
    """Replies and those of them that were late."""

    replied: int = 0
    late: int = 0

    @property
    def on_time(self) -> float | None:
        """In percent; ``None`` where nothing was replied to."""
        return 100 * (self.replied - self.late) / self.replied if self.replied else None

    @property
    def few(self) -> bool:
        return self.replied < FEW


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year of one or more agencies. Months are twelve, January first.

    ``days``: replies by (working days from receipt to dispatch, whether late); the day of receipt does not count.
    """

    year: int
    received: tuple[int, ...]
    closed: tuple[int, ...]
    replies: tuple[Rate, ...]
    days: Mapping[tuple[int, bool], int]
    outcomes: Mapping[Outcome, int]
    kinds: Mapping[ApplicantKind, int]
    channels: Mapping[Channel, int]

    @property
    def median_days(self) -> float | None:
        """Of the working days to the reply."""
        days: Counter[int] = Counter()
        for (each, _late), number in self.days.items():
            days[each] += number
        return median_of(days)


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year beside other years."""

    year: int
    received: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class UnitLine:
    """An agency beside others; ``median_days`` of the working days to its replies."""

    agency: Agency
    received: int
    rate: Rate
    median_days: float | None


def figures_of_year(agencies: Agencies, year: int) -> YearFigures:
    """Everything that the pictures of a year show, in three queries and one more for each regional calendar."""
    agencies = list(agencies)
    months, kinds, channels = _received(agencies, year)
    closed, outcomes = _ended(agencies, year)
    replied, late = Counter[int](), Counter[int]()
    days: Counter[tuple[int, bool]] = Counter()
    for calendar, those in _by_calendar(agencies).items():
        groups = _replies(those, year).values_list("received_on", "closed_on", "late")
        for received_on, closed_on, was_late, number in groups.annotate(number=Count("*")).iterator(5000):
            days[calendar.workdays_between(received_on, closed_on), bool(was_late)] += number
            replied[closed_on.month] += number
            late[closed_on.month] += number if was_late else 0
    rates = tuple(Rate(replied[month], late[month]) for month in range(1, 13))
    return YearFigures(year, _twelve(months), _twelve(closed), rates, days, outcomes, kinds, channels)


def years_beside(agencies: Agencies, *, until: int) -> list[YearLine]:
    """Up to ``YEARS_SHOWN`` years, oldest first; years before anything was received are left out."""
    first = until - YEARS_SHOWN + 1
    of = keys(agencies)
    lines = [_year_line(of, year) for year in range(first, until + 1)]
    begun = next((at for at, line in enumerate(lines) if line.received or line.rate.replied), len(lines) - 1)
    return lines[begun:]


def _year_line(of: list[int], year: int) -> YearLine:
    """Nothing is grouped, since to sort a million rows costs more than to count them."""
    received = Case.objects.applications().filter(agency__in=of, year=year).count()
    late = Count(Choice(When(_LATE, then=Value(1))))
    found = _closed_in(of, year, REPLIES).aggregate(replied=Count("*"), late=late)
    return YearLine(year, received, Rate(found["replied"], found["late"]))


def units_beside(agencies: Agencies, year: int) -> list[UnitLine]:
    """The agencies by what they received in the year, the most first; those that had nothing to do are left out."""
    agencies = list(agencies)
    cases = Case.objects.applications().filter(agency__in=keys(agencies), year=year).order_by()
    received = dict(cases.values_list("agency").annotate(number=Count("*")))
    replied, late = Counter[int](), Counter[int]()
    days: dict[int, Counter[int]] = {}
    for calendar, those in _by_calendar(agencies).items():
        groups = _replies(those, year).values_list("agency", "received_on", "closed_on", "late")
        for agency, received_on, closed_on, was_late, number in groups.annotate(number=Count("*")).iterator(5000):
            days.setdefault(agency, Counter())[calendar.workdays_between(received_on, closed_on)] += number
            replied[agency] += number
            late[agency] += number if was_late else 0
    lines = [
        UnitLine(
            each, received.get(each.pk, 0), Rate(replied[each.pk], late[each.pk]), median_of(days.get(each.pk, {}))
        )
        for each in agencies
    ]
    busy = [line for line in lines if line.received or line.rate.replied]
    return sorted(busy, key=lambda line: (-line.received, line.agency.path))


def reply_limit(year: int) -> int | None:
    """The working days of a reply (条例 33(2), 2007年条例 24(2)); ``None`` in a year in which they changed."""
    rows = PERIODS[PeriodKind.REPLY]
    begin = in_force(rows, date(year, 1, 1))
    return begin.length if begin is in_force(rows, date(year, 12, 31)) else None


def median_of(counts: Mapping[int, int]) -> float | None:
    """The median of values that are counted; ``None`` where there are none."""
    return median(Counter(counts).elements()) if any(counts.values()) else None


def _received(agencies: Iterable[Agency], year: int) -> tuple[Counter[int], Counter[ApplicantKind], Counter[Channel]]:
    """By ``Case.year`` rather than by date: its index finds a year of a hundred agencies at once."""
    months, kinds, channels = Counter[int](), Counter[ApplicantKind](), Counter[Channel]()
    cases = Case.objects.applications().filter(agency__in=keys(agencies), year=year).order_by()
    groups = cases.values_list("received_on", "applicant_kind", "channel").annotate(number=Count("*"))
    for received_on, kind, channel, number in groups:
        months[received_on.month] += number
        kinds[ApplicantKind(kind)] += number
        channels[Channel(channel)] += number
    return months, kinds, channels


def _ended(agencies: Iterable[Agency], year: int) -> tuple[Counter[int], Counter[Outcome]]:
    months, outcomes = Counter[int](), Counter[Outcome]()
    groups = _closed_in(keys(agencies), year, _ENDED).values_list("closed_on", "outcome")
    for closed_on, outcome, number in groups.annotate(number=Count("*")).iterator(5000):
        months[closed_on.month] += number
        outcomes[Outcome(outcome)] += number
    return months, outcomes


def _replies(agencies: Iterable[Agency], year: int) -> "QuerySet[Any]":
    replies: QuerySet[Any] = _closed_in(keys(agencies), year, REPLIES).annotate(late=_LATE)
    return replies


def _closed_in(of: list[int], year: int, outcomes: tuple[str, ...]) -> "QuerySet[Any]":
    """Closed in the year, by the index annual_matrix alone: naming all kinds leads straight to the days."""
    days = (date(year, 1, 1), date(year, 12, 31))
    named = Case.objects.applications().filter(agency__in=of, applicant_kind__in=_KINDS, outcome__in=outcomes)
    closed: QuerySet[Any] = named.filter(closed_on__range=days).order_by()
    return closed


def _by_calendar(agencies: Iterable[Agency]) -> dict[Calendar, list[Agency]]:
    """A region may have days of its own, so its agencies are reckoned by themselves."""
    found: dict[Calendar, list[Agency]] = {}
    for agency in agencies:
        found.setdefault(agency.calendar, []).append(agency)
    return found


def _twelve(months: Counter[int]) -> tuple[int, ...]:
    return tuple(months[month] for month in range(1, 13))
