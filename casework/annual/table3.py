"""A year of cases → facts → table 三: every figure is the number of the cases that stand in its cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, TypedDict, cast

from django.db.models import Case as Choice
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When

from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, NEW, ROWS, TOTAL, Matrix, place, scope
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Counted(TypedDict):
    """How the year's table counts a case: carried in or new, and its outcome in that year, ``""`` while open."""

    carried_in: bool
    counted_as: str


CountedCases: TypeAlias = "QuerySet[WithAnnotations[Case, Counted]]"
Agencies = QuerySet[Agency] | Iterable[Agency]


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


def agencies_of(agency: Agency, *, region: bool) -> QuerySet[Agency]:
    """The agency alone, or with all below it."""
    return Agency.objects.within(agency) if region else Agency.objects.filter(pk=agency.pk)


def matrix_of(agencies: Agencies, year: int, *, as_of: date | None = None) -> Matrix:
    """Table 三 of the agencies together; ``as_of`` looks at the year as it stood on an earlier day."""
    cases = _in_scope(agencies, year, as_of)
    # Grouping reads the index annual_matrix alone, and so does COUNT(*); COUNT(id) would not.
    groups = cases.values("applicant_kind", "carried_in", "counted_as").annotate(number=Count("*")).order_by()
    return Matrix.from_groups(
        year,
        (
            (
                ApplicantKind(group["applicant_kind"]),
                group["carried_in"],
                Outcome(group["counted_as"]) if group["counted_as"] else None,
                group["number"],
            )
            for group in groups
        ),
    )


def cases_of_cell(agencies: Agencies, year: int, row: str, column: str, *, as_of: date | None = None) -> QuerySet[Case]:
    """The cases that a cell counts, oldest first; their number is its figure."""
    if row not in ROWS or column not in COLUMNS:
        raise Refused(Text("表三没有这一格。", "Table 3 has no such cell."))
    cases = _in_scope(agencies, year, as_of)
    if column != TOTAL:
        cases = cases.filter(applicant_kind=column)
    wanted = {
        NEW: Q(carried_in=False),
        CARRIED_IN: Q(carried_in=True),
        TOTAL: ~Q(counted_as=""),
        CARRIED_OUT: Q(counted_as=""),
    }.get(row, Q(counted_as=row))
    return cases.filter(wanted).order_by("received_on", "id")


def standing_of(case: Case, year: int, *, as_of: date | None = None) -> Standing | None:
    """Where the year's table counts a case; ``None`` if it does not."""
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
    # Both ends of the index of register numbers, agency by agency: over all cases it would cost what the table costs.
    years = Case.objects.filter(agency=OuterRef("pk")).values("year")
    span = Agency.objects.filter(pk__in=keys(agencies)).aggregate(
        first=Min(Subquery(years.order_by("year")[:1])), last=Max(Subquery(years.order_by("-year")[:1]))
    )
    if span["first"] is None:
        return [until]
    return list(range(max(until, span["last"]), span["first"] - 1, -1))


def keys(agencies: Agencies) -> list[int]:
    # Keys rather than a subquery: the planner then walks the index agency by agency.
    return [agency.pk for agency in agencies]


def _in_scope(agencies: Agencies, year: int, as_of: date | None) -> "CountedCases":
    """``law.matrix.scope`` said to the database; the tests hold the two against each other."""
    begin, end = date(year, 1, 1), date(year, 12, 31)
    end = min(end, as_of) if as_of else end
    cases = (
        Case.objects.filter(agency__in=keys(agencies), received_on__lte=end)
        .filter(Q(closed_on=None) | Q(closed_on__gte=begin))
        .annotate(
            carried_in=Q(received_on__lt=begin),
            counted_as=Choice(When(closed_on__lte=end, then=F("outcome")), default=Value("")),
        )
    )
    return cast("CountedCases", cases)
