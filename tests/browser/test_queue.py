"""The clerk's queue and what hangs on it: filters, keys, handing out, tables, precedents, notes, workload, leave."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from casework.access import VERBS, Verb
from casework.actions import intake
from casework.desk.filters import HASTE_WORDS, Haste
from casework.law.calendar import published
from casework.law.outcomes import OUTCOMES, Outcome
from casework.models import Case, Delegation, Event, Kind, SavedFilter, TakenOut
from casework.tasks import mark_texts
from tests import cast
from tests.browser.hands import OPPOSITES, OTHERS, SCRIPTED, Come, in_ways, opens_case
from tests.conftest import AS_OF

TODAY = AS_OF.date()
CONTENT = "申请公开2025年东山区老旧小区改造项目清单及资金安排。"


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


def ago(n: int) -> date:
    """So many working days before today."""
    return published().subtract_workdays(TODAY, n) if n else TODAY


@pytest.fixture
def cases(players: cast.Cast) -> dict[str, Case]:
    """Two overdue, one due soon, three with time."""
    days = {"甲": 25, "乙": 23, "丙": 16, "丁": 3, "戊": 2, "己": 1}
    return {name: cast.registered(players, on=ago(n), name=name).case for name, n in days.items()}


@in_ways(*OPPOSITES)
def test_the_urgent_ones_are_one_press_away_and_the_filter_is_kept_for_colleagues(
    come: Come, players: cast.Cast, cases: dict[str, Case]
) -> None:
    wang, chen = come(players.wang), come(players.chen)
    wang.goes("/desk/?show=open")
    rows = wang.main.locator("tbody tr")
    expect(rows).to_have_count(6)
    late = wang.said(HASTE_WORDS[Haste.LATE])
    wang.page.get_by_role("navigation", name=wang.said("紧急程度")).get_by_role("link", name=late).click()
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text(cases["甲"].number)  # the longest overdue first
    wang.ends("late")
    wang.follows("保存、管理筛选")
    wang.presses("保存")
    wang.warned("请给筛选起个名称。")
    wang.field("名称").fill("要抓紧的")
    wang.field("谁可以用").select_option(label=players.dongshan.name)
    wang.presses("保存")
    assert SavedFilter.objects.get().owner == players.wang
    wang.ends("saved")
    chen.goes("/desk/")
    chen.main.get_by_role("link", name="要抓紧的").click()
    expect(chen.main.locator("tbody tr")).to_have_count(2)

    wang.goes("/desk/?show=open")
    wang.unfolds("按条件筛选")
    wang.field("收到日期，从").fill(ago(3).isoformat())
    wang.presses("筛选")
    expect(rows).to_have_count(3)
    chips = wang.page.get_by_role("list", name=wang.said("正在使用的条件")).get_by_role("link")
    expect(chips).to_have_count(1)
    chips.click()
    expect(rows).to_have_count(6)
    wang.field("编号、申请人或者内容").fill("没有这个人")
    wang.presses("查找")
    expect(rows).to_have_count(0)
    wang.ends("nothing")


@in_ways(*SCRIPTED)
def test_the_queue_is_walked_through_by_single_keys(come: Come, players: cast.Cast, cases: dict[str, Case]) -> None:
    li = come(players.li)
    li.goes("/desk/")
    links = li.main.locator("tbody th a")
    press = li.page.keyboard.press
    press("j")
    expect(links.nth(0)).to_be_focused()
    press("j")
    press("j")
    press("k")
    expect(links.nth(1)).to_be_focused()
    press("x")
    ticked = li.main.locator("tbody input:checked")
    expect(ticked).to_have_count(1)
    press("?")
    expect(li.page.locator("#keys")).to_have_attribute("open", "")
    press("/")
    expect(li.field("编号、申请人或者内容")).to_be_focused()
    li.page.keyboard.insert_text("jxk")
    expect(li.field("编号、申请人或者内容")).to_have_value("jxk")
    expect(ticked).to_have_count(1)
    li.page.locator("[data-keys-off]").check()  # who uses a screen reader needs the letters
    links.nth(3).focus()
    press("j")
    expect(links.nth(3)).to_be_focused()
    li.page.reload()
    press("j")
    expect(li.page.locator("tbody a:focus")).to_have_count(0)
    li.page.locator("#keys summary").click()
    li.page.locator("[data-keys-off]").uncheck()
    links.nth(0).focus()
    press("j")
    press("Enter")
    expect(li.page.get_by_role("heading", level=1)).to_contain_text("乙")


@in_ways(*OTHERS)
def test_ticked_cases_are_handed_out_and_each_says_what_became_of_it(
    come: Come, players: cast.Cast, cases: dict[str, Case]
) -> None:
    cast.closed(players, Case.objects.get(pk=cases["己"].pk), Outcome.GRANTED, on=TODAY)
    intake.assign(Case.objects.get(pk=cases["戊"].pk), clerk=players.chen, by=players.li, at=AS_OF)
    li = come(players.li)
    li.goes("/desk/?show=all")
    li.presses("交办勾选的办件")
    li.told("请先勾选要交办的办件。")
    li.goes("/desk/?show=all")
    for name in ("甲", "戊", "己"):
        li.main.get_by_label(li.said("勾选%(number)s", number=cases[name].number)).check()
    li.presses("交办勾选的办件")
    li.heading("交办勾选的办件")
    li.sees(cases["己"].number)  # closed, and so not to be handed out
    li.ends("before")
    li.field("承办人").select_option(label="陈晨")
    li.field("承办科室").fill("法制科")
    intake.assign(Case.objects.get(pk=cases["甲"].pk), clerk=players.wang, division="公开科", by=players.li, at=AS_OF)
    li.sends(li.main.locator("form .actions button"))
    li.heading("交办结果")
    expect(li.main).to_contain_text("刚刚被别人处理过" if li.way.language != "en" else "Somebody else has just acted")
    li.ends("after")
    states = {name: Case.objects.get(pk=cases[name].pk) for name in ("甲", "戊", "己")}
    assert (states["甲"].clerk, states["甲"].division) == (players.wang, "公开科")
    assert (states["戊"].clerk, states["戊"].division) == (players.chen, "法制科")
    assert states["己"].division == ""


@in_ways(*OTHERS)
def test_what_is_shown_is_taken_out_as_a_table_without_identities(
    come: Come, players: cast.Cast, cases: dict[str, Case]
) -> None:
    evil = cast.registered(players, on=ago(25), name="=cmd|'/c calc'!A1").case
    wang = come(players.wang)
    wang.goes("/desk/?show=all&haste=late")
    table = wang.file(wang.main.get_by_role("link", name="CSV", exact=True)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    late = {cases["甲"].number, cases["乙"].number, evil.number}
    assert late == {number for row in rows for number in row.values() if number in late}
    assert len(rows) == 3
    assert not [value for row in rows for value in row.values() if value.startswith("=")]
    book = load_workbook(io.BytesIO(wang.file(wang.main.get_by_role("link", name="XLSX", exact=True))))
    assert book.active is not None
    cells = [str(cell.value) for row in book.active for cell in row]
    assert late <= set(cells)
    assert cast.RESIDENT_NUMBER not in table + "".join(cells)
    assert list(TakenOut.objects.order_by("pk").values_list("form", "cases", "by")) == [
        ("csv", 3, players.wang.pk),
        ("xlsx", 3, players.wang.pk),
    ]


@in_ways(*OPPOSITES)
def test_the_case_page_shows_who_asked_the_same_before_and_how_it_ended(come: Come, players: cast.Cast) -> None:
    earlier = cast.registered(players, on=ago(9), name="李雷", identity_kind="", identity_number="").case
    cast.closed(players, earlier, Outcome.REFUSED_5, on=ago(2))
    twin = cast.registered(players, on=ago(1)).case
    case = cast.registered(players, on=TODAY).case
    nobody: dict[str, Any] = {"name": "韩梅", "identity_kind": "", "identity_number": ""}
    other = cast.registered(players, on=TODAY, content="垃圾转运站环境影响评价批复。", **nobody).case
    mark_texts()  # what the worker does every minute
    wang = come(players.wang)
    wang.goes(f"/desk/cases/{case.pk}/")
    wang.sees("可能是同一申请，请核对：")
    known = wang.page.locator("#known")
    expect(known).to_be_visible()
    expect(known).to_contain_text(earlier.number)
    expect(known).to_contain_text(wang.said(OUTCOMES[Outcome.REFUSED_5].words))
    expect(known).not_to_contain_text(other.number)
    expect(known).to_contain_text(wang.said("文字相同 %(n)s%%", n=100))
    wang.ends()
    known.get_by_role("link", name=earlier.number).first.click()
    wang.heading("李雷")
    wang.goes(f"/desk/cases/{case.pk}/")
    wang.sends(wang.main.locator(".warning").get_by_role("link", name=twin.number).first)
    expect(wang.page).to_have_url(f"{wang.page.url.split('/desk/')[0]}/desk/cases/{twin.pk}/")


@in_ways(*OTHERS)
def test_an_internal_note_reaches_a_colleague_and_never_the_applicant(come: Come, players: cast.Cast) -> None:
    filed = cast.registered(players, on=ago(3))
    wang, chen, citizen = come(players.wang), come(players.chen), come()
    note = "与财政局口头确认过，清单第3页有争议。"
    wang.goes(f"/desk/cases/{filed.case.pk}/")
    wang.page.locator("summary").filter(has_text=wang.said("内部备注")).click()
    wang.follows("写备注")
    wang.presses("写上备注")
    expect(wang.page.get_by_role("alert")).to_be_visible()
    wang.main.get_by_role("textbox").fill(note)
    wang.main.get_by_role("checkbox", name="陈晨").check()
    wang.presses("写上备注")
    wang.sees(note)
    wang.ends("written")
    chen.goes("/desk/inbox/")
    chen.sees(filed.case.number)
    chen.misses(note)  # the message leads to the case and repeats nothing of it
    chen.goes(f"/desk/cases/{filed.case.pk}/")
    chen.sees(note)
    cast.closed(players, Case.objects.get(), Outcome.GRANTED, on=TODAY)
    opens_case(citizen, filed.case, filed.query_code)
    citizen.misses("争议")
    for link in citizen.main.get_by_role("link").all():
        address = link.evaluate("link => link.href")
        if address.startswith(citizen.page.url):
            answer = citizen.page.request.get(address)
            assert "争议".encode() not in answer.body(), address


@in_ways(*OPPOSITES)
def test_the_head_sees_who_has_how_much_and_leads_to_the_cases(
    come: Come, players: cast.Cast, cases: dict[str, Case]
) -> None:
    intake.assign(Case.objects.get(pk=cases["甲"].pk), clerk=players.chen, by=players.li, at=AS_OF)
    done = cast.registered(players, on=ago(9)).case
    cast.closed(players, done, Outcome.GRANTED, on=ago(1))
    li, wang = come(players.li), come(players.wang)
    li.goes("/desk/workload/")
    li.heading("工作量")
    expect(li.main).to_contain_text("100.0%")
    clerks = li.main.get_by_role("row")
    expect(clerks.filter(has_text="王敏").first).to_contain_text("5")
    expect(clerks.filter(has_text="陈晨").first).to_contain_text("1")
    figure = li.page.get_by_role("figure").first
    expect(figure.get_by_role("img")).to_be_visible()
    li.ends("dashboard")
    li.page.locator(".tiles").get_by_role("link", name=li.said(HASTE_WORDS[Haste.LATE])).click()
    expect(li.main.locator("tbody tr")).to_have_count(2)
    wang.goes("/desk/workload/")
    wang.heading("我的工作量")
    wang.misses("陈晨")


@in_ways(*OTHERS)
def test_somebody_goes_away_and_the_deputy_signs_in_their_name(come: Come, players: cast.Cast) -> None:
    case = cast.registered(players, on=ago(3)).case
    cast.proposed(players, case, Outcome.GRANTED, on=TODAY)
    cast.cleared(players, case, on=TODAY)
    li = come(players.li)
    li.goes("/desk/delegations/")
    li.presses("设置代理")
    expect(li.page.get_by_role("alert")).to_be_visible()
    li.main.get_by_role("radio", name="陈晨").check()
    first, last = li.main.locator("input[name=from_on]"), li.main.locator("input[name=until_on]")
    first.fill(TODAY.isoformat())
    last.fill((TODAY - timedelta(days=1)).isoformat())
    li.presses("设置代理")
    expect(li.page.get_by_role("alert")).to_be_visible()
    assert not Delegation.objects.exists()
    last.fill((TODAY + timedelta(days=5)).isoformat())
    li.presses("设置代理")
    li.sees("代理中")
    li.ends("set")
    chen = come(players.chen)
    chen.goes(f"/desk/cases/{case.pk}/")
    sign = chen.page.get_by_role("complementary").get_by_role(
        "link", name=chen.said(VERBS[Verb.SIGN].words), exact=True
    )
    chen.sends(sign)
    chen.main.get_by_role("checkbox").first.check()
    chen.presses(VERBS[Verb.SIGN].words)
    event = Event.objects.get(kind=Kind.SIGNED)
    assert event.by == players.chen
    chen.goes(f"/desk/cases/{case.pk}/")
    chen.page.locator("summary").filter(has_text=chen.said("办理经过")).click()
    expect(chen.page.locator("#events")).to_contain_text("李立")
    chen.ends("signed")
    li.goes("/desk/delegations/")
    li.presses("终止")
    li.misses("代理中")
    assert Delegation.objects.get().ended_by == players.li
