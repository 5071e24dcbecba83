"""What no event of a case causes, told to one person or one office."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.conf import settings

from casework.approvers import desks_of
from casework.law.calendar import day_of
from casework.law.due import Due as LastDay
from casework.models import (
    Arrival,
    CaseNote,
    CodeWay,
    Consultation,
    Delegation,
    Dispute,
    Invitation,
    Role,
    Staff,
)
from casework.models.account import CODE
from casework.models.consultation import LINK
from casework.models.invitation import INVITED
from casework.models.sealing import seal
from casework.reach import Reach, Told
from notifications.outbox import post_many
from notifications.posting import Channel, Posting

from .hearing import post_to
from .table import (
    ACCOUNT_CHANGED,
    ANSWER_WANTED,
    APPLICATION_FORWARDED,
    CODE_WANTED,
    DEPUTY_NAMED,
    MENTIONED,
    STAFF_INVITED,
    Notice,
)


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
    post_to(people, told, MENTIONED, at=at)


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
    post_to(desk.told(), told, APPLICATION_FORWARDED, at=at)


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
    post_to(told_to, told, notice, at=at)


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


def send_invitation(invitation: Invitation, token: str, *, at: datetime) -> None:
    """Mail the link by which somebody of the staff sets their password once; sealed like every other secret."""
    person = invitation.staff
    first = person.appointments.select_related("agency").order_by("agency__path", "pk").first()
    post_many(
        [
            Posting(
                effect_key=f"{STAFF_INVITED.name}:{invitation.pk}",
                channel=Channel.EMAIL,
                notice=STAFF_INVITED.name,
                language=settings.LANGUAGE_CODE,
                address=invitation.email,
                context={
                    "person": person.get_full_name(),
                    "username": person.username,
                    "agency": first.agency.name if first else "",
                    "sealed_token": seal(token, INVITED).hex(),
                    "until_on": day_of(invitation.until).isoformat(),
                },
                owner_ref=f"agency:{first.agency_id}" if first else "",
                path="/desk/invitation/",
            )
        ],
        at=at,
    )


#: How what is proven by a code is written to.
_CHANNELS: Final = {CodeWay.EMAIL: Channel.EMAIL, CodeWay.PHONE: Channel.SMS}


def send_code(code: str, *, name: str, way: CodeWay, address: str, language: str, at: datetime) -> None:
    """Send six digits to an address, at any hour: somebody is waiting for them.

    ``name``: of this one sending. The digits are sealed until the message is worded.
    """
    post_many(
        [
            Posting(
                effect_key=f"{CODE_WANTED.name}:{name}",
                channel=_CHANNELS[way],
                notice=CODE_WANTED.name,
                language=language,
                address=address,
                context={"sealed_code": seal(code, CODE).hex(), "minutes": settings.SIGN_IN_CODE_MINUTES},
            )
        ],
        at=at,
    )


def tell_account_changed(what: str, *, name: str, way: CodeWay, address: str, language: str, at: datetime) -> None:
    """Tell the owner of an account, at the address as it was before, that it was changed; ``what`` is a key."""
    post_many(
        [
            Posting(
                effect_key=f"{ACCOUNT_CHANGED.name}:{name}",
                channel=_CHANNELS[way],
                notice=ACCOUNT_CHANGED.name,
                language=language,
                address=address,
                context={"what": what},
            )
        ],
        at=at,
    )
