"""The one extension: asked of the head, consented to or not, and made by telling the applicant in time (条例 33(2)).

The head consents by making the letter (``send.carry_out``). Until it leaves there is no extension.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from casework.access import Verb, check_may
from casework.law import clock
from casework.law.calendar import day_of
from casework.law.due import Due
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Case, Event, Extension, ExtensionRequest, Kind, Staff, edition

from .record import check_day, clean, happened

LAW: Final = "条例 33(2)"


def ask_extension(case: Case, *, working_days: int, reason: str, by: Staff, at: datetime) -> Event:
    """A clerk asks the head for more time; hopeless requests are refused here, so that nobody waits for nothing."""
    check_may(by, Verb.ASK_EXTENSION, case)
    reason = clean(reason, "reason", longest=2000)
    due_if_extended(case, working_days, on=day_of(at))
    _check_unmade(case)
    if case.extension_request is not None:
        raise Refused(Text("已经报请延期，尚未办结。", "An extension has been asked for already."), law=LAW)
    with transaction.atomic():
        case.save()
        ExtensionRequest.objects.create(
            case=case, working_days=working_days, reason=reason, asked_on=day_of(at), asked_by=by
        )
        return happened(case, Kind.EXTENSION_ASKED, by=by, at=at, payload={"days": working_days, "reason": reason})


def decline_extension(case: Case, *, remark: str, by: Staff, at: datetime) -> Event:
    """The head does not consent; the clerk reads why, and may ask again."""
    answer = check_may(by, Verb.DECLINE_EXTENSION, case, on=day_of(at))
    request = case.extension_request
    _check_unmade(case)
    if request is None:
        raise Refused(Text("没有报请延期。", "No extension has been asked for."), law=LAW)
    request.remark = clean(remark, "remark", longest=2000)
    request.consented, request.decided_on, request.decided_by = False, day_of(at), by
    with transaction.atomic():
        case.save()
        request.save()
        return happened(
            case,
            Kind.EXTENSION_DECLINED,
            by=by,
            for_whom=answer.for_whom,
            at=at,
            payload={"remark": request.remark},
        )


def extend(
    case: Case, *, working_days: int, reason: str, new_due_on: date | None = None, on: date, by: Staff, at: datetime
) -> Event:
    """The head consents and the applicant is told on the day ``on``, before expiry and once.

    Expiry, the maximum and the single time are judged by the replay of the clock. ``new_due_on``: what the letter
    prints; it holds only if the facts still give it on the day on which the letter leaves.
    """
    answer = check_may(by, Verb.EXTEND, case, on=day_of(at))
    check_day(on, "on", at=at, not_before=case.received_on)
    reason = clean(reason, "reason", longest=2000)
    _check_once(case, working_days)
    request = case.extension_request
    with transaction.atomic():
        case.save()
        if request is not None:
            request.working_days, request.reason = working_days, reason
            request.consented, request.decided_on, request.decided_by = True, day_of(at), by
            request.save()
        Extension.objects.create(case=case, on=on, working_days=working_days, reason=reason, approved_by=by)
        event = happened(
            case,
            Kind.EXTENDED,
            by=by,
            for_whom=answer.for_whom,
            at=at,
            on=on,
            payload={"days": working_days, "reason": reason},
            moves_clock=True,
        )
        if new_due_on is not None and case.due_on != new_due_on:
            raise Refused(
                Text(
                    "文书写明延期至{printed}，现在应为{due}。请作废后另行制作。",
                    "The letter says {printed}, but the period now ends on {due}. Declare it void and make another.",
                ).format(printed=said(new_due_on), due=said(case.due_on) if case.due_on else "—"),
                law=LAW,
                field="on",
            )
        return event


def due_if_extended(case: Case, working_days: int, *, on: date) -> Due:
    """The clock as it would run if the applicant were told on that day; refused where that is not possible."""
    _check_once(case, working_days)
    edition.look_again()
    agency, facts = case.agency, [*case.clock_facts(), clock.Extended(on, working_days)]
    return clock.replay(case.receipt(), facts, calendar=agency.calendar, readings=case.readings)


def _check_unmade(case: Case) -> None:
    """The head who has made the letter has consented."""
    if case.letters.not_sent().filter(act=Verb.EXTEND.value).exists():
        raise Refused(
            Text(
                "负责人已经同意延期，告知书还没有送出。请送出或者作废。",
                "The head has consented, and the notice has not left. Send it or declare it void.",
            ),
            law=LAW,
        )


def _check_once(case: Case, working_days: int) -> None:
    if case.extensions.exists():
        raise Refused(
            Text("答复期限只能延长一次，本件已经延长过。", "The period can be extended only once; it has been."),
            law=LAW,
        )
    if type(working_days) is not int or not 1 <= working_days <= 20:
        raise Refused(
            Text("延长的期限应当是1至20个工作日。", "An extension is 1 to 20 working days."),
            law=LAW,
            field="working_days",
        )
