"""A citizen's account in a real browser: in by a code, one application more in the list, a second step, and out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from casework.models import Case, KeptCase, Staff
from tests import cast
from tests.browser.conftest import visit
from tests.browser.looking import fits
from tests.browser.test_citizen import fill_draft, onward
from tests.portal.citizen import MAIL, digits_to

PICTURES = Path("var/screenshots/accounts")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture
def players(transactional_db: None) -> cast.Cast:
    return cast.cast()


@pytest.fixture(params=[(True, WIDE), (False, PHONE)], ids=["wide-with-scripts", "phone-without-scripts"])
def citizen(
    request: pytest.FixtureRequest, players: cast.Cast, browser: Browser, live_server: LiveServer
) -> Iterator[Page]:
    scripts, size = request.param
    with visit(browser, live_server.url, scripts=scripts) as context:
        page = context.new_page()
        page.set_viewport_size(size)
        yield page


def looked_at(page: Page, name: str) -> None:
    """A picture to be looked at, of a page that is not wider than the screen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    assert size
    page.screenshot(path=PICTURES / f"{name}-{size['width']}.png", full_page=True)
    fits(page)


def enter(page: Page) -> None:
    page.get_by_label("电子邮箱或者手机号码").fill(MAIL)
    looked_at(page, "sign-in")
    onward(page, "获取验证码")
    expect(page.get_by_text(MAIL)).to_be_visible()
    looked_at(page, "code")
    page.get_by_label("验证码").fill(digits_to(MAIL))
    onward(page)


def test_filed_without_an_account_kept_in_one_and_found_there_again(citizen: Page, settings: object) -> None:
    settings.SMS_GATEWAY = "folder"  # type: ignore[attr-defined]
    fill_draft(citizen)
    expect(citizen.get_by_text("提交以后放入我的账户")).to_have_count(0)
    onward(citizen, "确认并提交申请")
    citizen.get_by_role("link", name="放入我的账户").click()
    enter(citizen)
    looked_at(citizen, "keep")
    onward(citizen, "放入账户")
    case = Case.objects.get()
    expect(citizen.get_by_text(f"东山区人民政府办公室 · {case.number}")).to_be_visible()
    expect(citizen.get_by_text("最迟答复日")).to_be_visible()
    looked_at(citizen, "mine")

    # the next one goes there by itself, and the form knows the name
    citizen.get_by_role("link", name="账户设置").click()
    citizen.get_by_label("姓名").fill("张三")
    onward(citizen, "保存")
    looked_at(citizen, "settings")
    citizen.get_by_role("navigation").get_by_role("link", name="提出申请").click()
    citizen.get_by_role("radio", name="东山区人民政府办公室", exact=True).check()
    onward(citizen)
    citizen.get_by_label("自然人").check()
    onward(citizen)
    expect(citizen.get_by_label("姓名")).to_have_value("张三")
    citizen.goto("/account/")
    expect(citizen.get_by_text("没有写完的申请")).to_be_visible()
    looked_at(citizen, "mine-with-a-draft")

    # another number in the address is no way in, and out is out
    citizen.goto(f"/account/cases/{case.pk}/remove/")
    looked_at(citizen, "remove")
    citizen.goto("/account/close/")
    looked_at(citizen, "close")
    citizen.goto("/account/")
    onward(citizen, "退出账户")
    citizen.goto(f"/follow/{case.pk}/")
    expect(citizen).to_have_url(re.compile("/follow/$"))
    assert KeptCase.objects.get().account == Staff.applicants.get()


def test_the_second_step_by_the_telephone_and_its_pages_in_english(citizen: Page) -> None:
    citizen.goto("/account/sign-in/?next=/account/second-factor/")
    citizen.get_by_label("电子邮箱").fill(MAIL)
    onward(citizen, "获取验证码")
    citizen.get_by_label("验证码").fill(digits_to(MAIL))
    onward(citizen)
    looked_at(citizen, "second-factor")
    citizen.get_by_role("link", name="设置动态验证码").click()
    expect(citizen.locator("img.qr")).to_be_visible()
    citizen.get_by_label("验证码").fill("000000")
    onward(citizen, "确认")
    expect(citizen.get_by_role("alert")).to_contain_text("验证码不对")
    looked_at(citizen, "totp-wrong")
    citizen.get_by_role("button", name="English").click()
    for address in ("/account/", "/account/settings/", "/account/second-factor/", "/account/join/", "/account/close/"):
        citizen.goto(address)
        assert citizen.locator("html").get_attribute("lang") == "en"
        looked_at(citizen, "english" + address.replace("/", "-").rstrip("-"))


def test_a_passkey_is_added_and_asked_for(page: Page, players: cast.Cast) -> None:
    """The one thing that needs scripts, with an authenticator that Chromium plays."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/account/sign-in/?next=/account/second-factor/keys/add/")
    page.get_by_label("电子邮箱").fill(MAIL)
    onward(page, "获取验证码")
    page.get_by_label("验证码").fill(digits_to(MAIL))
    onward(page)
    page.get_by_label("密钥的名称").fill("我的电脑")
    onward(page, "添加")
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    page.goto("/account/second-factor/keys/")
    expect(page.get_by_text("我的电脑")).to_be_visible()
    looked_at(page, "keys")
