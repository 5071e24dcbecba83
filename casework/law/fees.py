"""The information processing fee: two tariffs, of which one application is charged by at most one (109号 3).

Both are progressive by excess: each item or page is charged at the rate of its own band, and a band that has been left
keeps its rate. Amounts are whole yuan.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .refusals import Refused
from .words import Text

LAW: Final = "国办函〔2020〕109号"
SINCE: Final = date(2021, 1, 1)


class Tariff(StrEnum):
    """By what an application is charged."""

    ITEMS = "items"
    PAGES = "pages"


TARIFF_WORDS: Final[dict[Tariff, Text]] = {
    Tariff.ITEMS: Text("按件计收", "By application"),
    Tariff.PAGES: Text("按量计收", "By page"),
}
TARIFF_LAW: Final[dict[Tariff, str]] = {Tariff.ITEMS: f"{LAW} 4", Tariff.PAGES: f"{LAW} 5"}


@dataclass(frozen=True, slots=True)
class Band:
    """So many items or pages, from the ``first`` to the ``last``, at one rate in yuan each."""

    first: int
    last: int
    rate: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def amount(self) -> int:
        return self.count * self.rate


@dataclass(frozen=True, slots=True)
class Fee:
    """What one application costs, laid out by bands as the notice has to show it."""

    tariff: Tariff
    bands: tuple[Band, ...]

    @property
    def amount(self) -> int:
        return sum(band.amount for band in self.bands)

    def lines(self) -> list[Text]:
        """One sentence a band, as notice and pages lay the fee out."""
        unit = _UNITS[self.tariff]
        return [
            (_ONE if band.first == band.last else _SPAN).format(
                first=band.first, last=band.last, rate=band.rate, amount=band.amount, unit=unit
            )
            for band in self.bands
        ]


_UNITS: Final = {Tariff.ITEMS: Text("件", "application"), Tariff.PAGES: Text("页", "page")}
_ONE: Final = Text("第{first}{unit}，每{unit}{rate}元，计{amount}元", "{unit} {first} at {rate} yuan: {amount} yuan")
_SPAN: Final = Text(
    "第{first}{unit}至第{last}{unit}，每{unit}{rate}元，计{amount}元",
    "{unit} {first} to {last} at {rate} yuan each: {amount} yuan",
)


def item_rate(ordinal: int) -> int:
    """Yuan for the ``ordinal``-th application of one applicant in one calendar month (109号 4)."""
    _check_count(ordinal, "ordinal")
    if ordinal <= 10:
        return 0
    if ordinal <= 30:
        return 100
    return 100 * (-(-(ordinal - 30) // 10) + 1)


def fee_by_item(ordinal: int) -> Fee:
    """The fee of the ``ordinal``-th application of the month; the earlier ones were charged on their own (109号 4)."""
    return Fee(Tariff.ITEMS, (Band(ordinal, ordinal, item_rate(ordinal)),))


def fee_by_page(pages: int) -> Fee:
    """The fee of one application that is answered with so many pages; applications are not added up (109号 5)."""
    _check_count(pages, "pages")
    bands = (Band(first, min(last or pages, pages), rate) for first, last, rate in _PAGE_BANDS if pages >= first)
    return Fee(Tariff.PAGES, tuple(bands))


def worked_out(tariff: Tariff, *, ordinal: int, pages: int | None) -> Fee:
    """The fee by the one tariff that the agency has picked; raises ``Refused`` for both at once or for no fee at all.

    ``ordinal``: place among the applicant's applications of the month; ``pages``: sides of A4, by page only.
    """
    if tariff is Tariff.ITEMS and pages is not None:
        raise Refused(
            Text(
                "按件计收和按量计收只能选择一种，按件计收的不填写页数。",
                "One application is charged by one tariff only: by application or by page, never both.",
            ),
            law=f"{LAW} 3",
            field="pages",
        )
    if tariff is Tariff.PAGES and pages is None:
        raise Refused(
            Text("按量计收的，请填写页数。", "To charge by page, give the number of pages."),
            law=TARIFF_LAW[tariff],
            field="pages",
        )
    fee = fee_by_item(ordinal) if pages is None else fee_by_page(pages)
    if not fee.amount:
        raise Refused(_FREE[tariff].format(number=fee.bands[-1].last), law=TARIFF_LAW[tariff], field="tariff")
    return fee


_FREE: Final = {
    Tariff.ITEMS: Text(
        "本件是该申请人当月的第{number}件申请，每月10件以下（含10件）的不收费。",
        "This is application number {number} of the applicant in the month; the first ten are free.",
    ),
    Tariff.PAGES: Text(
        "本件共{number}页，30页以下（含30页）的不收费。", "The reply has {number} pages; the first thirty are free."
    ),
}
_PAGE_BANDS: Final = ((1, 30, 0), (31, 100, 10), (101, 200, 20), (201, None, 40))


def _check_count(number: int, field: str) -> None:
    if type(number) is not int or not 1 <= number <= 1_000_000:
        raise Refused(
            Text("件数或者页数应当是正整数。", "The number of applications or pages is a positive whole number."),
            law=LAW,
            field=field,
        )
