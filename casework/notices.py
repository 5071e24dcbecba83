"""Event kind → who hears what, as one table; the only writer to the outbox.

Every kind has a row, the silent ones explicitly (style 10). Names of notices are folders under ``templates/mail/``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from casework.approvers import desks_of
from casework.law.approval import Step
from casework.law.calendar import day_of
from casework.law.due import Due as LastDay
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    Agency,
    AnnualReport,
    Arrival,
    Assistance,
    CalendarEdition,
    Case,
    CaseNote,
    Consultation,
    Delegation,
    Dispute,
    Event,
    Group,
    Kind,
    Role,
    Staff,
    ToldBy,
)
from casework.models.consultation import LINK
from casework.models.sealing import seal
from casework.reach import Reach, Told, to_applicant
from notifications.models import Message
from notifications.outbox import post_many, send_again_to, settle, undeliverable
from notifications.phone import mobile
from notifications.posting import Channel, Posting


class Audience(StrEnum):
    """Who hears of an event."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    CLERK_OR_ALL = "clerk_or_all"
    REVIEWERS = "reviewers"
    SECRECY_REVIEWERS = "secrecy_reviewers"
    HEADS = "heads"
    ADMINISTRATORS = "administrators"
    DEPUTY = "deputy"
    CONSULTED = "consulted"
    ASKED = "asked"
    REPORT_EDITORS = "report_editors"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: to whom, in which words. By which ways it goes is said in ``reach``."""

    to: Audience
    name: str
    group: Group = Group.WORK
    """For staff: under what they choose how they are told."""
    texted: bool = False
    """The applicant has something to do, and is texted if there is no e-mail address."""
    optional: bool = False
    """Starts and moves no legal period: an applicant may do without it."""


NOTICES: Final[dict[Kind, tuple[Notice, ...]]] = {
    Kind.SUBMITTED: (
        Notice(Audience.APPLICANT, "application_received", optional=True),
        Notice(Audience.CLERK_OR_ALL, "new_application"),
    ),
    Kind.HELPED: (),
    Kind.REGISTERED: (Notice(Audience.APPLICANT, "application_received", optional=True),),
    Kind.IMPORTED: (),
    Kind.CORRECTED: (),
    Kind.ASSIGNED: (Notice(Audience.CLERK, "assigned"),),
    Kind.SUPPLEMENT_REQUESTED: (Notice(Audience.APPLICANT, "supplement_wanted", texted=True),),
    Kind.SUPPLEMENT_RECEIVED: (
        Notice(Audience.APPLICANT, "supplement_received", optional=True),
        Notice(Audience.CLERK_OR_ALL, "supplement_arrived"),
    ),
    Kind.CONSULTED: (Notice(Audience.APPLICANT, "consulting"),),
    Kind.SERVICE_RECORDED: (),
    Kind.LINK_OFFERED: (),
    Kind.LINK_REVOKED: (),
    Kind.OPINION_RECORDED: (Notice(Audience.CLERK_OR_ALL, "opinion_arrived"),),
    Kind.OBJECTION_JUDGED: (),
    Kind.CONSULTATION_CANCELLED: (Notice(Audience.APPLICANT, "consultation_cancelled"),),
    Kind.EXTENDED: (Notice(Audience.APPLICANT, "extended"), Notice(Audience.CLERK, "extension_approved")),
    Kind.FEE_NOTIFIED: (Notice(Audience.APPLICANT, "fee_wanted", texted=True),),
    Kind.PAYMENT_RECORDED: (Notice(Audience.APPLICANT, "fee_paid", optional=True),),
    Kind.REASONS_ASKED: (Notice(Audience.APPLICANT, "reasons_wanted", texted=True),),
    Kind.EXTENSION_ASKED: (Notice(Audience.HEADS, "extension_asked"),),
    Kind.EXTENSION_DECLINED: (Notice(Audience.CLERK_OR_ALL, "extension_declined"),),
    Kind.FEE_DELIVERED: (),
    Kind.FEE_CANCELLED: (Notice(Audience.APPLICANT, "fee_cancelled"), Notice(Audience.CLERK, "fee_called_off")),
    Kind.REASONS_RECORDED: (),
    Kind.REASONS_JUDGED: (),
    Kind.DELAYED: (Notice(Audience.APPLICANT, "delayed"), Notice(Audience.CLERK, "delay_set")),
    # Whoever's turn it is: those of another step hear nothing, see ``_TURNS``.
    Kind.PROPOSED: (
        Notice(Audience.REVIEWERS, "to_be_reviewed"),
        Notice(Audience.SECRECY_REVIEWERS, "to_be_cleared"),
    ),
    Kind.REVIEWED: (Notice(Audience.SECRECY_REVIEWERS, "to_be_cleared"),),
    Kind.SECRECY_CLEARED: (Notice(Audience.HEADS, "to_be_signed"),),
    Kind.CLASSIFIED_FOUND: (Notice(Audience.CLERK, "classified_found"),),
    Kind.SENT_BACK: (Notice(Audience.CLERK, "sent_back"),),
    Kind.TAKEN_BACK: (Notice(Audience.CLERK, "sent_back"),),
    Kind.SIGNED: (Notice(Audience.CLERK, "to_be_dispatched"),),
    Kind.DISPATCHED: (Notice(Audience.APPLICANT, "reply_sent", texted=True),),
    Kind.THIRD_PARTY_INFORMED: (),
    Kind.LETTER_MADE: (),
    Kind.LETTER_SENT: (),
    Kind.LETTER_VOIDED: (),
    Kind.LETTER_DELIVERED: (),
    Kind.LETTER_RETURNED: (Notice(Audience.CLERK_OR_ALL, "mail_returned"),),
    Kind.DELIVERY_RECORDED: (),
    Kind.DELIVERY_CORRECTED: (),
    Kind.REPLY_RETURNED: (Notice(Audience.CLERK_OR_ALL, "mail_returned"),),
    Kind.REDISPATCHED: (Notice(Audience.APPLICANT, "reply_sent", texted=True),),
    Kind.PROOF_FILED: (),
    Kind.REPLY_OPENED: (),
    Kind.WITHDRAWN: (Notice(Audience.APPLICANT, "withdrawn"), Notice(Audience.CLERK_OR_ALL, "withdrawn_by_applicant")),
    Kind.ASSISTANCE_REQUESTED: (Notice(Audience.ASKED, "assistance_wanted"),),
    Kind.ASSISTANCE_ANSWERED: (Notice(Audience.CLERK, "assistance_answered"),),
    Kind.ASSISTANCE_CANCELLED: (Notice(Audience.ASKED, "assistance_cancelled"),),
    Kind.CHASED: (Notice(Audience.ASKED, "assistance_chased"),),
    Kind.CONTACT_ATTEMPTED: (Notice(Audience.APPLICANT, "please_get_in_touch", texted=True),),
    Kind.RECEIPT_CONFIRMED: (Notice(Audience.APPLICANT, "receipt_confirmed"),),
    Kind.SPLIT: (Notice(Audience.APPLICANT, "application_split"),),
    Kind.SPLIT_OFF: (),
    Kind.LINKED: (),
    Kind.TRANSFERRED: (Notice(Audience.APPLICANT, "transferred"),),
    Kind.IDENTITY_READ: (),
    Kind.REMINDED: (Notice(Audience.CLERK_OR_ALL, "due_soon", Group.DEADLINES),),
    Kind.ESCALATED: (Notice(Audience.HEADS, "due_escalated", Group.DEADLINES),),
    Kind.LAPSE_FOUND: (Notice(Audience.CLERK_OR_ALL, "period_lapsed", Group.DEADLINES),),
    Kind.LEFT_UNTAKEN: (Notice(Audience.HEADS, "left_untaken", Group.DEADLINES),),
    Kind.SUPPLEMENT_REMINDED: (Notice(Audience.CLERK_OR_ALL, "supplement_last_day", Group.DEADLINES),),
    Kind.ASSISTANCE_REMINDED: (Notice(Audience.CLERK_OR_ALL, "assistance_due", Group.DEADLINES),),
    Kind.ASSISTANCE_ESCALATED: (Notice(Audience.HEADS, "assistance_overdue", Group.DEADLINES),),
    Kind.EXTENSION_UNTOLD: (
        Notice(Audience.CLERK_OR_ALL, "tell_today", Group.DEADLINES),
        Notice(Audience.HEADS, "tell_today_escalated", Group.DEADLINES),
    ),
    Kind.CALENDAR_CHANGED: (
        Notice(Audience.APPLICANT, "date_moved"),
        Notice(Audience.CLERK_OR_ALL, "dates_moved", Group.DEADLINES),
        Notice(Audience.HEADS, "overdue_by_calendar", Group.DEADLINES),
    ),
    Kind.CONTACT_CHANGED: (),
    Kind.UNDELIVERED: (
        Notice(Audience.CLERK_OR_ALL, "undelivered", Group.TROUBLE),
        Notice(Audience.HEADS, "undelivered_escalated", Group.TROUBLE),
    ),
    Kind.TOLD_OTHERWISE: (),
    # A dispute may be about no case at all: who hears of it is said with ``DISPUTE_RECEIVED`` below.
    Kind.DISPUTED: (),
    Kind.DISPUTE_ADVANCED: (),
    Kind.DISPUTE_CORRECTED: (),
    Kind.REOPENED: (),
    Kind.MATERIAL_ADDED: (),
    Kind.MATERIAL_READ: (),
    Kind.AREAS_MARKED: (),
    Kind.AREA_LIFTED: (),
    Kind.FILE_PASSED: (),
    Kind.FILE_STOPPED: (),
    Kind.VIRUS_FOUND: (),
    Kind.REDECISION_BEGUN: (
        Notice(Audience.APPLICANT, "redecision_begun"),
        Notice(Audience.CLERK_OR_ALL, "redecision_to_do"),
    ),
}


#: What no case causes: next year's holidays are not here yet.
EDITION_MISSING: Final = Notice(Audience.ADMINISTRATORS, "edition_missing", Group.TROUBLE)

#: Goes to somebody outside who is asked for an opinion, with the secret that no event may hold.
ANSWER_WANTED: Final = Notice(Audience.CONSULTED, "answer_wanted")


#: Nor these: where a year's report stands, and until when it is due.
REPORT_STEP: Final = Notice(Audience.REPORT_EDITORS, "report_step")
REPORT_DUE: Final = Notice(Audience.REPORT_EDITORS, "report_due", Group.DEADLINES)
REPORT_OVERDUE: Final = Notice(Audience.HEADS, "report_overdue", Group.DEADLINES)
#: About reconsideration and suits, to the clerk of the case or all clerks, and to the heads.
DISPUTE_RECEIVED: Final = Notice(Audience.CLERK_OR_ALL, "dispute_received")
DISPUTE_ANSWER_DUE: Final = Notice(Audience.CLERK_OR_ALL, "dispute_answer_due", Group.DEADLINES)

#: What no case causes either: somebody is to act while another is away.
DEPUTY_NAMED: Final = Notice(Audience.DEPUTY, "deputy_named")

#: Another office of the deployment has handed an application on: it is in the mail log, and no case yet.
APPLICATION_FORWARDED: Final = Notice(Audience.CLERK_OR_ALL, "application_forwarded")


#: The region sums, and a unit has not signed its annual report yet.
UNIT_REPORT_WANTED: Final = Notice(Audience.HEADS, "unit_report_wanted")

#: A colleague was named in an internal note: that there is one, never what it says.
MENTIONED: Final = Notice(Audience.ASKED, "mentioned")

#: All of these: no event of a case causes them.
CASELESS: Final = (
    MENTIONED,
    EDITION_MISSING,
    ANSWER_WANTED,
    DEPUTY_NAMED,
    APPLICATION_FORWARDED,
    DISPUTE_RECEIVED,
    DISPUTE_ANSWER_DUE,
    REPORT_STEP,
    REPORT_DUE,
    REPORT_OVERDUE,
    UNIT_REPORT_WANTED,
)


def tell(event: Event) -> None:
    """Write the messages that this event causes, in the transaction that wrote the event."""
    tell_many([event])


def tell_many(events: Iterable[Event]) -> None:
    """The same for many events at once; people are looked up once an agency."""
    rolls, reach = _Rolls(), Reach()
    events = list(events)
    postings = [posting for event in events for posting in _postings(event, rolls, reach)]
    if postings:
        post_many(postings, at=max(event.at for event in events))


def check_texted(told_by: str, phone: str) -> None:
    """Refuse the choice of text messages without a number that takes them."""
    if told_by in (ToldBy.SMS, ToldBy.BOTH) and not mobile(phone):
        raise Refused(
            Text(
                "选择短信的，请填写手机号码。固定电话收不到短信。",
                "For text messages give a mobile number, not a landline.",
            ),
            field="phone",
        )


def undelivered_about(case: Case) -> QuerySet[Message]:
    """What was written to the applicant about this case and did not reach them, newest first."""
    return undeliverable().filter(subject_ref=f"case:{case.pk}", path=_PATHS[Audience.APPLICANT]).exclude(address="")


def case_of_applicant(message: Message) -> Case | None:
    """The case whose applicant this message was for; none for one to staff, a machine or a third party."""
    kind, _colon, key = message.subject_ref.partition(":")
    if kind != "case" or not message.address or message.path != _PATHS[Audience.APPLICANT]:
        return None
    return Case.objects.select_related("agency", "applicant", "clerk").filter(pk=int(key)).first()


def send_again_about(case: Case, *, at: datetime) -> None:
    """Send to the addresses that the applicant has now what did not reach them."""
    applicant = case.applicant
    now = {Channel.EMAIL.value: applicant.email, Channel.SMS.value: mobile(applicant.phone)}
    for channel, address in now.items():
        lost = list(undelivered_about(case).filter(channel=channel).values_list("pk", flat=True))
        if address and lost:
            send_again_to(address, lost, at=at)


def settle_about(case: Case, *, at: datetime) -> None:
    """Take what did not reach the applicant off the list: they were told otherwise."""
    settle(undelivered_about(case).values_list("pk", flat=True), at=at)


class Watched(NamedTuple):
    """As much of a case as a sweep needs. ``untaken_since``: filed online then, and still without a clerk.

    ``untold``: the head has consented to an extension, and the applicant does not know.
    """

    pk: int
    number: str
    agency: int
    clerk: int | None
    due_on: date | None
    period_ends_on: date | None
    untaken_since: date | None
    provisional: bool = False
    untold: bool = False
    unasked_since: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that time asks of some cases; ``once`` is its name, which it has only once in a case."""

    once: str
    due_on: date | None = None
    days_left: int | None = None
    until: date | None = None
    cases: list[Watched] = field(default_factory=list)


