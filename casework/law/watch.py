"""On which days time alone calls for something: a reminder, a report to the head, a look at a lapsed period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .calendar import Calendar


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


def working_days_left(on: date, due_on: date, calendar: Calendar) -> int:
    """Working days after ``on`` up to and including ``due_on``; negative when ``due_on`` has passed."""
    if on <= due_on:
        return calendar.workdays_between(on, due_on)
    return -calendar.workdays_between(due_on, on)


def _day_with(due_on: date, left: int, calendar: Calendar) -> date:
    if left == 0:
        return due_on
    return calendar.subtract_workdays(due_on, left) if left > 0 else calendar.add_workdays(due_on, -left)
