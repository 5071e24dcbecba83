"""The reply leaves the office and reaches the applicant: two days with two meanings (law.md 4.10 to 4.12)."""

from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from casework.access import Verb, check_may
from casework.law.calendar import day_of
from casework.law.letters import LetterKind
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import (
    Actor,
    Case,
    Conflict,
    Counted,
    Decision,
    Delivery,
    DispatchMode,
    DocumentKind,
    Event,
    Kind,
    Staff,
)
from casework.models.delivery import ARRIVES_AT_ONCE

from .consult import check_informed, check_objections
from .fee import notice_arrived
from .files import Upload, attach
from .guards import check_route
from .outgoing import check_passed
from .record import check_day, clean, happened


def dispatch(
    case: Case,
    *,
    mode: DispatchMode,
    on: date,
    by: Staff,
    at: datetime,
    postal_number: str = "",
    witness: str = "",
    document_number: str = "",
) -> Event:
    """The signed reply is posted, handed over or sent; that day closes the case (国办公开办函〔2016〕235号 四).

    It leaves with the attachments that secrecy review has seen, and no others (条例 17); each is opened again, and one
    that has not passed the release gate keeps the reply here.
    """
    check_may(by, Verb.DISPATCH, case)
    decision = case.current_decision
    if decision is None or decision.signed_at is None:
        raise Refused(Text("答复还没有签发。", "The reply is not signed yet."))
    check_day(on, "on", at=at, not_before=max(case.received_on, day_of(decision.signed_at)))
    attempt = attempted(case, mode=mode, on=on, postal_number=postal_number, witness=witness, by=by)
    attempt.decision, attempt.letter = decision, decision.letters.filter(voided_at=None).first()
    decision.dispatched_on = on
    if document_number:
        document_number = clean(document_number, "document_number", longest=80, lines=False)
        _check_number(decision, document_number)
        decision.document_number = document_number
    outcome = Outcome(decision.outcome)
    check_route(decision, on=day_of(at))
    check_objections(case, outcome)  # one may have come after the signature
    check_informed(case, outcome)
    check_passed(decision, reopen=True)
    with transaction.atomic():
        was = Counted.of(case)
        case.dispatch(outcome, on)
        case.watch_on = None
        case.save()
        decision.save()
        attempt.save()
        payload = {"outcome": outcome.value, "mode": mode.value}
        return happened(case, Kind.DISPATCHED, by=by, at=at, on=on, payload=payload, was=was)


def _check_number(decision: Decision, document_number: str) -> None:
    """The letter bears its number since the signature; another one can't be written on its envelope."""
    letter = decision.letters.filter(voided_at=None).first()
    if letter is not None and letter.number != document_number:
        raise Refused(
            Text(
                "答复已经以文号“{number}”签发，不能改用别的文号。",
                "The reply was signed as “{number}”; its number can't be changed.",
            ).format(number=letter.number),
            field="document_number",
        )


def attempted(
    case: Case, *, mode: DispatchMode, on: date, postal_number: str = "", witness: str = "", by: Staff
) -> Delivery:
    """One attempt to serve a document, not yet stored and not yet said of which.

    ``witness``: who was there when the addressee refused to sign and the document was left (民诉法 89, law.md 4.10).
    """
    witness = clean(witness, "witness", longest=2000, required=False)
    if witness and mode is not DispatchMode.IN_PERSON:
        raise Refused(
            Text("只有当面送达的才能留置。", "Only what is handed over in person can be left behind."),
            law="民事诉讼法 89",
            field="witness",
        )
    return Delivery(
        case=case,
        mode=mode,
        postal_number=clean(
            postal_number, "postal_number", longest=40, required=mode is DispatchMode.POST, lines=False
        ),
        sent_on=on,
        sent_by=by,
        delivered_on=on if mode in ARRIVES_AT_ONCE else None,
        witness=witness,
    )


def record_delivery(
    case: Case,
    *,
    on: date,
    delivery: Delivery | None = None,
    reason: str = "",
    uploads: tuple[Upload, ...] = (),
    by: Staff,
    at: datetime,
) -> Event:
    """The day on which the applicant received a document; of the reply it starts the periods of the remedies.

    ``delivery``: by default the latest attempt to serve the reply. A second recording corrects the first and needs a
    ``reason``. ``uploads``: what proves it (送达回证, 妥投证明).
    """
    check_may(by, Verb.RECORD_DELIVERY, case)
    attempt = _attempt_of(case, delivery)
    if attempt.came_back:
        raise Refused(Text("这一份已经退回，请重新送达。", "This one came back; serve it again."))
    check_day(on, "on", at=at, not_before=attempt.sent_on)
    before = attempt.delivered_on
    reason = clean(reason, "reason", longest=2000, required=False)
    if before is not None and not reason:
        raise Refused(
            Text(
                "已经登记于{before}送达。更正的，请写明理由。",
                "Delivery on {before} is on record. To correct it, give the reason.",
            ).format(before=said(before)),
            field="reason",
        )
    attempt.delivered_on = on
    told = {**_named(attempt), "delivered_on": on.isoformat(), "reason": reason}
    kind = Kind.LETTER_DELIVERED if attempt.decision_id is None else Kind.DELIVERY_RECORDED
    if before is not None:
        kind, told["before_on"] = Kind.DELIVERY_CORRECTED, before.isoformat()
    with transaction.atomic():
        case.save()
        attempt.save(update_fields=["delivered_on"])
        asks_fee = attempt.letter is not None and attempt.letter.kind == LetterKind.FEE
        if asks_fee and (awaited := case.unpaid_fee) is not None:
            notice_arrived(awaited, on=on)
        for upload in uploads:
            attach(case, upload, DocumentKind.SERVICE, delivery=attempt, by=by, at=at)
        return happened(case, kind, by=by, at=at, on=on, payload=told, moves_clock=asks_fee)


