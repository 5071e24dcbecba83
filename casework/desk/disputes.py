"""Reconsideration and suits as a clerk sees them on a day: where each stands, and until when the agency must answer."""

from dataclasses import dataclass
from datetime import date

from casework.law.disputes import Standing
from casework.law.due import Due
from casework.law.words import Text
from casework.models import Dispute

#: With so many working days left the deadline looks near.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A dispute as it stands. ``left``: working days to the last day of the answer, negative when it has passed."""

    dispute: Dispute
    standing: Standing | None
    due: Due | None
    left: int | None
    warning: Text | None

    @property
    def look(self) -> str:
        """How urgent it looks."""
        if self.left is None:
            return "closed"
        return "late" if self.left < 0 else "today" if self.left == 0 else "soon" if self.left <= _NEAR else "calm"


def line_of(dispute: Dispute, *, on: date) -> Line:
    """The dispute on that day; its agency, case, decision and steps have been read."""
    due = dispute.answer_due()
    left = due.days_left(on) if due is not None else None
    if left is not None and due is not None and due.due_on is not None and due.due_on < on:
        left = min(left, -1)  # past its last day by days of rest alone is past it all the same
    return Line(dispute, dispute.standing, due, left, dispute.warning())
