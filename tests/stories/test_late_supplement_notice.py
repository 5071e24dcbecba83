"""Given a notice sent after the seventh working day, the clock goes on (law.md 3.7, the conservative reading)."""

from datetime import date

import pytest

from casework.actions import clock, extension
from casework.law.outcomes import Outcome
from casework.models import Case
from tests.cast import Cast, closed, moment, registered, supplemented

pytestmark = pytest.mark.django_db

RECEIVED = date(2024, 9, 27)
LAST_DAY = date(2024, 10, 12)  # law.md E29, a Saturday that was worked
DUE = date(2024, 10, 30)


def test_on_the_seventh_working_day_the_notice_is_in_time(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    supplemented(players, case, asked=LAST_DAY, answered=date(2024, 10, 14))
    due = Case.objects.get().due()
    assert due.due_on == date(2024, 11, 11)
    assert due.risk_on is None
    assert not due.warnings


def test_on_the_eighth_it_goes_out_with_a_red_warning_and_the_date_stays(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    assert case.due_on == DUE
    late = date(2024, 10, 14)
    clock.request_supplement(case, unclear="请说明名称。", on=late, by=players.wang, at=moment(late))

    waiting = Case.objects.get()
    assert (waiting.state, waiting.due_on) == ("supplement_requested", DUE)
    (warning,) = waiting.due().warnings
    assert warning.zh == (
        "补正告知（2024年10月14日）晚于收到申请后的第7个工作日（2024年10月12日）：答复期限不重新计算，"
        "仍按原期限届满（条例 30）。"
    )
    assert waiting.due().risk_on == DUE

    clock.receive_supplement(
        waiting, answer="即改造清单。", on=date(2024, 10, 16), by=None, at=moment(date(2024, 10, 16))
    )
    assert Case.objects.get().due_on == DUE


def test_an_agency_may_choose_the_other_reading_and_keeps_the_risk_in_sight(players: Cast) -> None:
    players.dongshan.late_notice_restarts = True
    players.dongshan.save()
    case = registered(players, on=RECEIVED).case
    supplemented(players, case, asked=date(2024, 10, 14), answered=date(2024, 10, 16))
    due = Case.objects.get().due()
    assert (due.due_on, due.risk_on) == (date(2024, 11, 13), DUE)
    assert len(due.warnings) == 1


def test_no_reading_revives_a_period_that_has_run_out(players: Cast) -> None:
    players.dongshan.late_notice_restarts = True
    players.dongshan.save()
    case = registered(players, on=RECEIVED).case
    supplemented(players, case, asked=date(2024, 11, 1), answered=date(2024, 11, 4))
    assert Case.objects.get().due_on == DUE


def test_a_reply_after_the_date_that_stayed_is_late(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    supplemented(players, case, asked=date(2024, 10, 14), answered=date(2024, 10, 16))
    closed(players, case, Outcome.GRANTED, on=date(2024, 11, 1))
    assert Case.objects.get().was_late


def test_while_that_supplement_is_awaited_the_running_period_can_be_extended(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    late = date(2024, 10, 14)
    clock.request_supplement(case, unclear="请说明名称。", on=late, by=players.wang, at=moment(late))
    extension.extend(case, working_days=5, reason="等待补正", on=DUE, by=players.li, at=moment(DUE))
    assert Case.objects.get().due_on == date(2024, 11, 6)
