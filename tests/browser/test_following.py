"""After it is sent: the receipt and who may verify it, the days, the supplement, the reply, silence, the figures."""

import io
import re
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from docx import Document as Docx
from icalendar import Calendar
from playwright.sync_api import expect
from time_machine import Traveller

from casework.access import Verb
from casework.actions import consult, extension, rate, send
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.whatif import Awaited, WhatIf, if_answered
from casework.law.words import said
from casework.models import Case, DispatchMode, Rating
from casework.templatetags.words import WEEKDAYS
from tests import cast, filing
from tests.browser.hands import OPPOSITES, OTHERS, PAIRWISE, Come, Hand, in_ways, opens_case
from tests.browser.qr import printed_code_is
from tests.portal.visitor import WHAT, Visitor

SECRETS = ("张三", "老旧小区", "13800138000", cast.RESIDENT_NUMBER)


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


def dated(hand: Hand, day: date) -> str:
    """2026年11月18日（周三）, Wednesday 18 November 2026."""
    if hand.way.language == "en":
        return f"{WEEKDAYS[day.weekday()].en} {said(day).en}"
    return f"{said(day).zh}（{WEEKDAYS[day.weekday()].zh}）"


@in_ways(*OTHERS)
def test_the_receipt_is_taken_home_and_a_neighbour_verifies_it_and_learns_nothing(
    come: Come, players: cast.Cast
) -> None:
    citizen, neighbour = come(), come()
    case, code = Visitor().applied()
    opens_case(citizen, case, code)
    paper = citizen.reads(citizen.link("回执（PDF）"))
    given = case.acknowledgement
    printed = pypdfium2.PdfDocument(io.BytesIO(paper))[0].get_textpage().get_text_range()
    assert case.number in printed
    assert code not in printed
    for secret in SECRETS:
        assert secret not in printed
    address = f"{citizen.page.url.split('/follow/')[0]}/verify/{given.spelled_token}/"
    assert printed_code_is(paper, address)
    whole = citizen.reads(citizen.link("提交内容全文（用来核对摘要）")).decode()
    assert WHAT["content"] in whole

    neighbour.goes(address)
    neighbour.heading("这份回执是真实的")
    neighbour.sees(case.number)
    assert given.digest in "".join(neighbour.main.inner_text().split())
    for secret in (*SECRETS, code):
        neighbour.misses(secret)
    neighbour.ends("genuine")
    neighbour.main.get_by_role("textbox").fill(whole)
    neighbour.presses("比对")
    neighbour.told("一致：这就是提交的内容，一个字也没有改动。")
    neighbour.main.get_by_role("textbox").fill(whole.replace("改造", "建设"))
    neighbour.presses("比对")
    neighbour.told("不一致：粘贴的摘要或者全文，与回执上登记的不同。")
    neighbour.goes(f"/follow/{case.pk}/")
    neighbour.heading("查询办理情况")
    neighbour.page.get_by_role("contentinfo").get_by_role("link", name=neighbour.said("核验回执")).click()
    neighbour.field("核验码").fill(code)
    neighbour.presses("核验")
    expect(neighbour.page.get_by_role("alert")).to_be_visible()
    neighbour.misses(case.number)


