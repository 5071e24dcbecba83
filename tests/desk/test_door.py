"""The doors of the desk: passwords, locks, the second step, sessions that end, networks, and the text that stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from casework.access import Verb
from casework.actions import accounts
from casework.actions.passwords import INITIAL, change_password, initial_password
from casework.law.refusals import Refused
from casework.models import AccountDeed, Agency, Case, FormerPassword, Role, Staff, StaffChange
from tests import cast
from tests.cast import Cast
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

GOOD = "Dongshan-2026-Gongkai"
NEXT = "Zhengce wenjian 88 hao"


@pytest.fixture(autouse=True)
def as_installed(settings: Any) -> None:
    """As a real installation has it."""
    settings.AXES_ENABLED = True
    settings.SECOND_FACTOR = "by_role"
    cache.clear()  # allauth counts tries there, and the clock of the tests stands still


@pytest.fixture
def wang(players: Cast) -> Staff:
    players.wang.set_password(GOOD)
    players.wang.save()
    return players.wang


def log_in(
    client: Client, username: str = "wang", password: str = GOOD, address: str = "127.0.0.1", **more: Any
) -> Any:
    return client.post("/desk/login/", {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def code_of(person: Staff) -> str:
    """What the application on the telephone shows now."""
    sealed = Authenticator.objects.get(user=person, type="totp").data["secret"]
    return shown(get_adapter().decrypt(sealed))


def shown(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    return code


# Passwords ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        (NEXT, True),
        ("Ab1-Ab1-Ab1", False),  # eleven characters
        ("Ab1-Ab1-Ab12", True),
        ("abcdefghijklmn", False),  # of one kind
        ("12345678901234", False),
        ("password1234Password", True),
        ("qwertyuiop1!", True),
        ("Wangmin-wang1", True),
        (GOOD, False),  # the present one
    ],
)
def test_what_a_password_must_be_like(wang: Staff, password: str, taken: bool) -> None:
    try:
        change_password(wang, old=GOOD, new=password, at=timezone.now())
    except Refused:
        assert not taken
    else:
        assert taken


def test_none_of_the_last_five_is_taken_again(wang: Staff) -> None:
    passwords = [f"{NEXT} {n}" for n in range(6)]
    for old, new in zip([GOOD, *passwords], passwords, strict=False):
        change_password(wang, old=old, new=new, at=timezone.now())
    with pytest.raises(Refused, match="最近用过"):
        change_password(wang, old=passwords[5], new=passwords[2], at=timezone.now())
    change_password(wang, old=passwords[5], new=passwords[0], at=timezone.now())


def test_an_initial_password_opens_the_page_on_which_it_is_changed_and_no_other(players: Cast) -> None:
    admin = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    at = timezone.now()
    person, initial = accounts.add_person(
        players.dongshan, username="xin", name="新来", roles=[Role.CLERK], by=admin, at=at
    )
    client = Client()
    assert log_in(client, "xin", initial).status_code == 302
    for address in ("/desk/", "/desk/roles/", "/desk/account/second-factor/"):
        assert client.get(address).headers["Location"] == "/desk/account/password/"
    page = client.get("/desk/account/password/").content.decode()
    assert "初始密码" in page
    wrong = client.post("/desk/account/password/", {"old": "x", "new": NEXT, "again": NEXT})
    assert "现在的密码不对" in wrong.content.decode()
    differing = client.post("/desk/account/password/", {"old": initial, "new": NEXT, "again": GOOD})
    assert "不一样" in differing.content.decode()
    assert client.post("/desk/account/password/", {"old": initial, "new": NEXT, "again": NEXT}).status_code == 302
    assert client.get("/desk/").status_code == 200
    person.refresh_from_db()
    assert person.initial_until is None


def test_an_initial_password_is_good_for_a_week(players: Cast, now: time_machine.Traveller) -> None:
    admin = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    _person, initial = accounts.add_person(
        players.dongshan, username="xin", name="新来", roles=[Role.CLERK], by=admin, at=timezone.now()
    )
    now.shift(INITIAL + timedelta(minutes=1))
    assert "已经过期" in log_in(Client(), "xin", initial).content.decode()


def test_an_old_password_has_to_be_changed(wang: Staff, now: time_machine.Traveller, settings: Any) -> None:
    FormerPassword.objects.create(staff=wang, encoded=wang.password, at=timezone.now())
    now.shift(timedelta(days=settings.PASSWORD_DAYS, minutes=1))
    client = Client()
    log_in(client)
    assert client.get("/desk/").headers["Location"] == "/desk/account/password/"


def test_initial_passwords_are_drawn_from_enough_and_pass_the_rules(wang: Staff) -> None:
    from django.contrib.auth.password_validation import validate_password

    drawn = {initial_password() for _ in range(200)}
    assert len(drawn) == 200
    for password in drawn:
        validate_password(password, wang)
    with pytest.raises(ValidationError):
        validate_password("short", wang)


# Locks ----------------------------------------------------------------------------------------------------------------


def test_five_wrong_passwords_make_this_account_wait_from_this_address_alone(
    wang: Staff, players: Cast, now: time_machine.Traveller
) -> None:
    players.chen.set_password(GOOD)
    players.chen.save()
    for n in range(5):
        answer = log_in(Client(), password="wrong")
        assert answer.status_code == (429 if n == 4 else 200)
    waiting = log_in(Client())
    assert waiting.status_code == 429
    assert "请等 15 分钟" in waiting.content.decode()
    assert log_in(Client(), "chen").status_code == 302  # behind the same address
    assert log_in(Client(), address="10.1.1.1").status_code == 302  # the owner elsewhere
    assert [row.kind for row in wang.changes.all()] == [AccountDeed.LOCKED]
    now.shift(timedelta(minutes=16))
    assert log_in(Client()).status_code == 302


def test_the_administrator_lifts_the_lock(wang: Staff, players: Cast) -> None:
    admin = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    for _ in range(5):
        log_in(Client(), password="wrong")
    assert accounts.unlock(wang, by=admin, at=timezone.now())
    assert log_in(Client()).status_code == 302
    assert wang.changes.first().kind == AccountDeed.UNLOCKED  # type: ignore[union-attr]


def test_an_unknown_name_hears_what_a_known_one_hears(wang: Staff) -> None:
    said = [log_in(Client(), username, "wrong").content.decode() for username in ("wang", "niemand")]
    assert all("用户名和密码对不上" in page for page in said)


# The second factor ----------------------------------------------------------------------------------------------------


def set_up(client: Client) -> str:
    """Activate the application; the secret as the telephone would have it."""
    again = client.get("/desk/account/second-factor/app/").headers["Location"]
    assert again.startswith("/desk/account/again/")  # the password once more
    assert "密码" in client.get(again).content.decode()
    page = client.post(again, {"password": GOOD}, follow=True)
    secret = page.context["form"].secret
    code = shown(secret)
    answer = client.post("/desk/account/second-factor/app/", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.headers["Location"] == "/desk/account/second-factor/recovery/"
    return str(secret)


def test_a_head_is_led_to_the_second_factor_and_asked_for_it_the_next_time(
    players: Cast, now: time_machine.Traveller
) -> None:
    players.li.set_password(GOOD)
    players.li.save()
    client = Client()
    assert log_in(client, "li").status_code == 302
    for address in ("/desk/", "/desk/today/", "/desk/ledger/"):
        assert client.get(address).headers["Location"] == "/desk/account/second-factor/"
    assert "必须使用双因素登录" in client.get("/desk/account/second-factor/").content.decode()
    secret = set_up(client)
    codes = client.get("/desk/account/second-factor/recovery/").context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/desk/").status_code == 200
    stored = Authenticator.objects.get(user=players.li, type="totp").data["secret"]
    assert secret not in stored  # sealed

    now.shift(timedelta(minutes=5))
    again = Client()
    assert log_in(again, "li", next="/desk/ledger/").headers["Location"] == "/desk/account/code/"
    assert again.get("/desk/").headers["Location"].startswith("/desk/login/")
    wrong = again.post("/desk/account/code/", {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    right = again.post("/desk/account/code/", {"code": code_of(players.li)})
    assert right.headers["Location"] == "/desk/ledger/"
    assert again.get("/desk/").status_code == 200

    third = Client()
    log_in(third, "li")
    assert third.post("/desk/account/code/", {"code": codes[0]}).status_code == 302
    assert third.get("/desk/").status_code == 200
    fourth = Client()
    log_in(fourth, "li")
    assert "验证码不对" in fourth.post("/desk/account/code/", {"code": codes[0]}).content.decode()  # good once


def test_wrong_codes_lock_as_wrong_passwords_do(players: Cast, now: time_machine.Traveller) -> None:
    players.li.set_password(GOOD)
    players.li.save()
    client = Client()
    log_in(client, "li")
    set_up(client)
    again = Client()
    log_in(again, "li")
    for _ in range(5):
        again.post("/desk/account/code/", {"code": "000000"})
    assert again.post("/desk/account/code/", {"code": code_of(players.li)}).headers["Location"] == "/desk/login/"
    assert log_in(Client(), "li").status_code == 429


def test_a_clerk_needs_none_and_an_agency_may_ask_it_of_clerks_too(wang: Staff, players: Cast) -> None:
    client = Client()
    log_in(client)
    assert client.get("/desk/").status_code == 200
    Agency.objects.filter(pk=players.dongshan.pk).update(second_factor_roles=["clerk"])
    assert client.get("/desk/").headers["Location"] == "/desk/account/second-factor/"


def test_the_last_one_stays_where_it_is_required(players: Cast) -> None:
    players.li.set_password(GOOD)
    players.li.save()
    client = Client()
    log_in(client, "li")
    set_up(client)
    page = client.post("/desk/account/second-factor/app/remove/")
    assert "不能撤除" in page.content.decode()
    assert Authenticator.objects.filter(user=players.li, type="totp").exists()


def test_a_passkey_stands_under_the_name_that_its_owner_gave_it(
    players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    Authenticator.objects.create(user=players.li, type="webauthn", data={"name": "办公室电脑", "credential": {}})
    page = at_desk(players.li).get("/desk/account/second-factor/").content.decode()
    assert "<li>办公室电脑</li>" in page


def test_a_lost_telephone_is_reset_by_the_administrator(players: Cast) -> None:
    admin = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    players.li.set_password(GOOD)
    players.li.save()
    client = Client()
    log_in(client, "li")
    set_up(client)
    assert accounts.reset_second_factor(players.li, by=admin, at=timezone.now())
    assert client.get("/desk/").headers["Location"].startswith("/desk/login/")
    again = Client()
    log_in(again, "li")
    assert again.get("/desk/").headers["Location"] == "/desk/account/second-factor/"


# Sessions -------------------------------------------------------------------------------------------------------------


def test_a_session_ends_when_idle_and_after_a_days_work(wang: Staff, now: time_machine.Traveller) -> None:
    client = Client()
    log_in(client)
    for _ in range(13):
        now.shift(timedelta(minutes=55))
        assert client.get("/desk/").status_code == 200
    now.shift(timedelta(minutes=20))  # 12 hours and a quarter
    assert client.get("/desk/").status_code == 302
    log_in(client)
    now.shift(timedelta(minutes=61))
    assert client.get("/desk/").status_code == 302


def test_a_page_writes_no_session_within_a_minute(wang: Staff, now: time_machine.Traveller) -> None:
    client = Client()
    log_in(client)
    before = Session.objects.get(pk=client.session.session_key).session_data
    now.shift(timedelta(seconds=50))
    client.get("/desk/")
    assert Session.objects.get(pk=client.session.session_key).session_data == before
    now.shift(timedelta(seconds=20))
    client.get("/desk/")
    assert Session.objects.get(pk=client.session.session_key).session_data != before


def overnight(wang: Staff, case: Case, now: time_machine.Traveller) -> tuple[Client, dict[str, str]]:
    """Wang left a form open; what he sends in the morning, and his browser."""
    client = Client()
    log_in(client)
    typed = {"version": str(case.version), "unclear": "请说明所需信息的年度和范围。", "csrfmiddlewaretoken": "x"}
    now.shift(timedelta(hours=14))
    return client, typed


def test_a_form_left_open_overnight_keeps_its_text(wang: Staff, case: Case, now: time_machine.Traveller) -> None:
    client, typed = overnight(wang, case, now)
    address = f"/desk/cases/{case.pk}/{Verb.REQUEST_SUPPLEMENT}/"
    door = client.post(address, typed)
    assert "刚才填写的文字还在" in door.content.decode()
    kept = door.context["kept"]
    assert "年度和范围" not in kept  # sealed
    answer = log_in(client, kept=kept)
    assert answer.headers["Location"] == "/desk/account/unsent/"
    page = client.get("/desk/account/unsent/").content.decode()
    assert "请说明所需信息的年度和范围。" in page
    assert f'action="{address}"' in page
    assert client.post("/desk/account/unsent/").status_code == 302
    assert client.get("/desk/account/unsent/").status_code == 302  # thrown away


def test_nobody_else_gets_the_text(wang: Staff, players: Cast, case: Case, now: time_machine.Traveller) -> None:
    players.chen.set_password(GOOD)
    players.chen.save()
    client, typed = overnight(wang, case, now)
    kept = client.post(f"/desk/cases/{case.pk}/{Verb.REQUEST_SUPPLEMENT}/", typed).context["kept"]
    log_in(client, "chen", kept=kept)
    assert client.get("/desk/account/unsent/").status_code == 302
    forged = Client()
    log_in(forged, kept="aGVsbG8=")
    assert forged.get("/desk/account/unsent/").status_code == 302


def test_a_password_is_never_carried(wang: Staff, now: time_machine.Traveller) -> None:
    client = Client()
    log_in(client)
    now.shift(timedelta(hours=14))
    answer = client.post("/desk/account/password/", {"old": GOOD, "new": NEXT, "again": NEXT})
    assert answer.status_code == 302


def test_ones_own_sessions_are_listed_and_ended(wang: Staff) -> None:
    here, there = Client(headers={"user-agent": "Firefox"}), Client(headers={"user-agent": "Edge"})
    for client in (here, there):
        log_in(client)
    page = here.get("/desk/account/me/").content.decode()
    assert "Firefox" in page
    assert "Edge" in page
    assert here.post("/desk/account/me/").status_code == 302
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302
    assert UserSession.objects.filter(user=wang).count() == 1


def test_a_new_password_ends_the_other_sessions(wang: Staff) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        log_in(client)
    here.post("/desk/account/password/", {"old": GOOD, "new": NEXT, "again": NEXT})
    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").status_code == 302


# Networks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "behind_proxy", "forwarded", "status"),
    [
        ("10.20.3.4", False, "", 200),
        ("10.21.3.4", False, "", 403),
        ("::ffff:10.20.3.4", False, "", 200),
        ("2001:db8::7", False, "", 200),
        ("", False, "", 403),
        ("10.21.3.4", False, "10.20.3.4", 403),  # anybody can write that
        ("127.0.0.1", True, "8.8.8.8, 10.20.3.4", 200),  # the last one is our proxy's
        ("127.0.0.1", True, "10.20.3.4, 8.8.8.8", 403),
        ("127.0.0.1", True, "nonsense", 403),
    ],
)
def test_a_role_is_used_from_the_networks_of_its_agency(
    players: Cast,
    at_desk: Callable[[Staff], Client],
    settings: Any,
    address: str,
    behind_proxy: bool,
    forwarded: str,
    status: int,
) -> None:
    Agency.objects.filter(pk=players.dongshan.pk).update(networks=["10.20.0.0/16", "2001:db8::/32"])
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind_proxy else None
    more: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    answer = at_desk(players.wang).get("/desk/", REMOTE_ADDR=address, **more)
    assert answer.status_code == status
    if status == 403:
        assert "指定的网络" in answer.content.decode()


def test_elsewhere_only_the_open_agencys_roles_count(
    players: Cast, case: Case, at_desk: Callable[[Staff], Client]
) -> None:
    players.wang.appointments.create(agency=players.civil, role=Role.CLERK)
    Agency.objects.filter(pk=players.dongshan.pk).update(networks=["10.20.0.0/16"])
    client = at_desk(players.wang)
    assert client.get("/desk/", REMOTE_ADDR="192.0.2.1").status_code == 200
    assert client.get(f"/desk/cases/{case.pk}/", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert client.get(f"/desk/cases/{case.pk}/", REMOTE_ADDR="10.20.0.1").status_code == 200


# The record -----------------------------------------------------------------------------------------------------------


def test_what_was_done_to_an_account_is_kept(wang: Staff) -> None:
    accounts.note(wang, AccountDeed.LOCKED, at=AS_OF)
    row = StaffChange.objects.get()
    for act in (row.save, row.delete, StaffChange.objects.all().delete, lambda: StaffChange.objects.update(kind="x")):
        with pytest.raises(TypeError, match="append-only"):
            act()
