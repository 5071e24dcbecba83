"""The registers' own arithmetic and what one entry can say: 万元, months, reviews, days."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.law.refusals import Refused
from casework.law.registers import REGISTERS, Register, amount, faults, in_10k_yuan, key_of, last_of, month, whole

TODAY = date(2023, 11, 18)
AMOUNT = REGISTERS[Register.FIGURES].column("amount")
MONTH = REGISTERS[Register.PUBLICATIONS].column("month")
DAYS = REGISTERS[Register.ACCOUNTS].column("silent_days")


@pytest.mark.parametrize(
    ("yuan", "printed"),
    [
        ("0", "0"),
        ("0.00", "0"),
        ("10000", "1"),
        ("12345.67", "1.234567"),
        ("0.01", "0.000001"),
        ("5000.50", "0.50005"),
        ("100000.00", "10"),
        ("999999999999.99", "99999999.999999"),
    ],
)
def test_yuan_are_printed_in_10k_yuan_and_never_rounded(yuan: str, printed: str) -> None:
    """Table 二, art. 20(8), law.md 7.4: 单位：万元."""
    assert in_10k_yuan(Decimal(yuan)) == printed


@settings(max_examples=30)
@given(st.lists(st.integers(0, 10**14 - 1), max_size=50))
def test_the_sum_of_fees_loses_no_cent(cents: list[int]) -> None:
    total = sum((Decimal(each).scaleb(-2) for each in cents), Decimal(0))
    assert Decimal(in_10k_yuan(total)) * 1_000_000 == sum(cents)


@pytest.mark.parametrize(
    ("reader", "column", "typed", "value"),
    [
        (amount, AMOUNT, "１２,345.6", Decimal("12345.60")),
        (amount, AMOUNT, "12元", Decimal("12.00")),
        (month, MONTH, "2023年3月", date(2023, 3, 1)),
        (month, MONTH, "2023-11", date(2023, 11, 1)),
        (whole, DAYS, "３０", 30),
    ],
)
def test_what_people_type_is_understood(reader: Any, column: Any, typed: str, value: Any) -> None:
    assert reader(typed, column) == value


@pytest.mark.parametrize(
    ("reader", "column", "typed"),
    [
        (amount, AMOUNT, "-1"),
        (amount, AMOUNT, "1.234"),
        (amount, AMOUNT, "1万元"),
        (month, MONTH, "2023-13"),
        (month, MONTH, "3月"),
        (whole, DAYS, "0"),
        (whole, DAYS, "367"),
        (whole, DAYS, "14.5"),
    ],
)
def test_what_it_can_not_be_is_refused(reader: Any, column: Any, typed: str) -> None:
    with pytest.raises(Refused):
        reader(typed, column)


ITEM: dict[str, Any] = {"channel": "website", "account": 1, "column": "概况", "on": TODAY, "title": "机构职能"}
BATCH: dict[str, Any] = {
    "channel": "website",
    "account": 1,
    "column": "概况",
    "month": date(2023, 10, 1),
    "number": 9,
    "source": "后台统计",
}
DOCUMENT: dict[str, Any] = {"kind": "normative_documents", "title": "办法", "made_on": date(2023, 3, 1)}
FIGURE: dict[str, Any] = {"item": "permits", "year": 2023, "month": 10, "amount": Decimal(3), "source": "统计表"}
P, D, F = Register.PUBLICATIONS, Register.DOCUMENTS, Register.FIGURES


@pytest.mark.parametrize(
    ("register", "facts", "wrong"),
    [
        (P, ITEM, []),
        (P, BATCH, []),
        (P, ITEM | {"on": date(2023, 11, 19)}, ["on"]),
        (P, ITEM | {"title": ""}, ["title"]),
        (P, ITEM | {"column": ""}, ["column"]),
        (P, BATCH | {"source": ""}, ["source"]),
        (P, BATCH | {"number": 0}, ["number"]),
        (P, BATCH | {"title": "机构职能"}, ["title"]),
        (P, BATCH | {"month": date(2023, 12, 1)}, ["month"]),
        (P, ITEM | {"secrecy_by": "钱慎"}, ["secrecy_on"]),
        (P, ITEM | {"secrecy_on": TODAY}, ["secrecy_by"]),
        (P, ITEM | {"first_by": "甲", "first_on": TODAY, "second_by": "乙", "second_on": TODAY}, []),
        (
            P,
            ITEM | {"first_by": "甲", "first_on": TODAY, "final_by": "丙", "final_on": date(2023, 11, 17)},
            ["final_on"],
        ),
        (Register.ACCOUNTS, {"channel": "wechat", "name": "号", "opened_on": TODAY, "silent_days": 14}, []),
        (
            Register.ACCOUNTS,
            {"channel": "wechat", "name": "号", "opened_on": TODAY, "silent_days": 14, "closed_on": date(2023, 1, 1)},
            ["closed_on"],
        ),
        (D, DOCUMENT | {"repealed_on": date(2024, 1, 1), "repealed_by": "清理决定"}, []),
        (D, DOCUMENT | {"repealed_on": date(2023, 2, 28), "repealed_by": "清理决定"}, ["repealed_on"]),
        (D, DOCUMENT | {"repealed_on": date(2023, 4, 1)}, ["repealed_by"]),
        (D, DOCUMENT | {"made_on": date(2023, 12, 1)}, ["made_on"]),
        (Register.STOCKS, {"kind": "regulations", "year": 2022, "number": 0, "source": "清理"}, []),
        (Register.STOCKS, {"kind": "regulations", "year": 2023, "number": 0, "source": "清理"}, ["year"]),
        (F, FIGURE | {"month": 11}, []),
        (F, FIGURE | {"month": 12}, ["month"]),
        (F, FIGURE | {"year": 2024, "month": None}, ["year"]),
        (F, FIGURE | {"amount": Decimal("3.5")}, ["amount"]),
        (F, FIGURE | {"item": "fees", "amount": Decimal("3.5")}, []),
        (F, FIGURE | {"source": ""}, ["source"]),
    ],
)
def test_what_one_entry_can_say(register: Register, facts: dict[str, Any], wrong: list[str]) -> None:
    assert [fault.field for fault in faults(register, facts, on=TODAY)] == wrong


def test_the_last_day_of_a_month() -> None:
    assert [last_of(date(year, 2, 1)).day for year in (2023, 2024)] == [28, 29]


def test_an_entry_is_known_by_what_does_not_change_about_it() -> None:
    same = key_of(D, DOCUMENT | {"number": "东政规〔2023〕1号"})
    assert key_of(D, DOCUMENT | {"number": "东政规〔2023〕 1号", "title": "另一标题"}) == same
    assert key_of(D, DOCUMENT | {"number": "东政规〔2023〕2号"}) != same
    assert key_of(F, FIGURE) != key_of(F, FIGURE | {"month": None})


def test_every_column_has_words_in_both_languages_and_codes_where_it_wants_them() -> None:
    for row in REGISTERS.values():
        keys = [column.key for column in row.columns]
        assert len(set(keys)) == len(keys)
        headings = [column.words.zh for column in row.columns]
        assert len(set(headings)) == len(headings)
        for column in row.columns:
            assert column.words.en.isascii(), column
            assert bool(column.codes) == (column.takes == "code"), column
