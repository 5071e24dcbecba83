"""Webhooks: what happened, told to a machine that asked to hear of it.

Delivered at least once, in no promised order, with the same ``webhook-id`` each time. The body is a type, a moment and
a few facts; what they are is the poster's choice. Who receives it is looked up when it is sent: a message names its
endpoint, and ``settings.WEBHOOK_DIRECTORY`` the function that knows where that is today.
"""

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from notifications import trail, wire
from notifications.models import Message
from notifications.signing import signed
from notifications.undelivered import Deferred, Rejected


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where it goes, and the secrets with which it is signed: the present one, and for a while the one before."""

    url: str
    secrets: tuple[str, ...]


Directory = Callable[[str, Message], Endpoint | None]


class Webhook:
    """The channel. An endpoint that does not answer is left alone for the rest of the run: the others go on."""

    def __init__(self) -> None:
        self._silent: set[str] = set()

    def send(self, message: Message) -> None:
        if message.address in self._silent:
            raise Deferred("EndpointSilent")
        directory: Directory = import_string(settings.WEBHOOK_DIRECTORY)
        endpoint = directory(message.address, message)
        if endpoint is None:
            raise Rejected("EndpointOff")
        body = body_of(message)
        headers = signed(message.name, body, endpoint.secrets, at=message.claimed_at or message.due_at)
        headers |= trail.header(message.request_id)
        try:
            status = wire.post(wire.located(endpoint.url, allowed=settings.WEBHOOK_NETWORKS), body, headers)
        except wire.Forbidden as forbidden:
            raise Rejected(forbidden.reason) from None
        except (OSError, http.client.HTTPException) as error:
            self._silent.add(message.address)
            raise Deferred(type(error).__name__) from None
        if status == http.client.GONE:  # the receiver's word for "never again"
            raise Rejected("HTTP 410")
        if not 200 <= status < 300:
            raise Deferred(f"HTTP {status}")

    def close(self) -> None:
        """Each call is a connection of its own."""


def body_of(message: Message) -> bytes:
    """The same bytes for each attempt: what is signed is what was meant at first."""
    happened = message.context.get("happened_at") or message.created_at.isoformat()
    content = {"type": message.context["type"], "timestamp": happened, "data": message.context.get("data", {})}
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
