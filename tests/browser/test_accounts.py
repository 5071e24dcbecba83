"""A citizen's account in a real browser: in by a code, one application more in the list, a second step, and out."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as site
from playwright.sync_api import CDPSession, expect
from time_machine import Traveller

from casework.law.outcomes import KINDS, ApplicantKind
from casework.models import Case, KeptCase, Staff
from tests import cast
from tests.browser.hands import PAIRWISE, SCRIPTED, Come, Hand, in_ways
from tests.browser.test_citizen import CONTENT
from tests.portal.citizen import MAIL, digits_to


@pytest.fixture
def players(office_people: cast.Cast) -> cast.Cast:
    return office_people


def enters(hand: Hand, *, label: str = "电子邮箱或者手机号码") -> None:
    hand.field(label).fill(MAIL)
    hand.ends("sign-in")
    hand.presses("获取验证码")
    hand.sees(MAIL)
    hand.ends("code")
    hand.field("验证码").fill(digits_to(MAIL))
    hand.presses("继续")


def chooses_office(hand: Hand) -> None:
    hand.page.get_by_role("radio", name="东山区人民政府办公室", exact=True).check()
    hand.presses("继续")
    hand.field(KINDS[ApplicantKind.NATURAL_PERSON].words).check()
    hand.presses("继续")


def fills_draft(hand: Hand) -> None:
    """From the front page to the check page."""
    hand.goes("/")
    hand.page.get_by_role("navigation").get_by_role("link", name=hand.said("提出申请")).click()
    chooses_office(hand)
    hand.field("姓名").fill("张三")
    hand.field("居民身份证").check()
    hand.field("证件号码").fill(cast.RESIDENT_NUMBER)
    hand.field("电话").fill("13800138000")
    hand.presses("继续")
    hand.field("您要的是什么信息？").fill(CONTENT)
    hand.presses("继续")
    hand.field("电子文件").check()
    hand.field("在本网站查收").check()
    hand.presses("继续")


@in_ways(*PAIRWISE)
def test_filed_without_an_account_kept_in_one_and_found_there_again(
    come: Come, players: cast.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "SMS_GATEWAY", "folder")
    citizen = come()
    fills_draft(citizen)
    citizen.misses("提交以后放入我的账户")
    citizen.presses("确认并提交申请")
    citizen.sends(citizen.link("放入我的账户"))
    enters(citizen)
    citizen.ends("keep")
    citizen.presses("放入账户")
    case = Case.objects.get()
    citizen.sees(f"东山区人民政府办公室 · {case.number}")
    citizen.sees("最迟答复日")
    citizen.ends("mine")

    # the next one goes there by itself, and the form knows the name
    citizen.follows("账户设置")
    citizen.field("姓名").fill("张三")
    citizen.presses("保存")
    citizen.ends("settings")
    citizen.page.get_by_role("navigation").get_by_role("link", name=citizen.said("提出申请")).click()
    chooses_office(citizen)
    expect(citizen.field("姓名")).to_have_value("张三")
    citizen.goes("/account/")
    citizen.sees("没有写完的申请")
    citizen.ends("mine-with-a-draft")

    # another number in the address is no way in, and out is out
    citizen.goes(f"/account/cases/{case.pk}/remove/")
    citizen.ends("remove")
    citizen.goes("/account/close/")
    citizen.ends("close")
    citizen.goes("/account/")
    citizen.presses("退出账户")
    citizen.goes(f"/follow/{case.pk}/")
    expect(citizen.page).to_have_url(re.compile("/follow/$"))
    assert KeptCase.objects.get().account == Staff.applicants.get()


@in_ways(*PAIRWISE)
def test_the_second_step_by_the_telephone_and_the_other_pages(come: Come, players: cast.Cast) -> None:
    citizen = come()
    citizen.goes("/account/sign-in/?next=/account/second-factor/")
    enters(citizen, label="电子邮箱")
    citizen.ends("second-factor")
    citizen.follows("设置动态验证码")
    expect(citizen.page.locator("img.qr")).to_be_visible()
    citizen.field("验证码").fill("000000")
    citizen.presses("确认")
    citizen.warned("验证码不对，或者已经用过、过期。请看手机上现在的六位数字。")
    citizen.ends("totp-wrong")
    for address in ("/account/settings/", "/account/join/", "/account/second-factor/keys/"):
        citizen.goes(address)
        assert citizen.page.locator("html").get_attribute("lang") == citizen.way.language
        citizen.ends(address.strip("/").replace("/", "-"))


def authenticator(hand: Hand) -> tuple[CDPSession, str]:
    """A key that Chromium plays, and by which name it is spoken to."""
    devtools = hand.page.context.new_cdp_session(hand.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devtools, devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


@in_ways(*SCRIPTED)
def test_a_passkey_is_added_and_a_prompt_that_fails_is_answered_in_words(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    """The one thing that needs scripts."""
    citizen = come()
    devtools, key = authenticator(citizen)
    citizen.goes("/account/sign-in/?next=/account/second-factor/keys/add/")
    enters(citizen, label="电子邮箱")
    citizen.field("密钥的名称").fill("我的电脑")
    said = citizen.page.locator("[data-passkey]")
    expect(said).to_be_hidden()

    # the browser answers so where the person cancels or does not prove themselves in time
    citizen.page.evaluate(
        """() => {
            navigator.credentials.create = () => Promise.reject(new DOMException("cancelled", "NotAllowedError"));
        }"""
    )
    citizen.button("添加").click()
    expect(said.locator("p:visible")).to_have_text(
        citizen.said(
            "没有完成：提示被取消了，或者等得太久。什么也没有改变。请再按一次按钮；一直不行的，改用动态验证码。"
        )
    )
    citizen.ends("cancelled")
    assert not Authenticator.objects.exists()
    citizen.page.reload()
    citizen.field("密钥的名称").fill("我的电脑")
    citizen.presses("添加")
    citizen.heading("恢复码")
    citizen.goes("/account/second-factor/keys/")
    citizen.sees("我的电脑")
    citizen.ends("keys")
    citizen.goes("/account/second-factor/")
    expect(citizen.main.get_by_role("listitem").filter(has_text="我的电脑")).to_have_text("我的电脑")

    # the same key of the same device once more: the browser itself refuses
    citizen.goes("/account/second-factor/keys/add/")
    citizen.field("密钥的名称").fill("同一把")
    citizen.button("添加").click()
    expect(said.locator("p:visible")).to_have_text(citizen.said("这台设备上的这把通行密钥已经添加过，不用再添加。"))
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1

    # and without any key it says that too, when the second step is asked for
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    citizen.goes("/account/")
    citizen.presses("退出账户")
    now.shift(timedelta(minutes=2))  # no second code within a minute
    citizen.goes("/account/sign-in/")
    enters(citizen, label="电子邮箱")
    citizen.heading("第二步：证明是您本人")
    citizen.page.evaluate("() => { navigator.credentials.get = undefined; }")
    citizen.button("使用通行密钥").click()
    expect(said.locator("p:visible")).to_have_text(
        citizen.said(
            "这个浏览器或者设备现在用不了通行密钥。什么也没有改变。请换一个浏览器或者设备；或者改用动态验证码。"
        )
    )
    citizen.ends("unable")