#: What is read of a case in order to write to its applicant.
_ADDRESSED: Final = (
    "language",
    "agency__name",
    *(f"applicant__{name}" for name in ("email", "phone", "told_by", "told_less")),
)
#: Cases listed in one message; a longer list is read on the desk.
MOST_LISTED: Final = 50


def tell_together(kind: Kind, due: Sequence[Due], *, at: datetime, path: str = "") -> None:
    """One message a person and channel about all that time asks, most urgent first, instead of one a case.

    It leads to ``path``, by default to the case or, of several, to the queue.
    """
    rolls, reach = _Rolls(), Reach()
    postings: list[Posting] = []
    for notice in NOTICES[kind]:
        everybody = list(rolls.heard_together(notice.to, due, on=day_of(at)))
        reach.read(person for person, _heard in everybody)
        for person, heard in everybody:
            heard.sort(key=lambda each: (each[0].days_left or 0, each[1].number))
            first, case = heard[0]
            alone = len(heard) == 1
            told = Told(
                key=f"sweep:{kind}:{case.pk}:{first.once}",
                name=notice.name,
                at=at,
                context=_list(heard, at),
                path=path or (f"/desk/cases/{case.pk}/" if alone else "/desk/"),
                agency_id=case.agency,
                subject_ref=f"case:{case.pk}" if alone else "",
                due_on=min((each.due_on for each, _case in heard if each.due_on), default=None),
            )
            postings += reach.to_staff(person, told, notice.group)
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
    postings = list(_to_applicants(applied, to_applicant, cases, at))
    rolls, reach = _Rolls(), Reach()
    for notice, heard_of in ((to_clerk, cases), (to_heads, [case for case in cases if case.overdue])):
        dues = [_as_due(case) for case in heard_of]
        after = {case.pk: case for case in heard_of}
        everybody = list(rolls.heard_together(notice.to, dues, on=day_of(at)))
        reach.read(person for person, _heard in everybody)
        for person, heard in everybody:
            theirs = sorted((after[case.pk] for _due, case in heard), key=lambda m: (m.after or date.max, m.number))
            told = Told(
                key=f"calendar:{applied.pk}:{notice.name}:{theirs[0].pk}",
                name=notice.name,
                at=at,
                context=_moves(applied, theirs),
                path="/desk/",
                agency_id=theirs[0].agency,
                due_on=theirs[0].after,
            )
            postings += reach.to_staff(person, told, notice.group)
    if postings:
        post_many(postings, at=at)


