"""Applications beyond what is reasonable: reasons asked for, given and judged, and the reasonable delay (条例 35)."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from casework.access import Verb, check_may
from casework.law import excess
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Case, Delay, Event, Kind, ReasonsRequest, Staff, edition

from .record import check_day, clean, happened

LAW: Final = excess.LAW


def reasons_until(case: Case, days: int | None, *, on: date) -> date:
    """The last day of a period of so many working days after ``on``, by default the agency's setting.

    The law names no length.
    """
    days = case.agency.reasons_days if days is None else days
    if not 1 <= days <= 120:
        raise Refused(
            Text("说明理由的期限应当是1至120个工作日。", "The period is 1 to 120 working days."), law=LAW, field="days"
        )
    edition.look_again()
    return case.agency.calendar.add_workdays(on, days)


def ask_reasons(
    case: Case, *, why: str, days: int | None = None, until: date | None = None, on: date, by: Staff, at: datetime
) -> Event:
    """Ask for the reasons of clearly excessive applications; that stops no clock (law.md 3.9).

    ``days``: working days that the applicant is given; ``until``: the last day that the notice prints.
    """
    check_may(by, Verb.ASK_REASONS, case)
    check_day(on, "on", at=at, not_before=case.received_on)
    until = until or reasons_until(case, days, on=on)
    if until <= on:
        raise Refused(
            Text(
                "告知书写明的期限{until}在{on}已经届满，申请人没有时间说明理由。请作废后另行制作。",
                "The notice gives the applicant until {until}, which leaves no time on {on}. "
                "Declare it void and make another.",
            ).format(until=said(until), on=said(on)),
            law=LAW,
            field="on",
        )
    if case.reasons_requests.exists():
        raise Refused(Text("本件已经要求说明理由。", "Reasons have been asked for already."), law=LAW)
    why = clean(why, "why", longest=5000)
    with transaction.atomic():
        case.save()
        ReasonsRequest.objects.create(case=case, asked_on=on, period_ends_on=until, why=why)
        return happened(case, Kind.REASONS_ASKED, by=by, at=at, on=on, payload={"until": until.isoformat()})


def record_reasons(case: Case, *, answer: str, on: date, by: Staff, at: datetime) -> Event:
    """What the applicant gave as reasons. If silence had been judged already, it is to be judged anew."""
    check_may(by, Verb.RECORD_REASONS, case)
    asked = case.reasons_requests.filter(answered_on=None).first()
    if asked is None:
        raise Refused(Text("还没有要求说明理由。", "Reasons have not been asked for."), law=LAW)
    check_day(on, "on", at=at, not_before=asked.asked_on)
    asked.answered_on, asked.answer = on, clean(answer, "answer", longest=20_000)
    asked.reasonable, asked.judged_on, asked.judged_by, asked.grounds = None, None, None, ""
    with transaction.atomic():
        case.save()
        asked.save()
        return happened(case, Kind.REASONS_RECORDED, by=by, at=at, on=on)


def judge_reasons(case: Case, *, reasonable: bool, grounds: str, on: date, by: Staff, at: datetime) -> Event:
    """A clerk finds the reasons good or not, with grounds; ``not_processed_4`` is open only if they are not.

    Not before the applicant has answered or the time to answer is over. The head decides by the signature.
    """
    check_may(by, Verb.JUDGE_REASONS, case)
    asked = case.reasons_requests.first()
    if asked is None:
        raise Refused(Text("还没有要求说明理由。", "Reasons have not been asked for."), law=LAW)
    if asked.reasonable is not None:
        raise Refused(Text("理由是否合理已经认定。", "The reasons have been judged already."), law=LAW)
    check_day(on, "on", at=at, not_before=asked.answered_on or asked.asked_on)
    excess.check_ripe(asked.standing(), on=on)
    asked.reasonable, asked.judged_on, asked.judged_by = reasonable, on, by
    asked.grounds = clean(grounds, "grounds", longest=5000)
    with transaction.atomic():
        case.save()
        asked.save()
        return happened(
            case,
            Kind.REASONS_JUDGED,
            by=by,
            at=at,
            on=on,
            payload={"judged": "reasonable" if reasonable else "unreasonable", "reason": asked.grounds},
        )


def delay(case: Case, *, until: date, reason: str, on: date, by: Staff, at: datetime) -> Event:
    """The head names a later day for a reply that can't be made in time, told to the applicant on the day ``on``.

    Only after the reasons were judged reasonable; once, before expiry, and never to an earlier day: that is judged by
    the replay of the clock. The law gives the delay no longest length.
    """
    answer = check_may(by, Verb.DELAY, case, on=day_of(at))
    asked = case.reasons_requests.first()
    excess.check_may_delay(asked.standing() if asked else None)
    judged_on = asked.judged_on if asked else None
    check_day(on, "on", at=at, not_before=judged_on)
    reason = clean(reason, "reason", longest=2000)
    if case.delays.exists():
        raise Refused(Text("延迟答复的期限只确定一次，本件已经确定过。", "The delay has been set already."), law=LAW)
    if until <= on:
        raise Refused(
            Text("延迟至{until}，应当晚于告知的日期。", "{until} is not later than the day of telling.").format(
                until=said(until)
            ),
            law=LAW,
            field="until",
        )
    with transaction.atomic():
        case.save()
        Delay.objects.create(case=case, on=on, until=until, reason=reason, approved_by=by)
        return happened(
            case,
            Kind.DELAYED,
            by=by,
            for_whom=answer.for_whom,
            at=at,
            on=on,
            payload={"until": until.isoformat(), "reason": reason},
            moves_clock=True,
        )
