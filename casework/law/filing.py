"""Until when a year's report is due (条例 49), when people are reminded of it, and what stands in its way.

The days are no periods of procedure: one that falls on a rest day is not moved to a working day after it. Whoever
plans, plans for the last working day before (law.md 7.7).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Final

from .calendar import Calendar
from .words import Text

OWN_DUE: Final = (1, 31)
"""A department's report, submitted and published (条例 49(1)); townships by local notice."""
GOVERNMENT_DUE: Final = (3, 31)
"""That of a people's government of a county or above (条例 49(2))."""

REMIND_LEFT: Final = (15, 10, 5, 2, 0)
"""Working days before the planned day on which editors and heads are reminded."""
LATE_LEFT: Final = (-1, -5, -10)
"""Working days after it on which the competent department hears as well (条例 47)."""
WATCHED_FOR: Final = timedelta(days=60)
"""So long after the due day the sweep still speaks of a report; today's page goes on showing it."""


@dataclass(frozen=True, slots=True)
class ReportDue:
    """The last day by law or local notice, and the last working day that is not after it."""

    due_on: date
    planned_on: date


def report_due(year: int, *, government: bool, local: str, calendar: Calendar) -> ReportDue:
    """When the report on ``year`` is due. ``local``: ``MM-DD`` of a local notice, which may only be earlier."""
    due_on = date(year + 1, *(GOVERNMENT_DUE if government else OWN_DUE))
    if local:
        month, day = map(int, local.split("-"))
        due_on = min(due_on, date(year + 1, month, day))
    planned_on = due_on
    while not calendar.is_workday(planned_on):
        planned_on -= timedelta(days=1)
    return ReportDue(due_on, planned_on)


def grace_ends(year: int, days: int, calendar: Calendar) -> date:
    """The last day on which the year is kept open for what is registered late (law.md 7.3): nobody signs until then.

    A letter signed for on 30 December and registered on 5 January belongs to the year that is over.
    """
    last = date(year, 12, 31)
    return calendar.add_workdays(last, days) if days else last


class Weight(IntEnum):
    """How much something stands in the way of a report."""

    HINT = 0
    """Worth a look."""
    EXPLAIN = 1
    """The report may be checked only with a written note on it."""
    STOP = 2
    """It must be mended first."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way: as a sentence, and the page of the desk where it can be mended."""

    weight: Weight
    sentence: Text
    link: str = ""
