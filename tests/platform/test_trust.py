"""What is believed of those who speak to us: addresses that a proxy wrote down, and messages of the broker."""

import pickle
from typing import Any

import pytest
from celery import current_app
from django.test import RequestFactory
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads

from casework import access

PROXY = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "believed"),
    [
        (False, "", "192.0.2.7"),
        (False, "203.0.113.5", "192.0.2.7"),
        (True, "203.0.113.5", "203.0.113.5"),
        (True, "10.0.0.1, 127.0.0.1, 203.0.113.5", "203.0.113.5"),  # what a visitor put before it is not read
        (True, "", "192.0.2.7"),
    ],
)
def test_only_the_last_address_of_our_own_proxy_is_believed(
    settings: Any, *, behind_proxy: bool, forwarded: str, believed: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = PROXY if behind_proxy else None
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers=headers)
    assert access.address_of(request) == believed


@pytest.mark.parametrize("behind_proxy", [False, True])
def test_nobody_claims_to_have_come_by_https(settings: Any, *, behind_proxy: bool) -> None:
    settings.SECURE_PROXY_SSL_HEADER = PROXY if behind_proxy else None
    request = RequestFactory().get("/", HTTP_X_FORWARDED_PROTO="https")
    assert request.is_secure() is behind_proxy


def test_the_broker_can_only_say_json() -> None:
    accepted = current_app.conf.accept_content
    assert accepted == ["json"]
    assert loads(b'{"a": 1}', "application/json", "utf-8", accept={"application/json"}) == {"a": 1}
    with pytest.raises(ContentDisallowed):
        loads(pickle.dumps({"a": 1}), "application/x-python-serialize", "binary", accept=set(accepted))
