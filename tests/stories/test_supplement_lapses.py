"""Asked what is meant, the applicant stays silent: the lapse is found, judged, signed, dispatched and counted."""

from datetime import date

import pytest

from casework import annual, sweeps
from casework.actions import approve, clock
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.states import State
from casework.models import Agency, Case, Kind
from notifications.models import Message
from tests.cast import Cast, closed, moment, proposed, registered

pytestmark = pytest.mark.django_db


def test_silence_ends_the_case_only_when_a_clerk_and_the_head_say_so(players: Cast) -> None:
    case = registered(players, on=date(2026, 9, 14)).case
    clock.request_supplement(
        case, unclear="请说明年度。", on=date(2026, 9, 16), by=players.wang, at=moment(date(2026, 9, 16))
    )
    assert (case.due_on, case.period_ends_on) == (None, date(2026, 10, 13))  # 15 working days, 条例 30

    with pytest.raises(Refused, match="补正期限已经届满"):
        proposed(players, Case.objects.get(), Outcome.OTHER_1, on=date(2026, 10, 13))
    assert sweeps.remind(at=moment(date(2026, 10, 13))).lapsed == 0  # the last day is still the applicant's

    assert sweeps.remind(at=moment(date(2026, 10, 14))).lapsed == 1
    case = Case.objects.get()
    assert (case.state, case.is_open) == (State.SUPPLEMENT_REQUESTED, True)  # found, not decided
    found = case.events.get(kind=Kind.LAPSE_FOUND)
    assert (found.by, found.for_applicant()) == (None, None)
    assert "2026年10月13日届满" in found.for_office().zh
    told = Message.objects.get(notice="period_lapsed")
    assert (told.recipient_id, told.path) == (players.wang.pk, f"/desk/cases/{case.pk}/")

    closed(players, case, Outcome.OTHER_1, on=date(2026, 10, 15))
    case = Case.objects.get()
    assert (case.state, case.outcome, case.closed_on) == (State.TERMINATED, Outcome.OTHER_1, date(2026, 10, 15))
    assert annual.standing_of(case, 2026).rows == ("new", "other_1", "total")  # type: ignore[union-attr]  # it stands there
    table = annual.matrix_of(Agency.objects.filter(pk=players.dongshan.pk), 2026)
    assert table.figure("other_1", "natural_person") == 1


def test_an_answer_after_the_lapse_and_before_the_decision_is_still_taken(players: Cast) -> None:
    case = registered(players, on=date(2026, 9, 14)).case
    clock.request_supplement(
        case, unclear="请说明年度。", on=date(2026, 9, 16), by=players.wang, at=moment(date(2026, 9, 16))
    )
    sweeps.remind(at=moment(date(2026, 10, 14)))
    case = Case.objects.get()
    clock.receive_supplement(case, answer="2025年度。", on=date(2026, 10, 15), by=None, at=moment(date(2026, 10, 15)))
    assert (case.state, case.due_on, case.period_ends_on) == (State.RECEIVED, date(2026, 11, 12), None)


def test_a_draft_that_is_sent_back_waits_for_the_applicant_again(players: Cast) -> None:
    case = registered(players, on=date(2026, 9, 14)).case
    clock.request_supplement(
        case, unclear="请说明年度。", on=date(2026, 9, 16), by=players.wang, at=moment(date(2026, 9, 16))
    )
    sweeps.remind(at=moment(date(2026, 10, 14)))
    case = Case.objects.get()
    proposed(players, case, Outcome.OTHER_1, on=date(2026, 10, 15))
    assert (case.state, case.period_ends_on) == (State.IN_REVIEW, None)
    approve.send_back(case, remark="请先电话核实。", by=players.sun, at=moment(date(2026, 10, 16)))
    assert (case.state, case.period_ends_on) == (State.SUPPLEMENT_REQUESTED, date(2026, 10, 13))
    assert sweeps.remind(at=moment(date(2026, 10, 19))).lapsed == 0  # it is known already
