"""The information processing fee: computed, never typed; asked for, paid, cancelled (条例 42, 国办函〔2020〕109号)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from casework.access import Verb, check_may
from casework.law.calendar import day_of
from casework.law.fees import LAW, Fee, Tariff, worked_out
from casework.law.letters import LetterKind
from casework.law.periods import PERIODS, PeriodKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Conflict, Event, FeeNotice, Kind, Staff, edition, frequency

from .record import check_day, clean, happened

PAYMENT: Final = PERIODS[PeriodKind.FEE_PAYMENT][-1]
"""From the day after the applicant has received the notice (law.md 5.7)."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The fee of an application, and the applications of the month that were counted before it."""

    fee: Fee
    before: tuple[Case, ...]
    confirmed: frozenset[int]

    @property
    def by_item(self) -> bool:
        return self.fee.tariff is Tariff.ITEMS


def reckoned(case: Case, *, tariff: Tariff, pages: int | None = None, confirmed: Collection[int] = ()) -> Reckoned:
    """What the tariff gives; refused where that is nothing, or where the agency has not said how to pay.

    ``pages``: sides of A4 or smaller, by page only. ``confirmed``: keys of applications of the month that are only
    alike (``frequency.alike_in_the_month``), which the clerk knows to be the same applicant's.
    """
    if not case.agency.payment_way.strip():
        raise Refused(
            Text(
                "收费通知应当写明缴费方式。请先由机关管理员在机关设置中填写。",
                "A fee notice states the way of payment. Ask the administrator to fill it in in the agency's settings.",
            ),
            law=f"{LAW} 6",
        )
    known = _checked_alike(case, confirmed)
    month = frequency.of_the_month(case, known)
    before = month[: [each.pk for each in month].index(case.pk)]
    return Reckoned(worked_out(tariff, ordinal=len(before) + 1, pages=pages), tuple(before), known)


def notify_fee(
    case: Case,
    *,
    tariff: Tariff,
    pages: int | None = None,
    confirmed: Collection[int] = (),
    printed: int | None = None,
    on: date,
    delivered_on: date | None = None,
    by: Staff,
    at: datetime,
) -> Event:
    """Ask for the fee that ``reckoned`` gives, within the running period, which the replay of the clock judges.

    ``printed``: the amount in the letter, if one was made earlier: it holds only if the tariff still gives it. Until
    the day of delivery is known, the applicant's period has no end (law.md 5.6, 5.7).
    """
    check_may(by, Verb.NOTIFY_FEE, case)
    check_day(on, "on", at=at, not_before=case.received_on)
    if delivered_on is not None:
        check_day(delivered_on, "delivered_on", at=at, not_before=on)
    if any(notice.cancelled_on is None for notice in case.fee_notices.all()):
        raise Refused(Text("本件已经通知过缴费。", "The fee has been asked for already."), law=LAW)
    found = reckoned(case, tariff=tariff, pages=pages, confirmed=confirmed)
    if printed not in (None, found.fee.amount):
        raise Refused(
            Text(
                "文书写明{printed}元，现在应为{amount}元。请作废后另行制作。",
                "The letter asks for {printed} yuan, but the fee is {amount} now. Declare it void and make another.",
            ).format(printed=printed, amount=found.fee.amount),
            law=LAW,
            field="on",
        )
    edition.look_again()
    until = case.agency.calendar.add_workdays(delivered_on, PAYMENT.length) if delivered_on else None
    with transaction.atomic():
        case.notify_fee()
        case.save()
        FeeNotice.objects.create(
            case=case,
            tariff=tariff.value,
            ordinal=len(found.before) + 1 if found.by_item else None,
            pages=pages,
            bands=[[band.first, band.last, band.rate] for band in found.fee.bands],
            counted=[each.number for each in found.before] if found.by_item else [],
            confirmed=[each.number for each in found.before if each.pk in found.confirmed] if found.by_item else [],
            payment_way=case.agency.payment_way.strip(),
            notified_on=on,
            delivered_on=delivered_on,
            period_ends_on=until,
            amount=Decimal(found.fee.amount),
        )
        return happened(
            case,
            Kind.FEE_NOTIFIED,
            by=by,
            at=at,
            on=on,
            payload={"amount": f"{found.fee.amount}.00"} | ({"until": until.isoformat()} if until else {}),
            moves_clock=True,
        )


