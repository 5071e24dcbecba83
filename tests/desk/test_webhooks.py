"""The administrator's page of webhooks: a secret is shown once, and another agency's endpoint does not exist."""

from collections.abc import Callable

import pytest
from django.test import Client

from casework.models import Role, Staff, WebhookEndpoint
from notifications.models import Message
from tests.cast import Cast, person

PAGE = "/desk/webhooks/"


@pytest.fixture
def gao(players: Cast, at_desk: Callable[[Staff], Client]) -> Client:
    """Administrator of Dongshan."""
    return at_desk(person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR))


def add(client: Client, players: Cast, **changes: object) -> str:
    """What the page says after adding an endpoint at a public address."""
    typed = {"agency": players.dongshan.pk, "url": "https://93.184.216.34/hook", "topics": ["clock", "closed"]}
    return client.post(PAGE, {**typed, **changes}).content.decode()


def test_an_endpoint_is_added_and_its_secret_shown_this_once(gao: Client, players: Cast) -> None:
    assert "还没有接收地址" in gao.get(PAGE).content.decode()
    page = add(gao, players)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in page
    assert endpoint.topics == ["clock", "closed"]
    again = gao.get(PAGE).content.decode()
    assert endpoint.url in again
    assert "whsec_" not in again


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "http://93.184.216.34/"}, "url"),
        ({"url": ""}, "url"),
        ({"topics": []}, "topics"),
        ({"agency": 0}, "agency"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(gao: Client, players: Cast, typed: dict[str, object], field: str) -> None:
    page = add(gao, players, **typed)
    assert f"id_{field}" in page.partition("有问题需要改正")[2]
    assert not WebhookEndpoint.objects.exists()


def test_another_agency_cannot_be_chosen(gao: Client, players: Cast) -> None:
    add(gao, players, agency=players.elsewhere.pk)
    assert not WebhookEndpoint.objects.exists()


def test_it_is_tried_given_a_new_secret_and_disabled(gao: Client, players: Cast) -> None:
    add(gao, players)
    endpoint = WebhookEndpoint.objects.get()
    before = endpoint.secret
    assert "测试消息已经放入发送队列" in gao.post(f"{PAGE}{endpoint.pk}/ping/", follow=True).content.decode()
    assert Message.objects.get(channel="webhook").context["type"] == "ping"
    page = gao.post(f"{PAGE}{endpoint.pk}/rotate/").content.decode()
    endpoint.refresh_from_db()
    assert endpoint.secret != before
    assert endpoint.secret in page
    assert "停用" in gao.post(f"{PAGE}{endpoint.pk}/disable/", follow=True).content.decode()
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None
    assert "已经停用" in gao.post(f"{PAGE}{endpoint.pk}/ping/", follow=True).content.decode()
    assert Message.objects.filter(channel="webhook").count() == 1


def test_another_agencys_endpoint_does_not_exist(
    gao: Client, players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    add(gao, players)
    endpoint = WebhookEndpoint.objects.get()
    other = at_desk(person("he", "何理", players.elsewhere, Role.AGENCY_ADMINISTRATOR))
    assert endpoint.url not in other.get(PAGE).content.decode()
    for deed in ("ping", "rotate", "disable"):
        assert other.post(f"{PAGE}{endpoint.pk}/{deed}/").status_code == 404
