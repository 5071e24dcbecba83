"""The public page of periods: the same answers as the clock, in sentences."""

import pytest

from tests.portal.visitor import Visitor, text, words

FACTS = {
    "channel": "signed_mail",
    "on": "2025-09-08",
    "supplement_requested": "2025-09-12",
    "supplement_received": "2025-10-09",
    "with_1": "third_party",
    "sent_1": "2025-10-15",
    "delivered_1": "2025-10-16",
    "extended": "2025-10-20",
    "working_days": "10",
}


def test_the_due_date_is_shown_with_every_day_and_its_article(visitor: Visitor) -> None:
    page = words(visitor.get("/deadline/", channel="signed_mail", on="2022-09-30"))
    assert "2022年11月2日（周三）" in page
    assert "星期六，国庆节放假（国办发明电〔2021〕11号），不计入" in page
    assert "星期六，因国庆节调休上班，计为工作日" in page
    assert "条例 33(2)" in page


def test_all_that_happened_moves_the_date(visitor: Visitor) -> None:
    page = words(visitor.get("/deadline/", **FACTS))
    assert "2025年12月11日（周四）" in page
    assert "征求第三方意见期间" in page


@pytest.mark.parametrize("written", ["2022-09-30", "2022/9/30", "2022年9月30日", "20220930", " ２０２２．９．３０ "])
def test_a_date_is_read_as_people_write_it(visitor: Visitor, written: str) -> None:
    assert "2022年11月2日" in words(visitor.get("/deadline/", channel="signed_mail", on=written))


def test_a_date_beyond_the_published_calendar_is_provisional(visitor: Visitor) -> None:
    page = words(visitor.get("/deadline/", channel="online", on="2026-12-10"))
    assert "暂定" in page
    assert "该年放假安排尚未公布" in page


WRONG = {
    "nothing": ({"on": ""}, "请填写申请到达的日期。"),
    "no such day": ({"on": "2026-02-30"}, "日历上没有“2026-02-30”这一天。"),
    "not a date": ({"on": "昨天"}, "“昨天”不是日期。请写成 2026-11-18 的样子。"),
    "unknown channel": ({"channel": "pigeon"}, "请从列出的方式中选择申请怎样到达。"),
    "a day before all calendars": ({"on": "1998-01-01"}, "放假办法"),
    "extension too long": ({"extended": "2026-11-09", "working_days": "21"}, "条例 33(2)"),
    "extension without its length": ({"extended": "2026-11-09"}, "还要填写延长几个工作日。"),
    "length without its extension": ({"working_days": "5"}, "还要填写告知延期的日期。"),
    "length not a number": ({"extended": "2026-11-09", "working_days": "五"}, "延长的天数应当是整数"),
    "extension after expiry": ({"extended": "2026-12-09", "working_days": "5"}, "条例 33(2)"),
    "supplement that nobody asked for": ({"supplement_received": "2026-11-09"}, "条例 30"),
    "answer before the letter": (
        {"sent_1": "2026-11-09", "delivered_1": "2026-11-10", "answered_1": "2026-11-09"},
        "条例 32",
    ),
    "answer without a letter": ({"answered_1": "2026-11-09"}, "还要填写发出征求意见书的日期。"),
    "payment without a notice": ({"fee_paid": "2026-11-09"}, "109号"),
    "supplement before receipt": ({"supplement_requested": "2026-10-09"}, "2026年10月9日"),
}


@pytest.mark.parametrize(("changes", "sentence"), WRONG.values(), ids=WRONG)
def test_what_the_law_or_the_calendar_does_not_allow_is_said_at_its_field(
    visitor: Visitor, changes: dict[str, str], sentence: str
) -> None:
    page = visitor.get("/deadline/", **({"channel": "online", "on": "2026-11-02"} | changes))
    assert words(page).count(sentence) >= 2
    assert "<title>错误：" in text(page)
    assert "最迟答复日" not in words(page).split("例如 2026-11-18。")[0].replace("就能看到最迟答复日", "")


def test_other_periods_are_reckoned_too(visitor: Visitor) -> None:
    page = words(visitor.get("/deadline/other/", period="reconsideration_60d", from_day="2025-12-19"))
    assert "2026年2月24日（周二）" in page
    page = words(visitor.get("/deadline/other/", period="suit_6m", from_day="2025-08-18"))
    assert "2026年2月24日（周二）" in page


def test_the_page_asks_before_it_answers(visitor: Visitor) -> None:
    page = text(visitor.get("/deadline/"))
    assert "<title>错误" not in page
    assert 'name="on"' in page
