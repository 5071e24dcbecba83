"""国办函〔2020〕109号 4 and 5: the totals of law.md 5.5, and what holds for every number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.fees import fee_by_item, fee_by_page, item_rate
from casework.law.refusals import Refused

ITEM_TOTALS = {10: 0, 11: 100, 30: 2_000, 31: 2_200, 40: 4_000, 41: 4_300, 50: 7_000, 60: 11_000, 100: 37_000}
PAGE_TOTALS = {30: 0, 31: 10, 100: 700, 101: 720, 200: 2_700, 201: 2_740, 250: 4_700, 300: 6_700, 1000: 34_700}


@pytest.mark.parametrize(("items", "total"), ITEM_TOTALS.items())
def test_the_applications_of_a_month_add_up_to_the_table(items: int, total: int) -> None:
    assert sum(fee_by_item(ordinal).amount for ordinal in range(1, items + 1)) == total


@pytest.mark.parametrize(("pages", "total"), PAGE_TOTALS.items())
def test_the_pages_of_an_application_cost_what_the_table_says(pages: int, total: int) -> None:
    assert fee_by_page(pages).amount == total


@given(st.integers(1, 2_000))
def test_the_bands_lie_side_by_side_and_hold_every_page_once(pages: int) -> None:
    bands = fee_by_page(pages).bands
    assert [band.first for band in bands] == [1, *(band.last + 1 for band in bands[:-1])]
    assert bands[-1].last == pages


@given(st.integers(1, 2_000))
def test_a_later_application_never_costs_less(ordinal: int) -> None:
    assert item_rate(ordinal + 1) >= item_rate(ordinal)


@pytest.mark.parametrize("wrong", [0, -1, True, 1_000_001])
def test_what_is_no_number_of_pages_is_refused(wrong: int) -> None:
    with pytest.raises(Refused, match="正整数"):
        fee_by_page(wrong)
