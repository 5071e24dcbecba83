"""The processing fee that section 六 of the report speaks of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from casework.models import Case, FeeNotice

from .table3 import Agencies, keys


@dataclass(frozen=True, slots=True)
class Fees:
    """What section 六 of the report says of the processing fee (law.md 5.11); amounts in yuan."""

    notices: int
    asked: Decimal
    paid: int
    collected: Decimal

    def __bool__(self) -> bool:
        return bool(self.notices or self.paid)


def fees_of(agencies: Agencies, year: int, *, as_of: date | None = None) -> Fees:
    """Notices by the day on which they went out, payments by the day on which they came in; cancelled ones not at all.

    A notice of December that is paid in January is asked for in one year and collected in the next.
    """
    end = min(date(year, 12, 31), as_of or date.max)
    standing = FeeNotice.objects.filter(case__agency__in=keys(agencies), cancelled_on=None)
    asked = standing.filter(notified_on__year=year, notified_on__lte=end).aggregate(n=Count("*"), sum=Sum("amount"))
    paid = standing.filter(paid_on__year=year, paid_on__lte=end).aggregate(n=Count("*"), sum=Sum("paid_amount"))
    return Fees(asked["n"], asked["sum"] or Decimal(0), paid["n"], paid["sum"] or Decimal(0))


def cases_with_fees(agencies: Agencies, year: int) -> QuerySet[Case]:
    """The cases behind ``fees_of``: asked or paid in the year."""
    in_year = Q(notified_on__year=year) | Q(paid_on__year=year)
    noticed = FeeNotice.objects.filter(in_year, case__agency__in=keys(agencies), cancelled_on=None)
    return Case.objects.filter(pk__in=noticed.values("case"))
