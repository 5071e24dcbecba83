"""A case at the desk in a real browser: from the counter to the post, two clerks at once, and the queue."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.actions import clock
from casework.law.outcomes import Outcome
from casework.law.states import State
from casework.models import Case, Staff
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits
from tests.conftest import AS_OF

TODAY = AS_OF.date()
PASSWORD = "correct horse battery"
CONTENT = "申请公开2025年东山区老旧小区改造项目清单及资金安排。"


@pytest.fixture
def players(transactional_db: None) -> cast.Cast:
    people = cast.cast()
    for person in (people.wang, people.chen, people.sun, people.qian, people.li, people.zhao):
        person.set_password(PASSWORD)
        person.save()
    return people


@dataclass
class Office:
    """Desks side by side; each person has a browser of their own."""

    stack: ExitStack
    browser: Browser
    site: str
    scripts: bool
    width: int

    def seat(self, person: Staff) -> Page:
        """Somebody sits down and logs in."""
        page = self.stack.enter_context(visit(self.browser, self.site, scripts=self.scripts)).new_page()
        page.set_viewport_size({"width": self.width, "height": 800})
        page.goto("/desk/")
        page.get_by_label("用户名").fill(person.username)
        page.get_by_label("密码").fill(PASSWORD)
        press(page, "登录")
        expect(page.get_by_role("heading", name="办件", exact=True)).to_be_visible()
        return page


@pytest.fixture(params=[(True, 1280), (False, 360)], ids=["desktop", "phone-without-scripts"])
def office(
    request: pytest.FixtureRequest, players: cast.Cast, browser: Browser, live_server: LiveServer
) -> Iterator[Office]:
    scripts, width = request.param
    with ExitStack() as stack:
        yield Office(stack, browser, live_server.url, scripts, width)


def press(page: Page, words: str) -> None:
    page.get_by_role("main").get_by_role("button", name=words, exact=True).click()


def choose_act(page: Page, case: Case, words: str) -> None:
    page.goto(f"/desk/cases/{case.pk}/")
    page.get_by_role("complementary").get_by_role("link", name=words, exact=True).click()


def done(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").filter(has_text=sentence)).to_be_visible()


def state(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def registered_at_the_counter(page: Page) -> Case:
    page.get_by_role("main").get_by_role("link", name="登记申请").click()
    page.get_by_label("当面").check()
    press(page, "继续")
    expect(page.get_by_text("以提交之日为收到申请之日")).to_be_visible()
    page.get_by_label("自然人").check()
    page.get_by_label("姓名或者名称").fill("张三")
    page.get_by_label("居民身份证").check()
    page.get_by_label("证件号码", exact=True).fill("110105194912310021")
    page.get_by_label("申请内容").fill(CONTENT)
    press(page, "登记")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("校验位")
    alert.get_by_role("link").click()
    page.get_by_label("证件号码", exact=True).fill(cast.RESIDENT_NUMBER)
    press(page, "登记")
    case = Case.objects.get()
    expect(page.get_by_text(case.number)).to_be_visible()
    expect(page.locator("#query-code")).to_have_text(re.compile(r"^(\w{4}-){3}\w{4}$"))
    page.get_by_role("link", name="打开办件").click()
    return case


def test_from_the_counter_to_the_post(office: Office, players: cast.Cast) -> None:
    wang, sun, qian, li = (office.seat(each) for each in (players.wang, players.sun, players.qian, players.li))
    case = registered_at_the_counter(wang)
    expect(wang.get_by_text("还有20个工作日到期").first).to_be_visible()

    choose_act(wang, case, "告知补正")
    wang.get_by_label("名称、文号或者便于查询的特征").check()
    wang.get_by_label("请申请人怎样补正").fill("请说明是哪一年的清单。")
    wang.get_by_label("当面送达").check()
    press(wang, "告知补正")
    done(wang, "已经告知补正")
    expect(wang.get_by_text("待申请人补正至").first).to_be_visible()

    choose_act(wang, case, "登记补正")
    wang.get_by_label("补正内容").fill("2025年的。")
    wang.get_by_label("当面").check()
    press(wang, "登记补正")
    done(wang, "已经登记补正")

    choose_act(li, case, "延长期限")
    li.get_by_label("延长多少个工作日").fill("10")
    li.get_by_label("延长的理由").fill("涉及多个年度，检索量大。")
    li.get_by_label("当面送达").check()
    press(li, "延长期限")
    done(li, "期限已经延长")

    choose_act(wang, case, "拟写答复")
    expect(wang.get_by_label("4. 保护第三方合法权益")).to_be_disabled()
    wang.get_by_label("6. 属于四类过程性信息").check()
    press(wang, "继续")
    wang.get_by_label("过程稿").check()
    wang.get_by_label("理由", exact=True).fill("尚在讨论之中。")
    press(wang, "送审")
    expect(wang.get_by_role("alert")).to_contain_text("请填写“是否可以区分处理”。")
    wang.get_by_label("是否可以区分处理").fill("全文均为讨论内容，不能区分。")
    press(wang, "送审")
    done(wang, "答复已经送审")

    choose_act(sun, case, "审核通过")
    press(sun, "审核通过")
    done(sun, "已经审核通过")
    choose_act(qian, case, "保密审查：可以公开")
    qian.get_by_label("其中没有国家秘密").check()
    press(qian, "保密审查：可以公开")
    done(qian, "保密审查通过")

    li.goto("/desk/inbox/")
    li.get_by_role("button", name="打开办件").first.click()
    li.get_by_role("complementary").get_by_role("link", name="签发", exact=True).click()
    letter = li.get_by_role("article")  # the document as it will be printed
    expect(letter.get_by_text("尚在讨论之中。")).to_be_visible()
    expect(letter.get_by_text("应当先申请行政复议")).to_be_visible()
    li.get_by_label("同意签发").check()
    press(li, "签发")
    done(li, "已经签发")

    choose_act(wang, case, "送出答复")
    wang.get_by_label("邮政企业寄送").check()
    wang.get_by_label("邮件号码").fill("1234567890123")
    wang.get_by_label("答复已经送出").check()
    press(wang, "送出答复")
    done(wang, "本件办结")
    assert state(case) == State.REFUSED

    wang.get_by_role("link", name="属于四类过程性信息").click()
    expect(wang.get_by_text("这一格是 1 件。")).to_be_visible()
    expect(wang.get_by_role("link", name=case.number)).to_be_visible()


def test_two_clerks_at_once(office: Office, players: cast.Cast) -> None:
    case = cast.registered(players, on=TODAY).case
    wang, chen = office.seat(players.wang), office.seat(players.chen)
    for page in (wang, chen):
        page.goto(f"/desk/cases/{case.pk}/consult/")
        page.get_by_label("所涉信息概要").fill("2025年改造工程施工合同")
        page.locator("#id_party_1_0").check()
        page.locator("#id_name_1").fill("新业建筑工程有限公司")
        page.get_by_label("当面送达").check()
    press(wang, "征求意见")
    done(wang, "征求意见的文书已经发出")
    press(chen, "征求意见")
    alert = chen.get_by_role("alert")
    expect(alert).to_contain_text("刚刚被别人处理过")
    expect(alert).to_contain_text("新业建筑工程有限公司")
    expect(chen.get_by_text("王敏向新业建筑工程有限公司征求意见")).to_be_visible()
    assert case.consultations.count() == 1


def test_the_queue_is_searched_and_leafed_through(office: Office, players: cast.Cast) -> None:
    for n in range(35):
        cast.registered(players, on=TODAY - timedelta(days=n % 9), name=f"申请人{n:02d}")
    page = office.seat(players.wang)
    lines = page.get_by_role("main").locator("tbody tr")
    expect(lines).to_have_count(30)
    page.get_by_role("link", name="下一页").click()
    expect(lines).to_have_count(5)
    page.get_by_label("编号、申请人或者内容").fill("申请人07")
    press(page, "查找")
    expect(lines).to_have_count(1)
    lines.get_by_role("link").click()
    expect(page.get_by_role("heading", name="申请人07", level=1)).to_be_visible()


def test_a_forgotten_log_in_comes_back_to_the_page(office: Office, players: cast.Cast) -> None:
    case = cast.registered(players, on=TODAY).case
    page = office.seat(players.wang)
    page.get_by_role("button", name="退出").click()
    page.goto(f"/desk/cases/{case.pk}/")
    page.get_by_label("用户名").fill("wang")
    page.get_by_label("密码").fill("wrong")
    press(page, "登录")
    expect(page.get_by_role("alert")).to_contain_text("用户名和密码对不上")
    page.get_by_label("密码").fill(PASSWORD)
    press(page, "登录")
    expect(page.get_by_role("heading", name=case.number)).to_be_visible()


def test_every_page_fits_its_window_and_has_one_heading(office: Office, players: cast.Cast) -> None:
    office.width = 320
    long = cast.registered(players, on=TODAY, name="很" * 60, content="很长" * 400, subject="A" * 300).case
    clock.request_supplement(long, unclear="B" * 800, on=TODAY, by=players.wang, at=cast.moment(TODAY))
    signed = cast.registered(players, on=TODAY).case
    cast.signed(players, signed, Outcome.PARTIAL, on=TODAY)
    fresh = cast.registered(players, on=TODAY).case
    page = office.seat(players.wang)
    for address in (
        "/desk/",
        "/desk/register/",
        "/desk/register/?channel=in_person",
        "/desk/inbox/",
        "/desk/roles/",
        "/desk/ledger/",
        f"/desk/annual/230406/{TODAY.year}/",
        f"/desk/annual/230406/{TODAY.year}/new/total/",
        f"/desk/cases/{long.pk}/",
        f"/desk/cases/{long.pk}/receive_supplement/",
        f"/desk/cases/{signed.pk}/dispatch/",
        f"/desk/cases/{fresh.pk}/propose/",
        f"/desk/cases/{fresh.pk}/propose/?outcome=unavailable_1",
        f"/desk/cases/{fresh.pk}/consult/",
        f"/desk/cases/{fresh.pk}/receipt/",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok, address
        fits(page)
        assert page.get_by_role("heading", level=1).count() == 1, address
        nameless = page.evaluate(
            "[...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]"
            ".filter(field => !field.labels.length).map(field => field.name)"
        )
        assert nameless == [], address
