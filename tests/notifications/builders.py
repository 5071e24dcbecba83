"""A moment, people, postings to them and a channel that follows a script."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from notifications import outbox
from notifications.models import Message
from notifications.posting import Posting
from notifications.undelivered import Undelivered

AT = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def a_person(name: str, email: str | None = None) -> AbstractBaseUser:
    address = f"{name}@office.example.cn" if email is None else email
    person: AbstractBaseUser = get_user_model().objects.create(username=name, email=address)
    return person


def a_mail(key: str = "case:1:heard", /, **facts: Any) -> Posting:
    """A message by e-mail to somebody without an account."""
    usual: dict[str, Any] = {
        "channel": Message.Channel.EMAIL,
        "notice": "heard",
        "language": "zh-hans",
        "address": "zhang.san@example.cn",
        "context": {"name": "张三", "due_on": AT.date()},
    }
    return Posting(effect_key=key, **{**usual, **facts})


def a_word_to(person: AbstractBaseUser, key: str = "case:1:heard", /, **facts: Any) -> Posting:
    """A message for somebody's inbox."""
    return a_mail(key, **{"channel": Message.Channel.INBOX, "address": "", "recipient_id": person.pk, **facts})


def a_text(key: str = "case:1:heard", /, **facts: Any) -> Posting:
    """A text message to somebody without an account."""
    return a_mail(key, **{"channel": Message.Channel.SMS, "notice": "texted", "address": "13800138000", **facts})


def a_call(key: str = "case:1:heard", /, **facts: Any) -> Posting:
    """A webhook to the endpoint that the tests' directory knows as ``endpoint:1``."""
    usual: dict[str, Any] = {
        "channel": Message.Channel.WEBHOOK,
        "notice": "webhook",
        "address": "endpoint:1",
        "context": {"type": "case.extended", "happened_at": AT, "data": {"case": "东申〔2026〕1号"}},
    }
    return a_mail(key, **{**usual, **facts})


def posted(*postings: Posting, at: datetime = AT) -> list[Message]:
    """Posts them in one transaction and gives the rows."""
    with transaction.atomic():
        outbox.post_many(postings, at=at)
    keys = [posting.effect_key for posting in postings]
    return sorted(Message.objects.filter(effect_key__in=keys), key=lambda row: keys.index(row.effect_key))


class ScriptedChannel:
    """A way out that does with each message what the script says, and otherwise takes it."""

    def __init__(self) -> None:
        self.script: dict[str, Undelivered | Callable[[], None]] = {}
        self.taken: list[str] = []
        self.opened = 0

    def send(self, message: Message) -> None:
        step = self.script.get(message.effect_key)
        if isinstance(step, Undelivered):
            raise step
        if step is not None:
            step()
        self.taken.append(message.effect_key)

    def close(self) -> None:
        pass

    def refuse(self, keys: Iterable[str], refusal: Undelivered) -> None:
        self.script.update(dict.fromkeys(keys, refusal))
