"""The figures of a year that everybody may read, of an agency or a region, with small numbers protected.

What a published annual report says stands as it was filed (条例 50). What is cut finer than the report – months – is
shown in sums of at least ``Agency.small_number`` (``law.smallnumbers``). Each case stands in exactly one *series* of
months: a large agency has its own, the small ones of a region share one. A region shows no more than the sums of its
series, so that nothing can be reckoned out of region and agencies together.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from django.db.models import Count, F, Q

from casework.law.matrix import COLUMNS, NEW, TOTAL, Matrix
from casework.law.outcomes import GROUPS, OUTCOMES, ApplicantKind, Group, Outcome
from casework.law.smallnumbers import Stretch, common, merged
from casework.law.words import Text
from casework.models import Agency, Case, ReportEdition

from .filed import report_of_edition
from .report import FIRST_YEAR
from .statistics import figures_of_year
from .table3 import agencies_of, matrix_of

#: An agency is large in a year if it received so many thresholds in the year before: one a month.
LARGE: Final = 12
#: A median of fewer replies would be the days of single cases.
FEWEST_IN_MEDIAN: Final = 10
CLASSES: Final = tuple(GROUPS)
YEARS_BACK: Final = 10
_KINDS: Final = tuple(kind.value for kind in ApplicantKind)


@dataclass(frozen=True, slots=True)
class ClassCount:
    """One class of outcomes, or neighbours that are shown together because one of them is small."""

    groups: tuple[Group, ...]
    number: int

    @property
    def words(self) -> Text:
        return Text(
            "、".join(GROUPS[group].words.zh for group in self.groups),
            ", ".join(GROUPS[group].words.en for group in self.groups),
        )


@dataclass(frozen=True, slots=True)
class OnTime:
    """The share of closed cases that were closed in time, in percent, rounded down; ``at_least``: a bound."""

    percent: Decimal
    at_least: bool


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """What is public of one year. ``None`` and empty are what is not shown, never nought.

    ``as_of``: the last day that is counted. ``edition``: the published report whose figures these are; without one they
    are from the records. ``pooled``: months stand in the series of the region. ``differs``: the records have been
    corrected since the report was filed, so their months are not shown beside it.
    """

    agency: Agency
    year: int
    region: bool
    as_of: date
    threshold: int
    edition: ReportEdition | None = None
    received: int | None = None
    received_months: tuple[Stretch, ...] = ()
    closed: int | None = None
    closed_months: tuple[Stretch, ...] = ()
    classes: tuple[ClassCount, ...] = ()
    codes: dict[Outcome, int] = field(default_factory=dict)
    kinds: dict[ApplicantKind, int] = field(default_factory=dict)
    on_time: OnTime | None = None
    median_days: float | None = None
    pooled: bool = False
    differs: bool = False

    @property
    def complete(self) -> bool:
        return self.as_of == date(self.year, 12, 31)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all that may be shown."""
        shown = (self.received, self.closed, self.received_months, self.closed_months, self.classes)
        return not any(each not in (None, ()) for each in shown)

    @property
    def reasons(self) -> list[tuple[Outcome, int]]:
        """Why information was not given, the most frequent first; only as a report was filed."""
        found = [(code, number) for code, number in self.codes.items() if number and OUTCOMES[code].group in _NOT_GIVEN]
        return sorted(found, key=lambda pair: (-pair[1], list(Outcome).index(pair[0])))[:5]


_NOT_GIVEN: Final = frozenset({Group.REFUSED, Group.UNAVAILABLE, Group.NOT_PROCESSED})


@dataclass(frozen=True, slots=True)
class YearTotal:
    """A filed year beside others."""

    year: int
    received: int
    closed: int


def open_figures(agency: Agency, year: int, *, region: bool, on: date) -> OpenFigures | None:
    """What is public of that year on that day; ``None`` for a year of which nothing can be said yet."""
    as_of = last_counted(year, on=on)
    if as_of is None or year < FIRST_YEAR:
        return None
    figures = _OfRegion(agency, year, as_of) if region else _OfAgency(agency, year, as_of)
    return figures.shown()


