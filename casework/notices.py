"""Event kind → who hears what, as one table; the only writer to the outbox.

Every kind has a row, the silent ones explicitly (style 10). Names of notices are folders under ``templates/mail/``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import Q

from casework.law.calendar import day_of
from casework.models import Case, Event, Kind, Role, Staff
from notifications.outbox import post_many
from notifications.posting import Channel, Posting


class Audience(StrEnum):
    """Who hears of an event."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    CLERK_OR_ALL = "clerk_or_all"
    HEADS = "heads"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: to whom, in which words. Staff read it in the inbox, and by e-mail where they have an address."""

    to: Audience
    name: str


NOTICES: Final[dict[Kind, tuple[Notice, ...]]] = {
    Kind.SUBMITTED: (
        Notice(Audience.APPLICANT, "application_received"),
        Notice(Audience.CLERK_OR_ALL, "new_application"),
    ),
    Kind.REGISTERED: (Notice(Audience.APPLICANT, "application_received"),),
    Kind.IMPORTED: (),
    Kind.CORRECTED: (),
    Kind.ASSIGNED: (Notice(Audience.CLERK, "assigned"),),
    Kind.SUPPLEMENT_REQUESTED: (Notice(Audience.APPLICANT, "supplement_wanted"),),
    Kind.SUPPLEMENT_RECEIVED: (
        Notice(Audience.APPLICANT, "supplement_received"),
        Notice(Audience.CLERK_OR_ALL, "supplement_arrived"),
    ),
    Kind.CONSULTED: (Notice(Audience.APPLICANT, "consulting"),),
    Kind.OPINION_RECORDED: (),
    Kind.EXTENDED: (Notice(Audience.APPLICANT, "extended"), Notice(Audience.CLERK, "extension_approved")),
    Kind.FEE_NOTIFIED: (Notice(Audience.APPLICANT, "fee_wanted"),),
    Kind.PAYMENT_RECORDED: (Notice(Audience.APPLICANT, "fee_paid"),),
    Kind.REASONS_ASKED: (Notice(Audience.APPLICANT, "reasons_wanted"),),
    Kind.REASONS_RECORDED: (),
    Kind.PROPOSED: (Notice(Audience.HEADS, "to_be_signed"),),
    Kind.SENT_BACK: (Notice(Audience.CLERK, "sent_back"),),
    Kind.SIGNED: (Notice(Audience.CLERK, "to_be_dispatched"),),
    Kind.DISPATCHED: (Notice(Audience.APPLICANT, "reply_sent"),),
    Kind.DELIVERY_RECORDED: (),
    Kind.WITHDRAWN: (Notice(Audience.APPLICANT, "withdrawn"), Notice(Audience.CLERK_OR_ALL, "withdrawn_by_applicant")),
    Kind.IDENTITY_READ: (),
    Kind.REMINDED: (Notice(Audience.CLERK_OR_ALL, "due_soon"),),
    Kind.ESCALATED: (Notice(Audience.HEADS, "due_escalated"),),
    Kind.LAPSE_FOUND: (Notice(Audience.CLERK_OR_ALL, "period_lapsed"),),
    Kind.LEFT_UNTAKEN: (Notice(Audience.HEADS, "left_untaken"),),
}


def tell(event: Event) -> None:
    """Write the messages that this event causes, in the transaction that wrote the event."""
    tell_many([event])


def tell_many(events: Iterable[Event]) -> None:
    """The same for many events at once; people are looked up once an agency."""
    events = list(events)
    if not events:
        return
    rolls = _Rolls()
    postings = [posting for event in events for posting in _postings(event, rolls)]
    if postings:
        post_many(postings, at=max(event.at for event in events))


class Due(NamedTuple):
    """One thing that time asks of one case; ``once`` is its name within the case."""

    case: int
    number: str
    agency: int
    clerk: int | None
    once: str
    due_on: date | None = None
    days_left: int | None = None
    until: date | None = None


#: Cases listed in one message; a longer list is read on the desk.
MOST_LISTED: Final = 50


def tell_together(kind: Kind, due: Iterable[Due], *, at: datetime) -> None:
    """One message a person and channel about all that time asks, most urgent first, instead of one a case."""
    rolls = _Rolls()
    postings: list[Posting] = []
    for notice in NOTICES[kind]:
        for person, heard in rolls.heard_together(notice.to, due):
            heard.sort(key=lambda each: (each.days_left or 0, each.number))
            key = f"sweep:{kind}:{heard[0].case}:{heard[0].once}:{person.pk}"
            path = f"/desk/cases/{heard[0].case}/" if len(heard) == 1 else "/desk/"
            about = f"case:{heard[0].case}" if len(heard) == 1 else ""
            postings += _on_every_channel(person, key, notice.name, _list(heard, at), path=path, subject_ref=about)
    if postings:
        post_many(postings, at=at)


def _list(heard: list[Due], at: datetime) -> dict[str, Any]:
    return {
        "today_on": day_of(at),
        "count": len(heard),
        "more": max(0, len(heard) - MOST_LISTED),
        "cases": [
            {
                "number": each.number,
                "due": each.due_on.isoformat() if each.due_on else "",
                "days_left": each.days_left,
                "days_late": -each.days_left if each.days_left and each.days_left < 0 else 0,
                "until": each.until.isoformat() if each.until else "",
            }
            for each in heard[:MOST_LISTED]
        ],
    }


def _postings(event: Event, rolls: "_Rolls") -> Iterator[Posting]:
    case = event.case
    for notice in NOTICES[Kind(event.kind)]:
        key = f"event:{event.pk}:{notice.name}"
        context = _context(event)
        if notice.to is Audience.APPLICANT:
            if case.applicant.email:
                yield Posting(
                    effect_key=key,
                    channel=Channel.EMAIL,
                    notice=notice.name,
                    language=case.language,
                    address=case.applicant.email,
                    context=context,
                    subject_ref=f"case:{case.pk}",
                    path="/follow/",
                )
            continue
        for person in rolls.heard_by(notice.to, case):
            if event.by_id == person.pk:
                continue  # nobody needs to be told what they have just done
            yield from _on_every_channel(
                person,
                f"{key}:{person.pk}",
                notice.name,
                context,
                path=f"/desk/cases/{case.pk}/",
                subject_ref=f"case:{case.pk}",
            )


def _on_every_channel(
    person: Staff, key: str, name: str, context: dict[str, Any], *, path: str, subject_ref: str = ""
) -> Iterator[Posting]:
    for channel in (Channel.INBOX, Channel.EMAIL):
        if channel == Channel.EMAIL and not person.email:
            continue
        yield Posting(
            effect_key=f"{key}:{channel}",
            channel=channel,
            notice=name,
            language=settings.LANGUAGE_CODE,
            recipient_id=person.pk,
            context=context,
            subject_ref=subject_ref,
            path=path,
        )


def _context(event: Event) -> dict[str, Any]:
    """What the templates need, and no more: no content, no name, no identity of the applicant."""
    return {
        "number": event.case.number,
        "agency": event.case.agency.name,
        "due_on": event.due_after,
        "until_on": event.payload.get("until"),
        "days_left": event.payload.get("days_left"),
        "outcome": event.case.outcome or event.payload.get("outcome", ""),
    }


class _Rolls:
    """Who holds which role in an agency, read once for a batch."""

    def __init__(self) -> None:
        self._by_agency: dict[int, dict[str, list[Staff]]] = {}

    def heard_by(self, audience: Audience, case: Case) -> list[Staff]:
        if audience in (Audience.CLERK, Audience.CLERK_OR_ALL) and case.clerk is not None:
            return [case.clerk]
        if audience is Audience.CLERK:
            return []
        role = Role.HEAD if audience is Audience.HEADS else Role.CLERK
        return self._roll(case.agency_id).get(role.value, [])

    def heard_together(self, audience: Audience, due: Iterable[Due]) -> Iterator[tuple[Staff, list[Due]]]:
        """Everybody who hears of any of these, with all that they hear of."""
        due = list(due)
        clerks: dict[int, Staff] = {}
        if audience is not Audience.HEADS:
            clerks = Staff.objects.filter(is_active=True).in_bulk({each.clerk for each in due if each.clerk})
        role = (Role.HEAD if audience is Audience.HEADS else Role.CLERK).value
        heard: dict[int, tuple[Staff, list[Due]]] = {}
        for each in due:
            clerk = clerks.get(each.clerk or 0)
            for person in [clerk] if clerk else self._roll(each.agency).get(role, []):
                heard.setdefault(person.pk, (person, []))[1].append(each)
        yield from heard.values()

    def _roll(self, agency_id: int) -> dict[str, list[Staff]]:
        if agency_id not in self._by_agency:
            roll: dict[str, list[Staff]] = {}
            people = Staff.objects.filter(Q(is_active=True) & Q(appointments__agency=agency_id))
            for person in people.prefetch_related("appointments").distinct():
                for appointment in person.appointments.all():
                    if appointment.agency_id == agency_id:
                        roll.setdefault(appointment.role, []).append(person)
            self._by_agency[agency_id] = roll
        return self._by_agency[agency_id]
