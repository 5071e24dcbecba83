"""What the people remember against what is stored. Each finding is a sentence; none means that all is well."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from casework import invariants
from casework.models import Acknowledgement, Case, Document, Draft, Event, Kind, Supplement
from notifications.models import Message
from notifications.outbox import seconds_behind
from tests.faults.clients import Filed, History
from tests.notifications.smtp_server import MailServer

#: What happens to a case once.
ONCE = tuple(
    kind.value
    for kind in (
        Kind.SUBMITTED,
        Kind.SUPPLEMENT_REQUESTED,
        Kind.SUPPLEMENT_RECEIVED,
        Kind.PROPOSED,
        Kind.REVIEWED,
        Kind.SECRECY_CLEARED,
        Kind.SIGNED,
        Kind.DISPATCHED,
    )
)


def judge(history: History, mail: MailServer, *, at: datetime) -> Iterator[str]:
    """Everything that is not as the people remember it."""
    yield from history.stuck
    yield from dict.fromkeys(history.odd)
    yield from _lost_and_doubled(history)
    yield from _as_sent(history)
    yield from _acts(history)
    yield from _mails(history, mail)
    yield from (f"{breach[0].key}: {breach[1]}" for breach in invariants.verify(at=at))


def caught_up(*, at: datetime) -> bool:
    """Whether nothing that is due waits any more, and nothing is in the hands of a worker."""
    return not any(seconds_behind(at=at).values()) and not Message.objects.filter(status="claimed").exists()


def waits_for_another_try() -> bool:
    """Whether something is still to be sent again after a refusal; that comes a minute or more after the last try."""
    return Message.objects.filter(status="pending", attempts__gt=0).exists()


def _lost_and_doubled(history: History) -> Iterator[str]:
    stored = Counter(Case.objects.values_list("subject", flat=True))
    for filed in history.filed:
        if not filed.number:
            yield f"{filed.mark}: never acknowledged"
        if not stored[filed.mark]:
            yield f"{filed.mark}: lost ({filed.number or 'no number'})"
        if stored[filed.mark] > 1:
            yield f"{filed.mark}: doubled, {stored[filed.mark]} cases"
    marks = {filed.mark for filed in history.filed}
    yield from (f"{mark}: nobody remembers this case" for mark in stored if mark not in marks)
    numbers = Counter(filed.number for filed in history.filed if filed.number)
    yield from (f"{number}: told to {times} people" for number, times in numbers.items() if times > 1)


def _as_sent(history: History) -> Iterator[str]:
    """Number, form, receipt, event and files of each application are those that its citizen saw."""
    drafts = dict(Draft.objects.exclude(case=None).values_list("key", "case__number"))
    cases = {case.subject: case for case in Case.objects.all()}
    receipts = Counter(Acknowledgement.objects.values_list("case_id", flat=True))
    registered = Counter(Event.objects.filter(kind="submitted").values_list("case_id", flat=True))
    files: dict[int, Counter[str]] = {}
    for owner, sha256 in Document.objects.values_list("case_id", "sha256"):
        files.setdefault(owner, Counter())[sha256] += 1
    for filed in history.filed:
        case = cases.get(filed.mark)
        if case is None or not filed.number:
            continue
        if drafts.get(filed.key) != filed.number or case.number != filed.number:
            yield f"{filed.mark}: the receipt says {filed.number}, stored is {case.number}"
        if (receipts[case.pk], registered[case.pk]) != (1, 1):
            yield f"{filed.mark}: {receipts[case.pk]} receipts, {registered[case.pk]} times submitted"
        for content in (filed.authority, filed.upload if _answered(filed) else b""):
            times = files.get(case.pk, Counter())[hashlib.sha256(content).hexdigest()] if content else 1
            if times != 1:
                yield f"{filed.mark}: a file that was sent is there {times} times"


def _acts(history: History) -> Iterator[str]:
    """An act that was acknowledged is on the case once."""
    answers = dict(Supplement.objects.exclude(received_on=None).values_list("case__subject", "answer"))
    closed = dict(Case.objects.exclude(closed_on=None).values_list("subject", "state"))
    kinds: dict[str, Counter[str]] = {}
    for subject, kind in Event.objects.values_list("case__subject", "kind"):
        kinds.setdefault(subject, Counter())[kind] += 1
    for filed in history.filed:
        if _answered(filed) and answers.get(filed.mark) != filed.supplement:
            yield f"{filed.mark}: the supplement is {answers.get(filed.mark)!r}"
        if "dispatch" in filed.decided and closed.get(filed.mark) != "disclosed":
            yield f"{filed.mark}: dispatched, and its state is {closed.get(filed.mark)}"
        twice = [kind for kind in ONCE if kinds.get(filed.mark, Counter())[kind] > 1]
        if twice:
            yield f"{filed.mark}: happened twice: {', '.join(twice)}"


def _answered(filed: Filed) -> bool:
    return "propose" in filed.decided


def _mails(history: History, mail: MailServer) -> Iterator[str]:
    """Each applicant got the news of the application; a mail that came twice is the same mail."""
    arrived = Counter(str(each["To"]) for each in list(mail.taken))
    for filed in history.filed:
        if filed.number and not arrived[f"citizen{filed.index}@example.com"]:
            yield f"{filed.mark}: no mail arrived"
    bodies: dict[str, str] = {}
    for each in list(mail.taken):
        body = str(each.get_body(("plain",)))
        if bodies.setdefault(str(each["Message-ID"]), body) != body:
            yield f"{each['Message-ID']}: two different mails of one name"


def doubles(mail: MailServer) -> int:
    """Mails that a receiver can drop, as one of the same name had arrived (taken, and the line was cut or dead)."""
    names = Counter(str(each["Message-ID"]) for each in list(mail.taken))
    return sum(times - 1 for times in names.values())


def stored_whole(media: Path) -> int:
    """How many files of documents have been read and are byte for byte those of their rows."""
    whole = 0
    for sha256, name in Document.objects.values_list("sha256", "file"):
        whole += hashlib.sha256((media / name).read_bytes()).hexdigest() == sha256
    return whole
