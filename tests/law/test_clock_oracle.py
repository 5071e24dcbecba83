"""Whole lives of applications against the brute-force oracle, and what must hold for all of them."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casework.law.calendar import published
from casework.law.clock import (
    Channel,
    Consultation,
    Delayed,
    Due,
    Extended,
    Fact,
    FeeNotified,
    FeePaid,
    Party,
    Receipt,
    SupplementReceived,
    SupplementRequested,
    replay,
)
from casework.law.refusals import Refused
from tests.law import oracle

CALENDAR = published()
Row = tuple[Any, ...]
"""A fact as the oracle takes it."""

gaps = st.integers(0, 12)
delays = st.none() | st.integers(-1, 45)
rows = st.one_of(
    st.tuples(st.just("supplement_requested"), gaps),
    st.tuples(st.just("supplement_received"), gaps),
    st.tuples(st.just("consultation"), gaps, delays, delays),
    st.tuples(st.just("extended"), gaps, st.integers(0, 21)),
    st.tuples(st.just("delayed"), gaps, st.integers(-5, 120)),
    st.tuples(st.just("fee_notified"), gaps),
    st.tuples(st.just("fee_paid"), gaps),
)
receipts = st.dates(date(2009, 1, 1), date(2025, 6, 30))


def dated(kind: str, on: date, values: tuple[int | None, ...]) -> Row:
    """The drawn gaps of a consultation or a delay as dates; other values stay."""
    if kind == "delayed":
        return (kind, on, *(on + timedelta(days=v) for v in values if v is not None))
    if kind != "consultation":
        return (kind, on, *values)
    delivered, answered = (None if v is None else on + timedelta(days=v) for v in values)
    return (kind, on, delivered, answered)


def as_fact(row: Row) -> Fact:
    kind, on, *values = row
    if kind == "consultation":
        return Consultation(Party.THIRD_PARTY, on, *values)
    if kind == "extended":
        return Extended(on, *values)
    if kind == "delayed":
        return Delayed(on, *values)
    plain: dict[str, Callable[[date], Fact]] = {
        "supplement_requested": SupplementRequested,
        "supplement_received": SupplementReceived,
        "fee_notified": FeeNotified,
        "fee_paid": FeePaid,
    }
    return plain[kind](on)


def by_product(received: date, life: list[Row]) -> Due:
    return replay(Receipt(Channel.ONLINE, received), [as_fact(row) for row in life], calendar=CALENDAR)


def outcome_by_oracle(received: date, life: list[Row]) -> date | str | None:
    try:
        return oracle.due_date(received, life)
    except oracle.NotAllowed:
        return "refused"


def outcome_by_product(received: date, life: list[Row]) -> date | str | None:
    try:
        return by_product(received, life).due_on
    except Refused:
        return "refused"


@st.composite
def lives(draw: st.DrawFn) -> tuple[date, list[Row]]:
    """A lawful life: facts that the oracle refuses are drawn too, and left out."""
    received = on = draw(receipts)
    life: list[Row] = []
    for kind, gap, *values in draw(st.lists(rows, max_size=12)):
        candidate = [*life, dated(kind, on + timedelta(days=gap), tuple(values))]
        if outcome_by_oracle(received, candidate) != "refused":
            life, on = candidate, on + timedelta(days=gap)
    return received, life


@given(receipts, st.lists(rows, max_size=12))
def test_every_fact_is_allowed_or_refused_and_dated_as_the_oracle_says(received: date, drawn: list[Row]) -> None:
    life: list[Row] = []
    on = received
    for kind, gap, *values in drawn:
        candidate = [*life, dated(kind, on + timedelta(days=gap), tuple(values))]
        expected = outcome_by_oracle(received, candidate)
        assert outcome_by_product(received, candidate) == expected
        if expected != "refused":
            life, on = candidate, on + timedelta(days=gap)


@given(lives())
def test_facts_out_of_order_are_refused(life: tuple[date, list[Row]]) -> None:
    received, facts = life
    early = ("consultation", received - timedelta(days=1), None, None)
    assert outcome_by_product(received, [early, *facts]) == outcome_by_oracle(received, [early, *facts]) == "refused"


@given(lives(), gaps, delays.filter(lambda n: n is None or n >= 0))
def test_a_pause_never_brings_the_date_forward(life: tuple[date, list[Row]], gap: int, answered: int | None) -> None:
    received, facts = life
    on = (facts[-1][1] if facts else received) + timedelta(days=gap)
    before = by_product(received, facts).due_on
    after = by_product(received, [*facts, dated("consultation", on, (None, answered))]).due_on
    assert (after is None) == (before is None)
    if before is not None and after is not None:
        assert after >= before


@given(receipts, st.integers(0, 10), st.integers(0, 25), st.integers(0, 10), st.integers(0, 25))
def test_a_day_paused_twice_is_left_out_once(received: date, a: int, b: int, c: int, d: int) -> None:
    """Two consultations exclude the days of their union, however they overlap."""
    pair = [
        dated("consultation", received + timedelta(days=start), (0, answered))
        for start, answered in sorted([(a, b), (c, d)])
    ]
    answer = by_product(received, pair)
    skipped = {first + timedelta(days=n) for first, last in answer.excluded for n in range((last - first).days + 1)}
    by_row = [oracle.excluded_days(row[1], row[2], row[3]) for row in pair]
    assert skipped == by_row[0] | by_row[1]
    assert all(a[1] + timedelta(days=1) < b[0] for a, b in pairwise(answer.excluded))
    assert by_product(received, [pair[0], pair[0]]).due_on == by_product(received, pair[:1]).due_on


@given(lives(), st.data())
def test_a_removed_fact_leaves_no_trace(life: tuple[date, list[Row]], data: st.DataObject) -> None:
    """The date without a fact is that of an application to which it never happened, whatever was replayed before."""
    received, facts = life
    if not facts:
        return
    index = data.draw(st.integers(0, len(facts) - 1))
    without = facts[:index] + facts[index + 1 :]
    fresh = outcome_by_oracle(received, without)
    by_product(received, facts)
    assert outcome_by_product(received, without) == fresh


@given(lives())
def test_the_steps_add_up_to_the_date(life: tuple[date, list[Row]]) -> None:
    answer = by_product(*life)
    steps = answer.steps()
    if answer.due_on is None:
        assert [step.counts for step in steps] == [False]
        return
    assert (steps[0].on, steps[-1].on) == (answer.started_on, answer.due_on)
    assert all(b.on - a.on == timedelta(days=1) for a, b in pairwise(steps))
    assert [step.day for step in steps if step.counts] == list(range(1, (answer.working_days or 0) + 1))
    named = [step for step in steps if step.law == "条例 35"]
    assert named == [step for step in steps if answer.basis.delayed_from and step.on > answer.basis.delayed_from]
    assert all(step.why.zh and step.why.en and step.law for step in steps)


@given(lives(), st.integers(-5, 80))
def test_days_left_agrees_with_walking(life: tuple[date, list[Row]], offset: int) -> None:
    received, facts = life
    answer = by_product(received, facts)
    on = max(answer.started_on, answer.started_on + timedelta(days=offset))
    if answer.due_on is None:
        assert answer.days_left(on) is None
    elif on <= answer.due_on and answer.basis.delayed_from:
        assert answer.days_left(on) == sum(CALENDAR.is_workday(s.on) for s in answer.steps() if s.on > on)
    elif on <= answer.due_on:
        assert answer.days_left(on) == sum(step.counts for step in answer.steps() if step.on > on)
