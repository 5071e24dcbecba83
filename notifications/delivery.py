"""Send what is due: claim, send, mark.

Delivery is at least once. A message is claimed by an optimistic update, so that of two workers one wins and no lock is
held while a mail server thinks. A worker that dies leaves a claim; the next run on the same machine sees that it is
dead and takes the message up, and elsewhere the claim ends with its lease.
A double is possible only for a death (or a stall longer than the lease) between the server's "250" and the mark, and
carries the same Message-ID.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from notifications import trail
from notifications.bundling import bundle_due
from notifications.channels import OUTWARD, Channel
from notifications.claimant import is_dead, token
from notifications.models import Message
from notifications.undelivered import Deferred, Outage, Rejected, Undelivered

log = logging.getLogger(__name__)

#: How long a claim holds. Longer than a slow server may take over one message (a timeout for each of its replies).
LEASE = timedelta(minutes=5)
#: After this much of the lease a message is no longer handed over: another worker may be about to.
TOO_LATE = LEASE / 2
#: Wait after the n-th attempt in vain: 1, 2, 4 … minutes, at most six hours. Twenty attempts span nearly three days.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 20
#: A run leaves a channel after this time even if more is due: behind a slow server wait the other channels.
LONGEST_RUN = timedelta(minutes=1)
#: Candidates fetched at once; a worker that comes late to one goes on to the next.
HANDFUL = 50

Status = Message.Status


@dataclass(slots=True)
class Run:
    """What became of the messages that a run claimed."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0

    @property
    def tried(self) -> int:
        return self.sent + self.deferred + self.failed


class Stopwatch:
    """The moment now, counted from the given one: a run lasts, and a lease must not be measured by when it began."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._started = time.monotonic()

    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._started)

    def now(self) -> datetime:
        return self._at + self.elapsed()


def deliver_due(*, at: datetime, limit: int = 500) -> Run:
    """Send up to ``limit`` messages that are due, per channel; safe to call by any number of workers at any time."""
    run, watch = Run(), Stopwatch(at)
    for name, opened in OUTWARD.items():
        bundle_due(name, at=watch.now())
        channel = opened()
        try:
            _deliver(name, channel, watch, limit, run)
        finally:
            channel.close()
    if run.tried:
        log.info("outbox: %d sent, %d deferred, %d given up", run.sent, run.deferred, run.failed)
    return run


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts in vain."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 16)), LONGEST_WAIT)


def _deliver(name: str, channel: Channel, watch: Stopwatch, limit: int, run: Run) -> None:
    """Empty one channel. At the first sign that it is down the run leaves it: one message pays, not all of them."""
    seen, begun = 0, watch.elapsed()
    left_behind = _left_behind(name, watch.now())
    while seen < limit and (candidates := left_behind or _due(name, watch.now(), min(HANDFUL, limit - seen))):
        left_behind = []
        for candidate in candidates:
            if watch.elapsed() - begun > LONGEST_RUN:
                return
            seen += 1
            with trail.followed(candidate.request_id):  # whoever looks for the deed finds what became of its messages
                is_down = _tried(candidate, channel, watch, run)
            if is_down:
                return


def _tried(candidate: Message, channel: Channel, watch: Stopwatch, run: Run) -> bool:
    """One message, if this worker wins it; whether the channel turned out to be down."""
    claim = _claimed(candidate, watch.now())
    if claim is None:
        return False
    try:
        _hand_over(claim, channel, watch)
    except Undelivered as refusal:
        _put_back(claim, refusal, watch.now(), run)
        return isinstance(refusal, Outage)
    _mark_sent(claim, watch.now(), run)
    return False


def _due(name: str, at: datetime, count: int) -> list[Message]:
    """Never tried, to be tried again, or left behind by a worker that died: whatever is owed now."""
    due = Message.objects.filter(channel=name, next_attempt_at__lte=at).order_by("next_attempt_at", "id")
    return list(due.select_related("recipient")[:count])


def _left_behind(name: str, at: datetime) -> list[Message]:
    """What a process of this machine had in its hands when it died: one message for each."""
    held = Message.objects.filter(channel=name, next_attempt_at__gt=at, next_attempt_at__lte=at + LEASE)
    held = held.filter(status=Status.CLAIMED).select_related("recipient").order_by("next_attempt_at", "id")
    return [message for message in held[:HANDFUL] if is_dead(message.claimed_by)]


def _claimed(seen: Message, at: datetime) -> Message | None:
    """The message if this worker won it. Who changes the row as it was seen, wins."""
    claimant = token()
    won = Message.objects.filter(pk=seen.pk, next_attempt_at=seen.next_attempt_at, claimed_by=seen.claimed_by).update(
        status=Status.CLAIMED,
        claimed_at=at,
        claimed_by=claimant,
        # counted before the attempt: a message that kills its worker must come to an end as well
        attempts=F("attempts") + 1,
        next_attempt_at=at + LEASE,
    )
    if not won:
        return None
    seen.claimed_at, seen.claimed_by, seen.attempts = at, claimant, seen.attempts + 1
    return seen


def _hand_over(claim: Message, channel: Channel, watch: Stopwatch) -> None:
    if claim.attempts > MOST_ATTEMPTS:  # left behind by a worker at its last attempt
        raise Rejected("WorkerLost")
    if claim.claimed_at is None or watch.now() - claim.claimed_at > TOO_LATE:  # this process was stopped for a while
        raise Deferred("Stalled")
    channel.send(claim)


def _mark_sent(claim: Message, at: datetime, run: Run) -> None:
    run.sent += 1
    if not _settle(claim, status=Status.SENT, sent_at=at, next_attempt_at=None, last_error=""):
        log.warning("message %s was sent, but its lease had ended: it may be sent twice", claim.pk)
    else:
        log.info("message %s (%s, %s) was sent", claim.pk, claim.notice, claim.channel)


def _put_back(claim: Message, refusal: Undelivered, at: datetime, run: Run) -> None:
    if isinstance(refusal, Rejected) or claim.attempts >= MOST_ATTEMPTS:
        run.failed += 1
        log.warning("message %s (%s) is undeliverable: %s", claim.pk, claim.notice, refusal.reason)
        _settle(claim, status=Status.FAILED, failed_at=at, next_attempt_at=None, last_error=refusal.reason)
    else:
        run.deferred += 1
        log.info("message %s (%s) will be tried again: %s", claim.pk, claim.notice, refusal.reason)
        later = at + wait_after(claim.attempts)
        _settle(claim, status=Status.PENDING, next_attempt_at=later, last_error=refusal.reason)


def _settle(claim: Message, **outcome: object) -> bool:
    """Write what became of a claim, unless it has passed to another worker in the meantime."""
    mine = Message.objects.filter(pk=claim.pk, claimed_by=claim.claimed_by)
    return bool(mine.update(claimed_at=None, claimed_by="", **outcome))
