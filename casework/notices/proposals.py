"""Proposals for publication (条例 44): the heads hear of each, whoever proposed it hears what became of it."""

from datetime import datetime

from casework.approvers import desks_of
from casework.law.calendar import day_of
from casework.models import Proposal, Role
from casework.reach import Told, to_applicant
from notifications.outbox import post_many

from .hearing import post_to
from .table import PROPOSAL_DECIDED, PROPOSAL_MADE, PROPOSAL_OF_STAFF_DECIDED, Notice


def tell_proposal_made(proposal: Proposal, *, by_pk: int | None, at: datetime) -> None:
    """Tell the heads, once a proposal; those who join it later are counted and not told."""
    heads = desks_of([proposal.agency_id], Role.HEAD, on=day_of(at))[proposal.agency_id].told()
    told = _told(proposal, PROPOSAL_MADE, f"/desk/proposals/{proposal.pk}/", at=at)
    post_to([each for each in heads if each.pk != by_pk], told, PROPOSAL_MADE, at=at)


def tell_proposal_decided(proposal: Proposal, *, at: datetime) -> None:
    """Tell every applicant who proposed it by their case, and every officer; visitors left no address."""
    voices = proposal.voices.select_related("case__applicant", "staff")
    for voice in voices:
        if voice.case is not None:
            told = _told(proposal, PROPOSAL_DECIDED, "/follow/", at=at, number=voice.case.number, about=voice.case_id)
            postings = to_applicant(voice.case.applicant, told, voice.case.language, texted=False, optional=True)
            if those := list(postings):
                post_many(those, at=at)
    staff = [voice.staff for voice in voices if voice.staff is not None and voice.staff_id != proposal.decided_by_id]
    told = _told(proposal, PROPOSAL_OF_STAFF_DECIDED, f"/desk/proposals/{proposal.pk}/", at=at)
    post_to([each for each in staff if each.is_active], told, PROPOSAL_OF_STAFF_DECIDED, at=at)


def _told(
    proposal: Proposal, notice: Notice, path: str, *, at: datetime, number: str = "", about: int | None = None
) -> Told:
    """``number``: of the case by which it was proposed, for its applicant."""
    return Told(
        key=f"{notice.name}:{proposal.pk}" + (f":{about}" if about else ""),
        name=notice.name,
        at=at,
        context={
            "agency": proposal.agency.name,
            "number": number,
            "accepted": proposal.is_accepted,
            "title": proposal.title,
            "where": proposal.where,
            "reason": proposal.reason,
            "from_on": proposal.public_on.isoformat() if proposal.public_on else None,
        },
        path=path,
        agency_id=proposal.agency_id,
        subject_ref=f"proposal:{proposal.pk}",
    )