def _to_applicants(applied: CalendarEdition, notice: Notice, cases: Sequence[Moved], at: datetime) -> Iterator[Posting]:
    moved = {case.pk: case for case in cases}
    rows = Case.objects.among(moved).exclude(applicant__email="", applicant__told_by=ToldBy.EMAIL)
    for found in rows.select_related("applicant", "agency").only(*_ADDRESSED):
        case = moved[found.pk]
        told = Told(
            key=f"calendar:{applied.pk}:{notice.name}:{found.pk}:{case.after}",
            name=notice.name,
            at=at,
            context={
                "number": case.number,
                "agency": found.agency.name,
                "year": applied.year,
                "edition": applied.number,
                "before_on": case.before.isoformat() if case.before else "",
                "due_on": case.after.isoformat() if case.after else "",
                "provisional": case.provisional,
            },
            path="/follow/",
            agency_id=case.agency,
            subject_ref=f"case:{found.pk}",
        )
        yield from to_applicant(found.applicant, told, found.language, texted=notice.texted, optional=notice.optional)


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
    told = Told(
        key=f"{EDITION_MISSING.name}:{year}:{once}",
        name=EDITION_MISSING.name,
        at=at,
        context={"year": year, "urgent": urgent},
        path="/desk/calendar/",
        agency_id=None,
    )
    _post_to(people, told, EDITION_MISSING, at=at)
    return len(people)


