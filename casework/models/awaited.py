"""The reports that agencies owe: on last year, not published, with the day until which they are due (条例 49).

An agency of whatever level owes its own report. The office of a government with units below it owes the government's
as well, which sums them (law.md 7.8); with none below, its own report is the government's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from casework.law.filing import WATCHED_FOR, ReportDue, report_due

from .agency import Agency
from .case import Case
from .report import AnnualReport, ReportEdition


class Which(NamedTuple):
    """One report: of whom, and whether of all below as well."""

    agency: int
    region: bool


@dataclass(frozen=True, slots=True)
class Awaited:
    """A report that is not published yet; ``work`` is ``None`` where nobody has begun it."""

    agency: Agency
    year: int
    region: bool
    due: ReportDue
    work: AnnualReport | None

    def is_watched(self, on: date) -> bool:
        """Whether the sweep still speaks of it: a deployment that begins in June is not told of January."""
        return on <= self.due.due_on + WATCHED_FOR


def awaited(agencies: Iterable[Agency], *, on: date) -> list[Awaited]:
    """What these agencies owe on that day, in the order of the tree; three queries."""
    year = on.year - 1
    owing = sorted((each for each in agencies if _owes(each, year)), key=lambda each: each.path)
    editions = ReportEdition.objects.published().filter(report__agency__in=owing, report__year=year)
    public = set(editions.values_list("report", flat=True))
    works = {
        Which(work.agency_id, work.region): work for work in AnnualReport.objects.filter(agency__in=owing, year=year)
    }
    done = {which for which, work in works.items() if work.pk in public}
    governments = [agency for agency in owing if agency.is_government]
    parents = set(Agency.objects.filter(parent__in=governments).values_list("parent", flat=True))
    found = []
    for agency in owing:
        sums = agency.is_government and agency.pk in parents
        for region in (False, True) if sums else (False,):
            which = Which(agency.pk, region)
            if which not in done:
                due = due_of(agency, year, government=region or (agency.is_government and not sums))
                found.append(Awaited(agency, year, region, due, works.get(which)))
    return found


def _owes(agency: Agency, year: int) -> bool:
    """An organ that went into another still owes the years before; of one that went on an unknown day nothing is."""
    gone = agency.successor_id is not None and agency.succeeded_on is None
    return agency.applies_regulation and not gone and agency.reports_for(year)


def due_of(agency: Agency, year: int, *, government: bool) -> ReportDue:
    """When the agency's report on that year is due; ``government``: the one of the people's government (条例 49(2))."""
    local = agency.region_report_due_on if government else agency.report_due_on
    return report_due(year, government=government, local=local, calendar=agency.calendar)


def is_governments(agency: Agency, *, region: bool) -> bool:
    """Whether this report is that of the people's government: the sum, or the only one of an office with none below."""
    return agency.is_government and (region or not agency.children.exists())


def still_owed(agencies: Iterable[Agency], *, on: date) -> list[Awaited]:
    """What is owed and shown: while it is watched, and then where somebody began it or cases are counted."""
    found = awaited(agencies, on=on)
    stale = {each.agency.pk for each in found if not each.is_watched(on) and each.work is None}
    counted = set(_with_cases_of(stale, on.year - 1)) if stale else set()
    return [each for each in found if each.is_watched(on) or each.work is not None or each.agency.pk in counted]


def _with_cases_of(agencies: Iterable[int], year: int) -> QuerySet[Agency, int]:
    """Those of which a report on that year counts any case: received in it, or carried into it.

    Each of the three is found by an index of its own; in one condition they would read every case.
    """
    begin, end = date(year, 1, 1), date(year, 12, 31)
    cases = Case.objects.filter(agency=OuterRef("pk"), received_on__lte=end)
    any_case = (
        Exists(cases.filter(received_on__gte=begin))
        | Exists(cases.filter(closed_on=None))
        | Exists(cases.filter(closed_on__gte=begin))
    )
    return Agency.objects.filter(any_case, pk__in=agencies).values_list("pk", flat=True)
