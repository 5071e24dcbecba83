"""What an event causes: the messages of its row in the table."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from casework.models import (
    Event,
    Kind,
)
from casework.reach import Reach, Told, to_applicant
from notifications.outbox import post_many
from notifications.posting import Posting

from .hearing import Rolls
from .table import NOTICES, Audience


def tell(event: Event) -> None:
    """Write the messages that this event causes, in the transaction that wrote the event."""
    tell_many([event])


def tell_many(events: Iterable[Event]) -> None:
    """The same for many events at once; people are looked up once an agency."""
    rolls, reach = Rolls(), Reach()
    events = list(events)
    postings = [posting for event in events for posting in _postings(event, rolls, reach)]
    if postings:
        post_many(postings, at=max(event.at for event in events))


#: Where a notice leads: an applicant to their own page, whoever was asked inside to the request and not to the case.
PATHS: Final[dict[Audience, str]] = {
    Audience.APPLICANT: "/follow/",
    Audience.ASKED: "/desk/assistance/{assistance}/",
}
#: What leads to another page than the case.
PATHS_ABOUT: Final[dict[tuple[Kind, Audience], str]] = {
    (Kind.LIKE_REPLY_TOLD, Audience.APPLICANT): "/replies/{reply}/",
    (Kind.PUBLICATION_PROPOSED, Audience.SECRECY_REVIEWERS): "/desk/publications/{reply}/",
    (Kind.PUBLICATION_CLEARED, Audience.HEADS): "/desk/publications/{reply}/",
    (Kind.PUBLICATION_RETURNED, Audience.CLERK_OR_ALL): "/desk/publications/{reply}/",
    (Kind.PUBLICATION_REVOKED, Audience.CLERK_OR_ALL): "/desk/publications/{reply}/",
}


def _postings(event: Event, rolls: Rolls, reach: Reach) -> Iterator[Posting]:
    case = event.case
    for notice in NOTICES[Kind(event.kind)]:
        told = Told(
            key=f"event:{event.pk}:{notice.name}",
            name=notice.name,
            at=event.at,
            context=_context(event),
            path=_path(event, notice.to),
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


def _path(event: Event, to: Audience) -> str:
    path = PATHS_ABOUT.get((Kind(event.kind), to)) or PATHS.get(to, f"/desk/cases/{event.case_id}/")
    return path.format(**event.payload)


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
