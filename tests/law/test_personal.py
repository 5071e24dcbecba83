"""Numbers of persons in a text, by their check digits; others are left alone (个人信息保护法 6, 28)."""

from datetime import date

import pytest
from stdnum import luhn

from casework.law.personal import PERSONAL, Personal, spotted

ON = date(2026, 11, 18)
RESIDENT, MOBILE, CARD = "11010519491231002X", "13800138000", "6222020200112230309"
CASES = {
    "identity card": (f"身份证{RESIDENT}。", [Personal.RESIDENT]),
    "full-width": ("身份证１１０１０５１９４９１２３１００２Ｘ", [Personal.RESIDENT]),
    "spaced": ("110105 19491231 002x", [Personal.RESIDENT]),
    "one figure wrong": ("110105194912310021", []),
    "mobile": (f"电话{MOBILE}", [Personal.MOBILE]),
    "mobile with dashes": ("138–0013—8000", [Personal.MOBILE]),
    "mobile with the country": ("+86 13800138000", [Personal.MOBILE]),
    "landline": ("0469-8223344", []),
    "a year and a number": ("东政发〔2023〕5号，20230105", []),
    "eleven figures of a file": ("档案号 23000138000", []),
    "inside a longer number": ("1380013800012", []),
    "inside letters": ("AB13800138000CD", []),
    "each once": (f"{MOBILE}，{MOBILE}", [Personal.MOBILE]),
    "two lines are two numbers": ("138\n00138000", []),
    "name of another": ("李四的低保审批表", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_is_spotted(text: str, expected: list[Personal]) -> None:
    assert [found.kind for found in spotted(text, on=ON)] == expected


def test_a_bank_card_by_its_check_digit() -> None:
    body = "622202020011223030"
    number = body + luhn.calc_check_digit(body)
    assert [found.kind for found in spotted(f"卡号{number[:4]} {number[4:]}", on=ON)] == [Personal.CARD]
    wrong = body + str((int(number[-1]) + 1) % 10)
    assert spotted(wrong, on=ON) == []


def test_the_words_are_given_back_as_typed() -> None:
    (found,) = spotted("电话１３８-0013-8000。", on=ON)
    assert found.typed == "１３８-0013-8000"


def test_every_kind_says_where_it_belongs() -> None:
    assert set(PERSONAL) == set(Personal)


def test_long_rows_of_figures_are_read_at_once() -> None:
    assert spotted("1 " * 20_000, on=ON) == []
