"""The reply leaves the office and reaches the applicant: two days with two meanings (law.md 4.10 to 4.12)."""

from datetime import date, datetime

from django.db import transaction

from casework.access import Verb, check_may
from casework.law.calendar import day_of
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Decision, DispatchMode, DocumentKind, Event, Kind, Staff

from .files import Upload, attach
from .record import check_day, clean, happened


def dispatch(
    case: Case,
    *,
    mode: DispatchMode,
    on: date,
    by: Staff,
    at: datetime,
    postal_number: str = "",
    document_number: str = "",
    uploads: tuple[Upload, ...] = (),
) -> Event:
    """The signed reply is posted, handed over or sent; that day closes the case (国办公开办函〔2016〕235号 四)."""
    check_may(by, Verb.DISPATCH, case)
    decision = case.current_decision
    if decision is None or decision.signed_at is None:
        raise Refused(Text("答复还没有签发。", "The reply is not signed yet."))
    check_day(on, "on", at=at, not_before=max(case.received_on, day_of(decision.signed_at)))
    postal_number = clean(postal_number, "postal_number", longest=40, required=mode == DispatchMode.POST, lines=False)
    decision.mode, decision.postal_number, decision.dispatched_on = mode, postal_number, on
    if document_number:
        document_number = clean(document_number, "document_number", longest=80, lines=False)
        _check_number(decision, document_number)
        decision.document_number = document_number
    if mode in (DispatchMode.IN_PERSON, DispatchMode.ONLINE):
        decision.delivered_on = on
    outcome = Outcome(decision.outcome)
    with transaction.atomic():
        case.dispatch(outcome, on)
        case.watch_on = None
        case.save()
        decision.save()
        for upload in uploads:
            attach(case, upload, DocumentKind.REPLY, by=by, at=at)
        return happened(
            case, Kind.DISPATCHED, by=by, at=at, on=on, payload={"outcome": outcome.value, "mode": mode.value}
        )


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


def record_delivery(case: Case, *, on: date, by: Staff, at: datetime) -> Event:
    """The day on which the applicant received the reply, which starts the periods of the remedies."""
    check_may(by, Verb.RECORD_DELIVERY, case)
    decision: Decision | None = case.current_decision
    if decision is None or decision.dispatched_on is None:
        raise Refused(Text("本件没有送出的答复。", "No reply has been dispatched in this case."))
    check_day(on, "on", at=at, not_before=decision.dispatched_on)
    decision.delivered_on = on
    with transaction.atomic():
        case.save()
        decision.save(update_fields=["delivered_on"])
        return happened(case, Kind.DELIVERY_RECORDED, by=by, at=at, on=on, payload={"delivered_on": on.isoformat()})
