"""Given clearly too many applications, the office may ask for reasons; the clock goes on (条例 35, law.md 3.9)."""

from datetime import date

import pytest

from casework.actions import clock
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, ReasonsRequest
from tests.cast import Cast, closed, moment, registered

pytestmark = pytest.mark.django_db

RECEIVED, ASKED, ANSWERED = date(2026, 10, 21), date(2026, 10, 26), date(2026, 11, 2)


def test_asking_and_answering_stop_no_clock(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    due_on = case.due_on
    clock.ask_reasons(case, why="一年内申请三百件。", on=ASKED, by=players.wang, at=moment(ASKED))
    assert (Case.objects.get().state, Case.objects.get().due_on) == ("received", due_on)
    clock.record_reasons(case, answer="研究需要。", on=ANSWERED, by=players.wang, at=moment(ANSWERED))
    assert Case.objects.get().due_on == due_on == date(2026, 11, 18)
    closed(players, case, Outcome.NOT_PROCESSED_4, on=date(2026, 11, 10))
    assert Case.objects.get().state == "not_processed"


def test_reasons_are_asked_for_once_and_recorded_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="还没有要求说明理由"):
        clock.record_reasons(case, answer="研究需要。", on=ASKED, by=players.wang, at=moment(ASKED))
    clock.ask_reasons(case, why="一年内申请三百件。", on=ASKED, by=players.wang, at=moment(ASKED))
    with pytest.raises(Refused, match="已经要求说明理由") as refusal:
        clock.ask_reasons(case, why="又来了。", on=ASKED, by=players.wang, at=moment(ASKED))
    assert refusal.value.law == "条例 35"
    with pytest.raises(Refused, match="早于"):
        clock.record_reasons(case, answer="研究", on=date(2026, 10, 23), by=players.wang, at=moment(ANSWERED))
    clock.record_reasons(case, answer="研究需要。", on=ANSWERED, by=players.wang, at=moment(ANSWERED))
    with pytest.raises(Refused):
        clock.record_reasons(case, answer="再说一次。", on=ANSWERED, by=players.wang, at=moment(ANSWERED))
    assert ReasonsRequest.objects.get().answer == "研究需要。"
