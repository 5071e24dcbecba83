"""Given an application that does not say which information it means, the office asks once (条例 30)."""

from datetime import date

import pytest

from casework.actions import approve, clock
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Channel, Event, Kind
from tests.cast import Cast, moment, proposed, registered, supplemented

pytestmark = pytest.mark.django_db


def asked(players: Cast, case: Case, on: date, days: int | None = None) -> Event:
    return clock.request_supplement(
        case, unclear="请说明所需信息的名称。", days=days, on=on, by=players.wang, at=moment(on)
    )


def test_the_period_starts_afresh_on_the_day_the_supplement_is_received(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case

    asked(players, case, date(2024, 9, 27))
    assert (case.state, case.due_on) == ("supplement_requested", None)
    assert case.period_ends_on == date(2024, 10, 23)  # law.md E33: fifteen working days, the agency's own setting

    clock.receive_supplement(
        case,
        answer="即2023年度小区改造清单。",
        on=date(2024, 10, 8),
        by=None,
        at=moment(date(2024, 10, 8)),
        channel=Channel.ONLINE,
    )
    stored = Case.objects.get()
    assert (stored.state, stored.due_on, stored.period_ends_on) == ("received", date(2024, 11, 4), None)  # E32
    assert stored.due().started_on == date(2024, 10, 8)
    assert not stored.due().warnings


def test_the_notice_says_until_when_and_the_day_of_the_notice_does_not_count(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    event = asked(players, case, date(2024, 9, 27), days=1)
    assert event.payload["until"] == "2024-09-29"  # a Sunday that was worked
    assert "2024年9月29日" in str(event.for_applicant())


@pytest.mark.parametrize("days", [0, -1, 121])
def test_a_period_that_is_no_period_is_refused(players: Cast, days: int) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    with pytest.raises(Refused, match="补正期限") as refusal:
        asked(players, case, date(2024, 9, 27), days=days)
    assert (refusal.value.law, refusal.value.field) == ("条例 30", "days")
    assert Case.objects.get().state == "received"


def test_a_second_notice_is_refused(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    supplemented(players, case, asked=date(2024, 9, 23), answered=date(2024, 9, 26))
    due_on = case.due_on
    with pytest.raises(Refused, match="只能告知一次") as refusal:
        asked(players, case, date(2024, 9, 27))
    assert refusal.value.law == "条例 30"
    assert (Case.objects.get().state, Case.objects.get().due_on) == ("received", due_on)


def test_a_supplement_that_nobody_asked_for_is_refused(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    with pytest.raises(Refused, match="不需要补正"):
        clock.receive_supplement(case, answer="补充", on=date(2024, 9, 23), by=None, at=moment(date(2024, 9, 23)))


def test_while_the_answer_is_awaited_nothing_else_can_be_decided(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    asked(players, case, date(2024, 9, 27))
    with pytest.raises(Refused, match="正在等待申请人补正"):
        proposed(players, case, Outcome.GRANTED, on=date(2024, 9, 30))


def test_an_application_not_supplemented_in_time_is_ended_by_a_decision_and_not_before(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    asked(players, case, date(2024, 9, 27))
    with pytest.raises(Refused, match="补正期限已经届满") as refusal:
        proposed(players, case, Outcome.OTHER_1, on=date(2024, 10, 23))  # the last day is still the applicant's
    assert refusal.value.law == "条例 30"

    case = Case.objects.get()
    proposed(players, case, Outcome.OTHER_1, on=date(2024, 10, 24))
    assert Case.objects.get().state == "in_review"  # judged by a clerk, to be signed by the head: not automatic
    assert Case.objects.get().period_ends_on is None


def test_a_lapse_that_the_head_sends_back_waits_for_the_applicant_again(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    asked(players, case, date(2024, 9, 27))
    proposed(players, case, Outcome.OTHER_1, on=date(2024, 10, 24))
    approve.send_back(case, remark="申请人住院，有正当理由", by=players.sun, at=moment(date(2024, 10, 25)))
    stored = Case.objects.get()
    assert (stored.state, stored.period_ends_on) == ("supplement_requested", date(2024, 10, 23))

    clock.receive_supplement(
        stored, answer="出院后补正。", on=date(2024, 10, 28), by=players.wang, at=moment(date(2024, 10, 28))
    )
    assert Case.objects.get().due_on == date(2024, 11, 25)


def test_every_step_is_told_to_the_applicant(players: Cast) -> None:
    case = registered(players, on=date(2024, 9, 20)).case
    supplemented(players, case, asked=date(2024, 9, 23), answered=date(2024, 9, 26))
    told = [str(event.for_applicant()) for event in case.events.all()]
    assert told == [
        "行政机关登记了您的申请，收到日期为2024年9月20日。",
        "行政机关请您在2024年10月17日以前补正申请。",
        "行政机关收到了您的补正。",
    ]
    assert [event.kind for event in case.events.all()] == [
        Kind.REGISTERED,
        Kind.SUPPLEMENT_REQUESTED,
        Kind.SUPPLEMENT_RECEIVED,
    ]