def last_counted(year: int, *, on: date) -> date | None:
    """The end of the year, or of the last month that is over; ``None`` before the first is."""
    if year < on.year:
        return date(year, 12, 31)
    if year > on.year or on.month == 1:
        return None
    return on.replace(day=1) - timedelta(days=1)


def filed_years(agency: Agency, *, region: bool) -> list[YearTotal]:
    """Received and closed of the years whose reports are published, oldest first."""
    found: dict[int, ReportEdition] = {}
    for edition in _published(agency, region=region).order_by("report__year", "number"):
        found[edition.report.year] = edition
    tables = [(year, report_of_edition(edition).table3) for year, edition in sorted(found.items())[-YEARS_BACK:]]
    return [YearTotal(year, table.figure(NEW, TOTAL), table.figure(TOTAL, TOTAL)) for year, table in tables]


def years_open(agency: Agency, *, region: bool, on: date) -> list[int]:
    """The years of which something can be said, newest first: those with records or a published report."""
    units = agencies_of(agency, region=region)
    first = Case.objects.filter(agency__in=units).order_by("year").values_list("year", flat=True).first()
    filed = [each.year for each in filed_years(agency, region=region)]
    begin = min([*filed, first if first is not None else on.year])
    newest = on.year if on.month > 1 else on.year - 1
    return list(range(newest, max(begin, newest - YEARS_BACK + 1, FIRST_YEAR) - 1, -1))


def _published(agency: Agency, *, region: bool) -> Any:
    editions = ReportEdition.objects.published().filter(report__agency=agency, report__region=region)
    return editions.select_related("report__agency").defer("packed_cases")


class _Figures(ABC):
    """What agency and region have in common: the filed report, the share in time, the median."""

    region = False

    def __init__(self, agency: Agency, year: int, as_of: date) -> None:
        self.agency, self.year, self.as_of = agency, year, as_of
        self.complete = as_of == date(year, 12, 31)
        self.threshold = agency.small_number

    def shown(self) -> OpenFigures:
        edition = _published(self.agency, region=self.region).filter(report__year=self.year).order_by("-number").first()
        received_months, closed_months, pooled = self.months()
        facts: dict[str, Any] = {"received_months": received_months, "closed_months": closed_months, "pooled": pooled}
        if not self.complete:
            return self._made(facts)
        if edition is not None:
            return self._made(facts | self._filed(edition, received_months, closed_months))
        recorded = self.recorded()
        return self._made(facts | recorded | self.pace(recorded["closed"]))

    @abstractmethod
    def months(self) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...], bool]:
        """Received and closed by month, and whether they are shown for the region alone."""

    @abstractmethod
    def recorded(self) -> dict[str, Any]:
        """Received, closed and classes of a year that is over and whose report is not published."""

    def units(self) -> Sequence[Agency]:
        return list(agencies_of(self.agency, region=self.region, year=self.year))

    def _made(self, facts: dict[str, Any]) -> OpenFigures:
        return OpenFigures(
            agency=self.agency, year=self.year, region=self.region, as_of=self.as_of, threshold=self.threshold, **facts
        )

    def _filed(
        self, edition: ReportEdition, received: tuple[Stretch, ...], closed: tuple[Stretch, ...]
    ) -> dict[str, Any]:
        """As the report says it; months only where they are the months of these very totals."""
        table = report_of_edition(edition).table3
        totals = (table.figure(NEW, TOTAL), table.figure(TOTAL, TOTAL))
        differs = any(
            months and sum(each.number for each in months) != total
            for months, total in zip((received, closed), totals, strict=True)
        )
        facts: dict[str, Any] = {
            "edition": edition,
            "received": totals[0],
            "closed": totals[1],
            "classes": tuple(
                ClassCount((group,), number) for group, number in zip(CLASSES, classes_of(table), strict=True)
            ),
            "codes": {code: table.figure(code.value, TOTAL) for code in Outcome},
            "kinds": {ApplicantKind(key): table.figure(NEW, key) for key in COLUMNS if key in _KINDS},
            "differs": differs,
            **self.pace(totals[1]),
        }
        return facts | ({"received_months": (), "closed_months": ()} if differs else {})

    def pace(self, closed: int | None) -> dict[str, Any]:
        """How fast, beside a total of closed cases that is shown; nothing while too few were closed."""
        if closed is None or closed < FEWEST_IN_MEDIAN:
            return {}
        figures = figures_of_year(self.units(), self.year)
        replies = sum(rate.replied for rate in figures.replies)
        return {
            "on_time": self.punctual(closed),
            "median_days": figures.median_days if replies >= FEWEST_IN_MEDIAN else None,
        }

    def punctual(self, closed: int) -> OnTime:
        """A few late cases are not told apart from none: the share is then a bound."""
        late = _late([unit.pk for unit in self.units()], self.year)
        return share(closed, late, hidden=0) if late >= self.threshold else share(closed, 0, hidden=self.threshold - 1)


