"""``gongkai.calendar/1`` is read strictly: each fault has its sentence, and what is read can be written again."""

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.edition_file import FORMAT, LARGEST, from_document, read
from casework.law.editions import EDITIONS
from casework.law.packaged import from_package
from casework.law.refusals import Refused

RIGHT: dict[str, Any] = {
    "format": FORMAT,
    "year": 2027,
    "document_number": "国办发明电〔2026〕9号",
    "published_on": "2026-11-20",
    "off": [
        {"from": "2026-12-31", "to": "2027-01-02", "name": "元旦"},
        {"from": "2027-02-05", "to": "2027-02-12", "name": "春节"},
    ],
    "make_up": [{"on": "2027-01-30", "for": "春节"}],
}


def off(*entries: tuple[str, str]) -> dict[str, Any]:
    return {"off": [{"from": first, "to": last, "name": "春节"} for first, last in entries]}


def worked(*days: str, name: str = "春节") -> dict[str, Any]:
    return {"make_up": [{"on": day, "for": name} for day in days]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": "gongkai.calendar/2"}, "gongkai.calendar/1"),
        ({"year": "2027"}, "整数"),
        ({"year": True}, "整数"),
        ({"year": 1987}, "2000至2100"),
        ({"document_number": ""}, "一行文字"),
        ({"document_number": "号" * 61}, "一行文字"),
        ({"document_number": "甲\n乙"}, "一行文字"),
        ({"published_on": "2026-11-31"}, "不是存在的日期"),
        ({"published_on": "2029-01-01"}, "不可能是2027年"),
        ({"off": []}, "至少一天"),
        ({"off": {}}, "至少一天"),
        ({"off": ["2027-02-05"]}, "恰好有"),
        (off(("2027-02-29", "2027-03-01")), "不是存在的日期"),
        (off(("20270205", "20270206")), "不是存在的日期"),
        (off(("2027-02-12", "2027-02-05")), "先后颠倒"),
        (off(("2027-02-05", "2027-12-05")), "超过31天"),
        (off(("2027-02-05", "2027-02-07"), ("2027-02-07", "2027-02-08")), "列了两次"),
        (off(("2028-02-05", "2028-02-07")), "不在2027年"),
        (off(("2026-12-01", "2026-12-02")), "不在2027年"),
        (worked("2027-02-06"), "既列为放假"),
        (worked("2027-01-29"), "本来就上班"),
        (worked("2027-01-30", "2027-01-30"), "列了两次"),
        (worked("2027-01-30", name="中秋节"), "没有这个名称的放假"),
        (worked("2028-01-29"), "不在2027年"),
        ({"make_up": "2027-01-30"}, "列表"),
        ({"half_days": []}, "half_days"),
        ({"region": "乙" * 33}, "一行文字"),
    ],
)
def test_a_wrong_field_is_refused_with_its_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(json.dumps(RIGHT | changes).encode())


@pytest.mark.parametrize("key", ["year", "document_number", "published_on", "off"])
def test_a_missing_field_is_named(key: str) -> None:
    with pytest.raises(Refused, match=f"缺少“{key}”"):
        from_document({name: value for name, value in RIGHT.items() if name != key})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是JSON"),
        (b"{", "第1行"),
        (b"[]", "JSON对象"),
        (b"\xd6\xd0", "UTF-8"),
        (b"[" * 60_000, "不是JSON"),
        (b'{"year": 1, "year": 2}', "出现了两次"),
        (b" " * (LARGEST + 1), "选错了文件"),
        (b" " * 10 * 1024 * 1024, "10.0 MB"),
        (b'{"format": NaN}', "format"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(content)


def test_a_file_is_the_same_however_it_is_spelled() -> None:
    spelled = json.dumps(RIGHT, indent=4, ensure_ascii=True)
    first, second = read(b"\xef\xbb\xbf" + spelled.encode()), read(json.dumps(RIGHT, ensure_ascii=False).encode())
    assert first.content_hash == second.content_hash
    assert read(first.as_json().encode()) == first
    assert first.off == RIGHT["off"]


@pytest.mark.parametrize("year", range(2012, 2027))
def test_the_package_and_the_notices_agree(year: int) -> None:
    """Each year taken from the package has the days off that the built-in notice has."""
    (built_in,) = [edition for edition in EDITIONS if edition.year == year]
    file = from_package(year, "国办发明电", date(year - 1, 11, 1))
    assert _weekdays(file.notice.off) == _weekdays(built_in.off)
    assert set(file.notice.make_up) == set(built_in.make_up)


def _weekdays(days: Iterable[date]) -> set[date]:
    return {day for day in days if day.weekday() < 5}


def test_a_year_that_the_package_does_not_know_is_refused() -> None:
    with pytest.raises(Refused, match="chinesecalendar"):
        from_package(2060, "国办发明电", date(2059, 11, 1))


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_whatever_comes_is_read_or_refused(content: bytes) -> None:
    with suppress(Refused):
        read(content)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just("2027-01-30"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["from", "to", "name", "on", "for"]), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(RIGHT)), json_values)
def test_any_value_in_any_field_is_read_or_refused(key: str, value: Any) -> None:
    with suppress(Refused):
        from_document(RIGHT | {key: value})
