"""Given a reply of many pages, the fee is by page of this one application; the first thirty are free (109号 5)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework import annual
from casework.actions import fee
from casework.law.fees import Tariff
from casework.law.letters import LetterKind
from casework.law.refusals import Refused
from casework.letters import draft
from casework.models import Case, FeeNotice
from tests.cast import PAID, Cast, moment, registered

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 7)


def by_page(players: Cast, pages: Any, *, on: date = DAY, **changes: Any) -> FeeNotice:
    case = registered(players, on=on).case
    fee.notify_fee(
        case, tariff=Tariff.PAGES, pages=pages, on=on, delivered_on=on, by=players.wang, at=moment(on), **changes
    )
    return FeeNotice.objects.get(case=case)


@pytest.mark.parametrize(("pages", "amount"), [(31, 10), (100, 700), (101, 720), (200, 2_700), (250, 4_700)])
def test_the_amount_follows_from_the_pages(players: Cast, pages: int, amount: int) -> None:
    notice = by_page(players, pages)
    assert (notice.amount, notice.pages, notice.ordinal, notice.counted) == (Decimal(amount), pages, None, [])


@pytest.mark.parametrize("pages", [1, 30])
def test_thirty_pages_are_free(players: Cast, pages: int) -> None:
    with pytest.raises(Refused, match=f"本件共{pages}页") as refusal:
        by_page(players, pages)
    assert (refusal.value.law, refusal.value.field) == ("国办函〔2020〕109号 5", "tariff")
    assert not FeeNotice.objects.exists()


@pytest.mark.parametrize("pages", [0, -40, 1_000_001, True, 40.5])
def test_what_is_no_number_of_pages_is_refused(players: Cast, pages: Any) -> None:
    with pytest.raises(Refused, match="正整数"):
        by_page(players, pages)
    assert not FeeNotice.objects.exists()


def test_without_pages_there_is_nothing_to_reckon(players: Cast) -> None:
    with pytest.raises(Refused, match="请填写页数") as refusal:
        by_page(players, None)
    assert refusal.value.field == "pages"


def test_pages_of_several_applications_are_not_added_up(players: Cast) -> None:
    assert [by_page(players, 40).amount for _ in range(3)] == [100, 100, 100]


def test_the_bands_stand_in_the_notice_one_by_one(players: Cast) -> None:
    notice = by_page(players, 120)
    text = draft(notice.case, LetterKind.FEE, on=DAY).page.text
    for line in (
        "按量计收",
        "第1页至第30页，每页0元，计0元",
        "第31页至第100页，每页10元，计700元",
        "第101页至第120页，每页20元，计400元",
        "1100.00元",
    ):
        assert line in text, line


# What the annual report says of it (law.md 5.11) ---------------------------------------------------------------------


def test_the_year_counts_notices_by_their_day_and_money_by_the_day_it_came(players: Cast) -> None:
    december, january = date(2025, 12, 25), date(2026, 1, 6)
    agencies = annual.agencies_of(players.dongshan, region=True)
    first = by_page(players, 40, on=december)
    by_page(players, 100, on=december)
    mistaken = by_page(players, 250, on=december)
    fee.cancel_fee(
        Case.objects.get(pk=mistaken.case_id), reason="误发", on=december, by=players.li, at=moment(december)
    )
    fee.record_payment(Case.objects.get(pk=first.case_id), on=january, **PAID, by=players.wang, at=moment(january))
    assert annual.fees_of(agencies, 2025) == annual.Fees(2, Decimal(800), 0, Decimal(0))
    assert annual.fees_of(agencies, 2026) == annual.Fees(0, Decimal(0), 1, Decimal(100))
    assert not annual.fees_of(agencies, 2024)
    assert annual.cases_with_fees(agencies, 2025).count() == 2
    assert list(annual.cases_with_fees(agencies, 2026)) == [first.case]
    elsewhere = annual.agencies_of(players.elsewhere, region=True)
    assert not annual.fees_of(elsewhere, 2025)
