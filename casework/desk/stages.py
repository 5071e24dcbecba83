"""Where an annual report stands, as a strip of four stages: who took each and when, and which is next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from casework.law.words import Text
from casework.models import AnnualReport, ReportState, ReportStep, StepKind


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; ``look`` is done, now or later. ``step`` took the report into it."""

    words: Text
    look: str
    step: ReportStep | None = None


_STAGES: Final[dict[ReportState, tuple[StepKind, Text]]] = {
    ReportState.DRAFT: (StepKind.BEGUN, Text("编写", "Write")),
    ReportState.CHECKED: (StepKind.CHECKED, Text("核对", "Check")),
    ReportState.SIGNED: (StepKind.SIGNED, Text("签发", "Sign")),
    ReportState.PUBLISHED: (StepKind.PUBLISHED, Text("公布", "Publish")),
}
_BACK: Final = (StepKind.SENT_BACK, StepKind.REOPENED)


def stages_of(work: AnnualReport | None, steps: Iterable[ReportStep]) -> list[Stage]:
    """From the draft to publication, in the round under way: what was sent back or reopened begins anew."""
    order = list(_STAGES)
    reached = order.index(ReportState(work.state)) if work else -1
    latest: dict[str, ReportStep] = {}
    for step in steps:
        if step.kind in _BACK:
            latest = {StepKind.BEGUN: step}
        elif step.kind != StepKind.WRITTEN:
            latest[step.kind] = step
    found = []
    for at, (kind, words) in enumerate(_STAGES.values()):
        # A draft is still being written; every other state waits for the stage after it.
        now = reached + 1 if reached else 0
        look = "now" if at == now else "done" if at < now else "later"
        found.append(Stage(words, look, latest.get(kind)))
    return found
