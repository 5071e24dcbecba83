"""Consultation of third parties and other organs: that time is not counted (条例 32, 33(3), 34)."""

from datetime import date, datetime

from django.db import transaction

from casework.access import Verb, check_may
from casework.law import clock
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Conflict, Consultation, Event, Kind, Staff

from .record import check_day, clean, happened


def consult(
    case: Case,
    *,
    party: clock.Party,
    name: str,
    sent_on: date,
    by: Staff,
    at: datetime,
    delivered_on: date | None = None,
) -> Event:
    """A letter goes to a third party or another organ; a division of the same agency is neither (law.md 4.5)."""
    check_may(by, Verb.CONSULT, case)
    check_day(sent_on, "sent_on", at=at, not_before=case.received_on)
    if delivered_on is not None:
        check_day(delivered_on, "delivered_on", at=at, not_before=sent_on)
    name = clean(name, "name", longest=200, lines=False)
    with transaction.atomic():
        case.save()
        Consultation.objects.create(case=case, party=party.value, name=name, sent_on=sent_on, delivered_on=delivered_on)
        return happened(
            case,
            Kind.CONSULTED,
            by=by,
            at=at,
            on=sent_on,
            payload={"name": name, "party": party.value},
            moves_clock=True,
        )


def record_opinion(
    consultation: Consultation,
    *,
    answered_on: date,
    consents: bool | None,
    opinion: str,
    by: Staff,
    at: datetime,
    delivered_on: date | None = None,
) -> Event:
    """The opinion arrives and the clock resumes on the next working day.

    ``consents`` ``None``: neither consent nor refusal. ``delivered_on`` may be learnt only with the answer.
    """
    case = consultation.case
    check_may(by, Verb.RECORD_OPINION, case)
    if consultation.answered_on is not None:
        raise Refused(Text("这份意见已经登记过。", "This opinion has been recorded already."))
    if delivered_on is not None:
        check_day(delivered_on, "delivered_on", at=at, not_before=consultation.sent_on)
        consultation.delivered_on = delivered_on
    check_day(answered_on, "answered_on", at=at, not_before=consultation.delivered_on or consultation.sent_on)
    consultation.answered_on, consultation.consents = answered_on, consents
    consultation.opinion = clean(opinion, "opinion", longest=20_000, required=False)
    with transaction.atomic():
        case.save()
        # The case may have been read after another clerk recorded the opinion, the consultation before.
        if Consultation.objects.filter(pk=consultation.pk).exclude(answered_on=None).exists():
            raise Conflict
        consultation.save()
        return happened(
            case,
            Kind.OPINION_RECORDED,
            by=by,
            at=at,
            on=answered_on,
            payload={"name": consultation.name},
            moves_clock=True,
        )
