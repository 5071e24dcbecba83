"""Text messages: to whom, in which words, and through which gateway.

A gateway is chosen by ``SMS_GATEWAY``. ``folder`` writes into the mailbox of the embedded mode; ``http`` posts signed
JSON to ``SMS_URL``, the contract of which stands in ``docs/operations.md``. A gateway of another make is a class here.
"""

import http.client
import json
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from django.conf import settings

from notifications import wire
from notifications.mailbox import keep_text_message
from notifications.models import Message
from notifications.phone import mobile
from notifications.signing import signed
from notifications.undelivered import Deferred, Outage, Rejected
from notifications.wording import text_message


class Gateway(Protocol):
    """Takes a text to a mobile number."""

    def send(self, number: str, text: str, *, name: str, at: datetime) -> None:
        """Hand it over. ``name`` is the same for each attempt at the same message. Raises ``Undelivered``."""


class FolderGateway:
    """Nothing leaves the machine: the text is shown on the page of the mailbox."""

    def send(self, number: str, text: str, *, name: str, at: datetime) -> None:
        try:
            keep_text_message(number, text, name=name, at=at)
        except OSError as error:
            raise Outage(type(error).__name__) from None


#: What the gateway's answer means for the message; every other status puts it off.
TAKEN: Final = frozenset({200, 201, 202, 204, 409})
REFUSED: Final = frozenset({400, 413, 422})
NOT_US: Final = frozenset({401, 402, 403, 429})


class HttpGateway:
    """Signed JSON over HTTPS. Of the answer only the status counts."""

    def send(self, number: str, text: str, *, name: str, at: datetime) -> None:
        content = {"id": name, "account": settings.SMS_ACCOUNT, "phone": number, "text": text}
        body = json.dumps(content, ensure_ascii=False).encode()
        try:
            place = wire.located(settings.SMS_URL, allowed=wire.ANYWHERE)
            status = wire.post(place, body, signed(name, body, [settings.SMS_SECRET], at=at))
        except wire.Forbidden as forbidden:
            raise Outage(forbidden.reason) from None
        except (OSError, http.client.HTTPException) as error:
            raise Outage(type(error).__name__) from None
        if status in TAKEN:
            return
        if status in REFUSED:
            raise Rejected(f"HTTP {status}")
        raise (Outage if status in NOT_US or status >= 500 else Deferred)(f"HTTP {status}")


GATEWAYS: Final[dict[str, Callable[[], Gateway]]] = {"folder": FolderGateway, "http": HttpGateway}


def is_offered() -> bool:
    """Whether this deployment sends text messages at all."""
    return settings.SMS_GATEWAY in GATEWAYS


class Sms:
    """The channel: a message's number and words, through the gateway of the settings."""

    def send(self, message: Message) -> None:
        number = mobile(message.address or getattr(message.recipient, "phone", ""))
        if not number:
            raise Rejected("NoMobile")
        if not is_offered():
            raise Outage("NoGateway")
        try:
            text = text_message(message)
        except Exception as error:  # noqa: BLE001 - a template can raise anything, and those behind must not wait
            raise Deferred(type(error).__name__) from None
        at = message.claimed_at or message.due_at
        GATEWAYS[settings.SMS_GATEWAY]().send(number, text, name=message.name, at=at)

    def close(self) -> None:
        """Each text is a connection of its own."""
