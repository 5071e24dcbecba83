"""The only place that talks to the outside.

A channel is opened for a delivery run, carries one message at a time and says in one of three ways that it could not:
``Rejected``, ``Deferred`` or ``Outage``. An inbox needs none of this: it is delivered to by the row's being there.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.utils import format_datetime
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.utils import DNS_NAME
from django.utils import timezone

from notifications import trail
from notifications.models import Message
from notifications.posting import Unpostable, check_address
from notifications.sms import Sms
from notifications.undelivered import Deferred, Outage, Rejected
from notifications.webhook import Webhook
from notifications.wording import worded


class Channel(Protocol):
    """A way out of the house."""

    def send(self, message: Message) -> None:
        """Hand the message over. Raises ``Undelivered``."""

    def close(self) -> None:
        """Let go of the connection; never raises."""


class Email:
    """E-mail by the backend in Django's settings, many messages over one connection."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, message: Message) -> None:
        mail = _composed(message)
        fresh = self._connection is None
        try:
            taken = self._opened().send_messages([mail])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            self.close()
            code = _code_of(error)
            raise (Rejected if code >= 500 else Deferred)(f"{type(error).__name__} {code}") from None
        except OSError as error:  # refused, hanging or broken off, every other complaint of smtplib, a full disk
            self.close()
            # a server may end a connection that has carried many messages; only a new one that fails is an outage
            raise (Outage if fresh else Deferred)(type(error).__name__) from None
        except ValueError as error:  # something that cannot be written into a header
            self.close()
            raise Rejected(type(error).__name__) from None
        if not taken:
            raise Deferred("NotTaken")

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):  # already gone
                connection.close()

    def _opened(self) -> BaseEmailBackend:
        if self._connection is None:
            connection: BaseEmailBackend = get_connection(timeout=settings.EMAIL_TIMEOUT or 20)
            connection.open()
            self._connection = connection
        return self._connection


#: What goes out through what. A new channel is a class here and a word in ``Message.Channel``.
OUTWARD: dict[str, Callable[[], Channel]] = {
    Message.Channel.EMAIL: Email,
    Message.Channel.SMS: Sms,
    Message.Channel.WEBHOOK: Webhook,
}


def message_id(message: Message) -> str:
    """The same for each attempt, so that a receiver who got it twice can drop the second."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or DNS_NAME.get_fqdn()
    return f"<{message.name}@{domain}>"


def _composed(message: Message) -> EmailMultiAlternatives:
    address = _address_of(message)
    try:
        words = worded(message)
    except Exception as error:  # noqa: BLE001 - a template can raise anything, and the messages behind must not wait
        # not chained: a template's complaint quotes its context, which holds personal data
        raise Deferred(type(error).__name__) from None
    mail = EmailMultiAlternatives(
        subject=words.subject,
        body=words.text,
        to=[address],
        headers={
            "Message-ID": message_id(message),
            # of the row, not of the attempt: a double is the same mail
            "Date": format_datetime(timezone.localtime(message.due_at)),
            "Auto-Submitted": "auto-generated",
            **trail.header(message.request_id),
        },
    )
    if words.html:
        mail.attach_alternative(words.html, "text/html")
    return mail


def _address_of(message: Message) -> str:
    address = message.address
    if message.recipient is not None:
        address = getattr(message.recipient, message.recipient.get_email_field_name())
    if not address:
        raise Rejected("NoAddress")
    try:
        check_address(address)
    except Unpostable:  # an account's address may have been written by other ways than the outbox
        raise Rejected("BadAddress") from None
    return address


def _code_of(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code
    return next((code for code, _ in error.recipients.values()), 0)
