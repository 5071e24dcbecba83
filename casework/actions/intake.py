"""Receipt of an application by every channel, its clerk, and what the register says about it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from casework.access import Verb, check_may, check_may_register
from casework.law import clock
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    Actor,
    Agency,
    Agent,
    Applicant,
    Arrival,
    Case,
    CaseLink,
    CoApplicant,
    Conflict,
    Draft,
    Event,
    KeptBy,
    Kind,
    LinkKind,
    Role,
    Staff,
)
from casework.models.draft import new_key
from casework.models.querycode import hashed, new_code

from .acknowledge import acknowledge
from .applicants import keep_case
from .application import Application, completed
from .opening import copy_documents, open_case, receipt_of
from .pairing import Help, SentBy
from .record import check_day, clean, happened


@dataclass(frozen=True, slots=True)
class Registration:
    """A new case, the event that made it, and the query code, which exists in clear only here."""

    case: Case
    event: Event
    query_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """Another organ sent the application on as a courtesy; it has no duty to (条例 36(5))."""

    by: str
    on: date | None = None


_CHANGED_SINCE: Final = Text(
    "您打开这一页以后，内容又有改动。请重新核对下面的内容，再提交。",
    "Something was changed after you had opened this page. Check what stands below once more, then send it.",
)
#: By these the office can hear somebody speak; it then fills in the form (条例 29(1)).
ORAL_CHANNELS: Final = frozenset({clock.Channel.IN_PERSON, clock.Channel.OTHER})


def register(
    agency: Agency,
    application: Application,
    receipt: clock.Receipt,
    *,
    by: Staff,
    at: datetime,
    number: str = "",
    forwarding: Forwarding | None = None,
    arrival: Arrival | None = None,
    draft: Draft | None = None,
    key: str = "",
) -> Registration:
    """A clerk registers what came by post, at the counter or by another channel (条例 31, 45).

    ``arrival`` is what the mail room logged, closed by this registration; ``draft`` what the applicant had typed and
    printed, used up by it. ``key`` belongs to the form: sent a second
    time, even in the same moment, it finds the case that the first one made.
    """
    check_may_register(by, agency)
    key = hashlib.sha256(f"{by.pk}:{key}".encode()).hexdigest() if key else ""
    if key and (found := Case.objects.filter(registration_key=key).first()):
        return Registration(found, found.events.earliest("id"), "")
    if forwarding is None and arrival is not None and arrival.forwarded_by:
        forwarding = Forwarding(by=arrival.forwarded_by, on=arrival.forwarded_on)
    receipt, received = _received(agency, receipt, forwarding, at=at)
    application = _checked_arrival(agency, application, receipt, arrival)
    _check_oral(application, receipt)
    code = new_code()
    received |= {
        "query_code_hash": hashed(code),
        "registration_key": key,
        "clerk": by if by.holds(agency.pk, Role.CLERK) else None,
        "is_oral": application.is_oral,
        "written_by": by if application.is_oral else None,
    }
    try:
        with transaction.atomic():
            case = open_case(agency, application, receipt, at=at, number=number, **received)
            if arrival is not None:
                _take(arrival, case, by=by, at=at)
            if draft is not None:
                _use_up(draft, case)
            acknowledge(case, at=at)
            event = happened(case, Kind.REGISTERED, by=by, at=at, on=case.received_on, payload=receipt_of(case))
    except IntegrityError:
        # The same form in the same moment: the other one was first, and has its code.
        found = Case.objects.filter(registration_key=key).first() if key else None
        if found is None:
            raise
        return Registration(found, found.events.earliest("id"), "")
    return Registration(case, event, code)


def submit(
    draft: Draft,
    application: Application,
    *,
    query_code: str,
    at: datetime,
    seen: str | None = None,
    helped: Help | None = None,
    through: str = "",
    account: Staff | None = None,
) -> Registration:
    """The applicant files online. One draft makes one case: a second call finds the first (Guiding Case 26).

    ``query_code`` is made before the form is sent and kept with the draft, so that a lost answer can be had again.
    ``seen``: the digest of what the applicant had before their eyes; ``Refused`` if somebody has typed since.
    ``helped``: who typed for them, kept with the case; the helper's address then opens nothing more.
    ``through``: the agency's own portal by which it came (``lodge``), if not by this site's.
    ``account``: whose list it goes into; nobody's by default.
    """
    today = day_of(at)
    query_code_hash = hashed(query_code)  # slow on purpose, so not under the lock
    with transaction.atomic():
        # The lock lets a double click wait for the first one; SQLite's immediate transaction is such a lock already.
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.case is not None:
            return Registration(locked.case, locked.case.events.earliest("id"), query_code)
        if locked.agency is None:
            raise Refused(Text("请先选择受理机关。", "Choose the office first."), field="agency")
        if seen is not None and seen != locked.digest:
            raise Refused(_CHANGED_SINCE)
        receipt = clock.Receipt(clock.Channel.ONLINE, today)
        case = open_case(locked.agency, application, receipt, at=at, query_code_hash=query_code_hash)
        rotated = {"key": new_key()} if helped and helped.sent_by is SentBy.PHONE else {}
        Draft.objects.filter(pk=locked.pk).update(case=case, **rotated)
        acknowledge(case, at=at)
        event = happened(
            case,
            Kind.SUBMITTED,
            by=None,
            at=at,
            actor=Actor.APPLICANT,
            payload={"channel": case.channel, "received_on": case.received_on.isoformat()}
            | ({"through": through} if through else {}),
        )
        if helped is not None:
            happened(case, Kind.HELPED, by=None, at=at, actor=Actor.APPLICANT, payload=helped.payload())
        if account is not None:
            keep_case(account, case, by=KeptBy.FILED, at=at)
    draft.case, draft.key = case, rotated.get("key", draft.key)
    return Registration(case, event, query_code)


def assign(case: Case, *, clerk: Staff, division: str = "", by: Staff, at: datetime) -> Event:
    """The case gets its clerk; a division is a label, never another organ (law.md 4.5)."""
    check_may(by, Verb.ASSIGN, case)
    if not clerk.is_active or not clerk.holds(case.agency_id, Role.CLERK):
        raise Refused(
            Text("{clerk}不是本机关的承办人。", "{clerk} is not a clerk of this office.").format(
                clerk=clerk.get_full_name()
            ),
            field="clerk",
        )
    case.clerk = clerk
    case.division = clean(division, "division", longest=80, required=False, lines=False)
    with transaction.atomic():
        case.save()
        return happened(case, Kind.ASSIGNED, by=by, at=at, payload={"clerk": clerk.get_full_name()})


def read_identity(
    case: Case, *, person: Agent | CoApplicant | None = None, by: Staff, at: datetime
) -> tuple[str, Event]:
    """An identity number in clear, against an event that says who read it (design section 5).

    ``person``: a joint applicant or the agent; by default the applicant.
    """
    check_may(by, Verb.READ_IDENTITY, case)
    of: Agent | Applicant | CoApplicant = case.applicant if person is None else person
    whose = type(of).__name__.lower()
    with transaction.atomic():
        return of.identity_number, happened(case, Kind.IDENTITY_READ, by=by, at=at, payload={"whose": whose})


def _received(
    agency: Agency, receipt: clock.Receipt, forwarding: Forwarding | None, *, at: datetime
) -> tuple[clock.Receipt, dict[str, Any]]:
    """The receipt with its days checked and what the agency's settings add, and the columns of a forwarding."""
    check_day(receipt.arrived_on, "arrived_on", at=at)
    if receipt.confirmed_on is not None:
        check_day(receipt.confirmed_on, "confirmed_on", at=at, not_before=receipt.arrived_on)
    if forwarding is None:
        if receipt.channel is clock.Channel.EMAIL and receipt.confirmed_on is None and agency.auto_reply_confirms:
            receipt = replace(receipt, confirmed_on=receipt.arrived_on)
        return receipt, {}
    if receipt.channel is not clock.Channel.OTHER:
        raise Refused(
            Text("转来的申请，渠道应当是“其他”。", "What was forwarded comes by the channel “other”."),
            law="207号 一.5",
            field="forwarded_by",
        )
    if forwarding.on is not None and forwarding.on > receipt.arrived_on:
        raise Refused(
            Text("转送日期晚于转到本机关的日期，请核对。", "It was forwarded after it arrived; please check."),
            field="forwarded_on",
        )
    by = clean(forwarding.by, "forwarded_by", longest=200, lines=False)
    return replace(receipt, forwarded=True, confirmed_on=None), {"forwarded_by": by, "forwarded_on": forwarding.on}


