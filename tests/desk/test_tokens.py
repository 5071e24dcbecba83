"""The administrator's page of tokens: looked at twice, shown once, revoked for good, and another's does not exist."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.access.machines import SCOPES
from casework.models import ApiToken, Role, Scope, Staff
from tests.api.machine import Machine
from tests.cast import Cast, person
from tests.conftest import AS_OF

PAGE = "/desk/tokens/"


@pytest.fixture
def gao(players: Cast, at_desk: Callable[[Staff], Client]) -> Client:
    """Administrator of Dongshan, and no more."""
    return at_desk(person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR))


def send(client: Client, players: Cast, **changes: Any) -> str:
    typed = {"agency": players.dongshan.pk, "name": "省政务平台", "scopes": ["matrix", "clock"], "days": "90"}
    return client.post(PAGE, {**typed, **changes}).content.decode()


def test_a_token_is_looked_at_twice_and_shown_this_once(gao: Client, players: Cast) -> None:
    assert "还没有令牌" in gao.get(PAGE).content.decode()
    confirmed = send(gao, players, networks="10.20.0.0/16")
    assert "任何人拿到令牌都可以这样做" in confirmed
    assert SCOPES[Scope.MATRIX].gives.zh in confirmed
    assert SCOPES[Scope.LEDGER].gives.zh not in confirmed
    assert not ApiToken.objects.exists()
    shown = send(gao, players, networks="127.0.0.1/32", sure="1")
    token = ApiToken.objects.get()
    assert token.expires_at == AS_OF + timedelta(days=90)
    whole = next(
        word
        for word in shown.replace("<", " ").replace(">", " ").split()
        if word.count("_") >= 2 and token.mark in word
    )
    assert whole not in gao.get(PAGE).content.decode()
    assert Machine(whole).get("/calendar", **{"from": "2026-10-01", "until": "2026-10-08"}).status_code == 403
    assert Machine(whole).get("/periods/reply", **{"from": "2026-10-01"}).status_code == 200
    assert token.digest not in shown


def test_it_can_be_changed_after_the_second_look(gao: Client, players: Cast) -> None:
    page = send(gao, players, change="1")
    assert "省政务平台" in page
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("sure", [{}, {"sure": "1"}])
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": ["ledger"]}, "scopes"),  # names and contents: an administrator does not read them
        ({"region": "on"}, "region"),
        ({"networks": "somewhere"}, "networks"),
        ({"networks": "10.20.1.1/16"}, "networks"),
        ({"days": "0"}, "days"),
        ({"days": "731"}, "days"),
        ({"days": "∞"}, "days"),
    ],
)
def test_what_cannot_be_given_is_said_at_its_field(
    gao: Client, players: Cast, typed: dict[str, Any], field: str, sure: dict[str, str]
) -> None:
    page = send(gao, players, **typed, **sure)
    assert f"id_{field}" in page.partition("有问题需要改正")[2]
    assert not ApiToken.objects.exists()


def test_who_reads_the_cases_may_give_the_ledger(players: Cast, at_desk: Callable[[Staff], Client]) -> None:
    both = at_desk(person("ma", "马理", players.dongshan, Role.AGENCY_ADMINISTRATOR, Role.HEAD, Role.REGION_SUPERVISOR))
    send(both, players, scopes=["ledger"], region="on", sure="1")
    token = ApiToken.objects.get()
    assert (token.scopes, token.region) == (["ledger"], True)


def test_another_agency_cannot_be_chosen(gao: Client, players: Cast) -> None:
    send(gao, players, agency=players.elsewhere.pk, sure="1")
    assert not ApiToken.objects.exists()


def test_it_is_revoked_at_once_and_stays_so(gao: Client, players: Cast, at_desk: Callable[[Staff], Client]) -> None:
    send(gao, players, sure="1")
    token = ApiToken.objects.get()
    path = f"{PAGE}{token.pk}/revoke/"
    assert "不能恢复" in gao.get(path).content.decode()
    assert ApiToken.objects.filter(revoked_at=None).exists()
    stranger = at_desk(person("shi", "石理", players.elsewhere, Role.AGENCY_ADMINISTRATOR))
    assert stranger.post(path).status_code == 404
    assert "令牌已经撤销" in gao.post(path, follow=True).content.decode()
    token.refresh_from_db()
    first = token.revoked_at
    assert first is not None
    gao.post(path)
    token.refresh_from_db()
    assert token.revoked_at == first
    assert "已经撤销" in gao.get(path).content.decode()


def test_the_page_leads_to_the_description(gao: Client) -> None:
    assert "/api/v1/docs/" in gao.get(PAGE).content.decode()
    assert "/desk/tokens/" in gao.get("/desk/administration/").content.decode()
