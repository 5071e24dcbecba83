"""The annual report and what stands behind it, in a real browser: one short story for each of its parts."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from time_machine import Traveller

from casework.law.matrix import CARRIED_OUT, KIND_KEYS, Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.report import Report
from casework.models import Agency, AnnualReport, Dispute, Publication, ReceivedReport, Role, Staff
from tests import cast, filing
from tests.browser.looking import fits
from tests.browser.test_desk import TODAY, Office, done, players, press
from tests.disputing import refused
from tests.registering import account

__all__ = ["players"]

YEAR = TODAY.year
Seat = Callable[[Staff], Page]


@pytest.fixture
def seat(
    request: pytest.FixtureRequest, players: cast.Cast, browser: Browser, live_server: LiveServer
) -> Iterator[Seat]:
    """Somebody sits down, with scripts or without and before so many pixels, as the test says."""
    scripts, width = getattr(request, "param", (True, 1280))
    with ExitStack() as stack:
        yield Office(stack, browser, live_server.url, scripts, width).seat


desk_or_phone = pytest.mark.parametrize("seat", [(True, 1280), (False, 360)], indirect=True, ids=["desk", "phone"])
phone = pytest.mark.parametrize("seat", [(False, 360)], indirect=True, ids=["phone"])


@phone
def test_a_publication_is_registered_and_a_file_with_a_fault_is_not_taken(
    seat: Seat, players: cast.Cast, tmp_path: Path
) -> None:
    account(players, name="门户网站")
    page = seat(players.wang)
    page.goto(f"/desk/registers/230406/{YEAR}/")
    page.locator("a[href$='publications/add/']").click()
    press(page, "登记")
    expect(page.get_by_role("alert")).to_contain_text("有问题需要改正")
    page.get_by_label("账号").select_option(label="网站 · 门户网站")
    page.get_by_label("发布日期").fill(TODAY.isoformat())
    page.get_by_label("标题").fill("老旧小区改造项目清单")
    page.get_by_role("textbox", name="栏目").fill("政务动态")
    press(page, "登记")
    fits(page)
    done(page, "已经登记：老旧小区改造项目清单")
    page.goto(f"/desk/registers/230406/{YEAR}/")
    expect(page.get_by_text("没有经过三审和保密审查就公开了")).to_be_visible()
    page.locator("a[href$='publications/import/']").click()
    file = tmp_path / "公开.csv"
    file.write_text("账号,发布日期,标题,栏目\n门户网站,2026-13-45,通告,政务动态\n", encoding="utf-8")
    page.get_by_label("表格文件").set_input_files(file)
    page.locator("input[value=store]").check()
    press(page, "开始")
    expect(page.get_by_role("heading", name="有 1 处错误，什么也没有保存")).to_be_visible()
    fits(page)
    assert Publication.objects.count() == 1


@desk_or_phone
def test_a_dispute_is_opened_and_its_result_recorded(seat: Seat, players: cast.Cast) -> None:
    case = refused(players, received=date(YEAR, 9, 1), replied=date(YEAR, 9, 14))
    page = seat(players.wang)
    page.goto(f"/desk/cases/{case.pk}/dispute/")
    page.get_by_label("行政复议", exact=True).check()
    page.get_by_label("收到日期").fill(TODAY.isoformat())
    press(page, "登记复议、诉讼")
    expect(page.get_by_role("alert")).to_contain_text("请填写复议机关或者法院。")
    page.get_by_label("复议机关、法院").fill("鹤岗市人民政府")
    press(page, "登记复议、诉讼")
    expect(page.get_by_role("heading", level=1)).to_contain_text("行政复议")
    fits(page)
    page.get_by_role("link", name="登记进展").click()
    page.get_by_label("作出决定、裁判").check()
    page.locator("#id_on").fill(TODAY.isoformat())
    page.locator("#id_result").select_option(label="维持")
    press(page, "登记进展")
    expect(page.get_by_role("main")).to_contain_text("作出决定、裁判")
    assert not Dispute.objects.get().is_pending
    page.goto(f"/desk/annual/230406/{YEAR}/disputes/reconsideration/upheld/")
    expect(page.get_by_role("main")).to_contain_text(case.number)


@desk_or_phone
def test_a_report_is_checked_signed_and_published(seat: Seat, players: cast.Cast, now: Traveller) -> None:
    filing.year_of_cases(players, closing=True)
    now.move_to(filing.AT)
    staff = filing.office(players)
    for person in (staff.lu, staff.li):
        person.set_password("correct horse battery")
        person.save()
    lu, li = seat(staff.lu), seat(staff.li)
    where = f"/desk/annual/230406/{filing.YEAR}/report/"

    def act(page: Page, words: str, *, remark: str = "", sure: bool = False) -> None:
        page.goto(where)
        page.get_by_role("main").get_by_role("link", name=words, exact=True).click()
        if remark:
            page.locator("#id_remark").fill(remark)
        if sure:
            page.locator("#id_sure").check()
        fits(page)
        press(page, words)

    act(lu, "开始编写年度报告")
    done(lu, "年度报告已经开始编写")
    act(lu, "核对年度报告")
    expect(lu.get_by_role("alert")).to_contain_text("需要书面说明")
    act(lu, "核对年度报告", remark=filing.NOTE)
    done(lu, "等待签发")
    act(li, "签发年度报告", sure=True)
    done(li, "本版冻结")
    act(lu, "公布年度报告", sure=True)
    done(lu, "任何人都可以查阅")
    lu.goto(f"/reports/230406/{filing.YEAR}/")
    expect(lu.get_by_role("table").first).to_be_visible()
    fits(lu)


def test_a_unit_sends_its_file_and_the_relation_that_fails_is_seen_in_english(
    seat: Seat, players: cast.Cast, tmp_path: Path
) -> None:
    Agency.objects.create(code="230406-HQ", name="红旗乡人民政府", parent=players.dongshan, outside=True)
    long = cast.person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR)
    long.set_password("correct horse battery")
    long.save()
    sound = Matrix.from_groups(YEAR, [(ApplicantKind.NATURAL_PERSON, False, Outcome.GRANTED, 7)])
    shift = {(CARRIED_OUT, KIND_KEYS[0]): -1, (CARRIED_OUT, KIND_KEYS[1]): 1}
    wrong = Matrix.from_cells(YEAR, lambda row, column: sound.figure(row, column) + shift.get((row, column), 0))
    file = tmp_path / "年报.json"
    file.write_text(json.dumps(Report("230406-HQ", "红旗乡人民政府", YEAR, wrong).as_dict()))
    page = seat(long)
    page.get_by_role("button", name="English").click()
    page.goto(f"/desk/annual/230406/{YEAR}/region/unit/230406-HQ/receive/")
    press(page, "Read it")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)
    press(page, "Read it")
    expect(page.locator(".fails").first).to_contain_text("relations fail")
    press(page, "Take it in and count it")
    assert ReceivedReport.objects.count() == 1
    page.goto(f"/desk/annual/230406/{YEAR}/region/")
    expect(page.get_by_role("main")).to_contain_text("R1")
    page.set_viewport_size({"width": 360, "height": 740})
    fits(page)


def test_a_number_of_the_prose_is_bound_to_its_figure(seat: Seat, players: cast.Cast) -> None:
    cast.registered(players, on=TODAY)
    bian = cast.person("bian", "边辑", players.dongshan, Role.REPORT_EDITOR)
    bian.set_password("correct horse battery")
    bian.save()
    page = seat(bian)
    page.goto(f"/desk/annual/230406/{YEAR}/prose/")
    first = page.locator("#id_section_1")
    first.fill("本年新收申请件，另有30件。")
    first.evaluate("area => { area.focus(); area.setSelectionRange(6, 6); }")
    page.get_by_role("button", name="{{本年新收}}", exact=True).click()
    expect(first).to_have_value("本年新收申请{{本年新收}}件，另有30件。")
    press(page, "预览")
    expect(page.locator(".reads .bound").first).to_have_text("1")
    expect(page.locator(".reads .loose").first).to_have_text("30")
    first.fill("本年新收申请{{本年新收}}件。")
    press(page, "保存")
    assert AnnualReport.objects.filter(year=YEAR).exists()


@phone
def test_the_pictures_say_the_same_as_their_tables(seat: Seat, players: cast.Cast) -> None:
    for _ in range(3):
        cast.registered(players, on=TODAY)
    page = seat(players.wang)
    page.goto(f"/desk/annual/230406/{YEAR}/pictures/")
    figure = page.get_by_role("figure").first
    expect(figure.get_by_role("img")).to_be_visible()
    figure.get_by_text("数据表").click()
    expect(figure.get_by_role("table")).to_be_visible()
    expect(figure.get_by_role("cell", name="3", exact=True).first).to_be_visible()
    fits(page)
