"""The numbers of cases: unique within an agency and year of receipt, given out in order where none was typed."""

import re
from collections.abc import Container, Iterable
from datetime import date
from typing import Final

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case, NumberSeries

SERIES: Final = "case"


def check_free(agency: Agency, received_on: date, number: str) -> None:
    """Refuse a typed number that the year has used already.

    Only inside a transaction: it holds the series, so that nobody can type or be given the same number meanwhile.
    """
    if not is_free(agency, received_on, number):
        raise Refused(
            Text("登记编号“{number}”在本年度已经用过。", "The number “{number}” is already used this year.").format(
                number=number
            ),
            field="number",
        )


def is_free(agency: Agency, received_on: date, number: str) -> bool:
    """Whether the year has not used a number yet; holds the series like ``check_free``."""
    NumberSeries.take(agency, SERIES, received_on, 0)
    return not Case.objects.filter(agency=agency, year=received_on.year, number=number).exists()


def allocate(agency: Agency, received_on: date, count: int = 1, *, reserved: Container[str] = ()) -> list[str]:
    """The next ``count`` free numbers of the year, in order; those that somebody typed before are passed over.

    Only inside a transaction: the series stays locked until it ends, which is what keeps it without gaps.
    """
    numbers: list[str] = []
    while len(numbers) < count:
        serials = NumberSeries.take(agency, SERIES, received_on, count - len(numbers))
        made = [_number(agency, received_on.year, serial) for serial in serials]
        typed = set(
            Case.objects.filter(agency=agency, year=received_on.year, number__in=made).values_list("number", flat=True)
        )
        numbers += [number for number in made if number not in typed and number not in reserved]
    return numbers


def pass_over(agency: Agency, year: int, numbers: Iterable[str]) -> None:
    """Move the series behind numbers of its own form that came from elsewhere, so that it need not try each."""
    form = re.compile(re.escape(f"{agency.code}-{year}-") + r"([0-9]{5,8})", re.ASCII)
    found = (form.fullmatch(number) for number in numbers)
    last = max((int(match[1]) for match in found if match), default=0)
    if last:
        NumberSeries.advance(agency, SERIES, year, last)


def _number(agency: Agency, year: int, serial: int) -> str:
    return f"{agency.code}-{year}-{serial:05d}"
