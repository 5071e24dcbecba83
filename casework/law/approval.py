"""How a reply comes to be signed: 承办 → 审核 → 保密审查 → 签发, and the step that is awaited.

A draft waits for one step at a time. Which one follows from what has been passed; it is stored nowhere.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .words import Text


class Step(StrEnum):
    """What a draft passes after the clerk has proposed it, in this order."""

    REVIEW = "review"
    SECRECY = "secrecy"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: its words, the role that takes it, the verb that passes it, and the event that verb leaves.

    ``dispensable``: an agency's setting may leave it out. Secrecy review stands before everything that leaves
    (条例 17), and somebody answers for every reply with a signature.
    """

    step: Step
    words: Text
    role: str
    verb: str
    event: str
    law: str
    dispensable: bool = False


STEPS: Final[dict[Step, StepRow]] = {
    row.step: row
    for row in (
        StepRow(Step.REVIEW, Text("审核", "Review"), "reviewer", "review", "reviewed", "条例 45", dispensable=True),
        StepRow(
            Step.SECRECY,
            Text("保密审查", "Secrecy review"),
            "secrecy_reviewer",
            "clear_secrecy",
            "secrecy_cleared",
            "条例 17、保密法 35",
        ),
        StepRow(Step.SIGNATURE, Text("签发", "Signature"), "head", "sign", "signed", "条例 45"),
    )
}


def steps(*, reviewed: bool) -> tuple[Step, ...]:
    """The steps of an agency; ``reviewed``: it has drafts reviewed before secrecy review."""
    return tuple(step for step, row in STEPS.items() if reviewed or not row.dispensable)


def awaited(wanted: Sequence[Step], passed: Collection[Step]) -> Step | None:
    """The step for which a draft waits; ``None`` when all are passed."""
    return next((step for step in wanted if step not in passed), None)
