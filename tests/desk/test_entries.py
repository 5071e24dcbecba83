"""Who came in, went out, failed, changed their second factor: found by the auditor, of applicants by number alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from casework import audit
from casework.actions import accounts
from casework.models import AccessRecord, Role, Staff
from tests import cast
from tests.cast import Cast
from tests.conftest import AS_OF
from tests.desk.test_door import GOOD, code_of, log_in, set_up, shown
from tests.portal.citizen import MAIL, PHONE, Citizen, digits_to, wrong
from tests.portal.test_accounts import code_of as code_of_account

pytestmark = pytest.mark.django_db

Said = tuple[str, str | None, str, str]


@pytest.fixture(autouse=True)
def as_installed(settings: Any) -> None:
    settings.AXES_ENABLED = True
    settings.SECOND_FACTOR = "by_role"
    cache.clear()


@pytest.fixture
def li(players: Cast) -> Staff:
    players.li.set_password(GOOD)
    players.li.save()
    return players.li


DOORS = ("logged_in", "logged_out", "login_failed", "factor")


def said() -> list[Said]:
    """Kind, who, which door, and how, the oldest first."""
    found = AccessRecord.objects.filter(kind__in=DOORS).select_related("by").order_by("pk")
    return [(row.kind, row.by.username if row.by else None, row.page, row.what) for row in found]


def test_a_clerk_who_comes_mistypes_and_goes(players: Cast) -> None:
    players.wang.set_password(GOOD)
    players.wang.save()
    client = Client()
    log_in(client, password="wrong")
    answer = log_in(client, address="203.0.113.7")
    client.post("/desk/logout/")
    assert said() == [
        ("login_failed", "wang", "login", ""),
        ("logged_in", "wang", "login", "password"),
        ("logged_out", "wang", "login", ""),
    ]
    came = AccessRecord.objects.get(kind="logged_in")
    assert (came.agency, came.network, came.at) == (players.dongshan, "203.0.113.7", AS_OF)
    assert came.request_id == answer["X-Request-ID"]
    assert GOOD not in str(list(AccessRecord.objects.values()))


def test_half_a_log_in_is_none_and_the_second_step_is_named(li: Staff, now: time_machine.Traveller) -> None:
    client = Client()
    log_in(client, "li")
    set_up(client)
    now.shift(timedelta(minutes=5))
    before = len(said())
    again = Client()
    log_in(again, "li")
    assert len(said()) == before, "the password alone lets nobody in"
    again.post("/desk/account/code/", {"code": "000000"})
    again.post("/desk/account/code/", {"code": code_of(li)})
    assert said()[before:] == [
        ("login_failed", "li", "login", ""),
        ("logged_in", "li", "login", "password mfa:totp"),
    ]


def test_a_second_factor_that_is_set_up_and_reset(
    li: Staff, players: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    admin = cast.person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    client = Client()
    log_in(client, "li")
    with django_capture_on_commit_callbacks(execute=True):
        set_up(client)
    accounts.reset_second_factor(li, by=admin, at=timezone.now())
    assert [row for row in said() if row[0] == "factor"] == [
        ("factor", "li", "login", "added totp"),
        ("factor", "li", "login", "added recovery_codes"),
        ("factor", "gao", "person", "reset li"),
    ]


def test_a_session_that_lasted_too_long_is_a_log_out(li: Staff, now: time_machine.Traveller) -> None:
    client = Client()
    log_in(client, "li")
    now.shift(timedelta(hours=2))
    client.get("/desk/")
    assert said()[-1] == ("logged_out", "li", "login", "")


def test_an_applicant_stands_there_by_the_number_of_the_account(players: Cast) -> None:
    citizen = Citizen()
    citizen.asks()
    citizen.types(wrong(digits_to(MAIL)))
    citizen.types()
    account = citizen.account
    citizen.send("/account/sign-out/", {})
    assert said() == [
        ("login_failed", None, "sign_in", "code"),
        ("logged_in", None, "sign_in", f"account {account.pk} code"),
        ("logged_out", None, "sign_in", f"account {account.pk}"),
    ]
    stored = str(list(AccessRecord.objects.values()))
    assert MAIL not in stored
    assert PHONE not in stored
    assert account.username not in stored


def test_an_account_with_a_second_factor_can_still_be_deleted(
    players: Cast, now: time_machine.Traveller, django_capture_on_commit_callbacks: Any
) -> None:
    """A wrong code stood in the record under the account itself, which held its row for ever (个人信息保护法 47)."""
    citizen = Citizen()
    citizen.enters()
    account = citizen.account
    page: Any = citizen.get("/account/second-factor/app/")
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        citizen.send("/account/second-factor/app/", {"code": shown(secret)})
    now.shift(timedelta(minutes=5))
    again = Citizen()
    again.enters()
    again.send("/account/second-step/", {"code": "000000"})
    again.send("/account/second-step/", {"code": code_of_account(account)})
    kinds = [(kind, what) for kind, _by, _page, what in said() if what.startswith(f"account {account.pk}")]
    assert kinds == [
        ("logged_in", f"account {account.pk} code"),
        ("factor", f"account {account.pk} added totp"),
        ("factor", f"account {account.pk} added recovery_codes"),
        ("login_failed", f"account {account.pk}"),
        ("logged_in", f"account {account.pk} code mfa:totp"),
    ]
    again.send("/account/close/", {"sure": "1"})
    assert not Staff.applicants.exists()


def test_without_a_record_nobody_gets_in(li: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_facts: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", full)
    client = Client(raise_request_exception=False)
    assert log_in(client, "li").status_code == 500
    assert client.get("/desk/").status_code == 302


def test_the_auditor_finds_them_by_person_and_kind(
    li: Staff, players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    log_in(Client(), "li")
    Citizen().enters()
    zhou = at_desk(players.zhou)

    def told(query: str) -> list[str]:
        return [record.what for record, _event, _words in zhou.get(f"/desk/audit/?{query}").context["lines"]]

    assert told("kind=logged_in&person=li") == ["password"]
    assert told("kind=logged_in") == [f"account {Staff.applicants.get().pk} code", "password"]
    page = zhou.get("/desk/audit/?kind=logged_in").content.decode()
    assert MAIL not in page
