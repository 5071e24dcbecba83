"""Requests inside (协办): asked, answered, chased, cancelled. None of it moves the clock (law.md 4.5)."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from casework.access import Verb, check_may, check_may_answer
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.watch import next_chase
from casework.law.words import Text, said
from casework.models import Agency, Assistance, Case, Conflict, DocumentKind, Event, Kind, Staff, edition

from .files import Upload, attach
from .record import check_day, clean, happened

LONGEST: Final = 20_000


def request_assistance(
    case: Case,
    *,
    question: str,
    due_on: date,
    by: Staff,
    at: datetime,
    agency: Agency | None = None,
    name: str = "",
    addressee: Staff | None = None,
    uploads: tuple[Upload, ...] = (),
) -> Event:
    """Ask a division, by ``name``, or a sister unit, by ``agency`` or by ``name``, by a day before the reply is due.

    They see the question and what is attached to it, not the applicant and not the rest of the file.
    """
    check_may(by, Verb.REQUEST_ASSISTANCE, case)
    on = day_of(at)
    if agency is not None and agency.pk == case.agency_id:
        raise Refused(
            Text("本机关的科室请写在“科室或者单位名称”里。", "Name a division of your own office by its name."),
            field="agency",
        )
    name = agency.name if agency is not None else clean(name, "name", longest=120, lines=False)
    _check_addressee(addressee, agency or case.agency)
    _check_due(case, due_on, on)
    question = clean(question, "question", longest=LONGEST)
    edition.look_again()
    with transaction.atomic():
        case.save()
        asked = Assistance.objects.create(
            case=case,
            agency=agency,
            name=name,
            addressee=addressee,
            question=question,
            due_on=due_on,
            asked_on=on,
            asked_by=by,
            chase_on=next_chase(due_on, on, case.agency.calendar),
        )
        asked.attached.set([attach(case, each, DocumentKind.ASSISTANCE, by=by, at=at) for each in uploads])
        return _happened(asked, Kind.ASSISTANCE_REQUESTED, by=by, at=at, until=due_on.isoformat())


def answer_assistance(
    assistance: Assistance,
    *,
    answer: str,
    by: Staff,
    at: datetime,
    on: date | None = None,
    uploads: tuple[Upload, ...] = (),
) -> Event:
    """Whoever was asked answers, or the clerk records what came on paper or by telephone; ``on`` is that day."""
    check_may_answer(by, assistance)
    _check_open(assistance)
    on = on or day_of(at)
    check_day(on, "on", at=at, not_before=assistance.asked_on)
    assistance.answered_on, assistance.answered_by, assistance.chase_on = on, by, None
    assistance.answer = clean(answer, "answer", longest=LONGEST)
    with transaction.atomic():
        _save(assistance)
        case = assistance.case
        assistance.received.set([attach(case, each, DocumentKind.ASSISTANCE, by=by, at=at) for each in uploads])
        return _happened(assistance, Kind.ASSISTANCE_ANSWERED, by=by, at=at, on=on)


def chase(assistance: Assistance, *, by: Staff, at: datetime) -> Event:
    """Remind whoever was asked, by hand; the sweep does so by itself around the internal due date."""
    check_may(by, Verb.CHASE, assistance.case)
    _check_open(assistance)
    with transaction.atomic():
        _save(assistance)
        return _happened(assistance, Kind.CHASED, by=by, at=at, until=assistance.due_on.isoformat())


def cancel_assistance(assistance: Assistance, *, reason: str, by: Staff, at: datetime) -> Event:
    """The answer is no longer needed."""
    check_may(by, Verb.CANCEL_ASSISTANCE, assistance.case)
    _check_open(assistance)
    assistance.reason = clean(reason, "reason", longest=2000)
    assistance.cancelled_on, assistance.cancelled_by, assistance.chase_on = day_of(at), by, None
    with transaction.atomic():
        _save(assistance)
        return _happened(assistance, Kind.ASSISTANCE_CANCELLED, by=by, at=at, reason=assistance.reason)


def _check_addressee(addressee: Staff | None, house: Agency) -> None:
    if addressee is not None and not (addressee.is_active and house.pk in addressee.roles):
        raise Refused(
            Text("{person}不在{house}工作。", "{person} does not work for {house}.").format(
                person=addressee.get_full_name(), house=house.name
            ),
            field="addressee",
        )


def _check_due(case: Case, due_on: date, on: date) -> None:
    """Not in the past, and not after the day on which the reply itself has to leave."""
    if due_on < on:
        raise Refused(
            Text("内部答复期限不能早于今天。", "The internal due date can't lie in the past."), field="due_on"
        )
    if case.due_on is not None and due_on > max(case.due_on, on):
        raise Refused(
            Text(
                "内部答复期限不能晚于本件的最迟答复日{due}。协办不影响答复期限。",
                "The internal due date can't be after {due}, when the reply is due. Asking inside stops no clock.",
            ).format(due=said(case.due_on)),
            field="due_on",
        )


def _check_open(assistance: Assistance) -> None:
    if not assistance.is_open:
        raise Refused(Text("这项协办已经答复或者取消。", "This request has been answered or cancelled already."))


def _save(assistance: Assistance) -> None:
    """Under the lock of the case, because the request may have been read before another answered or cancelled it."""
    assistance.case.save()
    stored = Assistance.objects.get(pk=assistance.pk)
    if not stored.is_open:
        raise Conflict
    assistance.save()


def _happened(
    assistance: Assistance, kind: Kind, *, by: Staff, at: datetime, on: date | None = None, **payload: str
) -> Event:
    named = {"assistance": assistance.pk, "name": assistance.name, **payload}
    return happened(assistance.case, kind, by=by, at=at, on=on, payload=named)
