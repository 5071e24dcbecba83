"""Identity numbers and credit codes: what is wrong is said, and where (条例 29(2)(一))."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from casework.law.identity import check_credit_code, check_other_number, check_resident_number, compact
from casework.law.refusals import Refused

ON = date(2026, 11, 18)
DIGITS = st.text("0123456789", min_size=6, max_size=6)


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), ON))
    body = draw(DIGITS) + f"{born:%Y%m%d}" + f"{draw(st.integers(0, 999)):03d}"
    return body + ric.calc_check_digit(body + "0")


@given(resident_numbers())
def test_every_number_with_its_check_digit_passes_whatever_the_place_code(number: str) -> None:
    assert check_resident_number(number, on=ON) == number


@given(resident_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(number: str, place: int, shift: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(Refused) as refused:
        check_resident_number(wrong, on=ON)
    assert refused.value.field == "identity_number"


@given(resident_numbers())
def test_a_number_is_read_in_any_width_and_case_and_with_spaces(number: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())
    assert check_resident_number(f" {wide[:6]} {wide[6:14]}-{wide[14:]} ", on=ON) == number


@pytest.mark.parametrize("code", ["91110000600037341L", "9111 0000 6000 3734 1l"])
def test_a_credit_code_passes(code: str) -> None:
    assert check_credit_code(code) == "91110000600037341L"


@given(st.integers(8, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_one_wrong_character_of_a_credit_code_never_passes(place: int, character: str) -> None:
    right = "91110000600037341L"
    wrong = right[:place] + character + right[place + 1 :]
    if wrong == right:
        assert check_credit_code(wrong) == right
    else:
        assert not uscc.is_valid(wrong)
        with pytest.raises(Refused):
            check_credit_code(wrong)


@pytest.mark.parametrize("number", ["", "123", "ABCDEF", "1" * 41])
def test_another_document_needs_a_plausible_number(number: str) -> None:
    with pytest.raises(Refused):
        check_other_number(number)


@given(st.text(max_size=200))
def test_any_text_is_answered_and_never_breaks(text: str) -> None:
    for check in (lambda t: check_resident_number(t, on=ON), check_credit_code, check_other_number):
        with suppress(Refused):
            assert check(text) == compact(text)
