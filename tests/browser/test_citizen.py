"""A citizen's story in a real browser: application, receipt, supplement, reply; with scripts and without."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.access import Verb
from casework.actions import approve, clock, decide, deliver, send
from casework.actions.files import Upload
from casework.law.outcomes import Outcome
from casework.models import Case, DispatchMode
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits

TODAY = date(2026, 11, 18)
CONTENT = "申请公开2025年东山区老旧小区改造项目清单及资金安排。"
NARROW = {"width": 320, "height": 640}
"""A phone, and what 400 % zoom leaves of a screen of 1280."""


@pytest.fixture
def players(transactional_db: None) -> cast.Cast:
    return cast.cast()


@pytest.fixture(params=[True, False], ids=["with-scripts", "without-scripts"])
def citizen(
    request: pytest.FixtureRequest, players: cast.Cast, browser: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """A visitor on a phone, once with scripts and once without."""
    with visit(browser, live_server.url, scripts=request.param) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        yield page


def onward(page: Page, words: str = "继续") -> None:
    page.get_by_role("button", name=words, exact=True).click()


def fill_person(page: Page) -> None:
    page.get_by_label("姓名").fill("张三")
    page.get_by_label("居民身份证").check()
    page.get_by_label("证件号码").fill(cast.RESIDENT_NUMBER)
    page.get_by_label("电话").fill("13800138000")
    onward(page)


def fill_draft(page: Page) -> None:
    """From the front page to the check page."""
    page.goto("/")
    page.get_by_role("navigation").get_by_role("link", name="提出申请").click()
    page.get_by_role("radio", name="东山区人民政府办公室", exact=True).check()
    onward(page)
    page.get_by_label("自然人").check()
    onward(page)
    fill_person(page)
    page.get_by_label("您要的是什么信息？").fill(CONTENT)
    onward(page)
    page.get_by_label("电子文件").check()
    page.get_by_label("在本网站查收").check()
    onward(page)


def apply(page: Page) -> tuple[Case, str]:
    """A sent application and the code that its receipt shows."""
    fill_draft(page)
    onward(page, "确认并提交申请")
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    return Case.objects.get(), page.locator("#query-code").inner_text()


def open_case(page: Page, case: Case, code: str) -> None:
    page.goto("/follow/")
    page.get_by_label("登记编号").fill(case.number)
    page.get_by_label("查询码").fill(code)
    onward(page, "查看")


def test_from_application_to_reply(citizen: Page, players: cast.Cast, tmp_path: Path) -> None:
    case, code = apply(citizen)
    expect(citizen.locator(".due-date")).to_have_text("2026年12月16日（周三）")

    open_case(citizen, case, code)
    expect(citizen.locator(".state").first).to_have_text("正在办理")

    clock.request_supplement(case, unclear="是哪几个小区？", on=TODAY, by=players.wang, at=cast.moment(TODAY, 11))
    citizen.reload()
    citizen.get_by_role("link", name="现在补正").click()
    expect(citizen.get_by_text("是哪几个小区？")).to_be_visible()
    citizen.get_by_label("您的补正").fill("工农小区、大陆小区。")
    onward(citizen, "提交补正")
    expect(citizen.get_by_role("status")).to_contain_text("补正已经收到")

    answered = Case.objects.get(pk=case.pk)
    decide.propose(
        answered,
        outcome=Outcome.GRANTED,
        ground=cast.first_ground(Outcome.GRANTED),
        statements=cast.statements(Outcome.GRANTED, cast.first_ground(Outcome.GRANTED)),
        uploads=(Upload("改造项目清单.txt", "工农小区：2,000,000 元".encode()),),
        by=players.wang,
        at=cast.moment(TODAY, 14),
    )
    cast.cleared(players, answered, on=TODAY)
    approve.sign(answered, by=players.li, at=cast.moment(TODAY, 15))
    deliver.dispatch(answered, mode=DispatchMode.ONLINE, on=TODAY, by=players.wang, at=cast.moment(TODAY, 16))
    citizen.reload()
    expect(citizen.locator(".state").first).to_have_text("已公开")
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name="改造项目清单.txt").click()
    download.value.save_as(tmp_path / "reply")
    assert (tmp_path / "reply").read_text(encoding="utf-8") == "工农小区：2,000,000 元"

    onward(citizen, "看完了，退出")
    citizen.goto(f"/follow/{case.pk}/")
    expect(citizen.get_by_role("heading", level=1)).to_have_text("查询办理情况")


def test_a_mistake_is_said_at_the_top_and_at_its_field_and_can_be_mended(citizen: Page) -> None:
    citizen.goto("/apply/")
    citizen.get_by_role("radio", name="东山区人民政府办公室", exact=True).check()
    onward(citizen)
    onward(citizen)
    assert citizen.title().startswith("错误：")
    citizen.get_by_role("alert").get_by_role("link", name="请选择您以什么身份申请。").click()
    expect(citizen.get_by_label("自然人")).to_be_focused()
    citizen.get_by_label("自然人").check()
    onward(citizen)
    citizen.get_by_label("证件号码").fill(cast.RESIDENT_NUMBER[:-1] + "1")
    citizen.get_by_label("居民身份证").check()
    onward(citizen)
    expect(citizen.get_by_label("证件号码")).to_have_attribute("aria-invalid", "true")
    expect(citizen.get_by_label("证件号码")).to_have_value(cast.RESIDENT_NUMBER[:-1] + "1")
    fill_person(citizen)
    expect(citizen.get_by_role("heading", level=1)).to_have_text("您要的是什么信息？")


def test_changing_an_answer_comes_back_to_the_check_page(citizen: Page) -> None:
    fill_draft(citizen)
    citizen.get_by_role("link", name="更改 申请内容").click()
    citizen.get_by_label("您要的是什么信息？").fill("改写后的内容")
    onward(citizen)
    expect(citizen.get_by_role("heading", level=1)).to_have_text("提交前请核对")
    expect(citizen.get_by_text("改写后的内容")).to_be_visible()


def test_the_language_can_be_switched_in_the_middle_of_typing(citizen: Page) -> None:
    citizen.goto("/apply/")
    citizen.get_by_role("radio", name="东山区人民政府办公室", exact=True).check()
    onward(citizen)
    citizen.get_by_label("自然人").check()
    onward(citizen)
    citizen.locator("#id_name").fill("张三")
    onward(citizen, "English")
    expect(citizen.locator("html")).to_have_attribute("lang", "en")
    expect(citizen.locator("#id_name")).to_have_value("张三")


def test_the_deadline_page_explains_its_date(citizen: Page) -> None:
    citizen.goto("/deadline/")
    citizen.get_by_label("申请怎样到达").select_option("signed_mail")
    citizen.get_by_label("到达行政机关的日期").fill("2022年9月30日")
    onward(citizen, "计算")
    expect(citizen.locator(".due-date")).to_have_text("2022年11月2日（周三）")
    citizen.get_by_text("逐日文字说明").click()
    expect(citizen.get_by_text("因国庆节调休上班").first).to_be_visible()


def test_pressing_twice_makes_one_application(page: Page, players: cast.Cast) -> None:
    fill_draft(page)
    page.get_by_role("button", name="确认并提交申请").dblclick()
    expect(page.locator("#query-code")).to_be_visible()
    page.go_back()
    page.goto(page.url)
    expect(page.get_by_role("heading", name="申请已经提交")).to_be_visible()
    assert Case.objects.count() == 1


def test_leaving_the_page_without_pressing_anything_keeps_what_was_typed(page: Page, players: cast.Cast) -> None:
    fill_draft(page)
    page.get_by_role("link", name="更改 申请内容").click()
    page.get_by_label("您要的是什么信息？").fill("只写了一半")
    draft = page.url
    page.get_by_role("link", name="期限计算").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("答复期限到哪一天")
    page.goto(draft)
    for _ in range(50):  # what a page sends on its way out arrives beside the next page, not before it
        if page.get_by_label("您要的是什么信息？").input_value() == "只写了一半":
            return
        page.reload()
    pytest.fail("what was typed is gone")


def test_the_error_summary_takes_the_focus(page: Page, players: cast.Cast) -> None:
    page.goto("/follow/")
    onward(page, "查看")
    expect(page.get_by_role("alert")).to_be_focused()


def test_the_whole_application_by_keyboard_alone(page: Page, players: cast.Cast) -> None:
    def reach(words: str) -> None:
        """Tab on until the control with this name has the focus."""
        wanted = page.get_by_label(words, exact=True).or_(page.get_by_role("button", name=words, exact=True))
        for _ in range(60):
            page.keyboard.press("Tab")
            if wanted.first.evaluate("control => control === document.activeElement"):
                return
        pytest.fail(f"no way by Tab to {words}")

    page.goto("/apply/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")  # back
    page.keyboard.press("Tab")  # the first of the offices
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kind/*")
    page.keyboard.press("Tab")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.get_by_label("自然人").evaluate("control => control === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/who/*")
    reach("姓名")
    page.keyboard.insert_text("张三")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    reach("证件号码")
    page.keyboard.insert_text(cast.RESIDENT_NUMBER)
    reach("电话")
    page.keyboard.insert_text("13800138000")
    page.keyboard.press("Enter")
    page.wait_for_url("**/what/*")
    reach("您要的是什么信息？")
    page.keyboard.insert_text(CONTENT)
    reach("继续")
    page.keyboard.press("Enter")
    page.wait_for_url("**/how/*")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "wanted_form":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/*")
    reach("确认并提交申请")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/*")
    assert Case.objects.get().applicant.name == "张三"


def test_no_page_is_wider_than_a_phone_or_than_400_percent_zoom(page: Page, players: cast.Cast) -> None:
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    for address in ("/", "/apply/", "/follow/", "/deadline/", "/deadline/other/", "/privacy/", "/nothing-here/"):
        page.goto(address)
        fits(page)
    page.goto("/deadline/?channel=signed_mail&on=2026-09-08&sent_1=2026-09-10&extended=2026-09-11&working_days=20")
    page.get_by_text("逐日文字说明").click()
    fits(page)
    fill_draft(page)
    fits(page)
    for step in ("office", "kind", "who", "what", "how"):
        page.goto(page.url.replace("check", step) if "check" in page.url else page.url.rsplit("/", 2)[0] + f"/{step}/")
        fits(page)
    page.goto(page.url.rsplit("/", 2)[0] + "/check/")
    onward(page, "确认并提交申请")
    page.get_by_text("为什么是这一天").click()
    fits(page)
    code = page.locator("#query-code").inner_text()
    open_case(page, Case.objects.get(), code)
    fits(page)


def test_a_supplement_is_answered_in_a_minute_with_the_unclear_words_marked(
    citizen: Page, players: cast.Cast, tmp_path: Path
) -> None:
    case, code = apply(citizen)
    send.carry_out(
        case,
        Verb.REQUEST_SUPPLEMENT,
        mode=DispatchMode.ONLINE,
        lacks=["description"],
        excerpts=["老旧小区改造项目"],
        unclear="是哪几个小区？",
        by=players.wang,
        at=cast.moment(TODAY, 11),
    )
    open_case(citizen, case, code)
    with citizen.expect_download() as download:
        citizen.get_by_role("link", name="政府信息公开申请补正告知书").click()
    download.value.save_as(tmp_path / "notice")
    assert (tmp_path / "notice").read_bytes().startswith(b"%PDF")

    citizen.get_by_role("link", name="现在补正").click()
    expect(citizen.locator("mark")).to_have_text("老旧小区改造项目")
    expect(citizen.get_by_text("是哪几个小区？")).to_be_visible()
    fits(citizen)
    citizen.get_by_label("您的补正").fill("工农小区、大陆小区。")
    onward(citizen, "提交补正")
    expect(citizen.get_by_role("status")).to_contain_text("补正已经收到")
