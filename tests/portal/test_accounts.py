"""Applicants' accounts: proof of an address, the list, what is asked again, the end; and nothing tells on anybody."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import Login
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import IntegrityError, transaction
from django.test import Client

from casework.actions import related
from casework.actions.related import Matter
from casework.models import (
    Appointment,
    Case,
    Draft,
    Event,
    KeptBy,
    KeptCase,
    Kind,
    PersonKind,
    Role,
    SignInCode,
    Staff,
)
from notifications.models import Message
from tests import cast
from tests.conftest import AS_OF
from tests.portal.citizen import MAIL, PHONE, Citizen, digits_to, wrong
from tests.portal.visitor import words

pytestmark = pytest.mark.django_db
TODAY = AS_OF.date()


@pytest.fixture(autouse=True)
def texting(settings: Any) -> None:
    settings.SMS_GATEWAY = "folder"


@pytest.fixture
def zhang(players: cast.Cast) -> Citizen:
    """Signed in, with an empty list."""
    citizen = Citizen()
    citizen.enters()
    return citizen


def code_of(account: Staff) -> str:
    """What the application on the telephone shows now."""
    secret = get_adapter().decrypt(Authenticator.objects.get(user=account, type="totp").data["secret"])
    code: str = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return code


# Into the account -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "address"), [(" Zhang.San@Example.com ", MAIL), ("+86 138-0013-8000", PHONE)])
def test_the_first_code_makes_the_account_and_the_next_finds_it(players: cast.Cast, typed: str, address: str) -> None:
    citizen = Citizen(address=address)
    assert citizen.asks(typed).status_code == 200
    assert citizen.path == "/account/sign-in/code/"
    assert not Staff.applicants.exists()  # nobody is anybody before the code is right
    citizen.types()
    assert citizen.path == "/account/"
    made = citizen.account
    assert made.kind == PersonKind.APPLICANT
    assert not made.has_usable_password()
    citizen.send("/account/sign-out/", {})
    assert "sign-in" in citizen.client.get("/account/").headers["Location"]
    SignInCode.objects.all().delete()
    other = Citizen(address=address, client=Client(REMOTE_ADDR="10.0.0.9"))
    with time_machine.travel(AS_OF + timedelta(minutes=2), tick=False):
        other.enters()
    assert other.path == "/account/"
    assert Staff.applicants.get() == made


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "请填写电子邮箱或者手机号码"),
        ("0469-8223344", "这既不是电子邮箱，也不是手机号码"),
        ("zhang@", "的写法不对"),
        ("a@b.cn\u202e", "看不见的控制字符"),
        ("x" * 300 + "@example.com", "最多 254 个字"),
    ],
)
def test_what_is_no_address_is_said_and_nothing_is_sent(players: cast.Cast, typed: str, said: str) -> None:
    assert said in words(Citizen().asks(typed) if typed else Citizen().send("/account/sign-in/", {"address": ""}))
    assert not Message.objects.exists()
    assert not SignInCode.objects.exists()


def test_without_text_messages_a_number_is_no_way_in(players: cast.Cast, settings: Any) -> None:
    settings.SMS_GATEWAY = ""
    answer = Citizen().asks(PHONE)
    assert "手机" not in words(answer).replace("手机号码登录", "")
    assert not SignInCode.objects.exists()


def test_known_and_unknown_addresses_get_the_same_answer_the_same_rows_and_the_same_message(zhang: Citizen) -> None:
    def seen(address: str) -> tuple[Any, ...]:
        citizen = Citizen(address=address, client=Client(REMOTE_ADDR=f"10.1.0.{len(address)}"))
        rows = Message.objects.count(), SignInCode.objects.count()
        answer = citizen.asks()
        sent = Message.objects.latest("pk")
        grown = Message.objects.count() - rows[0], SignInCode.objects.count() - rows[1]
        return words(answer).replace(address, "·"), citizen.path, grown, sent.notice, sorted(sent.context)

    with time_machine.travel(AS_OF + timedelta(minutes=2), tick=False):
        assert seen(MAIL) == seen("nobody.here@example.com")


def test_staff_with_the_same_address_are_somebody_else(players: cast.Cast) -> None:
    Staff.objects.filter(pk=players.li.pk).update(email=MAIL, phone=PHONE)
    citizen = Citizen()
    citizen.enters()
    assert citizen.account != players.li
    assert citizen.client.get("/desk/").headers["Location"].startswith("/desk/login/")


def test_a_code_is_good_once_for_ten_minutes_in_the_browser_that_asked(players: cast.Cast) -> None:
    citizen, thief = Citizen(), Citizen()
    citizen.asks()
    digits = digits_to(MAIL)
    thief.types(digits)
    assert thief.path == "/account/sign-in/"
    with time_machine.travel(AS_OF + timedelta(minutes=10), tick=False):
        assert "已经失效" in words(citizen.types(digits))
    assert not Staff.applicants.exists()
    citizen.types(digits)  # the clock stands where it stood, but the page has let the code go
    assert citizen.path == "/account/sign-in/"


def test_five_wrong_codes_end_a_code_and_the_sixth_try_would_not_help_if_it_were_right(players: cast.Cast) -> None:
    citizen = Citizen()
    citizen.asks()
    digits = digits_to(MAIL)
    for _try in range(4):
        assert "验证码不对" in words(citizen.types(wrong(digits)))
    assert "已经失效" in words(citizen.types(wrong(digits)))
    citizen.types(digits)
    assert citizen.path == "/account/sign-in/"
    assert not Staff.applicants.exists()


def test_wrong_codes_are_slowed_by_address_whatever_code_they_are_for(players: cast.Cast) -> None:
    citizen = Citizen()
    citizen.asks()
    for _try in range(5):
        citizen.types(wrong(digits_to(MAIL)))
    with time_machine.travel(AS_OF + timedelta(seconds=61), tick=False) as now:
        citizen.asks()
        for _try in range(2):
            citizen.types(wrong(digits_to(MAIL)))
        assert "连续输错多次" in words(citizen.types())
        now.shift(timedelta(seconds=30))
        citizen.types()
        assert citizen.path == "/account/"


def test_codes_are_sent_one_a_minute_and_ten_an_hour_to_one_address(players: cast.Cast) -> None:
    sent = 0
    with time_machine.travel(AS_OF, tick=False) as now:
        for _minute in range(50):
            Citizen(client=Client(REMOTE_ADDR=f"10.2.0.{_minute}")).asks()
            assert "秒再要" in words(Citizen(client=Client(REMOTE_ADDR="10.3.0.1")).asks())
            sent = Message.objects.filter(notice="code_wanted").count()
            now.shift(timedelta(minutes=1))
    assert sent == 9  # five in five minutes, then one in ten


def test_the_digits_are_neither_in_the_outbox_nor_in_the_row(players: cast.Cast) -> None:
    Citizen().asks()
    digits, message, row = digits_to(MAIL), Message.objects.get(), SignInCode.objects.get()
    assert digits not in str(message.context)
    assert digits not in row.code_hash
    assert MAIL.encode() not in bytes(row.address_sealed)


def test_expired_codes_are_forgotten(players: cast.Cast) -> None:
    Citizen().asks()
    assert SignInCode.forget(at=AS_OF) == 0
    assert SignInCode.forget(at=AS_OF + timedelta(minutes=10)) == 1


@pytest.mark.parametrize("back", ["//evil.example.com/", "https://evil.example.com/", "/desk/", "/account/\\..//evil"])
def test_nobody_is_led_elsewhere_after_signing_in(players: cast.Cast, back: str) -> None:
    citizen = Citizen()
    citizen.get("/account/sign-in/", next=back)
    citizen.enters()
    assert citizen.path == "/account/"


def test_a_session_ends_when_it_is_idle_and_staff_rules_do_not_touch_it(zhang: Citizen, settings: Any) -> None:
    settings.SECOND_FACTOR, settings.PASSWORD_DAYS = "by_role", 1
    with time_machine.travel(AS_OF + timedelta(minutes=29), tick=False) as now:
        assert zhang.client.get("/account/").status_code == 200
        now.shift(timedelta(minutes=29))
        assert zhang.client.get("/account/").status_code == 200
        now.shift(timedelta(minutes=31))
        assert zhang.client.get("/account/").status_code == 302
        now.shift(timedelta(minutes=-31))
        assert zhang.client.get("/account/").status_code == 302  # it is over, not asleep


# The list -----------------------------------------------------------------------------------------------------------


def test_filed_while_signed_in_it_is_in_the_list_with_name_and_contact_filled_in(zhang: Citizen) -> None:
    zhang.send("/account/settings/", {"name": "张三"})
    draft = zhang.choose()
    zhang.send(draft + "kind/", {"applicant_kind": "natural_person"})
    page = words(zhang.get(draft + "who/")), zhang.get(draft + "who/").content.decode()
    assert 'value="张三"' in page[1]
    assert MAIL in page[1]
    assert "没有写完的申请" in words(zhang.get("/account/"))
    zhang.send(zhang.filled() + "check/", {"keep_in_account": "1"})
    case = Case.objects.get()
    kept = KeptCase.objects.get()
    assert (kept.account, kept.case, kept.by) == (zhang.account, case, KeptBy.FILED)
    assert Event.objects.filter(case=case, kind=Kind.KEPT_IN_ACCOUNT, at=kept.at).count() == 1
    listed = words(zhang.get("/account/"))
    assert case.number in listed
    assert "正在办理" in listed
    assert "最迟答复日" in listed
    assert zhang.client.get(f"/follow/{case.pk}/").status_code == 200
    assert cast.RESIDENT_NUMBER not in str(Staff.applicants.values())


def test_without_the_tick_it_stays_out_and_opens_by_its_code(zhang: Citizen) -> None:
    case, code = zhang.applied()
    assert not KeptCase.objects.exists()
    assert zhang.client.get(f"/follow/{case.pk}/").status_code == 302
    zhang.opens(case, code)
    assert zhang.path == f"/follow/{case.pk}/"


def test_filed_twice_at_once_it_is_kept_once(zhang: Citizen) -> None:
    draft = zhang.filled()
    for _press in range(2):
        zhang.send(draft + "check/", {"keep_in_account": "1"})
    assert KeptCase.objects.count() == Case.objects.count() == 1


def test_from_the_receipt_into_the_account_while_it_shows_the_code(players: cast.Cast) -> None:
    citizen = Citizen()
    case, _code = citizen.applied()
    receipt = citizen.path
    assert "放入我的账户" in words(citizen.get(receipt))
    citizen.get(receipt + "keep/")
    citizen.enters()
    assert citizen.path == receipt + "keep/"
    citizen.send(citizen.path, {})
    assert KeptCase.objects.get().by == KeptBy.RECEIPT
    assert case.number in words(citizen.get("/account/"))


def test_half_an_hour_later_the_address_of_the_receipt_puts_nothing_in(zhang: Citizen) -> None:
    visitor = Citizen()
    visitor.applied()
    with time_machine.travel(AS_OF + timedelta(minutes=29), tick=False):
        zhang.get("/account/")
    with time_machine.travel(AS_OF + timedelta(minutes=31), tick=False):
        assert "放入我的账户" not in words(zhang.get(visitor.path))
        zhang.send(visitor.path + "keep/", {})
    assert not KeptCase.objects.exists()


def test_an_older_case_joins_by_number_and_code_and_a_wrong_code_is_slowed(zhang: Citizen) -> None:
    case, code = Citizen().applied()
    unknown = {"number": "230406-2026-99999", "code": code}
    assert "对不上" in words(zhang.send("/account/join/", unknown))
    assert "写错了" in words(zhang.send("/account/join/", {"number": case.number, "code": code[:-1]}))
    assert not KeptCase.objects.exists()
    wrong_code = {"number": case.number, "code": Citizen().applied()[1]}
    for _try in range(5):
        assert "对不上" in words(zhang.send("/account/join/", wrong_code))
    assert "连续输错多次" in words(zhang.send("/account/join/", {"number": case.number, "code": code}))
    with time_machine.travel(AS_OF + timedelta(seconds=30), tick=False):
        zhang.send("/account/join/", {"number": case.number, "code": code})
    assert KeptCase.objects.get().by == KeptBy.CODE
    assert "本件放入了一个网上账户" in words(zhang.get(f"/follow/{case.pk}/"))


def test_a_case_opened_by_its_code_joins_from_its_page_and_no_other_does(zhang: Citizen) -> None:
    case, code = Citizen().applied()
    other, _code = Citizen().applied()
    zhang.send(f"/follow/{other.pk}/keep/", {})
    assert zhang.path == "/follow/"
    zhang.opens(case, code)
    zhang.send(f"/follow/{case.pk}/keep/", {})
    assert [kept.case for kept in KeptCase.objects.all()] == [case]


def test_two_accounts_may_hold_one_case_and_neither_sees_the_other(zhang: Citizen) -> None:
    case, code = Citizen().applied()
    lisi = Citizen(address="li.si@example.com")
    lisi.enters()
    for citizen in (zhang, lisi):
        citizen.send("/account/join/", {"number": case.number, "code": code})
        assert "已经放入" in words(citizen.get("/account/")) or case.number in words(citizen.get("/account/"))
    assert KeptCase.objects.filter(case=case).count() == 2
    assert MAIL not in words(lisi.get(f"/follow/{case.pk}/"))
    lisi.send(f"/account/cases/{case.pk}/remove/", {})
    assert zhang.client.get(f"/follow/{case.pk}/").status_code == 200
    fresh = Citizen(address="li.si@example.com", client=lisi.client)
    assert fresh.client.get(f"/follow/{case.pk}/").status_code == 302


def test_anothers_case_in_any_address_is_not_there(zhang: Citizen) -> None:
    case, _code = Citizen().applied()
    for address in ("supplement/", "withdraw/", "notices/", "next/", "receipt.pdf", "sent.txt", "keep/", "rate/", ""):
        assert zhang.client.get(f"/follow/{case.pk}/{address}").headers["Location"] == "/follow/"
        assert zhang.client.get(f"/follow/{case.pk + 99}/{address}").headers["Location"] == "/follow/"
    assert zhang.client.get(f"/account/cases/{case.pk}/remove/").status_code == 404
    assert zhang.client.post(f"/account/cases/{case.pk}/remove/").status_code == 404
    assert zhang.client.get("/account/cases/999999/remove/").status_code == 404


def test_what_came_out_of_a_kept_case_is_kept_with_it(zhang: Citizen, players: cast.Cast) -> None:
    zhang.send(zhang.filled() + "check/", {"keep_in_account": "1"})
    case = Case.objects.get()
    kept, other = Matter(content="2025年的清单", subject="清单"), Matter(content="2025年的资金", subject="资金")
    players.dongshan.splits_applications = True
    players.dongshan.save()
    case = Case.objects.get()
    related.split(case, kept=kept, others=[other], reason="两项", by=players.wang, at=cast.moment(TODAY, 11))
    assert KeptCase.objects.filter(account=zhang.account).count() == Case.objects.count() > 1


def test_drafts_come_into_the_list_by_their_code_and_go_by_themselves(zhang: Citizen) -> None:
    stranger = Citizen()
    draft = stranger.filled()
    paused = words(stranger.send(draft + "pause/", {}))
    code = re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", paused)
    assert code
    zhang.send("/resume/", {"code": code[1]})
    assert Draft.objects.get(account=zhang.account).case is None
    assert "工农" not in words(zhang.get("/account/"))
    assert "老旧小区" in words(zhang.get("/account/"))


# The account itself -------------------------------------------------------------------------------------------------


def test_another_address_is_the_accounts_once_it_is_proven_and_the_old_one_hears_of_it(zhang: Citizen) -> None:
    account = zhang.account
    zhang.send("/account/settings/email/", {"address": "new@example.com"})
    assert zhang.account == account  # not yet
    zhang.types(digits_to("new@example.com"))
    account.refresh_from_db()
    assert account.email == "new@example.com"
    told = Message.objects.filter(notice="account_changed")
    assert [each.address for each in told] == [MAIL]


def test_an_address_of_another_account_is_refused_to_its_owner_alone(zhang: Citizen) -> None:
    Citizen(address=PHONE).enters()
    with time_machine.travel(AS_OF + timedelta(minutes=2), tick=False):
        answer = zhang.send("/account/settings/phone/", {"address": PHONE})
        assert "另一个账户" not in words(answer)  # before the code is right nothing is said
        assert "另一个账户" in words(zhang.types(digits_to(PHONE)))
    assert zhang.account.phone == ""


def test_the_last_way_in_stays(zhang: Citizen) -> None:
    assert "至少要留下一种登录方式" in words(zhang.send("/account/settings/email/drop/", {}))
    zhang.send("/account/settings/phone/", {"address": PHONE})
    zhang.types(digits_to(PHONE))
    zhang.send("/account/settings/email/drop/", {})
    account = Staff.applicants.get()
    assert (account.email, account.phone) == ("", PHONE)


@pytest.mark.parametrize("page", ["settings/email/", "close/", "second-factor/app/", "second-factor/keys/add/"])
def test_what_is_grave_is_asked_again_ten_minutes_after_signing_in(zhang: Citizen, page: str) -> None:
    with time_machine.travel(AS_OF + timedelta(minutes=11), tick=False):
        zhang.client.get("/account/")
        assert zhang.client.get(f"/account/{page}").headers["Location"] == "/account/sign-in/again/"
        zhang.send("/account/sign-in/again/", {"way": "email"})
        zhang.types()
        assert zhang.path == f"/account/{page}"


def test_the_second_step_is_the_applicants_choice_and_then_it_is_asked(
    zhang: Citizen, django_capture_on_commit_callbacks: Any
) -> None:
    page = zhang.get("/account/second-factor/app/")
    assert 'href="/desk/' not in page.content.decode().replace('href="/desk/"', "")
    secret = page.context["form"].secret  # type: ignore[attr-defined]
    typed = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    with django_capture_on_commit_callbacks(execute=True):
        page = zhang.send("/account/second-factor/app/", {"code": typed})
    assert zhang.path == "/account/second-factor/recovery/", words(page)
    assert "恢复码" in words(zhang.get("/account/second-factor/recovery/"))
    assert Message.objects.filter(notice="account_changed", address=MAIL).exists()
    zhang.send("/account/sign-out/", {})
    with time_machine.travel(AS_OF + timedelta(minutes=2), tick=False):
        again = Citizen(client=Client())
        again.get("/account/sign-in/", next="/account/settings/")
        again.enters()
        assert again.path == "/account/second-step/"
        assert again.client.get("/account/").status_code == 302
        assert "验证码不对" in words(again.send(again.path, {"code": "000000"}))
        again.send("/account/second-step/", {"code": code_of(zhang.account)})
        assert again.path == "/account/settings/"
        assert again.client.get("/account/second-factor/").status_code == 200


def test_a_half_entered_account_of_the_other_face_goes_no_further(zhang: Citizen, players: cast.Cast) -> None:
    """Whose password was right at the desk types the second code at the desk, and an applicant at the portal."""
    client = Client()
    session = client.session
    session["account_login"] = Login(user=players.li, email_verification="none").serialize()
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    assert client.get("/account/second-step/").headers["Location"] == "/account/sign-in/"
    session["account_login"] = Login(user=zhang.account, email_verification="none").serialize()
    session.save()
    assert client.get("/desk/account/code/").headers["Location"] == "/desk/login/"


def test_deleted_with_all_that_is_its_own_while_the_applications_stay(zhang: Citizen) -> None:
    zhang.send(zhang.filled() + "check/", {"keep_in_account": "1"})
    zhang.choose()
    elsewhere = Citizen(client=Client())
    with time_machine.travel(AS_OF + timedelta(minutes=2), tick=False):
        elsewhere.enters()
    assert "请勾选" in words(zhang.send("/account/close/", {}))
    assert Staff.applicants.exists()
    answer = zhang.send("/account/close/", {"sure": "on"})
    assert "账户已经删除" in words(answer)
    assert not Staff.applicants.exists()
    assert not KeptCase.objects.exists()
    assert not Draft.objects.filter(case=None).exists()
    case = Case.objects.get()
    assert case.is_open
    assert [each.kind for each in case.events.all()][-2:] == [Kind.KEPT_IN_ACCOUNT, Kind.TAKEN_FROM_ACCOUNT]
    assert elsewhere.client.get("/account/").status_code == 302
    assert Message.objects.filter(notice="account_changed", address=MAIL).exists()


def test_signing_out_elsewhere_ends_the_others_and_not_this_one(zhang: Citizen) -> None:
    other = Citizen(client=Client())
    with time_machine.travel(AS_OF + timedelta(minutes=2), tick=False):
        other.enters()
        assert "另有1处" in words(zhang.get("/account/settings/"))
        zhang.send("/account/settings/sign-out/", {})
        assert other.client.get("/account/").status_code == 302
        assert zhang.client.get("/account/").status_code == 200


# Two kinds, for good --------------------------------------------------------------------------------------------------


def test_an_applicant_holds_no_role(zhang: Citizen, players: cast.Cast) -> None:
    with pytest.raises(ValueError, match="no role"):
        Appointment.objects.create(staff=zhang.account, agency=players.dongshan, role=Role.HEAD)
    Appointment.objects.bulk_create([Appointment(staff=zhang.account, agency=players.dongshan, role=Role.HEAD)])
    smuggled = zhang.account
    assert smuggled.roles == {}
    assert smuggled.stand_at("127.0.0.1") is False
    assert smuggled.roles == {}
    assert not smuggled.holds(players.dongshan.pk, Role.HEAD)


@pytest.mark.parametrize(
    "changed",
    [{"username": "zhang"}, {"is_staff": True}, {"is_superuser": True}, {"kind": PersonKind.STAFF}],
    ids=lambda changed: next(iter(changed)),
)
def test_the_database_keeps_the_kinds_apart(zhang: Citizen, changed: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.applicants.update(**changed)


def test_one_account_an_address_whatever_its_letters(zhang: Citizen) -> None:
    Citizen(address=PHONE).enters()
    for changed in ({"email": MAIL.upper()}, {"phone": PHONE}):
        first = Staff.applicants.exclude(email=MAIL) if "email" in changed else Staff.applicants.filter(email=MAIL)
        with pytest.raises(IntegrityError), transaction.atomic():
            first.update(**changed)
