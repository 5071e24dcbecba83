"""When a message to a person may leave: the table, and what holds for any hours, days off and moment."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.quiet import LONGEST_REST, MORNING, Quiet, leaves_at

CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet(time(20), time(8), rest_days=True)


def weekday(on: date) -> bool:
    return on.weekday() < 5


def moment(text: str) -> datetime:
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


# 18 November 2026 is a Wednesday.
TABLE: list[tuple[str, str, date | None, time | None, str]] = [
    ("by day it leaves at once", "11-18 10:00", None, None, "11-18 10:00"),
    ("the first quiet minute", "11-18 20:00", None, None, "11-19 08:00"),
    ("the last loud minute", "11-18 19:59", None, None, "11-18 19:59"),
    ("after midnight", "11-18 03:00", None, None, "11-18 08:00"),
    ("the end of the quiet", "11-18 08:00", None, None, "11-18 08:00"),
    ("Friday evening", "11-20 21:00", None, None, "11-23 08:00"),
    ("Saturday noon", "11-21 12:00", None, None, "11-23 08:00"),
    ("due today, by night: not held past its morning", "11-18 06:00", date(2026, 11, 18), None, "11-18 08:00"),
    ("due today, in the evening: at once", "11-18 21:00", date(2026, 11, 18), None, "11-18 21:00"),
    ("overdue, on a Saturday: at once", "11-21 12:00", date(2026, 11, 20), None, "11-21 12:00"),
    ("due on the Sunday in between: on its morning", "11-20 21:00", date(2026, 11, 22), None, "11-22 08:00"),
    ("due later: waits like any other", "11-18 21:00", date(2026, 12, 1), None, "11-19 08:00"),
    ("daily, before its hour", "11-18 08:10", None, time(8, 30), "11-18 08:30"),
    ("daily, after its hour", "11-18 10:00", None, time(8, 30), "11-19 08:30"),
    ("daily, on a Friday: after the days off", "11-20 10:00", None, time(8, 30), "11-23 08:00"),
    ("daily, due today: at once", "11-18 10:00", date(2026, 11, 18), time(8, 30), "11-18 10:00"),
    ("daily, due tomorrow: in the morning of it", "11-18 10:00", date(2026, 11, 19), time(8, 30), "11-19 08:00"),
]


@pytest.mark.parametrize(("at", "due_on", "daily", "leaves"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_when_it_leaves(at: str, due_on: date | None, daily: time | None, leaves: str) -> None:
    assert leaves_at(moment(at), NIGHT, weekday, due_on=due_on, daily=daily) == moment(leaves)


def test_a_worked_saturday_is_a_working_day_and_a_holiday_is_none() -> None:
    worked = {date(2026, 11, 21)}
    assert leaves_at(moment("11-20 21:00"), NIGHT, lambda on: weekday(on) or on in worked) == moment("11-21 08:00")
    off = {date(2026, 11, 19), date(2026, 11, 20)}
    assert leaves_at(moment("11-18 21:00"), NIGHT, lambda on: weekday(on) and on not in off) == moment("11-23 08:00")


def test_hours_that_begin_when_they_end_are_none() -> None:
    assert leaves_at(moment("11-18 03:00"), Quiet(time(8), time(8)), weekday) == moment("11-18 03:00")


def test_hours_within_a_day() -> None:
    siesta = Quiet(time(12), time(14))
    assert leaves_at(moment("11-18 12:30"), siesta, weekday) == moment("11-18 14:00")
    assert leaves_at(moment("11-18 03:00"), siesta, weekday) == moment("11-18 03:00")


def test_the_moment_may_be_given_in_any_zone() -> None:
    greenwich = moment("11-18 21:00").astimezone(ZoneInfo("UTC"))
    assert leaves_at(greenwich, NIGHT, weekday) == moment("11-19 08:00")


HOURS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda at: at.replace(tzinfo=CHINA))


@given(
    at=MOMENTS,
    begins=HOURS,
    ends=HOURS,
    rest_days=st.booleans(),
    off=st.sets(st.integers(0, 6), max_size=6),
    daily=st.none() | HOURS,
    due=st.none() | st.integers(-40, 40),
)
def test_never_earlier_never_too_late_and_in_quiet_only_for_what_is_due(
    at: datetime, begins: time, ends: time, rest_days: bool, off: set[int], daily: time | None, due: int | None
) -> None:
    quiet = Quiet(begins, ends, rest_days=rest_days)
    due_on = None if due is None else at.date() + timedelta(days=due)
    leaves = leaves_at(at, quiet, lambda on: on.weekday() not in off, daily=daily, due_on=due_on)
    assert at <= leaves <= at + LONGEST_REST
    last = None if due_on is None else max(at, datetime.combine(due_on, MORNING, tzinfo=CHINA))
    assert last is None or leaves <= last
    if leaves != last:
        assert not quiet.holds_at(leaves.time())
        assert not (rest_days and leaves.weekday() in off)


def test_a_calendar_of_nothing_but_days_off_is_not_believed() -> None:
    at = moment("11-18 10:00")
    assert LONGEST_REST <= leaves_at(at, NIGHT, lambda _on: False) - at <= LONGEST_REST + timedelta(days=1)
