"""An administrator in a real browser: how numbers are written, what the office tells the public, whom it invites."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.models import Role, Staff
from notifications.models import Message
from notifications.wording import worded
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits
from tests.conftest import AS_OF

PASSWORD = "correct horse battery"
NEW = "Zhen-zhu-42-mei"


@pytest.fixture
def players(transactional_db: None) -> cast.Cast:
    people = cast.cast()
    keeper = cast.person("gao", "高理", people.dongshan, Role.AGENCY_ADMINISTRATOR)
    keeper.set_password(PASSWORD)
    keeper.save()
    return people


@pytest.fixture(params=[(True, 1280, "zh"), (False, 360, "en")], ids=["desktop", "phone-without-scripts-in-English"])
def desk(
    request: pytest.FixtureRequest, players: cast.Cast, browser: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """The administrator, who has logged in. In English what is pressed is found by its name, not by its words."""
    scripts, width, language = request.param
    with ExitStack() as stack:
        context = stack.enter_context(visit(browser, live_server.url, scripts=scripts))
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/desk/login/")
        page.locator("[name=username]").fill("gao")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button").click()
        expect(page.locator("details.menu")).not_to_have_count(0)
        yield page


def test_numbers_texts_and_an_invitation(players: cast.Cast, desk: Page) -> None:
    office = f"/desk/administration/agencies/{players.dongshan.code}/"
    menu = desk.locator("details.menu").last
    menu.locator("summary").click()
    menu.locator("a[href='/desk/administration/']").click()
    desk.locator(f"main a[href='{office}numbering/']").first.click()
    fits(desk)

    # the number: seen before it holds
    desk.locator(f"a[href='{office}numbering/0/']").click()
    desk.locator("[name=before]").fill("东政公开")
    desk.locator("button[value=preview]").click()
    expect(desk.locator(".good")).to_contain_text(f"东政公开{AS_OF.year}-00001")
    fits(desk)
    desk.locator("button[value=save]").click()
    expect(desk.locator("table").first).to_contain_text(f"东政公开{AS_OF.year}-00001")

    # the text: preview, markup refused, published, read by the public
    desk.goto(f"{office}texts/")
    desk.locator(f"a[href='{office}texts/counter/']").click()
    desk.locator("[name=zh]").fill("<b>二楼</b>")
    desk.locator("button[value=publish]").click()
    expect(desk.locator(".field.wrong [name=zh]")).to_be_visible()
    desk.locator("[name=zh]").fill("政务服务中心二楼\n\n3号窗口")
    desk.locator("[name=en]").fill("Second floor, window 3")
    desk.locator("button[value=preview]").click()
    expect(desk.locator(".office-text[lang=en]")).to_contain_text("window 3")
    fits(desk)
    desk.locator("button[value=publish]").click()
    expect(desk.locator(".good")).to_be_visible()
    desk.goto(f"/offices/{players.dongshan.code}/")
    expect(desk.locator("main")).to_contain_text(re.compile("3号窗口|window 3"))
    fits(desk)

    # the invitation: no password on any page of the administrator, and the link works once
    desk.goto("/desk/administration/people/new/")
    desk.locator("[name=username]").fill("zhaoliu")
    desk.locator("[name=name]").fill("赵六")
    desk.locator("[name=roles][value=clerk]").check()
    desk.locator("[name=email]").fill("zhaoliu@example.org")
    fits(desk)
    desk.locator("main form button").last.click()
    expect(desk.locator("main")).to_contain_text("zhaoliu@example.org")
    expect(desk.locator(".secret")).to_have_count(0)
    with override_settings(SITE_URL="https://gongkai.test"):
        found = re.search(r"/desk/invitation/[\w-]+/", worded(Message.objects.get(notice="staff_invited")).text)
    assert found
    desk.context.clear_cookies(name="sessionid")
    desk.goto(found[0])
    fits(desk)
    desk.locator("[name=new]").fill(NEW)
    desk.locator("[name=again]").fill(NEW)
    desk.locator("main button").click()
    expect(desk.locator("[name=password]")).to_be_visible()
    assert Staff.objects.get(username="zhaoliu").check_password(NEW)
    answer = desk.goto(found[0])
    assert answer is not None
    assert answer.status == 404
