"""The verbs that move the clock: supplement, extension, fee (restart, extend, restart)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from casework.access import Verb, check_may
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.words import Text
from casework.models import (
    Actor,
    Case,
    Channel,
    Conflict,
    DocumentKind,
    Event,
    Extension,
    FeeNotice,
    Kind,
    ReasonsRequest,
    Staff,
    Supplement,
    edition,
)

from .files import Upload, attach
from .record import check_day, clean, happened

_TOO_MUCH = Decimal(10) ** 10  # the column holds ten digits before the point
FEE_PERIOD = 20
"""Working days from the day after the fee notice is received (law.md 5.7)."""


def request_supplement(
    case: Case, *, unclear: str, days: int | None = None, on: date, by: Staff, at: datetime
) -> Event:
    """Ask once, within 7 working days of receipt, for what is unclear, with a reasonable period (条例 30).

    ``days``: working days that the applicant is given, by default the agency's setting. A notice after the 7th day is
    not refused: it goes out late, and by the conservative reading does not restart the clock (law.md 3.7).
    """
    check_may(by, Verb.REQUEST_SUPPLEMENT, case)
    check_day(on, "on", at=at, not_before=case.received_on)
    days = case.agency.supplement_days if days is None else days
    if not 1 <= days <= 120:
        raise Refused(
            Text("补正期限应当是1至120个工作日。", "The period is 1 to 120 working days."), law="条例 30", field="days"
        )
    if case.supplements.exists():
        raise Refused(
            Text("补正只能告知一次，本件已经告知过。", "A supplement may be asked for only once; it has been."),
            law="条例 30",
        )
    edition.look_again()
    until = case.agency.calendar.add_workdays(on, days)
    unclear = clean(unclear, "unclear", longest=5000)
    with transaction.atomic():
        case.request_supplement()
        case.save()
        Supplement.objects.create(case=case, requested_on=on, period_ends_on=until, unclear=unclear)
        return happened(
            case,
            Kind.SUPPLEMENT_REQUESTED,
            by=by,
            at=at,
            on=on,
            payload={"until": until.isoformat(), "days": days},
            moves_clock=True,
        )


def receive_supplement(
    case: Case,
    *,
    answer: str,
    on: date,
    by: Staff | None,
    at: datetime,
    channel: str = Channel.ONLINE,
    uploads: tuple[Upload, ...] = (),
) -> Event:
    """The supplement arrives and the reply period starts afresh (条例 30). ``by`` is ``None`` when it comes online."""
    if by is not None:
        check_may(by, Verb.RECEIVE_SUPPLEMENT, case)
    supplement = case.open_supplement
    if supplement is None or case.state != State.SUPPLEMENT_REQUESTED:
        raise Refused(
            Text("本件现在不需要补正，可能已经补正过了。", "No supplement is wanted now; it may have been sent."),
            law="条例 30",
        )
    check_day(on, "on", at=at, not_before=supplement.requested_on)
    supplement.received_on, supplement.channel = on, channel
    supplement.answer = clean(answer, "answer", longest=20_000)
    with transaction.atomic():
        case.receive_supplement()
        case.save()
        supplement.save()
        for upload in uploads:
            attach(case, upload, DocumentKind.SUPPLEMENT, by=by, at=at)
        return happened(
            case,
            Kind.SUPPLEMENT_RECEIVED,
            by=by,
            actor=Actor.STAFF if by else Actor.APPLICANT,
            at=at,
            on=on,
            payload={"channel": channel},
            moves_clock=True,
        )


def extend(case: Case, *, working_days: int, reason: str, on: date, by: Staff, at: datetime) -> Event:
    """The head of the disclosure office consents and the applicant is told, before expiry and once (条例 33(2)).

    Expiry, the maximum and the single time are judged by the replay of the clock.
    """
    check_may(by, Verb.EXTEND, case)
    check_day(on, "on", at=at, not_before=case.received_on)
    reason = clean(reason, "reason", longest=2000)
    if case.extensions.exists():
        raise Refused(
            Text("答复期限只能延长一次，本件已经延长过。", "The period can be extended only once; it has been."),
            law="条例 33(2)",
        )
    if type(working_days) is not int or not 1 <= working_days <= 20:
        raise Refused(
            Text("延长的期限应当是1至20个工作日。", "An extension is 1 to 20 working days."),
            law="条例 33(2)",
            field="working_days",
        )
    with transaction.atomic():
        case.save()
        Extension.objects.create(case=case, on=on, working_days=working_days, reason=reason, approved_by=by)
        return happened(
            case,
            Kind.EXTENDED,
            by=by,
            at=at,
            on=on,
            payload={"days": working_days, "reason": reason},
            moves_clock=True,
        )


def notify_fee(
    case: Case, *, amount: Decimal, on: date, by: Staff, at: datetime, delivered_on: date | None = None
) -> Event:
    """Ask for the information processing fee within the reply period (条例 42, 国办函〔2020〕109号)."""
    check_may(by, Verb.NOTIFY_FEE, case)
    check_day(on, "on", at=at, not_before=case.received_on)
    if not amount.is_finite() or not 0 < amount < _TOO_MUCH or amount != amount.quantize(Decimal("0.01")):
        raise Refused(
            Text("金额应当大于零，精确到分。", "The amount is more than zero, in yuan and fen."), field="amount"
        )
    if case.fee_notices.exists():
        raise Refused(Text("本件已经通知过缴费。", "The fee has been asked for already."), law="国办函〔2020〕109号")
    if delivered_on is not None:
        check_day(delivered_on, "delivered_on", at=at, not_before=on)
    edition.look_again()
    until = case.agency.calendar.add_workdays(delivered_on or on, FEE_PERIOD)
    with transaction.atomic():
        case.notify_fee()
        case.save()
        FeeNotice.objects.create(
            case=case, notified_on=on, delivered_on=delivered_on, period_ends_on=until, amount=amount
        )
        return happened(
            case,
            Kind.FEE_NOTIFIED,
            by=by,
            at=at,
            on=on,
            payload={"until": until.isoformat(), "amount": f"{amount:.2f}"},
            moves_clock=True,
        )


def record_payment(case: Case, *, on: date, by: Staff, at: datetime) -> Event:
    """The fee is paid; the period is counted afresh from the next day (law.md 5.8)."""
    check_may(by, Verb.RECORD_PAYMENT, case)
    fee = case.fee_notices.filter(paid_on=None).first()
    if fee is None:
        raise Conflict  # the case has been read before the payment that another clerk recorded
    check_day(on, "on", at=at, not_before=fee.notified_on)
    fee.paid_on = on
    with transaction.atomic():
        case.record_payment()
        case.save()
        fee.save(update_fields=["paid_on"])
        return happened(case, Kind.PAYMENT_RECORDED, by=by, at=at, on=on, moves_clock=True)


def ask_reasons(case: Case, *, why: str, on: date, by: Staff, at: datetime) -> Event:
    """Ask for the reasons of clearly excessive applications; that stops no clock (条例 35, law.md 3.9)."""
    check_may(by, Verb.ASK_REASONS, case)
    check_day(on, "on", at=at, not_before=case.received_on)
    if case.reasons_requests.exists():
        raise Refused(Text("本件已经要求说明理由。", "Reasons have been asked for already."), law="条例 35")
    why = clean(why, "why", longest=5000)
    with transaction.atomic():
        case.save()
        ReasonsRequest.objects.create(case=case, asked_on=on, why=why)
        return happened(case, Kind.REASONS_ASKED, by=by, at=at, on=on)


def record_reasons(case: Case, *, answer: str, on: date, by: Staff, at: datetime) -> Event:
    """What the applicant gave as reasons (条例 35)."""
    check_may(by, Verb.RECORD_REASONS, case)
    asked = case.reasons_requests.filter(answered_on=None).first()
    if asked is None:
        raise Refused(Text("还没有要求说明理由。", "Reasons have not been asked for."), law="条例 35")
    check_day(on, "on", at=at, not_before=asked.asked_on)
    asked.answered_on, asked.answer = on, clean(answer, "answer", longest=20_000)
    with transaction.atomic():
        case.save()
        asked.save()
        return happened(case, Kind.REASONS_RECORDED, by=by, at=at, on=on)


def resting_state(case: Case) -> State:
    """Where a case stands when nothing is proposed: with the applicant if something is awaited."""
    if case.open_supplement is not None:
        return State.SUPPLEMENT_REQUESTED
    if case.fee_notices.filter(paid_on=None).exists():
        return State.FEE_NOTIFIED
    return State.RECEIVED