def ask_for_reports(top: Agency, year: int, units: Sequence[Agency], *, at: datetime) -> int:
    """Tell report editors and heads of these units that the region waits for their report; how many people.

    Once a day to each for a unit and year, however often the button is pressed.
    """
    reach = Reach()
    postings: list[Posting] = []
    told_people: set[int] = set()
    keys = [unit.pk for unit in units]
    desks = [desks_of(keys, role, on=day_of(at)) for role in (Role.REPORT_EDITOR, Role.HEAD)]
    people = {unit.pk: {person.pk: person for desk in desks for person in desk[unit.pk].told()} for unit in units}
    reach.read(person for those in people.values() for person in those.values())
    for unit in units:
        told = Told(
            key=f"{UNIT_REPORT_WANTED.name}:{unit.pk}:{year}:{day_of(at).isoformat()}",
            name=UNIT_REPORT_WANTED.name,
            at=at,
            context={"agency": top.name, "year": year},
            path=f"/desk/annual/{unit.code}/{year}/",
            agency_id=unit.pk,
        )
        for person in people[unit.pk].values():
            told_people.add(person.pk)
            postings += reach.to_staff(person, told, UNIT_REPORT_WANTED.group)
    if postings:
        post_many(postings, at=at)
    return len(told_people)


def tell_deputy(delegation: Delegation, *, at: datetime) -> None:
    """Tell whoever is to stand in for somebody, once."""
    told = Told(
        key=f"{DEPUTY_NAMED.name}:{delegation.pk}",
        name=DEPUTY_NAMED.name,
        at=at,
        context={
            "person": delegation.person.get_full_name(),
            "agency": delegation.agency.name,
            "from_on": delegation.from_on.isoformat(),
            "until_on": delegation.until_on.isoformat(),
        },
        path="/desk/",
        agency_id=delegation.agency_id,
    )
    reach = Reach()
    reach.read([delegation.deputy])
    post_many(list(reach.to_staff(delegation.deputy, told, DEPUTY_NAMED.group)), at=at)


