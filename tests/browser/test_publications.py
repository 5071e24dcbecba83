"""Published replies as everybody finds them, as an applicant takes one, and as three people publish one."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.actions import publish
from casework.law.outcomes import Outcome
from casework.law.topics import Topic
from casework.models import Case, LikeReply, PublishedReply, PublishedVersion
from casework.sweeps import tell_of_published
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits
from tests.browser.test_consultation import chinese, english, onward
from tests.browser.test_desk import TODAY, Office, done, office, players, press

__all__ = ["office", "players"]
TITLE = "东山区2025年老旧小区改造项目清单"
SUMMARY = "申请公开2025年老旧小区改造的项目清单和资金安排，已经提供。"
SAME = "请公开东山区2025年老旧小区改造项目清单和资金安排。"
BEFORE = TODAY - timedelta(days=90)


@pytest.fixture
def closed(players: cast.Cast) -> Case:
    """A case of which the reply left three months ago."""
    case = cast.registered(players, on=BEFORE).case
    cast.closed(players, case, Outcome.GRANTED, on=BEFORE)
    return case


@pytest.fixture
def reply(players: cast.Cast, closed: Case) -> PublishedReply:
    """Public since a month."""
    at = cast.moment(BEFORE, 17)
    publish.propose_publication(closed, title=TITLE, summary=SUMMARY, topic=Topic.CITY, by=players.wang, at=at)
    version = PublishedVersion.objects.get()
    publish.clear_publication(version, by=players.qian, at=at)
    publish.decide_publication(version, public_from=BEFORE + timedelta(days=60), by=players.li, at=at)
    return PublishedReply.objects.get()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 360)], ids=["desktop", "phone-without-scripts"])
def test_everybody_finds_reads_and_loses_it(
    browser: Browser, live_server: LiveServer, players: cast.Cast, reply: PublishedReply, scripts: bool, width: int
) -> None:
    with visit(browser, live_server.url, scripts=scripts) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name="公开的答复").click()
        expect(page.get_by_role("link", name=TITLE)).to_be_visible()
        fits(page)
        page.get_by_label("找什么").fill("公厕")
        onward(page, "查找")
        expect(page.get_by_text("没有找到。")).to_be_visible()
        fits(page)
        page.get_by_label("找什么").fill("小区 改造")
        page.get_by_label("主题").select_option("city")
        onward(page, "查找")
        page.get_by_role("link", name=TITLE).click()
        expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
        expect(page.get_by_text(SUMMARY)).to_be_visible()
        expect(page.get_by_text("张三")).to_have_count(0)
        english(page)
        expect(page.get_by_text("Building, town and country, environment")).to_be_visible()
        fits(page)
        chinese(page)
        publish.revoke_publication(reply, reason="第三方提出异议。", by=players.li, at=cast.moment(TODAY, 11))
        page.reload()  # withdrawn while it was being read
        expect(page.get_by_role("heading", name="这份答复已经撤下")).to_be_visible()
        expect(page.get_by_text("异议")).to_have_count(0)
        fits(page)
        page.get_by_role("main").get_by_role("link", name="公开的答复").click()
        expect(page.get_by_text("还没有公开的答复。")).to_be_visible()


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 360)], ids=["desktop", "phone-without-scripts"])
def test_an_applicant_takes_it_and_waits_for_the_reply(
    browser: Browser, live_server: LiveServer, players: cast.Cast, reply: PublishedReply, scripts: bool, width: int
) -> None:
    registration = cast.registered(players, on=TODAY, content=SAME, name="李四")
    assert tell_of_published(at=cast.moment(TODAY, 9)) == 1
    with visit(browser, live_server.url, scripts=scripts) as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/follow/")
        page.get_by_label("登记编号").fill(registration.case.number)
        page.get_by_label("查询码").fill(registration.query_code)
        page.get_by_role("main").get_by_role("button").first.click()
        expect(page.get_by_role("heading", name="相近的答复已经公开")).to_be_visible()
        fits(page)
        page.get_by_role("link", name="这份答复可以回答我的申请").click()
        expect(page.get_by_text("仍可以申请行政复议")).to_be_visible()
        page.get_by_label("想说明的情况").fill("还缺第三季度。")
        fits(page)
        onward(page, "可以回答我的申请")
        expect(page.get_by_text("行政机关仍将书面答复您").first).to_be_visible()
        expect(page.get_by_role("heading", name="最迟答复日")).to_be_visible()
    assert LikeReply.objects.get().statement == "还缺第三季度。"
    assert Case.objects.get(pk=registration.case.pk).is_open


def test_three_people_publish_and_one_withdraws(office: Office, players: cast.Cast, closed: Case) -> None:
    clerk: Page = office.seat(players.wang)
    clerk.goto(f"/desk/cases/{closed.pk}/")
    clerk.get_by_role("link", name="提出公开答复").click()
    clerk.get_by_label("标题").fill("答张三的清单")
    clerk.get_by_label("内容摘要").fill(SUMMARY)
    clerk.get_by_label("主题").select_option("city")
    press(clerk, "送保密审查")
    expect(clerk.get_by_role("alert")).to_contain_text("请逐页看过以后勾选")
    clerk.get_by_label("我逐页看过").check()
    press(clerk, "送保密审查")
    expect(clerk.get_by_role("alert")).to_contain_text("申请人、联系人、代理人或者共同申请人的姓名")
    clerk.get_by_label("标题").fill(TITLE)
    press(clerk, "送保密审查")
    done(clerk, "已经提出，等保密审查")
    secrecy = office.seat(players.qian)
    secrecy.goto("/desk/publications/")
    secrecy.get_by_role("link", name=TITLE).click()
    secrecy.get_by_role("link", name="公开前的保密审查").click()
    secrecy.get_by_label("不涉及国家秘密").check()
    press(secrecy, "公开前的保密审查")
    done(secrecy, "等负责人决定")
    head = office.seat(players.li)
    head.goto(f"/desk/publications/{PublishedReply.objects.get().pk}/")
    head.get_by_role("link", name="决定公开答复").click()
    head.get_by_label("我决定向社会公开").check()
    press(head, "决定公开答复")
    done(head, "已经决定公开")
    head.get_by_role("link", name="公众看到的页面").click()
    expect(head.get_by_role("heading", name=TITLE)).to_be_visible()
    head.go_back()
    head.get_by_role("link", name="撤下公开的答复").click()
    head.get_by_label("撤下的理由").fill("第三方提出异议。")
    press(head, "撤下公开的答复")
    expect(head.get_by_role("alert")).to_be_visible()
    head.get_by_label("立即撤下").check()
    press(head, "撤下公开的答复")
    done(head, "已经撤下")
    assert PublishedReply.objects.get().revoked_by == players.li
