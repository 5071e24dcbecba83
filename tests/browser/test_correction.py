"""A citizen asks for the correction of their record, proposes a publication and reads the statistics (条例 41, 44)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.actions import correction, proposals
from casework.law.outcomes import Outcome
from casework.models import RecordCorrection
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits
from tests.cast import closed, moment, registered

TODAY = date(2026, 11, 18)
PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "correction"


@pytest.fixture
def players(transactional_db: None) -> cast.Cast:
    return cast.cast()


@pytest.fixture(params=[(True, 1280), (False, 360)], ids=["wide-with-scripts", "phone-without-scripts"])
def citizen(
    request: pytest.FixtureRequest, players: cast.Cast, browser: Browser, live_server: LiveServer
) -> Iterator[Page]:
    scripts, width = request.param
    with visit(browser, live_server.url, scripts=scripts) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        yield page


def seen(page: Page, name: str) -> None:
    """Nothing sticks out to the side; a picture is kept to be looked at."""
    width = (page.viewport_size or {"width": 0})["width"]
    fits(page)
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)


def test_from_a_wrong_record_to_the_reply(citizen: Page, players: cast.Cast, tmp_path: Path) -> None:
    citizen.goto("/")
    seen(citizen, "home")
    citizen.get_by_role("link", name="更正对我的记录").first.click()
    citizen.get_by_role("button", name="提交更正请求").click()
    expect(citizen.get_by_role("heading", name="有问题需要改正")).to_be_visible()
    seen(citizen, "form-wrong")
    citizen.get_by_label("向哪个机关提出？").select_option(label="东山区人民政府办公室")
    citizen.get_by_label("哪一项记录").fill("住房补贴发放名单" + "第17行" * 20)
    citizen.get_by_label("记录现在怎样写，哪里不准确").fill("家庭人口写成2人。")
    citizen.get_by_label("应当更正为").fill("家庭人口3人。" * 30)
    citizen.get_by_label("有什么证据").fill("户口簿。")
    (tmp_path / "户口簿.txt").write_text("共3人")
    citizen.get_by_label("证据文件").set_input_files(tmp_path / "户口簿.txt")
    citizen.get_by_label("姓名或者单位名称").fill("张三")
    citizen.get_by_label("居民身份证").check()
    citizen.get_by_label("证件号码").fill(cast.RESIDENT_NUMBER)
    citizen.get_by_label("电话").fill("13800138000")
    citizen.get_by_role("button", name="提交更正请求").click()
    expect(citizen.get_by_role("heading", name="更正请求已经提交")).to_be_visible()
    seen(citizen, "receipt")
    found, code = RecordCorrection.objects.get(), citizen.locator("#query-code").inner_text()
    correction.ask(found, text="请提供出生证明。", by=players.wang, at=moment(TODAY))
    citizen.goto("/follow/")
    citizen.get_by_label("登记编号").fill(found.number)
    citizen.get_by_label("查询码").fill(code)
    citizen.get_by_role("button", name="查看").click()
    expect(citizen.get_by_text("请提供出生证明。").first).to_be_visible()
    seen(citizen, "asked")
    citizen.get_by_label("您的补充").fill("已附上。")
    citizen.get_by_role("button", name="提交补充").click()
    expect(citizen.get_by_text("补充已经收到")).to_be_visible()
    found.refresh_from_db()
    correction.refuse(found, reply="经核实，与户籍登记一致。", by=players.li, at=moment(TODAY, 15))
    citizen.reload()
    expect(citizen.get_by_role("heading", name="不服的，可以这样做")).to_be_visible()
    seen(citizen, "refused")


def test_the_statistics_and_the_proposals_are_read(citizen: Page, players: cast.Cast) -> None:
    for month in range(1, 10):
        for _ in range(6):
            case = registered(players, on=date(2026, month, 9)).case
    closed(players, case, Outcome.GRANTED, on=date(2026, 9, 10))
    case.refresh_from_db()
    proposal = proposals.propose_by_applicant(case, at=moment(TODAY))
    proposals.word(proposal, title="老旧小区改造项目清单", by=players.wang, at=moment(TODAY))
    citizen.goto("/statistics/")
    seen(citizen, "statistics-index")
    citizen.get_by_role("link", name="含下级").first.click()
    expect(citizen.get_by_role("heading", name="2026年的统计")).to_be_visible()
    seen(citizen, "statistics")
    citizen.get_by_role("link", name="数据字典").click()
    seen(citizen, "dictionary")
    citizen.goto("/proposals/")
    citizen.get_by_role("button", name="我也希望公开").click()
    expect(citizen.get_by_text("已经记下")).to_be_visible()
    seen(citizen, "proposals")