def tell_mentioned(note: CaseNote, people: Iterable[Staff], *, at: datetime) -> None:
    """Tell colleagues, once each, that a note names them; its words stay on the page of the case."""
    told = Told(
        key=f"{MENTIONED.name}:{note.pk}",
        name=MENTIONED.name,
        at=at,
        context={"person": note.author.get_full_name(), "number": note.case.number, "agency": note.case.agency.name},
        path=f"/desk/cases/{note.case_id}/#notes",
        agency_id=note.case.agency_id,
    )
    _post_to(people, told, MENTIONED, at=at)


def tell_forwarded(arrival: Arrival, *, at: datetime) -> None:
    """Tell the clerks of the receiving office, once each: the period there runs from the day on which it arrived."""
    told = Told(
        key=f"{APPLICATION_FORWARDED.name}:{arrival.pk}",
        name=APPLICATION_FORWARDED.name,
        at=at,
        context={
            "agency": arrival.agency.name,
            "forwarded_by": arrival.forwarded_by,
            "arrived_on": arrival.arrived_on.isoformat(),
        },
        path=f"/desk/mail/{arrival.pk}/",
        agency_id=arrival.agency_id,
    )
    desk = desks_of([arrival.agency_id], Role.CLERK, on=day_of(at))[arrival.agency_id]
    _post_to(desk.told(), told, APPLICATION_FORWARDED, at=at)


