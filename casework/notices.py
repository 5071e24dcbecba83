"""Event kind → who hears what, as one table; the only writer to the outbox.

Every kind has a row, the silent ones explicitly (style 10). Names of notices are folders under ``templates/mail/``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import Q

from casework.law.calendar import day_of
from casework.models import Appointment, CalendarEdition, Case, Event, Kind, Role, Staff
from notifications.outbox import post_many
from notifications.posting import Channel, Posting


class Audience(StrEnum):
    """Who hears of an event."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    CLERK_OR_ALL = "clerk_or_all"
    HEADS = "heads"
    ADMINISTRATORS = "administrators"


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
    Kind.CALENDAR_CHANGED: (
        Notice(Audience.APPLICANT, "date_moved"),
        Notice(Audience.CLERK_OR_ALL, "dates_moved"),
        Notice(Audience.HEADS, "overdue_by_calendar"),
    ),
}


#: What no case causes: next year's holidays are not here yet.
EDITION_MISSING: Final = Notice(Audience.ADMINISTRATORS, "edition_missing")


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


class Watched(NamedTuple):
    """As much of a case as a sweep needs. ``untaken_since``: filed online then, and still without a clerk."""

    pk: int
    number: str
    agency: int
    clerk: int | None
    due_on: date | None
    period_ends_on: date | None
    untaken_since: date | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that time asks of some cases; ``once`` is its name, which it has only once in a case."""

    once: str
    due_on: date | None = None
    days_left: int | None = None
    until: date | None = None
    cases: list[Watched] = field(default_factory=list)


#: Cases listed in one message; a longer list is read on the desk.
MOST_LISTED: Final = 50


def tell_together(kind: Kind, due: Sequence[Due], *, at: datetime) -> None:
    """One message a person and channel about all that time asks, most urgent first, instead of one a case."""
    rolls = _Rolls()
    postings: list[Posting] = []
    for notice in NOTICES[kind]:
        for person, heard in rolls.heard_together(notice.to, due):
            heard.sort(key=lambda each: (each[0].days_left or 0, each[1].number))
            first, case = heard[0]
            key = f"sweep:{kind}:{case.pk}:{first.once}:{person.pk}"
            alone = len(heard) == 1
            postings += _on_every_channel(
                person,
                key,
                notice.name,
                _list(heard, at),
                path=f"/desk/cases/{case.pk}/" if alone else "/desk/",
                subject_ref=f"case:{case.pk}" if alone else "",
            )
    if postings:
        post_many(postings, at=at)


class Moved(NamedTuple):
    """A case whose date a calendar edition touched. ``overdue``: by the new date, and not by the old one."""

    pk: int
    number: str
    agency: int
    clerk: int | None
    before: date | None
    after: date | None
    overdue: bool
    provisional: bool = False


def tell_calendar(applied: CalendarEdition, moved: Iterable[Moved], *, at: datetime) -> None:
    """Applicants hear of their own case when its date moved, clerks of all theirs at once, heads of what is overdue."""
    cases = [case for case in moved if case.before != case.after]
    to_applicant, to_clerk, to_heads = NOTICES[Kind.CALENDAR_CHANGED]
    postings = list(_to_applicants(applied, to_applicant, cases))
    rolls = _Rolls()
    for notice, heard_of in ((to_clerk, cases), (to_heads, [case for case in cases if case.overdue])):
        dues = [_as_due(case) for case in heard_of]
        after = {case.pk: case for case in heard_of}
        for person, heard in rolls.heard_together(notice.to, dues):
            theirs = sorted((after[case.pk] for _due, case in heard), key=lambda m: (m.after or date.max, m.number))
            postings += _on_every_channel(
                person,
                f"calendar:{applied.pk}:{notice.name}:{theirs[0].pk}:{person.pk}",
                notice.name,
                _moves(applied, theirs),
                path="/desk/",
            )
    if postings:
        post_many(postings, at=at)


def _to_applicants(applied: CalendarEdition, notice: Notice, cases: Sequence[Moved]) -> Iterator[Posting]:
    moved = {case.pk: case for case in cases}
    rows = Case.objects.among(moved).exclude(applicant__email="")
    for pk, email, language, agency in rows.values_list("pk", "applicant__email", "language", "agency__name"):
        case = moved[pk]
        yield Posting(
            effect_key=f"calendar:{applied.pk}:{notice.name}:{pk}:{case.after}",
            channel=Channel.EMAIL,
            notice=notice.name,
            language=language,
            address=email,
            context={
                "number": case.number,
                "agency": agency,
                "year": applied.year,
                "edition": applied.number,
                "before_on": case.before.isoformat() if case.before else "",
                "due_on": case.after.isoformat() if case.after else "",
                "provisional": case.provisional,
            },
            subject_ref=f"case:{pk}",
            path="/follow/",
        )


def _as_due(case: Moved) -> Due:
    watched = Watched(case.pk, case.number, case.agency, case.clerk, case.after, None, None)
    return Due("calendar", case.after, cases=[watched])


def _moves(applied: CalendarEdition, cases: Sequence[Moved]) -> dict[str, Any]:
    return {
        "year": applied.year,
        "edition": applied.number,
        "count": len(cases),
        "more": max(0, len(cases) - MOST_LISTED),
        "cases": [
            {
                "number": case.number,
                "before_on": case.before.isoformat() if case.before else "",
                "due_on": case.after.isoformat() if case.after else "",
                "provisional": case.provisional,
            }
            for case in cases[:MOST_LISTED]
        ],
    }


def ask_for_edition(year: int, *, urgent: bool, once: str, at: datetime) -> int:
    """Tell every administrator that the holidays of a year are missing; each ``once`` only once. How many people."""
    roles = [Role.SYSTEM_ADMINISTRATOR.value, Role.AGENCY_ADMINISTRATOR.value]
    people = Staff.objects.filter(is_active=True, appointments__role__in=roles).distinct()
    postings = [
        posting
        for person in people
        for posting in _on_every_channel(
            person,
            f"{EDITION_MISSING.name}:{year}:{once}:{person.pk}",
            EDITION_MISSING.name,
            {"year": year, "urgent": urgent},
            path="/desk/calendar/",
        )
    ]
    if postings:
        post_many(postings, at=at)
    return len(people)


def _list(heard: list[tuple[Due, Watched]], at: datetime) -> dict[str, Any]:
    return {
        "today_on": day_of(at),
        "count": len(heard),
        "more": max(0, len(heard) - MOST_LISTED),
        "cases": [
            {
                "number": case.number,
                "due_on": due.due_on.isoformat() if due.due_on else "",
                "days_left": due.days_left,
                "days_late": -due.days_left if due.days_left and due.days_left < 0 else 0,
                "until_on": due.until.isoformat() if due.until else "",
                "provisional": case.provisional,
            }
            for due, case in heard[:MOST_LISTED]
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
        "provisional": event.case.due_is_provisional,
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

    def heard_together(
        self, audience: Audience, due: Sequence[Due]
    ) -> Iterator[tuple[Staff, list[tuple[Due, Watched]]]]:
        """Everybody who hears of any of these, with all that they hear of; people are read in two queries."""
        clerks: dict[int, Staff] = {}
        if audience is not Audience.HEADS:
            named = {case.clerk for each in due for case in each.cases if case.clerk is not None}
            clerks = Staff.objects.filter(is_active=True).in_bulk(named)
        role = Role.HEAD if audience is Audience.HEADS else Role.CLERK
        others = {case.agency for each in due for case in each.cases if case.clerk not in clerks}
        roll: dict[int, list[Staff]] = {}
        holders = Appointment.objects.filter(agency__in=others, role=role, staff__is_active=True)
        for appointment in holders.select_related("staff"):
            roll.setdefault(appointment.agency_id, []).append(appointment.staff)
        heard: dict[int, tuple[Staff, list[tuple[Due, Watched]]]] = {}
        for each in due:
            for case in each.cases:
                clerk = clerks.get(case.clerk) if case.clerk else None
                for person in (clerk,) if clerk else roll.get(case.agency, ()):
                    heard.setdefault(person.pk, (person, []))[1].append((each, case))
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
