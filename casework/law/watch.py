"""On which days time alone calls for something: a reminder, a report to the head, a look at a lapsed period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .calendar import Calendar
from .clock import supplement_notice_due


@dataclass(frozen=True, slots=True, order=True)
class Milestone:
    """A day, and how many working days are left on it (0 on the due date, negative after it)."""

    on: date
    days_left: int


def milestones(due_on: date, days_left: Iterable[int], calendar: Calendar) -> list[Milestone]:
    """The days on which so many working days are left before ``due_on``, in order of time."""
    return sorted(Milestone(_day_with(due_on, left, calendar), left) for left in set(days_left))


def reached(milestones: Iterable[Milestone], on: date) -> Milestone | None:
    """The latest milestone that has come by that day: after a gap, the earlier ones have nothing to add."""
    return max((m for m in milestones if m.on <= on), default=None)


UNTAKEN_DAYS = 2
"""Working days after receipt on which an application that nobody has taken is reported: a whole one has passed."""


def untaken_on(received_on: date, calendar: Calendar) -> date:
    """The day on which the head hears that nobody has taken an application (law.md 11, no. 1)."""
    return calendar.add_workdays(received_on, UNTAKEN_DAYS)


def notice_days(received_on: date, calendar: Calendar) -> list[date]:
    """The working day before the last one for a supplement notice, and that day (条例 30)."""
    last = supplement_notice_due(received_on, calendar=calendar)
    return [calendar.subtract_workdays(last, 1), last]


def working_days_left(on: date, due_on: date, calendar: Calendar) -> int:
    """Working days after ``on`` up to and including ``due_on``; negative when ``due_on`` has passed."""
    if on <= due_on:
        return calendar.workdays_between(on, due_on)
    return -calendar.workdays_between(due_on, on)


def _day_with(due_on: date, left: int, calendar: Calendar) -> date:
    if left == 0:
        return due_on
    return calendar.subtract_workdays(due_on, left) if left > 0 else calendar.add_workdays(due_on, -left)


ANSWER_RUNGS = (3, 1, 0)
"""Working days before the end of the agency's own answer in a dispute on which it is recalled; then once when late."""


def answer_rung(due_on: date, on: date, calendar: Calendar) -> int | None:
    """The latest rung that has come, as working days left: 3, 1, 0, and -1 once it is late; ``None`` before."""
    left = working_days_left(on, due_on, calendar)
    if on > due_on:
        return -1
    return min((rung for rung in ANSWER_RUNGS if left <= rung), default=None)


# Requests inside are no matter of law: the house's own ladder, reckoned like the rest.

CHASED_AHEAD = 1
"""Working days before the internal due date on which it is first recalled."""
CHASED_EVERY = 2
"""Working days after the due date between one chase and the next."""
HEAD_HEARS_AFTER = 3
"""Working days after the due date when the head is told, once."""


def chase_reached(due_on: date, on: date, calendar: Calendar) -> int | None:
    """The latest rung of the ladder that has come, as working days left: 1, 0, -2, -4 …; ``None`` before the first."""
    left = working_days_left(on, due_on, calendar)
    if left > CHASED_AHEAD:
        return None
    return left if left >= 0 else -(-left // CHASED_EVERY) * CHASED_EVERY


def next_chase(due_on: date, on: date, calendar: Calendar) -> date:
    """The first day after ``on`` on which somebody hears of the request again."""
    late = max(0, -working_days_left(on, due_on, calendar))
    rungs = (CHASED_AHEAD, 0, -HEAD_HEARS_AFTER, -(late // CHASED_EVERY + 1) * CHASED_EVERY)
    return min(day for day in (_day_with(due_on, left, calendar) for left in rungs) if day > on)
