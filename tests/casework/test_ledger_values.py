"""How offices write dates, channels, kinds, results and numbers, and what is said when they don't."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework.grids.cells import Broken, Cell, Number, letters, place_of
from casework.law.matrix import RESULT_KEYS, ROWS
from casework.law.outcomes import KINDS, OUTCOMES
from casework.law.receipt import CHANNEL_WORDS
from casework.law.words import Text
from casework.ledger.values import READERS, Unreadable

TODAY = date(2026, 11, 18)


def read(name: str, cell: Cell) -> Any:
    return READERS[name](cell, TODAY)


def refusal(name: str, cell: Cell) -> str:
    with pytest.raises(Unreadable) as caught:
        read(name, cell)
    assert caught.value.text.zh != caught.value.text.en
    return caught.value.text.en


@pytest.mark.parametrize(
    "written",
    [
        "2023-01-13",
        "2023/1/13",
        "2023年1月13日",
        "2023 年 1 月 13 日",
        " 2023-1-13 ",
        "２０２３－０１－１３",
        "2023／1／13",
        "2023-01-13 00:00:00",
        "2023-01-13T09:30",
        Number(Decimal(44939), date(2023, 1, 13), shown_as_day=True),
        Number(Decimal(44939), date(2023, 1, 13), shown_as_day=False),
    ],
)
def test_a_day_may_be_written_in_every_way_that_the_format_names(written: Cell) -> None:
    assert read("received_on", written) == date(2023, 1, 13)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2023-02-30", "there is no day “2023-02-30”"),
        ("2023-13-01", "there is no day “2023-13-01”"),
        ("0000-01-01", "there is no day “0000-01-01”"),
        ("13/01/2023", "is not a date"),
        ("2023/1-13", "is not a date"),
        ("2023年1月13", "is not a date"),
        ("20230113", "is not a date"),
        ("44939", "is not a date"),
        ("23-1-13", "is not a date"),
        ("2023-01-131", "is not a date"),
        ("去年", "is not a date"),
        ("", "blank"),
        ("　", "blank"),
        (Number(Decimal("0.5"), None, shown_as_day=True), "is not a date"),
    ],
)
def test_what_is_no_day_is_refused_with_the_words_that_stand_there(written: Cell, said: str) -> None:
    assert said in refusal("received_on", written)


def test_a_day_may_be_left_blank_where_it_is_optional() -> None:
    assert read("closed_on", " ") is None


@pytest.mark.parametrize("channel", CHANNEL_WORDS)
def test_a_channel_is_known_by_its_key_and_by_its_name(channel: str) -> None:
    words = CHANNEL_WORDS[channel].zh  # type: ignore[index]  # the keys are the members
    assert read("channel", channel) == read("channel", f" {words}　") == channel


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_known_by_its_key_and_by_its_printed_name(kind: str) -> None:
    row = KINDS[kind]  # type: ignore[index]  # the keys are the members
    assert {read("applicant_kind", name) for name in (kind, row.printed, row.words.zh, kind.upper())} == {kind}


@pytest.mark.parametrize(
    "written",
    [
        "法人或其他组织—其他",
        "法人或其他组织——其他",
        "法人或其他组织-其他",
        "法人或其他组织－其他",
        "法人或者其他组织 – 其他",
        "其他",
        "other",
    ],
)
def test_the_last_kind_has_a_dash_that_everybody_types_differently(written: str) -> None:
    assert read("applicant_kind", written) == "other"


@pytest.mark.parametrize("written", ["total", "总计", "个人", ""])
def test_what_is_no_kind_is_refused(written: str) -> None:
    refusal("applicant_kind", written)


@pytest.mark.parametrize("code", RESULT_KEYS)
def test_a_result_is_known_by_key_number_and_printed_row(code: str) -> None:
    row = OUTCOMES[code]  # type: ignore[index]  # the keys are the members
    full_width = row.number.translate(str.maketrans("()0123456789", "（）０１２３４５６７８９"))
    names = [
        code,
        row.number,
        full_width,
        row.printed,
        row.words.zh,
        f"{row.number} {row.words.zh}",
        ROWS[code].printed,
    ]
    assert {read("outcome", name) for name in names} == {code}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("三(三)5", "refused_5"),
        ("三（三）5", "refused_5"),
        ("（三）5", "refused_5"),
        ("三(三)5.属于三类内部事务信息", "refused_5"),
        ("5、属于三类内部事务信息", "refused_5"),
        ("3.危及“三安全一稳定”", "refused_3"),
        ('危及"三安全一稳定"', "refused_3"),
        ("三(一)予以公开", "granted"),
        ("（一）予以公开", "granted"),
        ("三(二)部分公开", "partial"),
        ("部分公开", "partial"),
        ("REFUSED_5", "refused_5"),
        ("三(六)3", "other_3"),
        ("3.其他", "other_3"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_results_as_people_write_them(written: str, code: str) -> None:
    assert read("outcome", written) == code


@pytest.mark.parametrize(
    "written", ["三(三)9", "三(七)总计", "三(三)", "不予公开", "5", "carried_out", "refused_9", "同意"]
)
def test_what_names_no_single_result_is_refused(written: str) -> None:
    assert "is not a result of table 3" in refusal("outcome", written)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("10", 10),
        ("１０", 10),
        ("10天", 10),
        ("20个工作日", 20),
        (" 5 日", 5),
        (Number(Decimal("7.0"), None, shown_as_day=False), 7),
        ("", None),
    ],
)
def test_an_extension_is_a_number_of_days(written: Cell, days: int | None) -> None:
    assert read("extension_days", written) == days


@pytest.mark.parametrize("written", ["0", "21", "-5", "1.5", "十", "10小时", "999999"])
def test_an_extension_of_none_or_of_more_than_20_days_is_refused(written: str) -> None:
    assert "is not a whole number from 1 to 20" in refusal("extension_days", written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("１１０１０５ 19491231 002X", "11010519491231002X"),
        ("91110000600037341L", "91110000600037341L"),
        ("911100007109250324", "911100007109250324"),
        ("", ""),
    ],
)
def test_identity_numbers_and_credit_codes_are_told_apart_by_their_form(written: str, number: str) -> None:
    assert read("identity_number", written) == number


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("110105194912310021", "check digit"),
        ("11010520491231002X", "date of birth"),
        ("91110000600037341M", "credit code"),
        ("110105491231002", "18 characters"),
        ("无", "18 characters"),
        (Number(Decimal(110105194912310000), None, shown_as_day=False), "keep 15 digits"),
    ],
)
def test_a_wrong_identity_number_is_refused_and_says_why(written: Cell, said: str) -> None:
    assert said in refusal("identity_number", written)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("'=1+1", "=1+1"),
        ("'-", "-"),
        ("=1+1", "=1+1"),
        ("'张三", "'张三"),
        (" 𠮷野家 👨‍👩‍👧 ", "𠮷野家 👨‍👩‍👧"),
        ("一\r\n二", "一\n二"),
        (Number(Decimal(13800000000), None, shown_as_day=False), "13800000000"),
        (Number(Decimal("2024.50"), None, shown_as_day=False), "2024.5"),
        (Number(Decimal(45000), date(2023, 3, 15), shown_as_day=True), "2023-03-15"),
    ],
)
def test_text_is_kept_as_it_was_typed(written: Cell, stored: str) -> None:
    assert read("content", written) == stored


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("content", "", "blank"),
        ("applicant_name", " \u3000\t", "blank"),
        ("applicant_name", "\u200b", "can't be empty"),
        ("content", "零\x00号", "U+0000"),
        ("note", "\x1b[31m", "U+001B"),
        ("note", "\u202eabc", "U+202E"),
        ("note", "\uffff", "U+FFFF"),
        ("content", "字" * 20_001, "20001"),
        ("number", "1" * 81, "81"),
        ("applicant_name", "名" * 201, "201"),
        ("document_number", "文" * 81, "81"),
        ("contact", Broken(Text("是公式", "is a formula")), "is a formula"),
    ],
)
def test_text_that_cannot_be_stored_is_refused(name: str, written: Cell, said: str) -> None:
    assert said in refusal(name, written)


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    assert [letters(place) for place in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(place_of(letters(place)) == place for place in range(2000))
