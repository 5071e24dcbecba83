"""Given many applications with good reasons, the office names a later day and tells the applicant (条例 35)."""

from datetime import date
from typing import Any

import pytest

from casework import sweeps
from casework.actions import consult, excess, extension
from casework.law.clock import Party
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Delay, Event, Kind
from tests.cast import Cast, closed, found_unreasonable, moment, registered

pytestmark = pytest.mark.django_db

RECEIVED, JUDGED = date(2025, 9, 8), date(2025, 9, 22)
DUE, UNTIL = date(2025, 10, 11), date(2025, 11, 28)


def with_good_reasons(players: Cast) -> Case:
    case = registered(players, on=RECEIVED).case
    done: dict[str, Any] = {"on": JUDGED, "by": players.wang, "at": moment(JUDGED)}
    excess.ask_reasons(case, why="一月内申请八十件。", **done)
    excess.record_reasons(case, answer="课题研究，附立项书。", **done)
    excess.judge_reasons(case, reasonable=True, grounds="立项书属实。", **done)
    return Case.objects.get()


def delayed(players: Cast, *, until: date = UNTIL, on: date = DUE, **changes: Any) -> None:
    given: dict[str, Any] = {"reason": "八十件须逐件检索。", "by": players.li, "at": moment(on)} | changes
    excess.delay(Case.objects.get(), until=until, on=on, **given)


def refused(players: Cast, **given: Any) -> Refused:
    """The delay is refused and nothing of it stays."""
    before = (Case.objects.values().get(), Delay.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as refusal:
        delayed(players, **given)
    assert (Case.objects.values().get(), Delay.objects.count(), Event.objects.count()) == before
    return refusal.value


def test_told_on_the_last_day_the_named_day_becomes_the_last_day(players: Cast) -> None:
    assert with_good_reasons(players).due_on == DUE
    delayed(players)
    case = Case.objects.get()
    assert case.due_on == UNTIL
    event = Event.objects.latest("pk")
    assert (event.kind, event.due_before, event.due_after) == (Kind.DELAYED, DUE, UNTIL)
    assert event.for_applicant().zh == (  # type: ignore[union-attr]  # the applicant is told
        "行政机关确定延迟答复至2025年11月28日（条例第三十五条）。理由：八十件须逐件检索。"
    )
    steps = {step.on: step for step in case.due().steps()}
    assert (steps[DUE].day, steps[DUE].law) == (20, "条例 33(2)")
    assert (steps[UNTIL].day, steps[UNTIL].law) == (None, "条例 35")
    assert "延迟答复" in steps[UNTIL].why.zh
    assert not list(sweeps.verify_clocks(on=DUE))


def test_answered_by_then_it_is_in_time_and_a_day_later_late(players: Cast) -> None:
    with_good_reasons(players)
    delayed(players)
    closed(players, Case.objects.get(), Outcome.GRANTED, on=UNTIL)
    assert not Case.objects.get().was_late


@pytest.mark.parametrize("judged", [None, False])
def test_without_reasons_found_good_there_is_no_delay(players: Cast, judged: bool | None) -> None:
    case = registered(players, on=RECEIVED).case
    if judged is False:
        found_unreasonable(players, case, on=JUDGED)
    refusal = refused(players)
    assert refusal.law == "条例 35"
    assert "认定理由合理" in refusal.sentence.zh


def test_told_after_the_period_has_ended_it_is_too_late(players: Cast) -> None:
    with_good_reasons(players)
    refusal = refused(players, on=date(2025, 10, 13))
    assert refusal.law == "条例 35"
    assert "答复期限已于2025年10月11日届满" in refusal.sentence.zh


@pytest.mark.parametrize("until", [DUE, date(2025, 10, 12), date(2025, 9, 30)])
def test_a_delay_never_brings_the_day_forward(players: Cast, until: date) -> None:
    with_good_reasons(players)
    if until > DUE:
        delayed(players, until=until, on=date(2025, 9, 30))
        assert Case.objects.get().due_on == until
    else:
        refusal = refused(players, until=until, on=date(2025, 9, 30))
        assert (refusal.law, refusal.field) == ("条例 35", "until")


def test_it_is_set_once(players: Cast) -> None:
    with_good_reasons(players)
    delayed(players)
    refusal = refused(players, until=date(2026, 1, 30), on=date(2025, 10, 20))
    assert refusal.law == "条例 35"
    assert "只确定一次" in refusal.sentence.zh


def test_a_clerk_does_not_set_it_and_it_needs_a_reason(players: Cast) -> None:
    with_good_reasons(players)
    assert "公开工作机构负责人" in refused(players, by=players.wang).sentence.zh
    assert refused(players, reason=" ").field == "reason"


def test_what_the_count_gives_later_holds_if_it_is_later(players: Cast) -> None:
    """Extended and held up by a consultation, the period may come to end after the day that was named."""
    with_good_reasons(players)
    on, named = date(2025, 9, 30), date(2025, 10, 13)
    delayed(players, until=named, on=on)
    extension.extend(Case.objects.get(), working_days=20, reason="检索", on=on, by=players.li, at=moment(on))
    assert Case.objects.get().due_on == date(2025, 11, 7)
    consult.consult(
        Case.objects.get(), party=Party.THIRD_PARTY, name="某公司", sent_on=on, by=players.wang, at=moment(on)
    )
    assert (Case.objects.get().due_on or DUE) > date(2025, 11, 7)
    assert not list(sweeps.verify_clocks(on=on))