@in_ways(*OPPOSITES)
def test_why_it_is_this_date_is_shown_day_by_day_and_taken_into_the_calendar(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    received, today = date(2026, 9, 24), date(2026, 10, 21)
    filed = cast.registered(players, on=received)
    day = date(2026, 10, 12)
    extension.extend(filed.case, working_days=5, reason="检索量大。", on=day, by=players.li, at=cast.moment(day))
    day = date(2026, 10, 14)
    asked: dict[str, Any] = {"party": Party.THIRD_PARTY, "name": "华建公司", "sent_on": day, "delivered_on": day}
    consult.consult(Case.objects.get(), **asked, by=players.wang, at=cast.moment(day))
    day = date(2026, 10, 16)
    pending = Case.objects.get().consultations.get()
    consult.record_opinion(pending, answered_on=day, consents=True, opinion="", by=players.wang, at=cast.moment(day))
    now.move_to(cast.moment(today))
    case = Case.objects.get()
    assert case.due_on is not None
    hand = come()
    opens_case(hand, case, filed.query_code)
    expect(hand.page.locator(".due-date").first).to_have_text(dated(hand, case.due_on))
    months = hand.page.locator(".months")
    expect(months).to_be_hidden()
    hand.unfolds("为什么是这一天")
    expect(months).to_be_visible()
    sentences = hand.page.locator("ol.stretches")
    chinese = hand.way.language != "en"
    for words in (
        ("工作日，计入：第1至第3个工作日", "Working days, counted: 1 to 3"),
        ("休息日，不计入", "Rest days, not counted"),
        ("国庆节放假，不计入", "Off for National Day, not counted"),
        ("因国庆节调休上班，计入：第6个工作日", "Worked in exchange for National Day, counted: 6"),
        ("征求第三方意见期间，不计入", "The opinion of the third party is awaited, not counted"),
        ("延长的期限，计入：第21至第24个工作日", "Extended period, counted: 21 to 24"),
        ("条例 33(2)", "art. 33(2)"),
    ):
        expect(sentences).to_contain_text(words[0] if chinese else words[1])
    hand.ends("strip")

    dates = Calendar.from_ical(hand.file(hand.link("把最后的日期放进我的日历（iCalendar）")))
    entry = next(iter(dates.walk("VEVENT")))
    assert entry.decoded("dtstart") == case.due_on
    assert "张三" not in str(entry)
    hand.page.locator("details.why summary").last.click()
    row = hand.page.get_by_role("row").filter(has_text=said(case.due_on).zh if chinese else said(case.due_on).en)
    expect(row.last).to_be_visible()


@in_ways(*PAIRWISE)
def test_a_supplement_in_a_minute_with_the_old_and_the_new_date(come: Come, players: cast.Cast, now: Traveller) -> None:
    asked, today = date(2026, 11, 9), date(2026, 11, 18)
    filed = cast.registered(players, on=date(2026, 11, 2))
    unclear = {"unclear": "是哪几个小区？", "excerpts": ["老旧小区改造项目"], "lacks": ["description"]}
    send.carry_out(
        filed.case,
        Verb.REQUEST_SUPPLEMENT,
        mode=DispatchMode.ONLINE,
        **unclear,
        by=players.wang,
        at=cast.moment(asked, 11),
    )
    now.move_to(cast.moment(today))
    case = Case.objects.get()
    awaited = next(each for each in what_if(case, today) if each.awaited is Awaited.SUPPLEMENT)
    assert awaited.before.due_on is not None
    assert awaited.after.due_on is not None
    hand = come()
    opens_case(hand, case, filed.query_code)
    hand.sees(awaited.words)
    hand.sees(dated(hand, awaited.after.due_on))
    hand.follows("现在补正")
    expect(hand.page.locator("mark")).to_have_text("老旧小区改造项目")
    hand.sees("是哪几个小区？")
    for day in (awaited.before.due_on, awaited.after.due_on):
        expect(hand.page.locator(".if-today")).to_contain_text(dated(hand, day))
    hand.ends("marked")
    hand.presses("提交补正")
    hand.warned("请写明补正的内容。")
    hand.field("您的补正").fill("工农小区、大陆小区。")
    hand.presses("提交补正")
    hand.told("补正已经收到。")
    expect(hand.page.locator(".due-date").first).to_have_text(dated(hand, awaited.after.due_on))
    hand.ends()
    answered = Case.objects.get()
    assert answered.due_on == awaited.after.due_on
    assert answered.supplements.get().answer == "工农小区、大陆小区。"


def what_if(case: Case, on: date) -> list[WhatIf]:
    return if_answered(case.receipt(), case.clock_facts(), on, calendar=case.agency.calendar)


def petition_of(hand: Hand) -> str:
    content = hand.file(hand.link("下载草稿（DOCX）"))
    return "\n".join(each.text for each in Docx(io.BytesIO(content)).paragraphs)


@in_ways(*OTHERS)
def test_a_reply_says_what_was_withheld_and_the_next_step_has_its_draft(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    now.move_to(cast.moment(date(2026, 11, 18)))
    filed = cast.registered(players, on=date(2026, 11, 2))
    cast.closed(players, filed.case, Outcome.PARTIAL, on=date(2026, 11, 16))
    hand = come()
    opens_case(hand, filed.case, filed.query_code)
    expect(hand.page.get_by_role("heading", name=hand.said("没有给您的，以及为什么"))).to_be_visible()
    hand.sees("不服的，可以这样做")
    last = date(2027, 1, 15)  # sixty days after the reply (行政复议法 20)
    hand.sees(dated(hand, last))
    hand.ends("reply")
    hand.follows("看填好事实的申请书草稿")
    hand.heading("下一步可以做什么")
    hand.sees("鹤岗市人民政府")
    hand.sees(dated(hand, last))
    draft = petition_of(hand)
    assert draft.startswith("行政复议申请书")
    assert "中不予公开的部分" in draft
    assert filed.case.acknowledgement.digest in draft
    assert cast.RESIDENT_NUMBER not in draft
    hand.ends("next")


@in_ways(*OTHERS)
def test_silence_has_its_next_step_on_the_day_after_the_last(come: Come, players: cast.Cast, now: Traveller) -> None:
    filed = cast.registered(players, on=date(2026, 9, 25))
    last = date(2026, 10, 29)
    assert filed.case.due_on == last
    now.move_to(cast.moment(last, 23))
    hand = come()
    opens_case(hand, filed.case, filed.query_code)
    hand.sees("就是今天")
    hand.misses("逾期没有答复，可以这样做")
    hand.goes(f"/follow/{filed.case.pk}/next/", status=404)
    now.move_to(cast.moment(last + timedelta(days=1), 0))
    hand.goes(f"/follow/{filed.case.pk}/")
    hand.heading("查询办理情况")  # more than half an hour has passed
    opens_case(hand, filed.case, filed.query_code)
    hand.sees("逾期没有答复，可以这样做")
    hand.sees("答复期限已经届满，行政机关还没有答复。")
    hand.ends("silence")
    hand.follows("看填好事实的申请书草稿")
    hand.sees(dated(hand, date(2026, 12, 28)))
    assert "责令被申请人限期答复" in petition_of(hand)
    hand.ends("next")


@in_ways(*OPPOSITES)
def test_how_long_it_takes_is_told_of_twenty_replies_and_not_of_nineteen(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    now.move_to(cast.moment(date(2026, 11, 18)))
    day = date(2026, 9, 7)
    for n in range(19):
        case = cast.registered(players, on=day).case
        cast.closed(players, case, Outcome.GRANTED, on=players.dongshan.calendar.add_workdays(day, 5 + n % 3))
    mine = cast.registered(players, on=date(2026, 11, 17))
    hand = come()
    opens_case(hand, mine.case, mine.query_code)
    hand.misses("一般要多久")
    case = cast.registered(players, on=day).case
    cast.closed(players, case, Outcome.GRANTED, on=players.dongshan.calendar.add_workdays(day, 9))
    hand.goes(f"/follow/{mine.case.pk}/")
    hand.sees(
        "过去一年，%(office)s答复了 %(n)s 件同类申请人的申请："
        "一半在第 %(half)s 个工作日以前答复，十件中有九件在第 %(most)s 个工作日以前答复。",
        office=players.dongshan.name,
        n=20,
        half=6,
        most=7,
    )
    hand.unfolds("看分布")
    expect(hand.page.get_by_role("img").filter(visible=True).first).to_have_accessible_name(
        re.compile("^1–5: 7; 6–10: 13; 11–15: 0; ")
    )
    hand.ends()


@in_ways(*OTHERS)
def test_a_closed_case_leads_to_its_figures_in_the_published_table_and_back(come: Come, players: cast.Cast) -> None:
    mine = cast.registered(players, on=date(2025, 6, 3))
    cast.closed(players, mine.case, Outcome.REFUSED_5, on=date(2025, 6, 10))
    filing.filed(filing.office(players))
    hand = come()
    opens_case(hand, mine.case, mine.query_code)
    hand.follows("您的申请在年度报告里计在哪里")
    hand.heading("您的申请计在这里")
    figures = hand.main.get_by_role("table").get_by_role("link", name="1", exact=True)
    expect(figures).to_have_count(2)  # came in, and was refused
    hand.ends("counted")
    hand.follows("打开公布的报告")
    expect(hand.page).to_have_url(f"{hand.page.url.split('/reports/')[0]}/reports/230406/2025/editions/1/#part-3")
    expect(hand.page.locator("#part-3")).to_be_in_viewport()
    hand.page.go_back()
    figures.first.click()
    expect(hand.page).to_have_url(f"{hand.page.url.split('/follow/')[0]}/follow/{mine.case.pk}/")


@in_ways(*OTHERS)
def test_a_reply_is_rated_and_the_head_sees_figures_and_no_case(come: Come, players: cast.Cast, now: Traveller) -> None:
    now.move_to(cast.moment(date(2026, 11, 18)))
    for n in range(4):
        other = cast.registered(players, on=date(2026, 11, 2)).case
        cast.closed(players, other, Outcome.GRANTED, on=date(2026, 11, 16))
        replied = Case.objects.get(pk=other.pk)
        rate.rate_reply(replied, satisfaction=5, comment=f"意见{n}", at=cast.moment(date(2026, 11, 17)))
    filed = cast.registered(players, on=date(2026, 11, 2))
    cast.closed(players, filed.case, Outcome.GRANTED, on=date(2026, 11, 16))
    hand, li = come(), come(players.li)
    li.goes("/desk/ratings/")
    li.misses("意见1")
    opens_case(hand, filed.case, filed.query_code)
    hand.follows("评价这次办理")
    hand.presses("提交评价")
    hand.warned("请选择满意程度。")
    hand.main.get_by_role("radio", name=hand.said("非常满意"), exact=True).check()
    hand.field("想说的话").fill("很快")
    hand.ends("rate")
    hand.presses("提交评价")
    hand.told("谢谢您的评价。它不影响您的申请，也不影响您的权利。")
    hand.follows("修改对这次办理的评价")
    hand.main.get_by_role("radio", name=hand.said("不满意"), exact=True).check()
    hand.presses("修改评价")
    assert Rating.objects.get(decision__case=filed.case).satisfaction == 2
    li.goes("/desk/ratings/")
    li.sees("意见1")
    li.sees("很快")
    for number in Case.objects.values_list("number", flat=True):
        li.misses(number)
    li.ends("ratings")
