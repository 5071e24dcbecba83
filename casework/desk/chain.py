"""The approval of a draft as a small picture: each step with who took it and when, or who is to take it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from casework import access
from casework.approvers import Turn
from casework.law.approval import STEPS, Step
from casework.law.words import Text
from casework.models import Case, Decision, Delegation, Staff


@dataclass(frozen=True, slots=True)
class Link:
    """One step. ``look`` is done, now or later; ``people`` took it, or may take it now."""

    words: Text
    look: str
    people: tuple[Staff, ...] = ()
    for_whom: Staff | None = None
    at: datetime | None = None
    remark: str = ""
    away: tuple[Delegation, ...] = ()
    nobody: Text | None = None


def chain_of(case: Case, decision: Decision | None, turn: Turn | None) -> list[Link]:
    """From the clerk to the signature; of an imported decision only what is known. ``turn``: whose it is now."""
    if decision is None:
        return []
    links = [*_taken(decision), *_to_take(case, decision, turn)]
    return links if len(links) > 1 else []


def _taken(decision: Decision) -> Iterator[Link]:
    if decision.proposed_by is not None:
        yield Link(_DRAFTED, "done", (decision.proposed_by,), at=decision.proposed_at)
    for clearance in decision.clearances.all():
        words = STEPS[Step(clearance.step)].words
        yield Link(words, "done", (clearance.by,), clearance.for_whom, clearance.at, clearance.remark)
    if decision.signed_by is not None:
        words = STEPS[Step.SIGNATURE].words
        yield Link(words, "done", (decision.signed_by,), decision.signed_for, decision.signed_at)


def _to_take(case: Case, decision: Decision, turn: Turn | None) -> Iterator[Link]:
    if turn is None:
        return
    people = tuple({approver.person.pk: approver.person for approver in turn.approvers}.values())
    away = tuple(turn.desk.delegations)
    yield Link(STEPS[turn.step].words, "now", people, away=away, nobody=access.nobody_for(case, turn))
    later = [step for step in case.agency.approval_steps if step is not turn.step and step not in decision.passed]
    for step in later:
        yield Link(STEPS[step].words, "later")


_DRAFTED = Text("拟稿", "Draft")