def record_return(
    case: Case, *, on: date, reason: str, delivery: Delivery | None = None, by: Staff, at: datetime
) -> Event:
    """A document came back: the task is open again, the case is not (law.md 9.7).

    What was dispatched in time stays in time (235号 四). A delivery that had been reported is taken back: the mail in
    the hand is the better evidence.
    """
    check_may(by, Verb.RECORD_RETURN, case)
    attempt = _attempt_of(case, delivery)
    if attempt.mode in ARRIVES_AT_ONCE:
        raise Refused(
            Text("当面或者网上送达的不会退回。", "What was handed over or sent online does not come back."), field="on"
        )
    if attempt.came_back:
        raise Refused(Text("已经登记退回。", "Its return is on record."))
    check_day(on, "on", at=at, not_before=attempt.sent_on)
    attempt.returned_on, attempt.return_reason = on, clean(reason, "reason", longest=2000)
    attempt.delivered_on = None
    told = {**_named(attempt), "reason": attempt.return_reason}
    kind = Kind.LETTER_RETURNED if attempt.decision_id is None else Kind.REPLY_RETURNED
    with transaction.atomic():
        case.save()
        attempt.save(update_fields=["returned_on", "return_reason", "delivered_on"])
        return happened(case, kind, by=by, at=at, on=on, payload=told)


def redispatch(
    case: Case,
    *,
    mode: DispatchMode,
    on: date,
    delivery: Delivery | None = None,
    postal_number: str = "",
    witness: str = "",
    by: Staff,
    at: datetime,
) -> Event:
    """What came back is served again; the day of the first attempt stays the day of the reply (235号 四)."""
    check_may(by, Verb.REDISPATCH, case)
    last = _attempt_of(case, delivery)
    if last.returned_on is None:
        raise Refused(Text("没有退回的文书。", "Nothing has come back."))
    check_day(on, "on", at=at, not_before=last.returned_on)
    attempt = attempted(case, mode=mode, on=on, postal_number=postal_number, witness=witness, by=by)
    attempt.letter_id, attempt.decision_id = last.letter_id, last.decision_id
    told = {**_named(last), "mode": mode.value}
    kind = Kind.LETTER_SENT if last.decision_id is None else Kind.REDISPATCHED
    with transaction.atomic():
        case.save()
        if not Delivery.objects.returned().filter(pk=last.pk).exists():
            raise Conflict
        attempt.save()
        return happened(case, kind, by=by, at=at, on=on, payload=told)


def file_proof(
    case: Case, *, uploads: tuple[Upload, ...], delivery: Delivery | None = None, by: Staff, at: datetime
) -> Event:
    """The signed proof of service, or the carrier's, goes on file with the attempt that it proves (law.md 9.7)."""
    check_may(by, Verb.FILE_PROOF, case)
    attempt = _attempt_of(case, delivery)
    if not uploads:
        raise Refused(Text("请选择文件。", "Choose a file."), field="files")
    with transaction.atomic():
        case.save()
        for upload in uploads:
            attach(case, upload, DocumentKind.SERVICE, delivery=attempt, by=by, at=at)
        return happened(case, Kind.PROOF_FILED, by=by, at=at, payload=_named(attempt))


def record_opening(case: Case, *, at: datetime) -> Event | None:
    """The applicant has read the reply online for the first time; evidence, and no delivery. ``None`` afterwards.

    The version of the case stays: a reader must not turn away a clerk who is in the middle of an act.
    """
    decision = case.current_decision
    if decision is None or decision.dispatched_on is None or not case.closed_on:
        return None
    if case.events.filter(once=OPENED).exists():
        return None
    try:
        with transaction.atomic():
            return happened(case, Kind.REPLY_OPENED, by=None, actor=Actor.APPLICANT, at=at, once=OPENED)
    except IntegrityError:  # another window was as quick
        return None


def _attempt_of(case: Case, delivery: Delivery | None) -> Delivery:
    """The attempt that is meant, as it stands now: by default the latest for the reply."""
    of_the_case = Delivery.objects.filter(case=case)
    found = (
        of_the_case.filter(pk=delivery.pk).first()
        if delivery is not None
        else of_the_case.filter(decision__isnull=False).last()
    )
    if found is None:
        raise Refused(Text("本件没有送出的答复。", "No reply has been dispatched in this case."))
    return found


def _named(attempt: Delivery) -> dict[str, str]:
    letter = attempt.letter
    return {"letter": letter.kind, "letter_number": letter.number} if letter else {}


#: The name that the first opening of a reply has in its case.
OPENED: Final = "reply_opened"