def tell_of_dispute(
    dispute: Dispute, notice: Notice, once: str, *, due: LastDay | None, days_left: int | None = None, at: datetime
) -> None:
    """Tell the clerk, or all clerks, and the heads of a dispute; each ``once`` only once."""
    case, agency = dispute.case, dispute.agency
    told = Told(
        key=f"{notice.name}:{dispute.pk}:{once}",
        name=notice.name,
        at=at,
        context={
            "suit": dispute.is_suit,
            "organ": dispute.organ,
            "agency": agency.name,
            "due_on": due.due_on.isoformat() if due and due.due_on else "",
            "provisional": bool(due and due.provisional),
            "days_left": days_left,
            "days_late": -days_left if days_left and days_left < 0 else 0,
        },
        path=f"/desk/disputes/{dispute.pk}/",
        agency_id=agency.pk,
        due_on=due.due_on if due else None,
    )
    on, clerk = day_of(at), case.clerk if case else None
    hearing = [clerk] if clerk and clerk.is_active else desks_of([agency.pk], Role.CLERK, on=on)[agency.pk].told()
    hearing += desks_of([agency.pk], Role.HEAD, on=on)[agency.pk].told()
    people = {person.pk: person for person in hearing}
    told_to = [person for key, person in people.items() if once != "received" or key != dispute.recorded_by_id]
    _post_to(told_to, told, notice, at=at)


class ReportNews(StrEnum):
    """What has happened to a report, for whoever's turn it is now."""

    TO_SIGN = "to_sign"
    SENT_BACK = "sent_back"
    TO_PUBLISH = "to_publish"
    REOPENED = "reopened"


def tell_report(report: AnnualReport, news: ReportNews, *, by: Staff, at: datetime) -> None:
    """Tell the heads that a report waits for its signature, the editors all else; without editors the heads hear."""
    heads = news is ReportNews.TO_SIGN
    people = _people_of_report([report.agency_id], at=at, heads=heads)[report.agency_id]
    told = Told(
        key=f"{REPORT_STEP.name}:{report.pk}:{news}:{report.steps.count()}",
        name=REPORT_STEP.name,
        at=at,
        context={
            "agency": report.agency.name,
            "year": report.year,
            "region": report.region,
            "news": news.value,
        },
        path=_report_path(report.agency, report.year, region=report.region),
        agency_id=report.agency_id,
    )
    _post_to([person for person in people if person.pk != by.pk], told, REPORT_STEP, at=at)


