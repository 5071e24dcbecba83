"""A citizen whom the province knows: an account by its word, and never somebody of the staff."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from casework.models import PersonKind, Staff
from tests.cast import Cast
from tests.provider import Provider, running_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def province(settings: Any) -> Iterator[Provider]:
    with running_provider("province") as (server, said):
        settings.PROVINCE_OIDC_URL, settings.SOCIALACCOUNT_PROVIDERS = server.url, said
        yield server


def come(province: Provider, face: str = "/account/") -> tuple[Client, Any]:
    client = Client()
    start = client.get(f"{face}sign-on/province/")
    assert start.headers["Location"].startswith(f"{province.url}/authorize?")
    back = requests.get(start.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client, client.get(back.removeprefix("http://testserver"), follow=True)


def test_the_first_time_makes_an_account_and_the_second_finds_it(players: Cast, province: Provider) -> None:
    province.person = {"sub": "p-1", "name": "张三", "email": "zhang@example.com", "email_verified": True}
    client, answer = come(province)
    assert answer.redirect_chain[-1][0] == "/account/"
    account = Staff.applicants.get()
    assert (account.name, account.kind) == ("张三", PersonKind.APPLICANT)
    assert (account.email, account.phone) == ("", ""), "addresses are proven here and not taken over"
    assert client.get("/desk/").status_code == 302, "at the desk nobody"
    province.person = {"sub": "p-1", "name": "别的名字"}
    client, _answer = come(province)
    assert client.session["_auth_user_id"] == str(account.pk)
    assert Staff.applicants.get().name == "张三"


def test_the_address_of_somebody_of_the_staff_makes_nobody_of_the_staff(players: Cast, province: Provider) -> None:
    Staff.objects.filter(pk=players.wang.pk).update(email="wang@dongshan.example.cn")
    province.person = {"sub": "p-2", "email": "wang@dongshan.example.cn", "email_verified": True}
    client, _answer = come(province)
    assert client.session["_auth_user_id"] != str(players.wang.pk)
    assert SocialAccount.objects.get().user.is_applicant


def test_who_is_linked_with_the_staff_does_not_come_in_here(players: Cast, province: Provider) -> None:
    SocialAccount.objects.create(user=players.wang, provider="province", uid="p-3")
    province.person = {"sub": "p-3"}
    client, answer = come(province)
    assert "_auth_user_id" not in client.session
    assert "不能登录" in answer.content.decode()


def test_a_closed_account_stays_closed(players: Cast, province: Provider) -> None:
    province.person = {"sub": "p-4"}
    come(province)
    Staff.applicants.update(is_active=False)
    client, answer = come(province)
    assert "_auth_user_id" not in client.session
    assert "不能登录" in answer.content.decode()


@pytest.mark.parametrize("name", ["", 7, "x" * 500, "坏\u202e名", None])
def test_a_name_that_is_none_leaves_the_account_without(players: Cast, province: Provider, name: Any) -> None:
    province.person = {"sub": "p-5", "name": name}
    _client, answer = come(province)
    assert answer.redirect_chain[-1][0] == "/account/"
    assert Staff.applicants.get().name in ("", "坏名")


def test_the_office_and_the_province_are_two_doors(players: Cast, province: Provider) -> None:
    assert Client().get("/desk/account/sign-on/province/").status_code == 404
    assert Client().get("/account/sign-on/office/").status_code == 404


def test_without_a_province_there_is_no_such_page(db: None) -> None:
    assert Client().get("/account/sign-on/province/").status_code == 404
    assert "province" not in Client().get("/account/sign-in/").content.decode()
