"""What the date becomes if the answer comes today: the clock replayed, with one fact more."""

from datetime import date

from casework.law.calendar import published
from casework.law.clock import (
    Channel,
    Consultation,
    Fact,
    FeeNotified,
    FeePaid,
    Party,
    Readings,
    Receipt,
    SupplementReceived,
    SupplementRequested,
)
from casework.law.whatif import Awaited, WhatIf, if_answered

RECEIVED = Receipt(Channel.IN_PERSON, date(2024, 9, 20))


def answers(*facts: Fact, on: date, **readings: bool) -> list[WhatIf]:
    return if_answered(RECEIVED, facts, on, calendar=published(), readings=Readings(**readings))


def test_nothing_awaited_nothing_said() -> None:
    assert answers(on=date(2024, 10, 8)) == []
    asked, answered = SupplementRequested(date(2024, 9, 27)), SupplementReceived(date(2024, 9, 29))
    assert answers(asked, answered, on=date(2024, 10, 8)) == []
    assert answers(FeeNotified(date(2024, 9, 27)), FeePaid(date(2024, 9, 29)), on=date(2024, 10, 8)) == []


def test_a_supplement_today_restarts_the_clock_and_the_old_date_is_the_one_that_ran() -> None:
    """E32: answered on 8 October it is due on 4 November; without the notice it was 23 October (条例 30)."""
    (one,) = answers(SupplementRequested(date(2024, 9, 27)), on=date(2024, 10, 8))
    assert one.awaited is Awaited.SUPPLEMENT
    assert (one.before.due_on, one.after.due_on) == (date(2024, 10, 23), date(2024, 11, 4))
    assert one.moves


def test_after_a_late_notice_the_answer_moves_nothing_unless_the_agency_reads_it_so() -> None:
    late = SupplementRequested(date(2024, 10, 9))
    (one,) = answers(late, on=date(2024, 10, 10))
    assert not one.moves
    assert one.after.due_on == date(2024, 10, 23)
    (other,) = answers(late, on=date(2024, 10, 10), late_notice_restarts=True)
    assert other.moves


def test_a_payment_today_restarts_the_clock() -> None:
    """国办函〔2020〕109号: from the day after payment."""
    (one,) = answers(FeeNotified(date(2024, 9, 26)), on=date(2024, 10, 17))
    assert (one.awaited, one.after.started_on) == (Awaited.PAYMENT, date(2024, 10, 17))
    assert one.before.due_on == date(2024, 10, 23)


def test_an_opinion_today_ends_the_pause_and_brings_the_date_nearer() -> None:
    """条例 33(3): only the time that is needed is excluded."""
    asked = Consultation(Party.THIRD_PARTY, date(2024, 9, 23), date(2024, 9, 23))
    (one,) = answers(asked, on=date(2024, 9, 27))
    assert one.awaited is Awaited.OPINION
    assert one.before.due_on is not None
    assert one.after.due_on is not None
    assert one.after.due_on < one.before.due_on
    assert answers(asked, on=date(2024, 12, 2)) == [], "its fifteen days are over: nothing is awaited any more"
