"""A new case as it is stored: people, day of receipt, number, clock and papers. Several verbs make one."""

from datetime import date, datetime
from typing import Any

from casework.law import clock
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Case, DocumentKind, edition

from .application import Application
from .files import Upload, attach
from .numbering import allocate, check_free
from .record import clean


def open_case(
    agency: Agency, application: Application, receipt: clock.Receipt, *, at: datetime, number: str = "", **more: Any
) -> Case:
    """Write applicant and case with number and due date; only inside a transaction. ``more``: columns of the case."""
    if not agency.applies_regulation or agency.successor_id is not None:
        raise Refused(
            Text("{agency}不受理政府信息公开申请。", "{agency} does not take applications for disclosure.").format(
                agency=agency.name
            ),
            law="条例 27",
            field="agency",
        )
    if agency.outside:
        raise Refused(
            Text(
                "{agency}不使用本系统，收不到在这里提出的申请，请直接向该机关提出。",
                "{agency} does not work with this system and would never see the application; apply to it directly.",
            ).format(agency=agency.name),
            field="agency",
        )
    application = application.checked(on=day_of(at))
    applicant = application.applicant()
    applicant.save()
    for person in application.people(applicant):
        person.save()
    case = Case(
        agency=agency,
        applicant_kind=application.applicant_kind.value,
        applicant=applicant,
        registered_at=at,
        subject=application.subject,
        content=application.content,
        wanted_form=application.wanted_form,
        wanted_way=application.wanted_way,
        note=application.note,
        language=application.language,
        **more,
    )
    number_case(case, receipt, number, at=at)
    for upload in application.uploads:
        attach(case, upload, DocumentKind.APPLICATION, by=None, at=at)
    for upload in application.authority:
        attach(case, upload, DocumentKind.AUTHORITY, by=None, at=at)
    return case


def number_case(case: Case, receipt: clock.Receipt, number: str, *, at: datetime) -> None:
    """Store a new case with its day of receipt, its number and its clock; only inside a transaction."""
    edition.hold()
    case.channel, case.arrived_on, case.confirmed_on = receipt.channel.value, receipt.arrived_on, receipt.confirmed_on
    agency, arrived_on = case.agency, receipt.arrived_on
    case.received_on = clock.receipt_date(receipt, calendar=agency.calendar, readings=agency.readings_on(arrived_on))
    case.year, case.number = case.received_on.year, _number(case.agency, case.received_on, number)
    case.keep_clock(on=day_of(at))
    case.save()


def copy_documents(source: Case, case: Case, *, at: datetime) -> None:
    """What the applicant sent with the application belongs to the other case as well."""
    for document in source.documents.filter(kind__in=[DocumentKind.APPLICATION, DocumentKind.AUTHORITY]):
        with document.file.open("rb") as file:
            attach(case, Upload(document.name, file.read()), DocumentKind(document.kind), by=None, at=at)


def receipt_of(case: Case) -> dict[str, Any]:
    """What an event says of the receipt."""
    said = {
        "channel": case.channel,
        "arrived_on": case.arrived_on.isoformat(),
        "received_on": case.received_on.isoformat(),
    }
    return said | ({"forwarded_by": case.forwarded_by} if case.forwarded_by else {})


def _number(agency: Agency, received_on: date, typed: str) -> str:
    """The number typed by the clerk if it is free, else the next of the agency's series for that year."""
    typed = clean(typed, "number", longest=80, required=False, lines=False)
    if typed:
        check_free(agency, received_on, typed)
        return typed
    (number,) = allocate(agency, received_on)
    return number
