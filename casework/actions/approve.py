"""审核 → 保密审查 → 签发: what happens to a draft between its proposal and its dispatch (条例 17, 45).

Each verb belongs to one step and is open only while the draft waits for it. A draft doesn't change on the way: whoever
wants another text or another attachment sends it back.
"""

from datetime import datetime

from django.db import transaction

from casework import letters
from casework.access import Verb, check_may
from casework.law.approval import STEPS, Step
from casework.law.calendar import day_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, ClassifiedFinding, Clearance, Decision, Event, Kind, Staff

from .clock import resting_state
from .files import destroy
from .guards import check_facts, check_link, check_route
from .letters import issue_reply
from .materials import destroy_materials, digests_of
from .outgoing import check_passed
from .record import clean, happened


def review(case: Case, *, by: Staff, at: datetime, remark: str = "") -> Event:
    """The reviewer passes the draft on to secrecy review."""
    return _pass(case, Step.REVIEW, remark=remark, by=by, at=at)


def clear_secrecy(case: Case, *, by: Staff, at: datetime, remark: str = "") -> Event:
    """The draft and its attachments hold no secret; they may be made public (条例 17, 保密法 35)."""
    return _pass(case, Step.SECRECY, remark=remark, by=by, at=at)


def find_classified(case: Case, *, basis: str, decided_by: str, by: Staff, at: datetime) -> Event:
    """The draft holds a state secret: it goes back, and its text and attachments leave the system (law.md 10.7).

    Kept are the fact, the basis, who decided it, and the digests of what was removed.
    """
    answer = check_may(by, Verb.FIND_CLASSIFIED, case, on=day_of(at))
    decision = _on_the_table(case)
    basis = clean(basis, "basis", longest=2000)
    decided_by = clean(decided_by, "decided_by", longest=200, lines=False)
    releases = list(decision.attachments.exclude(release=None).values_list("release", flat=True))
    digests = sorted({*decision.attachments.values_list("sha256", flat=True), *digests_of(releases)})
    with transaction.atomic():
        case.send_back(resting_state(case))
        case.save()
        decision.returned_by, decision.returned_at, decision.statements = by, at, {}
        decision.save()
        ClassifiedFinding.objects.create(
            decision=decision,
            basis=basis,
            decided_by=decided_by,
            found_by=by,
            for_whom=answer.for_whom,
            found_at=at,
            digests=digests,
        )
        event = happened(
            case,
            Kind.CLASSIFIED_FOUND,
            by=by,
            for_whom=answer.for_whom,
            at=at,
            payload={"count": len(digests), "digests": digests},
            moves_clock=True,
        )
        # Last, and before the commit: whatever dies now leaves a row without its file, never the file without its row.
        destroy(case, digests)
        destroy_materials(case, releases)
        return event


def send_back(case: Case, *, remark: str, by: Staff, at: datetime) -> Event:
    """Whoever's step it is returns the draft with a remark; it stays on file with what it had passed."""
    answer = check_may(by, Verb.SEND_BACK, case, on=day_of(at))
    decision = _on_the_table(case)
    remark = clean(remark, "remark", longest=2000)
    with transaction.atomic():
        case.send_back(resting_state(case))
        case.save()
        decision.returned_by, decision.returned_at, decision.remark = by, at, remark
        decision.save()
        return happened(
            case,
            Kind.SENT_BACK,
            by=by,
            for_whom=answer.for_whom,
            at=at,
            payload={"remark": remark},
            moves_clock=True,
        )


def sign(case: Case, *, by: Staff, at: datetime) -> Event:
    """The head signs another's draft; the letter gets its number and never changes again.

    The prerequisites are asked again: facts may have changed since the draft.
    """
    answer = check_may(by, Verb.SIGN, case, on=day_of(at))
    decision = _on_the_table(case)
    check_facts(case, Outcome(decision.outcome), decision.ground, on=day_of(at))
    check_link(decision)
    check_route(decision, on=day_of(at))
    check_passed(decision, reopen=False)
    with transaction.atomic():
        case.sign()
        case.save()
        decision.signed_by, decision.signed_for, decision.signed_at = by, answer.for_whom, at
        issue_reply(case, decision, by=by, for_whom=answer.for_whom, at=at)
        decision.save()
        return happened(
            case, Kind.SIGNED, by=by, for_whom=answer.for_whom, at=at, payload={"outcome": decision.outcome}
        )


def take_back(case: Case, *, remark: str, by: Staff, at: datetime) -> Event:
    """The head takes back a signature whose reply has not left: a mistake was found, or an objection came (条例 32).

    The letter is void and its number is not given out again (law.md 9.4); the draft goes back with the remark.
    """
    answer = check_may(by, Verb.TAKE_BACK, case, on=day_of(at))
    decision = _on_the_table(case)
    remark = clean(remark, "remark", longest=2000)
    letter = decision.letters.filter(voided_at=None).first()
    with transaction.atomic():
        case.take_back(resting_state(case))
        case.save()
        if letter is not None:
            letters.void(letter, reason=remark, by=by, at=at)
        decision.signed_by = decision.signed_for = decision.signed_at = None
        decision.document_number = ""
        decision.returned_by, decision.returned_at, decision.remark = by, at, remark
        decision.save()
        return happened(
            case,
            Kind.TAKEN_BACK,
            by=by,
            for_whom=answer.for_whom,
            at=at,
            payload={"remark": remark, "letter_number": letter.number if letter else ""},
            moves_clock=True,
        )


def _pass(case: Case, step: Step, *, remark: str, by: Staff, at: datetime) -> Event:
    row = STEPS[step]
    answer = check_may(by, Verb(row.verb), case, on=day_of(at))
    decision = _on_the_table(case)
    remark = clean(remark, "remark", longest=2000, required=False)
    with transaction.atomic():
        case.save()
        Clearance.objects.create(
            decision=decision, step=step.value, by=by, for_whom=answer.for_whom, at=at, remark=remark
        )
        return happened(case, Kind(row.event), by=by, for_whom=answer.for_whom, at=at, payload={"remark": remark})


def _on_the_table(case: Case) -> Decision:
    decision = case.current_decision
    if decision is None:
        raise Refused(Text("本件没有待审签的答复。", "There is no draft to decide on."))
    return decision
