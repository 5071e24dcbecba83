"""Given a reply that needs more time, the head consents once, before expiry, to 20 working days at most (条例 33)."""

from datetime import date

import pytest

from casework.actions import clock
from casework.law.refusals import Refused
from casework.models import Case, Extension
from tests.cast import Cast, moment, registered

pytestmark = pytest.mark.django_db

RECEIVED = date(2025, 9, 28)
DUE = date(2025, 10, 31)  # law.md E34


def extended(players: Cast, case: Case, on: date, days: int = 20) -> None:
    clock.extend(case, working_days=days, reason="涉及多个部门", on=on, by=players.li, at=moment(on))


def refused(players: Cast, case: Case, on: date, days: int = 20) -> Refused:
    """The extension is refused and nothing of it stays."""
    before = (case.due_on, Extension.objects.count())
    with pytest.raises(Refused) as refusal:
        extended(players, case, on, days)
    assert (Case.objects.get().due_on, Extension.objects.count()) == before
    return refusal.value


def test_on_the_last_day_it_is_still_in_time_and_runs_on_from_the_due_date(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    assert case.due_on == DUE
    extended(players, case, DUE)
    assert Case.objects.get().due_on == date(2025, 11, 28)
    event = case.events.last()
    assert event is not None
    assert (event.due_before, event.due_after) == (DUE, date(2025, 11, 28))
    assert event.for_office().zh == "经李立同意，答复期限延长20个工作日。理由：涉及多个部门"


def test_a_day_after_expiry_it_is_refused_with_the_article(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    refusal = refused(players, case, date(2025, 11, 3))
    assert refusal.law == "条例 33(2)"
    assert "答复期限已于2025年10月31日届满" in refusal.sentence.zh


def test_a_second_extension_is_refused(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    extended(players, case, date(2025, 10, 20), days=5)
    refusal = refused(players, case, date(2025, 10, 21), days=5)
    assert refusal.law == "条例 33(2)"
    assert "只能延长一次" in refusal.sentence.zh


@pytest.mark.parametrize("days", [0, -1, 21, 1000])
def test_more_than_twenty_working_days_or_none_is_refused(players: Cast, days: int) -> None:
    case = registered(players, on=RECEIVED).case
    refusal = refused(players, case, date(2025, 10, 20), days)
    assert (refusal.law, refusal.field) == ("条例 33(2)", "working_days")


def test_a_clerk_cannot_extend(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="公开工作机构负责人"):
        clock.extend(case, working_days=5, reason="忙", on=DUE, by=players.wang, at=moment(DUE))


def test_a_reason_is_needed(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="必须填写"):
        clock.extend(case, working_days=5, reason=" ", on=DUE, by=players.li, at=moment(DUE))


def test_an_extension_recorded_after_its_day_shows_both_days(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    clock.extend(case, working_days=5, reason="补登", on=DUE, by=players.li, at=moment(date(2025, 11, 3)))
    event = case.events.last()
    assert event is not None
    assert (event.on, event.at.date()) == (DUE, date(2025, 11, 3))


def test_while_the_applicant_is_asked_nothing_can_be_extended(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    asked = date(2025, 9, 30)
    clock.request_supplement(case, unclear="请说明名称。", on=asked, by=players.wang, at=moment(asked))
    with pytest.raises(Refused):
        extended(players, case, date(2025, 10, 9))
    assert not Extension.objects.exists()


def test_extended_and_then_asked_on_the_same_day(players: Cast) -> None:
    """The order of one day's facts is that in which they can have been."""
    case = registered(players, on=RECEIVED).case
    day = date(2025, 9, 30)
    extended(players, case, day, days=5)
    clock.request_supplement(case, unclear="请说明名称。", on=day, by=players.wang, at=moment(day, 11))
    clock.receive_supplement(case, answer="即清单。", on=day, by=players.wang, at=moment(day, 12))
    assert Case.objects.get().due_on == date(2025, 11, 11)  # twenty-five working days after 30 September