def notice_arrived(fee: FeeNotice, *, on: date) -> None:
    """The applicant has got the notice: the time to pay counts from the next day (law.md 5.7)."""
    edition.look_again()
    fee.delivered_on, fee.period_ends_on = on, fee.case.agency.calendar.add_workdays(on, PAYMENT.length)
    fee.save(update_fields=["delivered_on", "period_ends_on"])


def record_fee_delivery(case: Case, *, on: date, by: Staff, at: datetime) -> Event:
    """The applicant has received the notice: the 20 working days to pay count from the next day (law.md 5.7)."""
    check_may(by, Verb.RECORD_FEE_DELIVERY, case)
    fee = case.unpaid_fee
    if fee is None:
        raise Conflict  # the case has been read before another clerk's payment
    if fee.delivered_on is not None:
        raise Refused(Text("收费通知的送达日期已经登记。", "The delivery of the notice is on file."), law=LAW)
    check_day(on, "on", at=at, not_before=fee.notified_on)
    with transaction.atomic():
        case.save()
        letter = case.letters.filter(kind=LetterKind.FEE.value, voided_at=None, deliveries__isnull=False).last()
        if letter is not None and (attempt := letter.last_delivery) is not None and attempt.delivered_on is None:
            attempt.delivered_on = on
            attempt.save(update_fields=["delivered_on"])
        notice_arrived(fee, on=on)
        return happened(
            case,
            Kind.FEE_DELIVERED,
            by=by,
            at=at,
            on=on,
            payload={"until": fee.period_ends_on.isoformat() if fee.period_ends_on else ""},
            moves_clock=True,
        )


def record_payment(case: Case, *, on: date, amount: Decimal, voucher_number: str, by: Staff, at: datetime) -> Event:
    """The fee is paid in full; the period is counted afresh from the next day (law.md 5.8). Refunds are not kept."""
    check_may(by, Verb.RECORD_PAYMENT, case)
    fee = case.unpaid_fee
    if fee is None:
        raise Conflict  # the case has been read before the payment that another clerk recorded
    check_day(on, "on", at=at, not_before=fee.notified_on)
    if not amount.is_finite() or amount != fee.amount:
        raise Refused(
            Text(
                "应缴{amount}元，缴费金额应当与收费通知一致。", "The payment is to be {amount} yuan, as asked."
            ).format(amount=f"{fee.amount:.2f}"),
            law=f"{LAW} 4、5",
            field="amount",
        )
    voucher_number = clean(voucher_number, "voucher_number", longest=80, lines=False)
    fee.paid_on, fee.paid_amount, fee.voucher_number = on, amount, voucher_number
    with transaction.atomic():
        case.record_payment()
        case.save()
        fee.save(update_fields=["paid_on", "paid_amount", "voucher_number"])
        return happened(
            case,
            Kind.PAYMENT_RECORDED,
            by=by,
            at=at,
            on=on,
            payload={"amount": f"{fee.amount:.2f}"},
            moves_clock=True,
        )


def cancel_fee(case: Case, *, reason: str, on: date, by: Staff, at: datetime) -> Event:
    """A notice that was a mistake is withdrawn unpaid: it stays on file, and the date is as if it had never been."""
    answer = check_may(by, Verb.CANCEL_FEE, case, on=day_of(at))
    fee = case.unpaid_fee
    if fee is None:
        raise Conflict
    check_day(on, "on", at=at, not_before=fee.notified_on)
    fee.cancelled_on, fee.cancelled_by = on, by
    fee.cancel_reason = clean(reason, "reason", longest=2000)
    with transaction.atomic():
        case.cancel_fee()
        case.save()
        fee.save(update_fields=["cancelled_on", "cancelled_by", "cancel_reason"])
        return happened(
            case,
            Kind.FEE_CANCELLED,
            by=by,
            for_whom=answer.for_whom,
            at=at,
            on=on,
            payload={"reason": fee.cancel_reason},
            moves_clock=True,
        )


def _checked_alike(case: Case, confirmed: Collection[int]) -> frozenset[int]:
    """What the clerk has confirmed, if each of it was there to be confirmed."""
    known = frozenset(int(key) for key in confirmed)
    if known - {each.pk for each in frequency.alike_in_the_month(case)}:
        raise Refused(
            Text(
                "只有当月姓名和联系方式相同的申请可以确认为同一申请人。",
                "Only an application of the month with the same name and contact can be confirmed as the same.",
            ),
            law=f"{LAW} 4",
            field="confirmed",
        )
    return known
