"""Who has how much, where time goes, and how much was in time: figures of an agency for its head and its clerks.

Nothing is added up beforehand. Steps are measured between events, in working days of the agency's own calendar.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, F, Max, Q, QuerySet

from casework.annual.statistics import REPLIES, Rate, median_of
from casework.desk.filters import Haste, Horizon
from casework.law.calendar import Calendar
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.words import Text
from casework.models import Agency, Case, Event, Kind, Staff
from casework.models.case import CaseQuerySet

#: Newest closed cases of a period whose steps are measured; the page says so where there are more.
MEASURED: Final = 5000
MONTHS: Final = 12
#: All that there are: named, so that what was closed is read from the index of the annual matrix, as that is.
_KINDS: Final = [kind.value for kind in ApplicantKind]
_OUTCOMES: Final = [outcome.value for outcome in Outcome]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period, both days included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step on the way of a case: to the day of one event, from that of the one before it that there was."""

    key: str
    words: Text
    begins: tuple[str, ...]
    ends: str


STEPS: Final = (
    StepRow("draft", Text("收到到拟稿", "Receipt to draft"), ("received",), Kind.PROPOSED),
    StepRow("review", Text("拟稿到审核", "Draft to review"), (Kind.PROPOSED,), Kind.REVIEWED),
    StepRow(
        "clear",
        Text("审核到保密审查", "Review to secrecy review"),
        (Kind.REVIEWED, Kind.PROPOSED),
        Kind.SECRECY_CLEARED,
    ),
    StepRow("sign", Text("保密审查到签发", "Secrecy review to signature"), (Kind.SECRECY_CLEARED,), Kind.SIGNED),
    StepRow("send", Text("签发到送出", "Signature to dispatch"), (Kind.SIGNED,), Kind.DISPATCHED),
    StepRow("all", Text("收到到送出", "Receipt to dispatch"), ("received",), Kind.DISPATCHED),
)


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long a step took: the median of the working days, and of how many cases."""

    row: StepRow
    median: float | None
    cases: int


@dataclass(frozen=True, slots=True)
class Load:
    """The open cases of one clerk or division by urgency, and how the replies of the period fared."""

    name: str
    #: What narrows the queue to these cases.
    clerk: str
    division: str
    of: Mapping[Haste, int]
    rate: Rate

    @property
    def total(self) -> int:
        return sum(self.of.values())


@dataclass(frozen=True, slots=True)
class MonthLine:
    """What came in and what was closed in a month, by its first day; and of the replies those in time."""

    first: date
    received: int
    closed: int
    rate: Rate


class Workload:
    """The figures of one agency, or of one person in it, over a period; each read when it is asked for."""

    def __init__(self, agency: Agency, *, whole: bool, user: Staff, on: date, period: Stretch) -> None:
        self.agency, self.user, self.on, self.period = agency, user, on, period
        self.horizon = Horizon(user, on=on)
        cases = CaseQuerySet(Case).filter(agency=agency)
        self.cases = cases if whole else cases.filter(clerk=user)

    def loads(self, by: str) -> list[Load]:
        """By ``clerk`` or ``division``: the most first. Those who only replied in the period stand there as well."""
        column = {"clerk": "clerk", "division": "division"}[by]
        found: dict[Any, Counter[Haste]] = {}
        for *group, due_on, number in self._open:
            key = group[column == "division"]
            found.setdefault(key, Counter())[self.horizon.of(self.agency.pk, due_on)] += number
        rates = self._rates(column)
        names = _names({key for key in (*found, *rates) if key}) if by == "clerk" else {}
        loads = [
            Load(
                names.get(key, "") if by == "clerk" else key,
                str(key or "") if by == "clerk" else "",
                str(key) if by == "division" else "",
                {haste: found[key][haste] if key in found else 0 for haste in Haste},
                rates.get(key, Rate()),
            )
            for key in {**found, **rates}
        ]
        return sorted(loads, key=lambda load: (-load.total, load.name))

    @cached_property
    def _open(self) -> list[tuple[int | None, str, date | None, int]]:
        """How many open cases of which clerk and division are due on which day; read from one index."""
        days: QuerySet[Any] = self.cases.still_open().order_by().values_list("clerk", "division", "due_on")
        return list(days.annotate(number=Count("*")))

    def _rates(self, column: str) -> dict[Any, Rate]:
        late = Count("closed_on", filter=Q(closed_on__gt=F("due_on")))
        rows = self._replied().values(column).annotate(replied=Count("*"), late=late)
        return {row[column]: Rate(row["replied"], row["late"]) for row in rows}

    def rate(self) -> Rate:
        """All replies of the period, and those that were late."""
        late = Count("closed_on", filter=Q(closed_on__gt=F("due_on")))
        found = self._replied().aggregate(replied=Count("*"), late=late)
        return Rate(found["replied"], found["late"])

    def _replied(self) -> "QuerySet[Any]":
        days = (self.period.first, self.period.last)
        found: QuerySet[Any] = self.cases.applications().filter(
            applicant_kind__in=_KINDS, outcome__in=REPLIES, closed_on__range=days
        )
        return found.order_by()

    def steps(self) -> tuple[list[StepTime], bool]:
        """How long each step took in the cases closed in the period, and whether only the newest were measured.

        A draft that came back counts from the last time that it went up.
        """
        newest = list(self._replied().order_by("-closed_on", "-pk").values_list("pk", "received_on")[: MEASURED + 1])
        received = dict(newest[:MEASURED])
        kinds = {step.ends for step in STEPS}
        days: QuerySet[Any] = Event.objects.filter(case__in=self._measured(), kind__in=kinds).order_by()
        reached: dict[int, dict[str, date]] = {pk: {"received": day} for pk, day in received.items()}
        for case, kind, on in days.values_list("case", "kind").annotate(on=Max("on")).iterator(5000):
            if case in reached:
                reached[case][kind] = on
        return list(_times(reached.values(), self.agency.calendar)), len(newest) > MEASURED

    def _measured(self) -> "QuerySet[Any]":
        newest: QuerySet[Any] = self._replied().order_by("-closed_on", "-pk").values("pk")[:MEASURED]
        return newest

    def months(self) -> list[MonthLine]:
        """The last twelve months, oldest first: what came in, what was closed, and how much of it in time."""
        firsts = list(_months_until(self.on))
        cases = self.cases.applications().order_by()
        # The year is in front of the day in the index that this is read from.
        years = range(firsts[0].year, self.on.year + 1)
        came: QuerySet[Any] = cases.filter(year__in=years, received_on__gte=firsts[0], received_on__lte=self.on)
        received: Counter[date] = Counter()
        for day, number in came.values_list("received_on").annotate(number=Count("*")):
            received[day.replace(day=1)] += number
        late = Q(outcome__in=REPLIES, closed_on__gt=F("due_on"))
        ended: QuerySet[Any] = cases.filter(
            applicant_kind__in=_KINDS, outcome__in=_OUTCOMES, closed_on__gte=firsts[0], closed_on__lte=self.on
        )
        rows = ended.values_list("closed_on").annotate(
            closed=Count("*"),
            replied=Count("closed_on", filter=Q(outcome__in=REPLIES)),
            late=Count("closed_on", filter=late),
        )
        closed: dict[date, tuple[int, Rate]] = {}
        for day, number, replied, after in rows:
            before, rate = closed.get(day.replace(day=1), (0, Rate()))
            closed[day.replace(day=1)] = (before + number, Rate(rate.replied + replied, rate.late + after))
        return [MonthLine(first, received[first], *closed.get(first, (0, Rate()))) for first in firsts]


def _names(keys: set[int]) -> dict[int, str]:
    found = Staff.objects.filter(pk__in=keys).values_list("pk", "name", "username")
    return {pk: name or username for pk, name, username in found}


def _times(reached: Any, calendar: Calendar) -> Iterator[StepTime]:
    """Where a small office has no review, the secrecy review is measured from the draft."""
    ways = list(reached)
    for step in STEPS:
        days: Counter[int] = Counter()
        for way in ways:
            begun = next((way[begin] for begin in step.begins if begin in way), None)
            if begun is not None and step.ends in way and way[step.ends] >= begun:
                days[calendar.workdays_between(begun, way[step.ends])] += 1
        yield StepTime(step, median_of(days), days.total())


def _months_until(on: date) -> Iterator[date]:
    last = on.year * 12 + on.month - 1
    for month in range(last - MONTHS + 1, last + 1):
        yield date(month // 12, month % 12 + 1, 1)


# Periods to choose ---------------------------------------------------------------------------------------------------


def periods(on: date) -> dict[str, tuple[Text, Stretch]]:
    """The periods that are offered, each with its words."""
    month = on.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    quarter = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    return {
        "month": (Text("本月", "This month"), Stretch(month, on)),
        "last_month": (Text("上月", "Last month"), Stretch(before, month - timedelta(days=1))),
        "quarter": (Text("本季度", "This quarter"), Stretch(quarter, on)),
        "year": (Text("今年", "This year"), Stretch(date(on.year, 1, 1), on)),
        "last_year": (Text("去年", "Last year"), Stretch(date(on.year - 1, 1, 1), date(on.year - 1, 12, 31))),
    }
