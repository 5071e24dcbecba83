"""Several messages that wait for one person leave as one.

A digest is a message like any other; those it carries are closed in the transaction that writes it. A worker that dies
before the end of it has changed nothing, one that dies after it has left a digest to be sent.
"""

import logging
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from notifications import trail
from notifications.models import Message
from notifications.wording import subject_of

log = logging.getLogger(__name__)

NOTICE: Final = "bundle"
#: Subjects in one digest; what is beyond goes into the next.
MOST: Final = 100


def bundle_due(channel: str, *, at: datetime) -> int:
    """Write a digest for everybody for whom two or more messages are due on this channel; how many digests."""
    waiting = _waiting(channel, at).order_by()
    people = waiting.values_list("recipient", "language").annotate(many=Count("pk")).filter(many__gt=1)
    return sum(_bundled(channel, recipient, language, at) for recipient, language, _many in list(people))


def _waiting(channel: str, at: datetime) -> QuerySet[Message]:
    """Not tried before: what failed once goes its own way, or one bad message could hold up the rest for ever."""
    return Message.objects.filter(
        channel=channel, bundles=True, status=Message.Status.PENDING, attempts=0, next_attempt_at__lte=at
    )


def _bundled(channel: str, recipient: int | None, language: str, at: datetime) -> bool:
    with transaction.atomic():
        rows = _waiting(channel, at).filter(recipient=recipient, language=language).order_by("id")
        if connection.features.has_select_for_update_skip_locked:  # SQLite's immediate transaction is a lock already
            rows = rows.select_for_update(skip_locked=True)
        lines = [(row, line) for row in rows[:MOST] if (line := _line(row))]
        if len(lines) < 2:
            return False
        first = lines[0][0]
        digest = Message.objects.create(
            effect_key=f"{NOTICE}:{first.pk}",
            channel=channel,
            recipient_id=recipient,
            notice=NOTICE,
            language=language,
            owner_ref=first.owner_ref,
            request_id=trail.current(),
            context={"count": len(lines), "messages": [line for _row, line in lines]},
            created_at=at,
            due_at=at,
            next_attempt_at=at,
        )
        carried = Message.objects.filter(pk__in=[row.pk for row, _line in lines])
        carried.update(status=Message.Status.CARRIED, carried_by=digest, next_attempt_at=None)
    for row, _line_of_it in lines:
        with trail.followed(row.request_id):
            log.info("message %s (%s) leaves with others in message %s", row.pk, row.notice, digest.pk)
    return True


def _line(row: Message) -> dict[str, Any] | None:
    """A subject and where it leads; nothing for a message whose template is broken, which then goes alone."""
    try:
        return {"subject": subject_of(row), "path": row.path}
    except Exception:  # noqa: BLE001 - a template can raise anything, and the others must not wait for it
        return None
