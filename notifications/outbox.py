"""Say it through the outbox: messages are rows written in the transaction of their cause.

If the cause is rolled back nobody hears of it; if it is committed somebody will, whatever becomes of broker, worker
or mail server.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from notifications.models import Message
from notifications.nudge import look_now
from notifications.posting import Posting

#: Rows in one INSERT; both databases are near their best speed here.
ROWS_AT_ONCE = 1000


def post(posting: Posting, *, at: datetime) -> None:
    """Write one message. An effect key that is already there is left as it was. Raises ``posting.Unpostable``."""
    post_many([posting], at=at)


def post_many(postings: Iterable[Posting], *, at: datetime) -> None:
    """Write all of these messages or, if one is ``Unpostable``, none. Of one effect key the first stands.

    Only inside a transaction: a message that is not written together with its cause is a dual write.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Post inside the transaction of the cause: transaction.atomic().")
    messages: dict[str, Message] = {}
    for posting in postings:
        if posting.effect_key not in messages:
            messages[posting.effect_key] = posting.as_message(at=at)
    # by key, so that two sweeps that write the same effects wait for each other in one order and cannot deadlock
    rows = [messages[key] for key in sorted(messages)]
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=ROWS_AT_ONCE)
    if any(row.status == Message.Status.PENDING and row.due_at <= at for row in rows):
        _look_after_commit()


def inbox_of(user: AbstractBaseUser) -> QuerySet[Message]:
    """What this person was told, newest first. ``wording.worded`` gives the text."""
    return Message.objects.filter(recipient_id=user.pk, channel=Message.Channel.INBOX).order_by("-id")


def unread_by(user: AbstractBaseUser) -> int:
    """How many messages in the inbox this person has not opened."""
    return inbox_of(user).filter(read_at__isnull=True).count()


def mark_read(user: AbstractBaseUser, ids: Iterable[int], *, at: datetime) -> int:
    """Mark those of this person's messages as read; others' and those already read stay as they are. How many."""
    return inbox_of(user).filter(pk__in=list(ids), read_at__isnull=True).update(read_at=at)


def undeliverable() -> QuerySet[Message]:
    """Messages given up, newest first, for a person to look at: the address is wrong or the server refuses."""
    return Message.objects.filter(status=Message.Status.FAILED).order_by("-id")


def send_again(ids: Iterable[int], *, at: datetime) -> int:
    """Put undeliverable messages back, with all their attempts before them, once the cause is mended. How many."""
    mended = undeliverable().filter(pk__in=list(ids))
    return mended.update(status=Message.Status.PENDING, next_attempt_at=at, attempts=0)


def _look_after_commit() -> None:
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is look_now for entry in waiting):  # one look per transaction, however many messages
        transaction.on_commit(look_now)