@dataclass(frozen=True, slots=True)
class AwaitedReport:
    """A report that is not published: of whom, on which year, until when, and how many working days are left."""

    agency: Agency
    year: int
    region: bool
    due_on: date
    planned_on: date
    days_left: int
    milestone: int


def tell_awaited(awaited: AwaitedReport, *, at: datetime) -> int:
    """Remind editors and heads, once a milestone; when the day has passed the competent department hears too.

    Returns how many people it is for.
    """
    agency, late = awaited.agency, awaited.days_left < 0
    notice = REPORT_OVERDUE if late else REPORT_DUE
    people = {person.pk: person for heads in (False, True) for person in _everybody(agency, at=at, heads=heads)}
    if late:
        people |= {person.pk: person for person in _competent(agency)}
    told = Told(
        key=f"{notice.name}:{agency.pk}:{awaited.year}:{int(awaited.region)}:{awaited.milestone}",
        name=notice.name,
        at=at,
        context={
            "agency": agency.name,
            "year": awaited.year,
            "region": awaited.region,
            "due_on": awaited.due_on.isoformat(),
            "until_on": awaited.planned_on.isoformat(),
            "days_left": awaited.days_left,
            "days_late": max(0, -awaited.days_left),
        },
        path=_report_path(agency, awaited.year, region=awaited.region),
        agency_id=agency.pk,
        due_on=awaited.planned_on,
    )
    _post_to(people.values(), told, notice, at=at)
    return len(people)


def _post_to(people: Iterable[Staff], told: Told, notice: Notice, *, at: datetime) -> None:
    people, reach = list(people), Reach()
    reach.read(people)
    postings = [posting for person in people for posting in reach.to_staff(person, told, notice.group)]
    if postings:
        post_many(postings, at=at)


def _report_path(agency: Agency, year: int, *, region: bool) -> str:
    return f"/desk/annual/{agency.code}/{year}/report/{'?region=1' if region else ''}"


def _everybody(agency: Agency, *, at: datetime, heads: bool) -> list[Staff]:
    return _people_of_report([agency.pk], at=at, heads=heads)[agency.pk]


def _people_of_report(agencies: Sequence[int], *, at: datetime, heads: bool) -> dict[int, list[Staff]]:
    """The heads, with the deputies of those away, or the editors; where there is no editor the heads write it."""
    found = {key: desk.told() for key, desk in desks_of(agencies, Role.HEAD, on=day_of(at)).items()}
    if heads:
        return found
    editors = {key: desk.told() for key, desk in desks_of(agencies, Role.REPORT_EDITOR, on=day_of(at)).items()}
    return {key: editors[key] or found[key] for key in agencies}


def _competent(agency: Agency) -> list[Staff]:
    """The supervisors of the competent department above, who call for the report (条例 47)."""
    above = Agency.objects.filter(code__in=agency.path.strip("/").split("/")[:-1])
    appointed = Staff.objects.filter(
        is_active=True, appointments__role=Role.REGION_SUPERVISOR, appointments__agency__in=above
    )
    return list(appointed.distinct().order_by("pk"))


def send_link(consultation: Consultation, token: str, *, at: datetime) -> None:
    """Mail the link by which somebody outside can answer once.

    The secret is sealed until the message is worded: the table of the outbox can be read and opens nothing. The
    number of the case is not told.
    """
    post_many(
        [
            Posting(
                effect_key=f"consultation:{consultation.pk}:{consultation.token_hash}",
                channel=Channel.EMAIL,
                notice=ANSWER_WANTED.name,
                language=settings.LANGUAGE_CODE,
                address=consultation.email,
                context={
                    "agency": consultation.case.agency.name,
                    "sealed_token": seal(token, LINK).hex(),
                },
                subject_ref=f"case:{consultation.case_id}",
                owner_ref=f"agency:{consultation.case.agency_id}",
                path="/consultation/",
            )
        ],
        at=at,
    )


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


#: Where a notice leads: an applicant to their own page, whoever was asked inside to the request and not to the case.
_PATHS: Final[dict[Audience, str]] = {
    Audience.APPLICANT: "/follow/",
    Audience.ASKED: "/desk/assistance/{assistance}/",
}


