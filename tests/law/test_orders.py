"""A court or a reconsideration body sets the last day for a new reply: never later than by law (行政复议法 64、66)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.calendar import published
from casework.law.clock import Channel as By
from casework.law.clock import Consultation, Delayed, Due, Extended, Fact, Ordered, Party, Receipt, replay
from casework.law.refusals import Refused

SERVED = date(2026, 2, 27)  # a Friday
LAW = "行政诉讼法 72"
STATUTORY = date(2026, 3, 26)  # Saturday 28 February is worked


def due(*facts: Fact) -> Due:
    return replay(Receipt(By.OTHER, SERVED, SERVED), facts, calendar=published())


def order(until: date) -> Ordered:
    return Ordered(SERVED, until, LAW)


@pytest.mark.parametrize(
    ("until", "due_on", "binds"),
    [
        pytest.param(date(2026, 3, 10), date(2026, 3, 10), True, id="ten days"),
        pytest.param(date(2026, 3, 14), date(2026, 3, 14), True, id="a Saturday is not moved: the day was named"),
        pytest.param(STATUTORY, STATUTORY, False, id="the statutory day itself"),
        pytest.param(date(2026, 6, 1), STATUTORY, False, id="a longer one gives no more time"),
        pytest.param(SERVED, SERVED, True, id="the day on which it was received"),
        pytest.param(date(2026, 2, 20), SERVED, True, id="passed before: late from the first day"),
    ],
)
def test_the_earlier_of_the_two(until: date, due_on: date, binds: bool) -> None:
    found = due(order(until))
    assert found.due_on == due_on
    last = found.steps()[-1]
    if binds and due_on > SERVED:
        assert (last.on, last.law, last.counts) == (due_on, LAW, False)
        assert "限定重新答复的最后一日" in last.why.zh
    elif not binds:
        assert last.law == "条例 33(2)"
    assert any("限定在" in warning.zh for warning in found.warnings) is binds


def test_days_left_are_counted_to_the_named_day_and_nothing_is_taken_off() -> None:
    asked = Consultation(Party.OTHER_AGENCY, date(2026, 3, 2))
    found = due(order(date(2026, 3, 10)), asked)
    assert found.due_on == date(2026, 3, 10)
    assert found.days_left(date(2026, 3, 6)) == 2


def test_the_newest_order_holds() -> None:
    assert due(order(date(2026, 3, 10)), order(date(2026, 3, 12))).due_on == date(2026, 3, 12)


facts = st.lists(
    st.one_of(
        st.builds(Extended, st.just(date(2026, 3, 2)), st.integers(1, 20)),
        st.builds(Consultation, st.just(Party.OTHER_AGENCY), st.dates(date(2026, 3, 3), date(2026, 3, 20))),
        st.builds(Delayed, st.just(date(2026, 3, 23)), st.dates(date(2026, 6, 1), date(2026, 7, 1))),
    ),
    max_size=3,
    unique_by=type,
)


@given(facts, st.integers(-5, 90))
def test_whatever_happens_it_is_the_earlier_of_the_order_and_the_law(more: list[Fact], days: int) -> None:
    ordered = order(SERVED + timedelta(days=days))
    happened = sorted(more, key=lambda fact: fact.on)
    free = due(*happened).due_on
    assert free is not None
    expected = min(free, max(ordered.until, SERVED))
    # With the order running out first, what the law allows only before expiry is refused or of no effect.
    try:
        bound = due(ordered, *happened)
    except Refused:
        assert any(isinstance(fact, Extended | Delayed) for fact in happened)
        return
    assert bound.due_on == expected
