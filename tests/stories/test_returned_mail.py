"""Given a reply that comes back, the task is open again and the case is not (law.md 9.7, 235号 四)."""

from datetime import date

import pytest

from casework.access import Verb, offered
from casework.actions import deliver, send
from casework.desk.acts import next_verb
from casework.desk.queue import sheet
from casework.desk.trays import TRAYS
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.law.states import State
from casework.models import Case, Decision, Delivery, DispatchMode, Event, Kind
from notifications.models import Message
from tests.cast import Cast, moment, registered, signed

pytestmark = pytest.mark.django_db

RECEIVED, DUE, BACK, AGAIN, ARRIVED = (
    date(2026, 10, 21),
    date(2026, 11, 18),
    date(2026, 11, 30),
    date(2026, 12, 1),
    date(2026, 12, 3),
)


@pytest.fixture
def case(players: Cast) -> Case:
    """Posted on the last day."""
    case = registered(players, on=RECEIVED, email="zhang@example.org").case
    signed(players, case, Outcome.REFUSED_5, on=DUE)
    deliver.dispatch(case, mode=DispatchMode.POST, postal_number="XA1", on=DUE, by=players.wang, at=moment(DUE, 16))
    return case


def returned(players: Cast, case: Case, on: date = BACK) -> Event:
    return deliver.record_return(case, on=on, reason="查无此人", by=players.chen, at=moment(on))


def sent_again(players: Cast, case: Case) -> Event:
    return deliver.redispatch(
        case, mode=DispatchMode.POST, postal_number="XA2", on=AGAIN, by=players.wang, at=moment(AGAIN)
    )


def test_the_task_is_open_and_the_case_is_not(players: Cast, case: Case) -> None:
    returned(players, case)
    stored = Case.objects.get()
    assert (stored.state, stored.closed_on, stored.was_late) == (State.REFUSED, DUE, False)
    assert [d.postal_number for d in Delivery.objects.returned()] == ["XA1"]
    assert next_verb(stored, offered(players.wang, stored, on=BACK), on=BACK) is Verb.REDISPATCH
    assert sheet(Case.objects.all(), TRAYS["returned"], "", user=players.wang, on=BACK).cases == [stored]


def test_its_clerk_and_its_applicant_are_told(players: Cast, case: Case) -> None:
    event = returned(players, case)
    told = Message.objects.get(notice="mail_returned", channel="inbox")
    assert told.recipient_id == players.wang.pk  # Chen opened the mail
    citizen = event.for_applicant()
    assert citizen is not None
    assert "将重新送达" in citizen.zh
    assert "查无此人" not in citizen.zh


def test_sent_again_the_first_day_decides_whether_it_was_in_time_and_the_last_starts_the_remedies(
    players: Cast, case: Case
) -> None:
    returned(players, case)
    sent_again(players, case)
    deliver.record_delivery(case, on=ARRIVED, by=players.wang, at=moment(ARRIVED))
    stored, decision = Case.objects.get(), Decision.objects.get()
    assert (stored.closed_on, stored.was_late, decision.dispatched_on) == (DUE, False, DUE)
    assert decision.delivered_on == ARRIVED
    assert not Delivery.objects.returned().exists()
    assert [(d.sent_on, d.returned_on, d.delivered_on) for d in Delivery.objects.all()] == [
        (DUE, BACK, None),
        (AGAIN, None, ARRIVED),
    ]
    assert Message.objects.filter(notice="reply_sent").count() == 2


def test_a_delivery_that_was_reported_is_taken_back_by_the_mail_in_the_hand(players: Cast, case: Case) -> None:
    deliver.record_delivery(case, on=date(2026, 11, 23), by=players.wang, at=moment(date(2026, 11, 23)))
    returned(players, case)
    assert Decision.objects.get().delivered_on is None


def test_what_has_not_come_back_is_not_sent_again(players: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="没有退回"):
        sent_again(players, case)
    returned(players, case)
    sent_again(players, case)
    with pytest.raises(Refused, match="没有退回"):
        sent_again(players, case)
    assert Delivery.objects.count() == 2


def test_what_came_back_has_not_been_delivered(players: Cast, case: Case) -> None:
    returned(players, case)
    with pytest.raises(Refused, match="已经退回"):
        deliver.record_delivery(case, on=BACK, by=players.wang, at=moment(BACK))
    with pytest.raises(Refused, match="已经登记退回"):
        returned(players, case)


def test_what_was_sent_online_does_not_come_back(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=DUE)
    deliver.dispatch(case, mode=DispatchMode.ONLINE, on=DUE, by=players.wang, at=moment(DUE, 16))
    with pytest.raises(Refused, match="不会退回"):
        returned(players, case)


@pytest.mark.parametrize("on", [date(2026, 11, 17), date(2026, 12, 2)], ids=["before it left", "tomorrow"])
def test_it_comes_back_between_its_dispatch_and_today(players: Cast, case: Case, on: date) -> None:
    with pytest.raises(Refused, match=r"早于|还没有到") as refused:
        deliver.record_return(case, on=on, reason="查无此人", by=players.wang, at=moment(AGAIN))
    assert refused.value.field == "on"


def test_a_second_recording_is_a_correction_with_its_reason(players: Cast, case: Case) -> None:
    first, second = date(2026, 11, 23), date(2026, 11, 20)
    deliver.record_delivery(case, on=first, by=players.wang, at=moment(first))
    with pytest.raises(Refused, match="请写明理由") as refused:
        deliver.record_delivery(case, on=second, by=players.wang, at=moment(first))
    assert refused.value.field == "reason"
    assert Decision.objects.get().delivered_on == first
    event = deliver.record_delivery(case, on=second, reason="看错了邮戳", by=players.wang, at=moment(first))
    assert event.kind == Kind.DELIVERY_CORRECTED
    assert event.for_office().zh == "王敏将送达日期由2026年11月23日更正为2026年11月20日。理由：看错了邮戳"
    assert Decision.objects.get().delivered_on == second


def test_a_notice_that_comes_back_is_the_offices_task_alone(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    letter = send.prepare(
        case, Verb.REQUEST_SUPPLEMENT, unclear="请说明年度。", by=players.wang, at=moment(date(2026, 10, 23))
    )
    posted = date(2026, 10, 23)
    send.send(letter, mode=DispatchMode.POST, postal_number="XA1", on=posted, by=players.wang, at=moment(posted, 16))
    attempt = Delivery.objects.get()
    on = date(2026, 10, 28)
    event = deliver.record_return(case, delivery=attempt, on=on, reason="拒收", by=players.wang, at=moment(on))
    assert (event.kind, event.for_applicant()) == (Kind.LETTER_RETURNED, None)
    assert Case.objects.get().state == State.SUPPLEMENT_REQUESTED  # the notice left, and that day counts
    again = deliver.redispatch(
        case, delivery=attempt, mode=DispatchMode.IN_PERSON, on=on, by=players.wang, at=moment(on)
    )
    assert again.kind == Kind.LETTER_SENT
    assert letter.last_delivery == Delivery.objects.last()
    assert case.supplements.get().requested_on == posted
