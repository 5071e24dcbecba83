"""The last day for each act (条例 30, 33(2), 国办函〔2020〕109号), against days counted one by one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.calendar import published
from casework.law.lastday import Timely, last_days, received_for

RECEIVED, DUE = date(2024, 9, 27), date(2024, 11, 1)


def found(received_on: date, due_on: date | None, *settled: Timely) -> dict[Timely, tuple[date, str]]:
    return {
        each.act: (each.on, each.law) for each in last_days(received_on, due_on, settled=settled, calendar=published())
    }


def test_the_notice_ends_on_the_seventh_working_day_and_the_rest_with_the_reply_period() -> None:
    """law.md E29: signed for on 27 September 2024, the notice by Saturday 12 October, which is worked."""
    assert found(RECEIVED, DUE) == {
        Timely.SUPPLEMENT_NOTICE: (date(2024, 10, 12), "条例 30"),
        Timely.EXTENSION: (DUE, "条例 33(2)"),
        Timely.FEE_NOTICE: (DUE, "国办函〔2020〕109号"),
        Timely.REPLY: (DUE, "条例 33(2)"),
    }


def test_soonest_first() -> None:
    days = [each.on for each in last_days(RECEIVED, DUE, settled=(), calendar=published())]
    assert days == sorted(days)


@pytest.mark.parametrize("act", Timely)
def test_what_is_settled_has_no_last_day(act: Timely) -> None:
    assert act in found(RECEIVED, DUE)
    assert act not in found(RECEIVED, DUE, act)


def test_while_no_period_runs_only_the_notice_has_a_day() -> None:
    assert set(found(RECEIVED, None)) == {Timely.SUPPLEMENT_NOTICE}


def test_before_2019_there_was_no_time_for_the_notice_to_miss() -> None:
    assert set(found(date(2019, 5, 14), date(2019, 6, 5))) == {Timely.EXTENSION, Timely.FEE_NOTICE, Timely.REPLY}
    assert Timely.SUPPLEMENT_NOTICE in found(date(2019, 5, 15), date(2019, 6, 13))


@given(st.dates(date(2019, 6, 1), date(2026, 12, 31)))
def test_the_days_of_receipt_for_a_last_day_are_those_and_no_others(last: date) -> None:
    calendar = published()
    span = received_for(last, calendar)
    days = (last - timedelta(days=n) for n in range(40))
    wanted = [day for day in days if calendar.add_workdays(day, 7) == last]
    if span is None:
        assert wanted == []
    else:
        assert span == (min(wanted), max(wanted))
