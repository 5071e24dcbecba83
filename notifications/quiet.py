"""Quiet hours: when a message to a person may leave.

Pure: a moment and the rules in, a moment out. The clock of the wall is that of the office (``settings.TIME_ZONE``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone

#: What is due on a day is told by then, whatever the hours of the person.
MORNING: Final = time(8)
#: No run of days off is longer; a calendar that says otherwise is not believed.
LONGEST_REST: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From ``begins`` until ``ends``, over midnight where it ends earlier than it begins; equal: no hour is quiet."""

    begins: time
    ends: time
    rest_days: bool = False
    """Days off are quiet from midnight to midnight."""

    def holds_at(self, clock: time) -> bool:
        """Whether this hour of the day is quiet."""
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends


def leaves_at(
    at: datetime,
    quiet: Quiet,
    is_workday: Callable[[date], bool],
    *,
    daily: time | None = None,
    due_on: date | None = None,
) -> datetime:
    """The first moment from ``at`` on at which the message may leave.

    ``daily``: it waits for this hour, to leave with the others of the day. ``due_on``: it is about something due on
    that day, and waits no longer than the morning of it; what is due already does not wait at all.
    """
    moment = timezone.localtime(at)
    if daily is not None:
        moment = _next(daily, moment)
    given_up = moment + LONGEST_REST
    while moment < given_up:
        if quiet.rest_days and not is_workday(moment.date()):
            moment = _at(moment.date() + timedelta(days=1), time(0), moment)
        elif quiet.holds_at(moment.time()):
            moment = _next(quiet.ends, moment)
        else:
            break
    if due_on is not None:
        moment = min(moment, max(timezone.localtime(at), _at(due_on, MORNING, moment)))
    return moment


def _next(clock: time, moment: datetime) -> datetime:
    """The next time that the clock shows this hour, now included."""
    today = _at(moment.date(), clock, moment)
    return today if today >= moment else _at(moment.date() + timedelta(days=1), clock, moment)


def _at(day: date, clock: time, like: datetime) -> datetime:
    return datetime.combine(day, clock, tzinfo=like.tzinfo)
