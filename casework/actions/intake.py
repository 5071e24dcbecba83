"""Receipt of an application by every channel, its clerk, and what the register says about it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import TextChoices

from casework.access import Verb, check_may, check_may_register
from casework.law import clock, identity
from casework.law.calendar import day_of
from casework.law.outcomes import ApplicantKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    Actor,
    Agency,
    Applicant,
    Case,
    DocumentKind,
    Draft,
    Event,
    Form,
    IdentityKind,
    Kind,
    Role,
    Staff,
    Way,
    edition,
)
from casework.models.querycode import hashed, new_code

from .files import Upload, attach
from .numbering import allocate, check_free
from .record import check_day, clean, happened

LONGEST_CONTENT: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What an applicant lodged, as typed; ``checked`` gives it cleaned or raises ``Refused`` with the field."""

    applicant_kind: ApplicantKind
    name: str
    content: str
    subject: str = ""
    contact_person: str = ""
    identity_kind: str = ""
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    contact: str = ""
    wanted_form: str = ""
    wanted_way: str = ""
    note: str = ""
    language: str = "zh-hans"
    uploads: tuple[Upload, ...] = field(default=())

    def checked(self, *, on: date) -> "Application":
        """Names, texts and numbers as they may be stored (条例 29(2))."""
        if self.applicant_kind not in list(ApplicantKind):
            raise Refused(Text("请选择申请人类型。", "Choose the kind of applicant."), field="applicant_kind")
        email = clean(self.email, "email", longest=254, required=False)
        if email:
            try:
                validate_email(email)
            except ValidationError:
                raise Refused(
                    Text(
                        "电子邮箱地址的格式不对，例如 name@example.com。",
                        "Give an e-mail address such as name@example.com.",
                    ),
                    field="email",
                ) from None
        chosen: tuple[tuple[type[TextChoices], str, str], ...] = (
            (IdentityKind, "identity_kind", self.identity_kind),
            (Form, "wanted_form", self.wanted_form),
            (Way, "wanted_way", self.wanted_way),
        )
        for choices, name, value in chosen:
            if value and value not in choices.values:
                raise Refused(Text("没有这个选项，请重新选择。", "There is no such choice; choose again."), field=name)
        return replace(
            self,
            applicant_kind=ApplicantKind(self.applicant_kind),
            name=clean(self.name, "name", longest=200, lines=False),
            content=clean(self.content, "content", longest=LONGEST_CONTENT),
            subject=clean(self.subject, "subject", longest=300, required=False, lines=False),
            contact_person=clean(self.contact_person, "contact_person", longest=80, required=False, lines=False),
            identity_number=_checked_identity(self.identity_kind, self.identity_number, on=on),
            phone=clean(self.phone, "phone", longest=40, required=False, lines=False),
            email=email,
            address=clean(self.address, "address", longest=300, required=False, lines=False),
            contact=clean(self.contact, "contact", longest=300, required=False, lines=False),
            note=clean(self.note, "note", longest=LONGEST_CONTENT, required=False),
        )

    def applicant(self) -> Applicant:
        applicant = Applicant(
            name=self.name,
            contact_person=self.contact_person,
            identity_kind=self.identity_kind,
            phone=self.phone,
            email=self.email,
            address=self.address,
            contact=self.contact,
        )
        applicant.identity_number = self.identity_number
        return applicant


@dataclass(frozen=True, slots=True)
class Registration:
    """A new case, the event that made it, and the query code, which exists in clear only here."""

    case: Case
    event: Event
    query_code: str


def register(
    agency: Agency,
    application: Application,
    receipt: clock.Receipt,
    *,
    by: Staff,
    at: datetime,
    number: str = "",
) -> Registration:
    """A clerk registers what came by post, at the counter or by another channel (条例 31, 45)."""
    check_may_register(by, agency)
    check_day(receipt.arrived_on, "arrived_on", at=at)
    if receipt.confirmed_on is not None:
        check_day(receipt.confirmed_on, "confirmed_on", at=at, not_before=receipt.arrived_on)
    clerk = by if by.holds(agency.pk, Role.CLERK) else None
    code = new_code()
    query_code_hash = hashed(code)
    with transaction.atomic():
        case = _open_case(
            agency, application, receipt, at=at, number=number, query_code_hash=query_code_hash, clerk=clerk
        )
        event = happened(
            case,
            Kind.REGISTERED,
            by=by,
            at=at,
            on=case.received_on,
            payload={
                "channel": case.channel,
                "arrived_on": case.arrived_on.isoformat(),
                "received_on": case.received_on.isoformat(),
            },
        )
    return Registration(case, event, code)