def share(closed: int, late: int, *, hidden: int) -> OnTime:
    """``hidden``: how many more may have been late than are told."""
    percent = Decimal(100 * (closed - min(late + hidden, closed))) / closed
    return OnTime(percent.quantize(Decimal("0.1"), rounding=ROUND_DOWN), at_least=hidden > 0)


class _OfAgency(_Figures):
    def months(self) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...], bool]:
        series = series_of(self.agency, self.year)
        if series != {self.agency.pk}:
            return (), (), True
        received, closed = _by_month(_reported(series, self.year), self.year, self.as_of)
        return self._merged(received), self._merged(closed), False

    def _merged(self, months: Sequence[int]) -> tuple[Stretch, ...]:
        return merged(months, threshold=self.threshold, complete=self.complete)

    def totals(self) -> tuple[int | None, int | None]:
        """What the agency's own page says was received and closed."""
        edition = _published(self.agency, region=False).filter(report__year=self.year).order_by("-number").first()
        if edition is None:
            facts = self.recorded()
            return facts["received"], facts["closed"]
        table = report_of_edition(edition).table3
        return table.figure(NEW, TOTAL), table.figure(TOTAL, TOTAL)

    def recorded(self) -> dict[str, Any]:
        """A year that is over and whose report is not published: totals and classes, small ones joined or left out."""
        table = matrix_of(self.units(), self.year)
        received, closed = table.figure(NEW, TOTAL), table.figure(TOTAL, TOTAL)
        stretches = merged(classes_of(table), threshold=self.threshold)
        shown = closed if closed >= self.threshold else None
        return {
            "received": received if received >= self.threshold else None,
            "closed": shown,
            "classes": tuple(ClassCount(CLASSES[each.first - 1 : each.last], each.number) for each in stretches),
        }


class _OfRegion(_Figures):
    region = True

    def months(self) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...], bool]:
        received: list[tuple[Stretch, ...]] = []
        closed: list[tuple[Stretch, ...]] = []
        for series in all_series(self.agency, self.year):
            came, went = _by_month(_reported(series, self.year), self.year, self.as_of)
            threshold = _threshold(series)
            if any(came):
                received.append(merged(came, threshold=threshold, complete=self.complete))
            if any(went):
                closed.append(merged(went, threshold=threshold, complete=self.complete))
        return common(received), common(closed), False

    def recorded(self) -> dict[str, Any]:
        """The sums of what the agencies show; one that shows nothing leaves the sum unsaid."""
        totals = [_OfAgency(unit, self.year, self.as_of).totals() for unit in self.own_units()]
        received, closed = _sum([each[0] for each in totals]), _sum([each[1] for each in totals])
        return {"received": received, "closed": closed}

    def own_units(self) -> list[Agency]:
        units = Agency.objects.within(self.agency).filter(outside=False)
        busy = set(Case.objects.filter(agency__in=units).values_list("agency", flat=True).distinct())
        return [each for each in units if each.pk in busy and each.reports_for(self.year)]

    def punctual(self, closed: int) -> OnTime:
        """The bounds of the agencies added up, so that the region tells of none more than its own page does."""
        late = [_late([pk], self.year) for pk in (unit.pk for unit in self.units())]
        told = sum(each for each in late if each >= self.threshold)
        hidden = sum(self.threshold - 1 for each in late if each < self.threshold)
        return share(closed, told, hidden=hidden)


