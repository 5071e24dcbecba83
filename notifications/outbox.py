"""Say it through the outbox: messages are rows written in the transaction of their cause.

If the cause is rolled back nobody hears of it; if it is committed somebody will, whatever becomes of broker, worker
or mail server.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from notifications.models import Message
from notifications.nudge import look_now
from notifications.posting import CHECKS, Posting

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
    return Message.objects.filter(status=Message.Status.FAILED, settled_at=None).order_by("-id")


def unreported() -> QuerySet[Message]:
    """Messages given up of which the poster has not taken note, oldest first."""
    return undeliverable().filter(reported_at=None).order_by("id")


def take_note(message: Message, *, at: datetime) -> bool:
    """Whether it is for this caller to say that the message failed; of several at once for one alone."""
    return bool(unreported().filter(pk=message.pk).update(reported_at=at))


def erase_about(subject_ref: str) -> int:
    """Take away every message about this that is not owed any more, with its addresses and texts. How many."""
    return Message.objects.filter(subject_ref=subject_ref, next_attempt_at=None).delete()[0]


def settle(ids: Iterable[int], *, at: datetime) -> int:
    """Take undeliverable messages off the list, since somebody has seen to them in another way. How many."""
    return undeliverable().filter(pk__in=list(ids)).update(settled_at=at)


def send_again(ids: Iterable[int], *, at: datetime) -> int:
    """Put undeliverable messages back, with all their attempts before them, once the cause is mended. How many."""
    return _put_back(undeliverable().filter(pk__in=list(ids)), at)


def send_again_to(address: str, ids: Iterable[int], *, at: datetime) -> int:
    """The same to another address than before; only what went to an address and not to a person. How many."""
    mended = undeliverable().filter(pk__in=list(ids)).exclude(address="")
    CHECKS[mended.values_list("channel", flat=True).distinct().get()](address)
    return _put_back(mended, at, address=address)


def _put_back(mended: QuerySet[Message], at: datetime, **changed: str) -> int:
    pending = {"status": Message.Status.PENDING, "next_attempt_at": at, "attempts": 0}
    many = mended.update(**pending, failed_at=None, reported_at=None, **changed)
    if many:
        _look_after_commit()
    return many


def seconds_behind(*, at: datetime) -> dict[str, int]:
    """Channel → how long ago the message that waits longest should have been tried; 0 when nothing is late."""
    open_ones = Message.objects.filter(next_attempt_at__lte=at).order_by()
    late: dict[str, int] = dict.fromkeys((name for name in Message.Channel.values if name != Message.Channel.INBOX), 0)
    for channel, since in open_ones.values_list("channel").annotate(since=Min("next_attempt_at")):
        late[channel] = int((at - since).total_seconds())
    return late


@dataclass(frozen=True, slots=True)
class Standing:
    """One channel: messages still to be sent, seconds by which the oldest of them is late, messages given up."""

    waiting: int = 0
    late: float = 0
    failed: int = 0


def standing(*, at: datetime) -> dict[str, Standing]:
    """How each way out of the house stands, in two queries.

    Late is counted from the moment from which it was to be sent, however often it was tried since: of
    ``seconds_behind`` a message that is being put off again and again is no part.
    """
    owed = Message.objects.filter(next_attempt_at__isnull=False).order_by().values_list("channel")
    waiting = {
        name: (many, (at - since).total_seconds() if since else 0.0)
        for name, many, since in owed.annotate(many=Count("pk"), since=Min("due_at", filter=Q(due_at__lte=at)))
    }
    failed = dict(undeliverable().order_by().values_list("channel").annotate(many=Count("pk")))
    outward = (name for name in Message.Channel.values if name != Message.Channel.INBOX)
    return {name: Standing(*waiting.get(name, (0, 0.0)), failed=failed.get(name, 0)) for name in outward}


def _look_after_commit() -> None:
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is look_now for entry in waiting):  # one look per transaction, however many messages
        transaction.on_commit(look_now)
