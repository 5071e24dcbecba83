"""A year of cases → facts → table 三: every figure is the number of the cases that stand in its cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypedDict, cast

from django.db.models import Case as Choice
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from casework.law.calendar import start_of
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, NEW, ROWS, TOTAL, Matrix, place, scope
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case, CountChange

from .mergers import Mergers

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Counted(TypedDict):
    """How the year's table counts a case: carried in or new, and its outcome in that year, ``""`` while open."""

    carried_in: bool
    counted_as: str


CountedCases: TypeAlias = "QuerySet[WithAnnotations[Case, Counted]]"
Agencies = QuerySet[Agency] | Iterable[Agency]
#: Kind, carried in, outcome or ``None`` while open, how many.
Group = tuple[ApplicantKind, bool, Outcome | None, int]
_KINDS: Final = tuple(kind.value for kind in ApplicantKind)
_ENDED: Final = tuple(code.value for code in Outcome)


@dataclass(frozen=True, slots=True)
class Standing:
    """The cells of a year that count a case: two rows, one column."""

    year: int
    way_in: str
    way_out: str
    column: str

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows that count it: a case that was closed is in the total as well."""
        return (self.way_in, self.way_out) if self.way_out == CARRIED_OUT else (self.way_in, self.way_out, TOTAL)


def agencies_of(
    agency: Agency, *, region: bool, year: int | None = None, known_at: datetime | None = None
) -> QuerySet[Agency]:
    """The agency alone, or with all below it; of a ``year``, those whose cases it reports (``mergers``).

    ``known_at``: by the mergers that were on record at that moment.
    """
    tree = Agency.objects.within(agency) if region else Agency.objects.filter(pk=agency.pk)
    if year is None:
        return tree
    mergers = Mergers.known(known_at)
    if not mergers.rows:
        return tree
    units = [pk for pk in tree.values_list("pk", flat=True) if mergers.reporter(pk, year) == pk]
    return Agency.objects.filter(pk__in={each for unit in units for each in mergers.reported_by(unit, year)})


def matrix_of(agencies: Agencies, year: int, *, as_of: date | None = None, known_at: datetime | None = None) -> Matrix:
    """Table 三 of the agencies together; ``as_of`` looks at the year as it stood on an earlier day.

    By the facts that are known now, or, with ``known_at``, by what was on record at that moment: a case registered,
    closed or corrected since counts as it did then (docs/decisions/012).
    """
    scoped = _by_index(agencies, year, as_of) if known_at is None else _recorded(agencies, year, as_of, known_at)
    return Matrix.from_groups(year, (group for _agency, group in _groups(scoped)))


def matrices_of(agencies: Agencies, year: int) -> dict[int, Matrix]:
    """Table 三 of each agency by its key, in one query; an agency without cases in the year is left out."""
    groups: dict[int, list[Group]] = {}
    for agency, group in _groups(_by_index(agencies, year, None), "agency_id"):
        groups.setdefault(agency, []).append(group)
    return {agency: Matrix.from_groups(year, those) for agency, those in groups.items()}


def _groups(scoped: "list[QuerySet[Any]]", *by: str) -> Iterator[tuple[int, Group]]:
    """Kind, carried in, outcome and number of each group of cases, with the key of the agency if grouped ``by`` it."""
    # Grouping reads the index annual_matrix alone, and so does COUNT(*); COUNT(id) would not.
    columns = (*by, "applicant_kind", "carried_in", "counted_as")
    first, *others = (
        cases.order_by().values_list(*columns).annotate(number=Count("*")).values_list(*columns, "number")
        for cases in scoped
    )
    for *of, kind, carried_in, counted_as, number in first.union(*others, all=True):
        outcome = Outcome(counted_as) if counted_as else None
        yield (of[0] if of else 0), (ApplicantKind(kind), bool(carried_in), outcome, number)


def cases_of_cell(
    agencies: Agencies,
    year: int,
    row: str,
    column: str,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> QuerySet[Case]:
    """The cases that a cell counts, oldest first; their number is its figure, for the same ``matrix_of``."""
    if row not in ROWS or column not in COLUMNS:
        raise Refused(Text("表三没有这一格。", "Table 3 has no such cell."))
    wanted = {
        NEW: Q(carried_in=False),
        CARRIED_IN: Q(carried_in=True),
        TOTAL: ~Q(counted_as=""),
        CARRIED_OUT: Q(counted_as=""),
    }.get(row, Q(counted_as=row))
    if column != TOTAL:
        wanted &= Q(applicant_kind=column)
    if known_at is None:
        return _in_scope(agencies, year, as_of).filter(wanted).order_by("received_on", "id")
    unchanged, changed = _recorded(agencies, year, as_of, known_at)
    counted = Q(pk__in=unchanged.filter(wanted).values("pk")) | Q(pk__in=changed.filter(wanted).values("case"))
    return Case.objects.filter(counted).order_by("received_on", "id")


def end_of(day: date) -> datetime:
    """The last moment of a legal day, for ``known_at``."""
    return start_of(day + timedelta(days=1)) - timedelta(microseconds=1)


def standing_of(case: Case, year: int, *, as_of: date | None = None) -> Standing | None:
    """Where the year's table counts a case; ``None`` if it does not. A reply given anew is counted by no year."""
    if case.is_redecision:
        return None
    found = scope(year, case.received_on, case.closed_on, until=as_of)
    if found is None:
        return None
    outcome = Outcome(case.outcome) if found.closed else None
    way_in, way_out = place(carried_in=found.carried_in, outcome=outcome)
    return Standing(year, way_in, way_out, case.applicant_kind)