def _sum(figures: Iterable[int | None]) -> int | None:
    total = 0
    for figure in figures:
        if figure is None:
            return None
        total += figure
    return total


def classes_of(table: Matrix) -> list[int]:
    """The six classes of table 三, item 3, in their order."""
    sums: Counter[Group] = Counter()
    for code in Outcome:
        sums[OUTCOMES[code].group] += table.figure(code.value, TOTAL)
    return [sums[group] for group in CLASSES]


# Series --------------------------------------------------------------------------------------------------------------


def series_of(agency: Agency, year: int) -> frozenset[int]:
    """The keys of the agencies with which this one shares its months in that year; of a large one, its own alone."""
    top = _top(agency)
    # an agency to which the Regulation does not apply is in none, and shares with nobody
    return next((series for series in all_series(top, year) if agency.pk in series), frozenset({agency.pk}))


def all_series(top: Agency, year: int) -> list[frozenset[int]]:
    """Every agency below ``top`` in exactly one series, by what was received the year before, which stays as it is.

    The small ones without agencies below them share one with the agency above.
    """
    units = [each for each in Agency.objects.within(top) if not each.outside]
    before = dict(
        Case.objects.applications()
        .filter(agency__in=units, year=year - 1)
        .order_by()
        .values_list("agency")
        .annotate(number=Count("*"))
    )
    parents = {unit.parent_id for unit in units}
    found: list[frozenset[int]] = []
    pools: dict[int, set[int]] = {}
    for unit in units:
        if before.get(unit.pk, 0) >= LARGE * unit.small_number:
            found.append(frozenset({unit.pk}))
            continue
        alone = unit.pk in parents or unit.parent_id is None or unit.pk == top.pk
        pools.setdefault(unit.pk if alone else unit.parent_id or unit.pk, set()).add(unit.pk)
    return found + [frozenset(pool) for _key, pool in sorted(pools.items())]


def _top(agency: Agency) -> Agency:
    """The agency whose small ones share a series with this one."""
    if agency.parent is None or agency.children.exists():
        return agency
    return agency.parent


def _threshold(series: frozenset[int]) -> int:
    return max(Agency.objects.filter(pk__in=series).values_list("small_number", flat=True))


def _reported(series: frozenset[int], year: int) -> list[int]:
    """The agencies whose cases these report, merged ones included."""
    units = Agency.objects.filter(pk__in=series)
    return sorted({each.pk for unit in units for each in agencies_of(unit, region=False, year=year)})


def _by_month(of: list[int], year: int, as_of: date) -> tuple[list[int], list[int]]:
    """What came in and what was closed in each month up to that day."""
    received, closed = Counter[int](), Counter[int]()
    cases = Case.objects.applications().filter(agency__in=of, applicant_kind__in=_KINDS).order_by()
    came = cases.filter(year=year, received_on__lte=as_of).values_list("received_on").annotate(number=Count("*"))
    for on, number in came:
        received[on.month] += number
    days = (date(year, 1, 1), as_of)
    went = cases.filter(outcome__in=[code.value for code in Outcome], closed_on__range=days)
    for on, number in went.values_list("closed_on").annotate(number=Count("*")):
        closed[on.month] += number
    months = range(1, as_of.month + 1)
    return [received[month] for month in months], [closed[month] for month in months]


def _late(of: list[int], year: int) -> int:
    """Closed after the due date, as 按期办结率 of the annual report counts it (``figures.timeliness``)."""
    days = (date(year, 1, 1), date(year, 12, 31))
    closed = Case.objects.applications().filter(agency__in=of, closed_on__range=days)
    return closed.filter(Q(closed_on__gt=F("due_on"))).count()
