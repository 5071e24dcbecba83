"""The numbers of cases: unique within an agency and year of receipt, given out in order where none was typed."""

import re
from collections.abc import Container, Iterable
from datetime import date
from typing import Final

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case, NumberSeries
from casework.models.numbering import NumberForm, form_of

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
    form = form_of(agency, SERIES, received_on.year) or house_form(agency)
    while len(numbers) < count:
        serials = NumberSeries.take(agency, SERIES, received_on, count - len(numbers))
        made = [form.written(received_on.year, serial) for serial in serials]
        typed = set(
            Case.objects.filter(agency=agency, year=received_on.year, number__in=made).values_list("number", flat=True)
        )
        numbers += [number for number in made if number not in typed and number not in reserved]
    return numbers


def pass_over(agency: Agency, year: int, numbers: Iterable[str]) -> None:
    """Move the series behind numbers of its own form that came from elsewhere, so that it need not try each."""
    form = form_of(agency, SERIES, year) or house_form(agency)
    around = (re.escape(part) for part in (f"{form.before}{year}{form.between}", form.after))
    own = re.compile(rf"([0-9]{{{form.width},8}})".join(around), re.ASCII)
    found = (own.fullmatch(number) for number in numbers)
    last = max((int(match[1]) for match in found if match), default=0)
    if last:
        NumberSeries.advance(agency, SERIES, year, last)


def house_form(agency: Agency) -> NumberForm:
    """As numbers are written where the office chose nothing (``actions.renumber``)."""
    return NumberForm(f"{agency.code}-", "-", "", 5)
