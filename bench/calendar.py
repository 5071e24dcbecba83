"""Adding twenty working days, against stepping day by day with the calendar package."""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar

from casework.law.calendar import published

from .measure import TURNS, Result, at_most

STARTS = [date(2020, 1, 1) + timedelta(days=n) for n in range(0, 2200, 11)]


def run() -> Iterator[Result]:
    calendar = published()
    assert [calendar.add_workdays(day, 20) for day in STARTS] == [_stepped(day) for day in STARTS]
    yield at_most(
        1 / 500,
        "add 20 working days (200 starts)",
        "python",
        lambda: [calendar.add_workdays(day, 20) for day in STARTS],
        lambda: [_stepped(day) for day in STARTS],
        turns=TURNS,
        note="wanted: at least 500 times faster",
    )


def _stepped(day: date) -> date:
    counted = 0
    while counted < 20:
        day += timedelta(days=1)
        counted += chinese_calendar.is_workday(day)
    return day
