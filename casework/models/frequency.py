"""How often one applicant applies to one agency: within a month for the fee, over a year for art. 35.

Only what is proven counts: the same identity number, or an application that a clerk has looked at and confirmed.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q

from casework.law.outcomes import Outcome

from .applicant import Applicant
from .case import Case, CaseQuerySet
from .caselink import CaseLink, LinkKind

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month, by its first day, and how many applications came in it."""

    first_on: date
    count: int


@dataclass(frozen=True, slots=True)
class Frequency:
    """What one applicant has asked of the agency up to a day; ``months`` are the last twelve, oldest first."""

    months: tuple[Month, ...]
    total: int
    of_all: int | None
    """Applications of everybody to the agency in these twelve months; ``None`` where it was not counted."""

    @property
    def in_year(self) -> int:
        return sum(month.count for month in self.months)

    @property
    def most(self) -> int:
        return max(month.count for month in self.months)

    @property
    def share(self) -> Fraction:
        """Of all applications to the agency in these twelve months; 0 where there are none."""
        return Fraction(self.in_year, self.of_all) if self.of_all else Fraction(0)


def proven(case: Case) -> CaseQuerySet:
    """The applications to the agency of the proven same applicant, this one among them."""
    same = Applicant.objects.same_as(case.applicant)
    return CaseQuerySet(Case).applications().filter(agency=case.agency_id, applicant__in=same)


def of_the_month(case: Case, confirmed: Collection[int] = ()) -> list[Case]:
    """The month's applications of one applicant in the order in which the fee counts them (109号 4).

    By day of receipt, then by register number. Withdrawn ones are left out, as no decision was made on them, and what
    came by a second channel, as it is the same application; the parts of one that was split count each.
    ``confirmed``: keys of ``alike_in_the_month`` that a clerk knows to be the same applicant's.
    """
    month = _in_month_of(case)
    found = {case.pk: case}  # itself also where it is no application of its own: a file that is decided again
    found |= {each.pk: each for each in month & proven(case)}
    found |= {each.pk: each for each in month.filter(pk__in=confirmed)}
    return sorted(found.values(), key=_in_order)


def alike_in_the_month(case: Case) -> list[Case]:
    """Applications of the month that may be the same applicant's: a clerk has to look (see ``Applicant.alike``)."""
    alike = Applicant.objects.alike(case.applicant).difference(Applicant.objects.same_as(case.applicant))
    return sorted(_in_month_of(case).filter(applicant__in=[each.pk for each in alike]), key=_in_order)


def frequency(case: Case, *, on: date, share: bool = True) -> Frequency:
    """The applicant's applications up to ``on``, by month of receipt.

    ``share``: count everybody's of the year beside them, which costs what the agency has, not what the applicant has.
    """
    firsts = list(_months_until(on))
    received = list(proven(case).filter(received_on__lte=on).values_list("received_on", flat=True))
    counts = Counter(day.replace(day=1) for day in received)
    year = Case.objects.applications().filter(agency=case.agency_id, received_on__gte=firsts[0], received_on__lte=on)
    of_all = year.count() if share else None
    return Frequency(tuple(Month(first, counts[first]) for first in firsts), len(received), of_all)


def _in_month_of(case: Case) -> CaseQuerySet:
    on = case.received_on
    cases = CaseQuerySet(Case).filter(agency=case.agency_id, received_on__year=on.year, received_on__month=on.month)
    again = CaseLink.objects.filter(kind=LinkKind.DUPLICATE_OF, later=OuterRef("pk"))
    counted = ~Q(outcome=Outcome.OTHER_3.value) & ~Exists(again) & Q(is_redecision=False)
    return cases.filter(counted | Q(pk=case.pk))


def _in_order(case: Case) -> tuple[date, list[int], int]:
    """Figures of the register number in order of size, so that 10 comes after 9."""
    return case.received_on, [int(figure) for figure in re.findall(r"[0-9]+", case.number)], case.pk


def _months_until(on: date) -> Iterator[date]:
    """The first days of the month of ``on`` and of the eleven before it, oldest first."""
    last = on.year * 12 + on.month - 1
    for month in range(last - MONTHS_SHOWN + 1, last + 1):
        yield date(month // 12, month % 12 + 1, 1)
