"""Who hears of an event, or of what time asks of many cases: read once for a batch."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from casework.approvers import desks_of
from casework.law.approval import Step
from casework.law.calendar import day_of
from casework.models import (
    Assistance,
    Case,
    Event,
    Kind,
    Role,
    Staff,
)
from casework.reach import Reach, Told
from notifications.outbox import post_many

from .table import Audience, Notice


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


#: Whose desks an audience is, where it is a role.
_ROLES: Final[dict[Audience, Role]] = {
    Audience.CLERK: Role.CLERK,
    Audience.CLERK_OR_ALL: Role.CLERK,
    Audience.REVIEWERS: Role.REVIEWER,
    Audience.SECRECY_REVIEWERS: Role.SECRECY_REVIEWER,
    Audience.HEADS: Role.HEAD,
}


#: Those who hear of a draft only when it waits for them.
TURNS: Final[dict[Audience, Step]] = {
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


class Rolls:
    """Who holds which role in an agency, with the deputies of those away; read once for a batch."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, Audience, date], list[Staff]] = {}

    def heard_by(self, audience: Audience, event: Event) -> list[Staff]:
        case = event.case
        if audience is Audience.ASKED:
            return _whoever_was_asked(event)
        if audience in (Audience.CLERK, Audience.CLERK_OR_ALL) and case.clerk is not None:
            return [case.clerk]
        of_draft = audience in TURNS and event.kind != Kind.PUBLICATION_PROPOSED  # that is no draft of a reply
        if audience is Audience.CLERK or (of_draft and not _awaits(case, TURNS[audience])):
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


def post_to(people: Iterable[Staff], told: Told, notice: Notice, *, at: datetime) -> None:
    people, reach = list(people), Reach()
    reach.read(people)
    postings = [posting for person in people for posting in reach.to_staff(person, told, notice.group)]
    if postings:
        post_many(postings, at=at)