def _postings(event: Event, rolls: "_Rolls", reach: Reach) -> Iterator[Posting]:
    case = event.case
    for notice in NOTICES[Kind(event.kind)]:
        told = Told(
            key=f"event:{event.pk}:{notice.name}",
            name=notice.name,
            at=event.at,
            context=_context(event),
            path=_PATHS.get(notice.to, f"/desk/cases/{case.pk}/").format(**event.payload),
            agency_id=case.agency_id,
            subject_ref=f"case:{case.pk}",
            due_on=event.due_after,
        )
        if notice.to is Audience.APPLICANT:
            yield from to_applicant(case.applicant, told, case.language, texted=notice.texted, optional=notice.optional)
            continue
        for person in rolls.heard_by(notice.to, event):
            if event.by_id != person.pk:  # nobody needs to be told what they have just done
                yield from reach.to_staff(person, told, notice.group)
    yield from reach.to_machines(event)


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
        "numbers": event.payload.get("numbers", []),
    }


#: Whose desks an audience is, where it is a role.
_ROLES: Final[dict[Audience, Role]] = {
    Audience.CLERK: Role.CLERK,
    Audience.CLERK_OR_ALL: Role.CLERK,
    Audience.REVIEWERS: Role.REVIEWER,
    Audience.SECRECY_REVIEWERS: Role.SECRECY_REVIEWER,
    Audience.HEADS: Role.HEAD,
}
#: Those who hear of a draft only when it waits for them.
_TURNS: Final[dict[Audience, Step]] = {
    Audience.REVIEWERS: Step.REVIEW,
    Audience.SECRECY_REVIEWERS: Step.SECRECY,
}


def _awaits(case: Case, step: Step) -> bool:
    decision = case.current_decision
    return decision is not None and decision.awaits is step


def _whoever_was_asked(event: Event) -> list[Staff]:
    """The addressee; else the clerks of the sister unit. A division without an addressee is asked on paper."""
    asked = Assistance.objects.select_related("addressee").get(pk=event.payload["assistance"])
    if asked.addressee is not None:
        return [asked.addressee]
    if asked.agency_id is None:
        return []
    return desks_of([asked.agency_id], Role.CLERK, on=day_of(event.at))[asked.agency_id].told()


class _Rolls:
    """Who holds which role in an agency, with the deputies of those away; read once for a batch."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, Audience, date], list[Staff]] = {}

    def heard_by(self, audience: Audience, event: Event) -> list[Staff]:
        case = event.case
        if audience is Audience.ASKED:
            return _whoever_was_asked(event)
        if audience in (Audience.CLERK, Audience.CLERK_OR_ALL) and case.clerk is not None:
            return [case.clerk]
        if audience is Audience.CLERK or (audience in _TURNS and not _awaits(case, _TURNS[audience])):
            return []
        key = (case.agency_id, audience, day_of(event.at))
        if key not in self._told:
            desks = desks_of([case.agency_id], _ROLES[audience], on=day_of(event.at))
            self._told[key] = desks[case.agency_id].told()
        return self._told[key]

    def heard_together(
        self, audience: Audience, due: Sequence[Due], *, on: date
    ) -> Iterator[tuple[Staff, list[tuple[Due, Watched]]]]:
        """Everybody who hears of any of these, with all that they hear of; people are read in a query or two a kind."""
        clerks: dict[int, Staff] = {}
        if audience is not Audience.HEADS:
            named = {case.clerk for each in due for case in each.cases if case.clerk is not None}
            clerks = Staff.objects.filter(is_active=True).in_bulk(named)
        others = {case.agency for each in due for case in each.cases if case.clerk not in clerks}
        desks = desks_of(others, _ROLES[audience], on=on)
        roll = {agency: desk.told() for agency, desk in desks.items()}
        heard: dict[int, tuple[Staff, list[tuple[Due, Watched]]]] = {}
        for each in due:
            for case in each.cases:
                clerk = clerks.get(case.clerk) if case.clerk else None
                for person in (clerk,) if clerk else roll.get(case.agency, ()):
                    heard.setdefault(person.pk, (person, []))[1].append((each, case))
        yield from heard.values()