def years_of_case(case: Case, *, until: int) -> list[Standing]:
    """Where each year's table counts a case, from its receipt to its end or to the year ``until``."""
    last = case.closed_on.year if case.closed_on else max(until, case.received_on.year)
    standings = (standing_of(case, year) for year in range(case.received_on.year, last + 1))
    return [standing for standing in standings if standing is not None]


def years_of(agencies: Agencies, *, until: int) -> list[int]:
    """The years in which the agencies' tables count anything, newest first; ``until`` is the year that is running."""
    # The ends of each agency's years, from the index that keeps its numbers apart; a minimum over all would read all.
    years = Case.objects.filter(agency=OuterRef("pk")).order_by("year").values("year")
    spans = Agency.objects.filter(pk__in=keys(agencies)).values_list(Subquery(years[:1]), Subquery(years.reverse()[:1]))
    found = [span for span in spans if span[0] is not None]
    if not found:
        return [until]
    first, last = min(span[0] for span in found), max(span[1] for span in found)
    return list(range(max(until, last), first - 1, -1))


def counted(agencies: Agencies, year: int) -> "CountedCases":
    """Every case that the year's table counts, with its standing; ``lines`` writes one line of each."""
    return _in_scope(agencies, year, None)


def keys(agencies: Agencies) -> list[int]:
    # Keys rather than a subquery: the planner then walks the index agency by agency.
    return [agency.pk for agency in agencies]


def _in_scope(agencies: Agencies, year: int, as_of: date | None) -> "CountedCases":
    """The cases that the year's table counts, each with how."""
    cases = Case.objects.applications().filter(agency__in=keys(agencies))
    return cast("CountedCases", cases.filter(_touches(year, as_of)).annotate(**_placed(year, as_of)))


def _by_index(agencies: Agencies, year: int, as_of: date | None) -> "list[QuerySet[Any]]":
    """``_in_scope`` in two halves, open and closed: naming all kinds and outcomes leads the index straight to the days.

    In one piece the engines read every case that the agencies ever had, for each year anew.
    """
    named = _in_scope(agencies, year, as_of).filter(applicant_kind__in=_KINDS)
    begin, _end = _ends(year, as_of)
    return [named.filter(outcome="", closed_on=None), named.filter(outcome__in=_ENDED, closed_on__gte=begin)]


def _recorded(agencies: Agencies, year: int, as_of: date | None, moment: datetime) -> list[QuerySet[Any]]:
    """The same at a past moment: cases that stand as they stood then, and what has changed as it was before."""
    changed = CountChange.objects.filter(case=OuterRef("pk"), at__gt=moment)
    unchanged = _in_scope(agencies, year, as_of).filter(~Exists(changed), registered_at__lte=moment)
    before = CountChange.objects.first_after(moment).filter(
        _touches(year, as_of),
        case__agency__in=keys(agencies),
        case__is_redecision=False,
        case__registered_at__lte=moment,
    )
    return [unchanged, before.annotate(**_placed(year, as_of))]


def _ends(year: int, as_of: date | None) -> tuple[date, date]:
    end = date(year, 12, 31)
    return date(year, 1, 1), min(end, as_of) if as_of else end


def _touches(year: int, as_of: date | None) -> Q:
    """``law.matrix.scope`` said to the database; the tests hold the two against each other."""
    begin, end = _ends(year, as_of)
    return Q(received_on__lte=end) & (Q(closed_on=None) | Q(closed_on__gte=begin))


def _placed(year: int, as_of: date | None) -> dict[str, Any]:
    begin, end = _ends(year, as_of)
    return {
        "carried_in": Q(received_on__lt=begin),
        "counted_as": Choice(When(closed_on__lte=end, then=F("outcome")), default=Value("")),
    }
