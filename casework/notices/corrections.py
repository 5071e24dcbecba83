"""What happens to a request to correct one's own record (条例 41), told by its own table."""

from casework import webhooks
from casework.approvers import desks_of
from casework.law.calendar import day_of
from casework.models import CorrectionEvent, CorrectionKind, Role
from casework.reach import Told, to_applicant
from notifications.outbox import post_many

from .hearing import post_to
from .table import CORRECTION_NOTICES, Audience, Notice


def tell_of_correction(event: CorrectionEvent) -> None:
    """Write the messages that this event causes, in the transaction that wrote the event."""
    correction = event.correction
    webhooks.tell_of_correction(event)
    for notice in CORRECTION_NOTICES[CorrectionKind(event.kind)]:
        if notice.to is not Audience.APPLICANT:
            _tell_office(event, notice)
            continue
        told = _told(event, notice, "/follow/")
        postings = to_applicant(correction, told, correction.language, texted=notice.texted, optional=notice.optional)
        if those := list(postings):
            post_many(those, at=event.at)


def _tell_office(event: CorrectionEvent, notice: Notice) -> None:
    """The clerk who has it, else all clerks."""
    correction = event.correction
    clerk = correction.clerk
    desk = desks_of([correction.agency_id], Role.CLERK, on=day_of(event.at))[correction.agency_id]
    people = [clerk] if clerk is not None and clerk.is_active else desk.told()
    path = f"/desk/corrections/{correction.pk}/"
    post_to([each for each in people if each.pk != event.by_id], _told(event, notice, path), notice, at=event.at)


def _told(event: CorrectionEvent, notice: Notice, path: str) -> Told:
    """No content, no name, no identity: number and office alone."""
    correction = event.correction
    return Told(
        key=f"correction:{event.pk}:{notice.name}",
        name=notice.name,
        at=event.at,
        context={"number": correction.number, "agency": correction.agency.name},
        path=path,
        agency_id=correction.agency_id,
        subject_ref=f"correction:{correction.pk}",
    )
