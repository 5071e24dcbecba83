"""The lawful steps that are open in a case now, after a reply or after silence, and the draft for the next one."""

from datetime import date

from casework.law import petition, remedies
from casework.law.outcomes import Requirement
from casework.law.receipt import Channel
from casework.models import Case


def is_overdue(case: Case, *, on: date) -> bool:
    """Whether the period has run out without a reply; the clock is asked, not its copy."""
    due_on = case.due().due_on if case.is_open else None
    return due_on is not None and due_on < on


def steps(case: Case, *, on: date) -> tuple[remedies.Route, ...]:
    """What can be done now, in the order in which it has to be; nothing while the office may still reply."""
    agency = case.agency
    row = case.result
    if row is not None and case.closed_on is not None:
        decision = case.current_decision
        return remedies.routes(
            row,
            decided_on=case.closed_on,
            known_on=decision.delivered_on if decision else None,
            review_organ=agency.review_organ,
            court=agency.court,
            calendar=agency.calendar,
            inquiry_review_first=agency.inquiry_review_first,
        )
    due_on = case.due().due_on if case.is_open else None
    if due_on is None or due_on >= on:
        return ()
    return remedies.silence_routes(
        due_on, review_organ=agency.review_organ, court=agency.court, calendar=agency.calendar
    )


def may_be_reviewed(routes: tuple[remedies.Route, ...]) -> bool:
    """Whether reconsideration is among the steps that are open."""
    return any(route.way is remedies.Way.RECONSIDERATION for route in routes)


def draft(case: Case, *, on: date, items: tuple[petition.Item, ...] = ()) -> petition.Petition | None:
    """The application for reconsideration with the facts of this case; ``None`` where there is nothing to contest.

    ``items``: what of the reply is contested, and nothing else (law.petition.Item).
    """
    if not may_be_reviewed(steps(case, on=on)):
        return None
    applicant, extension = case.applicant, next(iter(case.extensions.all()), None)
    asked = next((each for each in case.supplements.all() if not each.superseded), None)
    given = getattr(case, "acknowledgement", None)
    return petition.drafted(
        petition.File(
            applicant=applicant.names,
            phone=applicant.phone,
            address=applicant.address,
            agent=applicant.acting.name if applicant.acting else "",
            organ=case.agency.review_organ,
            office=case.agency.name,
            number=case.number,
            channel=Channel(case.channel),
            received_on=case.received_on,
            asked_for=" ".join(case.content.split()),
            due_on=case.due().due_on,
            digest=given.digest if given else "",
            supplement_asked_on=asked.requested_on if asked else None,
            supplemented_on=asked.received_on if asked else None,
            extended_by=extension.working_days if extension else None,
            reply=_attacked(case, items),
        )
    )


def _attacked(case: Case, items: tuple[petition.Item, ...]) -> petition.Attacked | None:
    decision = case.current_decision
    if case.closed_on is None or decision is None:
        return None
    signed = decision.letters.filter(voided_at=None).first()
    title = signed.row.title.zh if signed else decision.row.letter.zh
    reasons = str(decision.statement(Requirement.REASONS))
    return petition.Attacked(
        decision.row,
        decision.ground_row,
        title,
        decision.document_number,
        decision.dispatched_on or case.closed_on,
        decision.delivered_on,
        " ".join(reasons.split()),
        items,
    )