def _check_oral(application: Application, receipt: clock.Receipt) -> None:
    """Whoever fills in the form for somebody reads it back to them (条例 29(1))."""
    if not application.is_oral:
        return
    if receipt.channel not in ORAL_CHANNELS:
        raise Refused(
            Text("口头申请只能当面或者以电话等其他渠道提出。", "Only in person or by telephone can one apply orally."),
            law="条例 29(1)",
            field="oral",
        )
    if not application.read_back:
        raise Refused(
            Text(
                "代为填写的申请，应当先向申请人宣读并经其确认，再登记。",
                "Read what you wrote down back to the applicant, who must confirm it, before you register it.",
            ),
            law="条例 29(1)",
            field="read_back",
        )


def _checked_arrival(
    agency: Agency, application: Application, receipt: clock.Receipt, arrival: Arrival | None
) -> Application:
    """The day on which the mail room had it is the day of arrival, whoever types another (条例 31(2))."""
    if arrival is None:
        return application
    if arrival.agency_id != agency.pk:
        raise Refused(Text("收件登记属于别的机关。", "The mail was logged for another agency."), field="agency")
    if (arrival.channel, arrival.arrived_on) != (receipt.channel.value, receipt.arrived_on):
        raise Refused(
            Text(
                "渠道和到达日期应当与收件登记一致。收件登记有误的，注明理由后重新登记收件。",
                "Channel and day of arrival must be those that the mail room logged. If the log is wrong, close the "
                "entry with the reason and log it again.",
            ),
            law="条例 31(2)",
            field="arrived_on",
        )
    return completed(application, arrival.handed_on)


def _use_up(draft: Draft, case: Case) -> None:
    """What was printed and handed in is not sent online as well; its answers and its query code are forgotten."""
    waiting = Draft.objects.filter(pk=draft.pk, case=None, agency=case.agency_id)
    if not waiting.update(case=case, sealed=None, resume_key=None):
        raise Refused(
            Text(
                "这份草稿已经在网上提交或者登记过，不能再登记。请按申请人姓名查找已有的办件。",
                "This draft has been sent online or registered already and can’t be registered again. Look for the "
                "case under the applicant’s name.",
            )
        )


def _take(arrival: Arrival, case: Case, *, by: Staff, at: datetime) -> None:
    """Close the log entry by this case, and tie the case to the one of the agency that forwarded it."""
    if not Arrival.objects.waiting().filter(pk=arrival.pk).update(case=case, sealed=None):
        raise Conflict
    if arrival.source is None:
        return
    CaseLink.objects.create(
        kind=LinkKind.TRANSFERRED_FROM, later=case, earlier=arrival.source, by=by, at=at, reason=arrival.note
    )
    copy_documents(arrival.source, case, at=at)
