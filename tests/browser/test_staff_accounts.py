"""How the staff get in and what keeps others out: passwords, locks, codes, passkeys, sessions; who keeps accounts."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import CDPSession, FilePayload, expect
from pytest_django import Settings
from time_machine import Traveller

from casework.access import ROLE_WORDS, VERBS, Verb
from casework.models import AccountDeed, Agency, Role, Staff, StaffChange
from tests import cast
from tests.browser.hands import OPPOSITES, OTHERS, SCRIPTED, Come, Hand, in_ways
from tests.conftest import AS_OF

CHART = """代码,名称,上级代码,层级
230406-JY,东山区教育局,230406,部门
230406-WJ,东山区卫健局,230406,部门
"""
GOOD, NEXT = "Dongshan-2026-Gongkai", "Zhengce wenjian 88 hao"


@pytest.fixture
def players(office_people: cast.Cast, settings: Settings) -> cast.Cast:
    """As a real installation has it."""
    settings.AXES_ENABLED = True
    settings.SECOND_FACTOR = "by_role"
    for person in (office_people.wang, office_people.li):
        person.set_password(GOOD)
        person.save()
    return office_people


def logs_in(hand: Hand, username: str, password: str = GOOD) -> None:
    hand.goes("/desk/login/")
    hand.field("用户名").fill(username)
    hand.field("密码").fill(password)
    hand.presses("登录")


def shown(secret: str) -> str:
    """What the application on the telephone shows now."""
    code: str = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return code


@in_ways(*OPPOSITES)
def test_a_new_colleague_gets_an_initial_password_and_must_change_it(come: Come, players: cast.Cast) -> None:
    gao = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    gao.set_password(GOOD)
    gao.save()
    admin, colleague = come(gao), come()
    with_factor(gao)
    admin.goes("/desk/administration/people/")
    admin.follows("建立账户")
    admin.presses("保存")
    expect(admin.page.get_by_role("alert")).to_be_visible()
    admin.field("姓名").fill("新来")
    admin.field("用户名").fill("xin")
    admin.main.get_by_role("checkbox", name=admin.said(ROLE_WORDS[Role.CLERK])).first.check()
    admin.main.locator("input[name=way][value=password]").check()
    admin.presses("保存")
    admin.heading("初始密码")
    initial = admin.page.locator("code.secret").inner_text()
    admin.ends("initial")

    logs_in(colleague, "xin", initial)
    colleague.heading("修改密码")
    colleague.goes("/desk/")
    colleague.heading("修改密码")  # nothing else opens before
    for new, again in (("Kurz-1", "Kurz-1"), ("abcdefghijklmn", "abcdefghijklmn"), (NEXT, GOOD)):
        colleague.field("现在的密码").fill(initial)
        colleague.main.locator("[name=new]").fill(new)
        colleague.field("再输一次新密码").fill(again)
        colleague.presses("修改密码")
        expect(colleague.page.get_by_role("alert")).to_be_visible()
        assert new not in colleague.page.content(), "a password is never shown again"
    colleague.ends("refused")
    colleague.field("现在的密码").fill(initial)
    colleague.main.locator("[name=new]").fill(NEXT)
    colleague.field("再输一次新密码").fill(NEXT)
    colleague.presses("修改密码")
    colleague.goes("/desk/")
    colleague.heading("办件")
    person = Staff.objects.get(username="xin")
    assert person.check_password(NEXT)
    assert person.initial_until is None
    assert initial not in str(list(StaffChange.objects.values()))


def with_factor(person: Staff) -> None:
    """Somebody who has set up the application on the telephone before."""
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})


@in_ways(*OTHERS)
def test_after_five_wrong_passwords_one_waits_and_the_administrator_can_lift_it(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    gao = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    with_factor(gao)
    hand, admin = come(), come(gao)
    for n in range(5):
        hand.page.goto("/desk/login/")
        hand.field("用户名").fill("wang")
        hand.field("密码").fill(f"wrong {n}")
        hand.presses("登录")
        if n < 4:
            hand.warned("用户名和密码对不上。请检查大小写，忘记密码的请联系本机关管理员。")
    expect(hand.main).to_contain_text("15")  # minutes, and then it opens by itself
    hand.ends("locked")
    hand.page.goto("/desk/login/")
    hand.field("用户名").fill("wang")
    hand.field("密码").fill(GOOD)
    hand.presses("登录")
    expect(hand.main).to_contain_text("15")
    admin.goes(f"/desk/administration/people/{players.wang.pk}/")
    admin.sees("连续输错密码或者验证码，暂时锁定。")
    admin.follows("解除锁定")
    admin.main.get_by_role("checkbox").check()
    admin.sends(admin.main.locator("form .actions button"))
    assert [row.kind for row in players.wang.changes.order_by("pk")] == [AccountDeed.LOCKED, AccountDeed.UNLOCKED]
    logs_in(hand, "wang")
    expect(hand.page.get_by_role("button", name=hand.said("退出"))).to_be_visible()


@in_ways(*OPPOSITES)
def test_a_head_sets_up_the_application_and_is_asked_for_its_code(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    first, second, third = come(), come(), come()
    logs_in(first, "li")
    first.goes("/desk/ledger/")
    first.heading("双因素登录")
    first.sees("您的角色必须使用双因素登录。请先设置下面的任意一种，然后才能办理。")
    first.follows("设置动态验证码")
    first.field("密码").fill(GOOD)  # once more: it could be somebody at an unlocked desk
    first.presses("继续")
    first.heading("设置动态验证码")
    secret = first.page.locator("code.secret").inner_text()
    assert first.page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 0")
    first.ends("setting-up")
    first.field("验证码").fill("000000")
    first.presses("确认")
    expect(first.page.get_by_role("alert")).to_be_visible()
    code = shown(secret)
    first.field("验证码").fill(f"{code[:3]} {code[3:]}")
    first.presses("确认")
    first.heading("恢复码")
    spare = first.page.locator("ul.codes code").all_inner_texts()
    assert len(spare) == 10
    first.ends("spare-codes")
    first.goes("/desk/")
    first.heading("办件")

    now.shift(timedelta(minutes=5))
    logs_in(second, "li")
    second.heading("第二步：证明是您本人")
    second.goes("/desk/")
    second.heading("工作人员登录")  # the password alone opens nothing
    logs_in(second, "li")
    second.ends("second-step")
    second.field("验证码").fill("000000")
    second.presses("登录")
    expect(second.page.get_by_role("alert")).to_be_visible()
    second.field("验证码").fill(shown(secret))
    second.presses("登录")
    expect(second.page.get_by_role("button", name=second.said("退出"))).to_be_visible()

    for outcome in ("opens", "is used up"):
        logs_in(third, "li")
        third.field("验证码").fill(spare[0])
        third.presses("登录")
        if outcome == "opens":
            third.sends(third.page.get_by_role("button", name=third.said("退出")))
        else:
            expect(third.page.get_by_role("alert")).to_be_visible()


def authenticator(hand: Hand) -> tuple[CDPSession, str]:
    """A key as it is built into a telephone, that knows its owner by the finger."""
    devices = hand.page.context.new_cdp_session(hand.page)
    devices.send("WebAuthn.enable")
    built_in: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return devices, devices.send("WebAuthn.addVirtualAuthenticator", {"options": built_in})["authenticatorId"]


@in_ways(*SCRIPTED)
def test_a_passkey_is_added_and_opens_the_desk(come: Come, players: cast.Cast, now: Traveller) -> None:
    hand = come()
    devices, key = authenticator(hand)
    logs_in(hand, "li")
    hand.follows("添加通行密钥")
    hand.field("密码").fill(GOOD)
    hand.presses("继续")
    hand.field("密钥的名称").fill("办公室电脑")
    hand.ends("adding")
    hand.presses("添加")
    hand.heading("恢复码")
    assert Authenticator.objects.filter(user=players.li, type="webauthn").count() == 1
    assert len(devices.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    hand.goes("/desk/")
    hand.heading("办件")
    hand.sends(hand.page.get_by_role("button", name=hand.said("退出")))

    now.shift(timedelta(minutes=5))
    logs_in(hand, "li")
    hand.heading("第二步：证明是您本人")
    hand.presses("使用通行密钥")
    expect(hand.page.get_by_role("button", name=hand.said("退出"))).to_be_visible()
    hand.goes("/desk/account/second-factor/")
    hand.sees("办公室电脑")
    hand.ends("added")


@in_ways(*OPPOSITES)
def test_a_session_ends_by_itself_and_a_form_left_open_overnight_keeps_its_text(
    come: Come, players: cast.Cast, now: Traveller
) -> None:
    case = cast.registered(players, on=AS_OF.date()).case
    wang = come(players.wang)
    wang.goes(f"/desk/cases/{case.pk}/notes/")
    text = "昨天写了一晚上的备注。"
    wang.main.get_by_role("textbox").fill(text)
    now.shift(timedelta(hours=14))
    wang.presses("写上备注")
    wang.heading("工作人员登录")
    wang.sees("您离开的时间较长，登录已经结束。刚才填写的文字还在：重新登录以后可以看到，再送出一次。")
    assert text not in wang.page.content(), "whoever passes by the desk reads nothing"
    assert not case.internal_notes.exists()
    wang.ends("ended")
    wang.field("用户名").fill("wang")
    wang.field("密码").fill(GOOD)
    wang.presses("登录")
    wang.heading("没有送出的内容")
    wang.sees(text)
    wang.ends("unsent")
    wang.presses("现在送出")
    assert case.internal_notes.get().text == text


@in_ways(*OTHERS)
def test_ones_other_log_ins_are_seen_and_ended(come: Come, players: cast.Cast) -> None:
    here, there = come(), come()
    for hand in (here, there):
        logs_in(hand, "wang")
    here.goes("/desk/account/me/")
    sessions = here.main.get_by_role("table").first.locator("tbody tr")
    expect(sessions).to_have_count(2)
    here.sees("（这里）")
    here.presses("退出在别处的登录")
    expect(sessions).to_have_count(1)
    here.ends()
    here.goes("/desk/")
    here.heading("办件")
    there.goes("/desk/")
    there.heading("工作人员登录")


@in_ways(*OPPOSITES)
def test_everybody_can_read_who_may_do_what(come: Come, players: cast.Cast) -> None:
    wang = come(players.wang)
    wang.goes("/desk/")
    wang.page.get_by_role("contentinfo").get_by_role("link", name=wang.said("谁可以做什么")).click()
    wang.heading("谁可以做什么")
    roles = wang.main.get_by_role("table").first.get_by_role("rowheader")
    expect(roles).to_have_text([wang.said(words) for words in ROLE_WORDS.values()])
    line = wang.page.locator("[aria-labelledby=verbs] tr").filter(
        has=wang.page.get_by_role("rowheader", name=wang.said(VERBS[Verb.SIGN].words), exact=True)
    )
    expect(line).to_contain_text(wang.said(ROLE_WORDS[Role.HEAD]))
    expect(line).not_to_contain_text(wang.said(ROLE_WORDS[Role.CLERK]))
    wang.ends()


@in_ways(*OTHERS)
def test_the_chart_of_a_region_is_imported_after_a_look_and_roles_are_given_and_taken(
    come: Come, players: cast.Cast
) -> None:
    xi = cast.person("xi", "习管", players.dongshan, Role.SYSTEM_ADMINISTRATOR)
    with_factor(xi)
    admin = come(xi)
    admin.goes("/desk/administration/")
    admin.follows("导入组织机构")
    chart: FilePayload = {"name": "机构.csv", "mimeType": "text/csv", "buffer": CHART.encode()}
    before = Agency.objects.count()
    admin.main.locator("input[type=file]").set_input_files(chart)
    admin.presses("导入")
    admin.sees("东山区卫健局")
    assert Agency.objects.count() == before, "the first time it is only looked at"
    admin.ends("looked-at")
    admin.main.locator("input[type=file]").set_input_files(chart)
    admin.main.get_by_role("checkbox").uncheck()
    admin.presses("导入")
    assert Agency.objects.get(code="230406-WJ").parent == players.dongshan
    admin.goes("/desk/administration/")
    admin.sees("东山区卫健局")
    admin.ends("imported")

    admin.goes(f"/desk/administration/people/{players.chen.pk}/")
    admin.presses("任命")
    admin.warned("请选择角色。")
    admin.field("角色").select_option(Role.REPORT_EDITOR.value)
    admin.presses("任命")
    assert players.chen.appointments.filter(role=Role.REPORT_EDITOR).exists()
    admin.ends("appointed")
    row = admin.main.get_by_role("row").filter(has_text=admin.said(ROLE_WORDS[Role.REPORT_EDITOR]))
    admin.sends(row.get_by_role("link", name=admin.said("免去")).first)
    for box in admin.main.get_by_role("checkbox").all():
        box.check()
    admin.sends(admin.main.locator("form .actions button"))
    assert not players.chen.appointments.filter(role=Role.REPORT_EDITOR).exists()
    assert {AccountDeed.APPOINTED, AccountDeed.DISMISSED} <= {row.kind for row in players.chen.changes.all()}
