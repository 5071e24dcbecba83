"""The numbers of letters: 东政公开告〔2023〕1号, one series an agency, kind of document and year (law.md 9.4)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from casework.law.letters import LETTERS, LetterKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Letter, NumberSeries
from casework.models.numbering import NumberForm, form_of

#: How the series of letters are called among those of an agency; the word of the series follows.
KIND: Final = "letter:"


@dataclass(frozen=True, slots=True)
class LetterNumber:
    """A number as printed, and its place in its series; ``serial`` is ``None`` outside of the agency's own form."""

    text: str
    series: str
    year: int
    serial: int | None


def written(agency: Agency, series: str, year: int, serial: int) -> str:
    """Hexagonal brackets, the year in full, no leading zeros, no 第 (GB/T 9704 7.2.5)."""
    return (form_of(agency, key(series), year) or house_form(agency, series)).written(year, serial)


def house_form(agency: Agency, series: str) -> NumberForm:
    """As numbers are written where the office chose nothing (``actions.renumber``)."""
    return NumberForm(f"{agency.document_prefix or '公开'}{series}〔", "〕", "号", 1)


def number(agency: Agency, kind: LetterKind, *, on: date, typed: str = "") -> LetterNumber:
    """The number of a letter that is signed on that day; only inside the transaction that stores the letter.

    The series stays locked until that transaction ends, which is what keeps it without gaps. ``typed``: a number that
    the office gave itself; one that was used before is refused.
    """
    series = LETTERS[kind].series
    if typed:
        return _claimed(agency, series, on, typed)
    if not series:
        return LetterNumber("", "", on.year, None)
    while True:
        (serial,) = NumberSeries.take(agency, key(series), on)
        text = written(agency, series, on.year, serial)
        # Somebody may have typed it, for this kind of document or another.
        if not Letter.objects.filter(agency=agency, number=text).exists():
            return LetterNumber(text, series, on.year, serial)


def check_free(agency: Agency, typed: str) -> None:
    """Refuse a number that a letter of the agency bears already."""
    if Letter.objects.filter(agency=agency, number=typed).exists():
        raise Refused(
            Text("文号“{number}”已经用过。", "The number “{number}” has been used already.").format(number=typed),
            field="document_number",
        )


def _claimed(agency: Agency, series: str, on: date, typed: str) -> LetterNumber:
    NumberSeries.take(agency, key(series), on, 0)  # locks the series
    check_free(agency, typed)
    form = re.escape(written(agency, series, on.year, 0)).replace("〕0", r"〕([1-9][0-9]{0,6})")
    own = re.fullmatch(form, typed, re.ASCII) if series else None
    return LetterNumber(typed, series if own else "", on.year, int(own[1]) if own else None)


def key(series: str) -> str:
    """The name of a series of letters among those of an agency."""
    return f"{KIND}{series}"
