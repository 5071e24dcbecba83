"""Signing in through another service: against a small OpenID Connect provider on loopback, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from casework.models import AccountDeed, Staff
from tests.cast import Cast
from tests.provider import Provider, running_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with running_provider("office") as (server, said):
        settings.OIDC_URL, settings.SOCIALACCOUNT_PROVIDERS = server.url, said
        yield server


def sign_on(provider: Provider, client: Client | None = None, next_page: str = "") -> tuple[Client, Any]:
    """Through the other service and back, as a browser goes."""
    client = client or Client()
    start = client.get("/desk/account/sign-on/office/" + (f"?next={next_page}" if next_page else ""))
    assert start.headers["Location"].startswith(f"{provider.url}/authorize?")
    back = requests.get(start.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client, client.get(back.removeprefix("http://testserver"), follow=True)


def test_known_by_a_verified_address_once_and_by_the_subject_ever_after(players: Cast, provider: Provider) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "Wang@dongshan.example.cn", "email_verified": True}
    client, answer = sign_on(provider, next_page="/desk/ledger/")
    assert answer.redirect_chain[-1][0] == "/desk/ledger/"
    assert SocialAccount.objects.get().user == players.wang
    assert players.wang.changes.get().kind == AccountDeed.LINKED
    provider.person = {"sub": "w-1", "email": "somebody@else.example.cn", "email_verified": True}
    client, answer = sign_on(provider)
    assert client.session["_auth_user_id"] == str(players.wang.pk)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "x-1", "email": "stranger@example.cn", "email_verified": True},
        {"sub": "x-2", "email": "wang@dongshan.example.cn", "email_verified": False},
        {"sub": "x-3", "email": "wang@dongshan.example.cn"},
        {"sub": "x-4", "email": "wang@dongshan.example.cn", "email_verified": "true"},
        {"sub": "x-5"},
        {"sub": "x-6", "preferred_username": "wang"},
    ],
)
def test_whoever_has_no_account_here_is_told_and_none_is_made(
    players: Cast, provider: Provider, person: dict[str, Any]
) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = person
    client, answer = sign_on(provider)
    assert "没有与之对应的工作人员账户" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert (Staff.objects.count(), SocialAccount.objects.count()) == (7, 0)


def test_a_second_subject_with_the_same_address_is_refused(players: Cast, provider: Provider) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "wang@dongshan.example.cn", "email_verified": True}
    sign_on(provider)
    provider.person["sub"] = "w-2"
    client, _answer = sign_on(provider)
    assert "_auth_user_id" not in client.session


def test_who_has_left_does_not_come_in(players: Cast, provider: Provider) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "wang@dongshan.example.cn", "email_verified": True}
    sign_on(provider)
    Staff.objects.filter(pk=players.wang.pk).update(is_active=False)
    client, answer = sign_on(provider)
    assert "没有与之对应的工作人员账户" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("what", ["state", "code", "audience", "issuer"])
def test_an_answer_that_was_not_meant_for_this_visitor_lets_nobody_in(
    players: Cast, provider: Provider, what: str
) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    provider.person = {"sub": "w-1", "email": "wang@dongshan.example.cn", "email_verified": True}
    client = Client()
    where = client.get("/desk/account/sign-on/office/").headers["Location"]
    if what == "audience":
        provider.audience = "another-site"
    if what == "issuer":
        provider.issuer = "https://elsewhere.example.cn"
    back = requests.get(where, allow_redirects=False, timeout=5).headers["Location"].removeprefix("http://testserver")
    if what in ("state", "code"):
        back = back.replace(f"{what}=", f"{what}=x")
    answer = client.get(back, follow=True)
    assert "没有完成" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_without_a_provider_there_is_no_such_page(db: None) -> None:
    assert Client().get("/desk/account/sign-on/office/").status_code == 404
    assert "统一身份认证" not in Client().get("/desk/login/").content.decode()


def test_the_log_in_shows_the_way(provider: Provider, db: None) -> None:
    assert "用统一身份认证登录" in Client().get("/desk/login/").content.decode()