def submit(draft: Draft, application: Application, *, query_code: str, at: datetime) -> Registration:
    """The applicant files online. One draft makes one case: a second call finds the first (Guiding Case 26).

    ``query_code`` is made before the form is sent and kept with the draft, so that a lost answer can be had again.
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
        receipt = clock.Receipt(clock.Channel.ONLINE, today)
        case = _open_case(locked.agency, application, receipt, at=at, query_code_hash=query_code_hash)
        Draft.objects.filter(pk=locked.pk).update(case=case)
        event = happened(
            case,
            Kind.SUBMITTED,
            by=None,
            at=at,
            actor=Actor.APPLICANT,
            payload={"channel": case.channel, "received_on": case.received_on.isoformat()},
        )
    draft.case = case
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


def read_identity(case: Case, *, by: Staff, at: datetime) -> tuple[str, Event]:
    """The identity number in clear, against an event that says who read it (design section 5)."""
    check_may(by, Verb.READ_IDENTITY, case)
    with transaction.atomic():
        return case.applicant.identity_number, happened(case, Kind.IDENTITY_READ, by=by, at=at)


def _open_case(
    agency: Agency,
    application: Application,
    receipt: clock.Receipt,
    *,
    at: datetime,
    query_code_hash: str,
    number: str = "",
    clerk: Staff | None = None,
) -> Case:
    """Write applicant and case with number and due date; only inside a transaction."""
    if not agency.applies_regulation or agency.successor_id is not None:
        raise Refused(
            Text("{agency}不受理政府信息公开申请。", "{agency} does not take applications for disclosure.").format(
                agency=agency.name
            ),
            law="条例 27",
            field="agency",
        )
    application = application.checked(on=day_of(at))
    edition.hold()
    received_on = clock.receipt_date(receipt, calendar=agency.calendar, readings=agency.readings)
    applicant = application.applicant()
    applicant.save()
    case = Case(
        agency=agency,
        number=_number(agency, received_on, number),
        year=received_on.year,
        applicant_kind=application.applicant_kind.value,
        applicant=applicant,
        channel=receipt.channel.value,
        arrived_on=receipt.arrived_on,
        confirmed_on=receipt.confirmed_on,
        received_on=received_on,
        registered_at=at,
        subject=application.subject,
        content=application.content,
        wanted_form=application.wanted_form,
        wanted_way=application.wanted_way,
        note=application.note,
        language=application.language,
        query_code_hash=query_code_hash,
        clerk=clerk,
    )
    case.keep_clock(on=day_of(at))
    case.save()
    for upload in application.uploads:
        attach(case, upload, DocumentKind.APPLICATION, by=None, at=at)
    return case


def _number(agency: Agency, received_on: date, typed: str) -> str:
    """The number typed by the clerk if it is free, else the next of the agency's series for that year."""
    typed = clean(typed, "number", longest=80, required=False, lines=False)
    if typed:
        check_free(agency, received_on, typed)
        return typed
    (number,) = allocate(agency, received_on)
    return number


def _checked_identity(kind: str, number: str, *, on: date) -> str:
    """The number with its check digit verified by kind (GB 11643, GB 32100); another paper is only cleaned."""
    number = clean(number, "identity_number", longest=60, required=False, lines=False)
    if not number:
        return ""
    if kind not in IdentityKind.values:
        raise Refused(Text("请选择证件类型。", "Choose the kind of document."), field="identity_kind")
    if kind == IdentityKind.RESIDENT:
        return identity.check_resident_number(number, on=on)
    if kind == IdentityKind.CREDIT_CODE:
        return identity.check_credit_code(number)
    return number
