"""Given a reply dated in time, it is the day on which it leaves that counts (国办公开办函〔2016〕235号 四)."""

from datetime import UTC, date, datetime

import pytest

from casework.actions import deliver
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Decision, DispatchMode
from tests.cast import Cast, closed, moment, proposed, registered, signed

pytestmark = pytest.mark.django_db

RECEIVED, SIGNED, DUE, POSTED = date(2026, 10, 21), date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19)


def posted(players: Cast, case: Case, *, on: date, recorded: date | None = None) -> None:
    deliver.dispatch(
        case, mode=DispatchMode.POST, postal_number="EA123456789CN", on=on, by=players.wang, at=moment(recorded or on)
    )


def test_signed_on_the_17th_and_posted_on_the_19th_is_late_where_the_18th_was_the_last_day(players: Cast) -> None:
    """law.md 11, no. 5."""
    case = registered(players, on=RECEIVED).case
    assert case.due_on == DUE
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    assert Case.objects.get().closed_on is None  # a signature closes nothing
    posted(players, case, on=POSTED)
    stored = Case.objects.get()
    assert (stored.closed_on, stored.due_on, stored.was_late) == (POSTED, DUE, True)


def test_posted_on_the_last_day_it_is_in_time_whenever_it_arrives(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    posted(players, case, on=DUE)
    deliver.record_delivery(case, on=date(2026, 11, 24), by=players.wang, at=moment(date(2026, 11, 25)))
    stored = Case.objects.get()
    assert (stored.closed_on, stored.was_late) == (DUE, False)
    assert Decision.objects.get().delivered_on == date(2026, 11, 24)  # the day that starts the remedies


def test_posted_in_time_and_recorded_later_it_was_in_time(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    posted(players, case, on=DUE, recorded=date(2026, 11, 20))
    assert not Case.objects.get().was_late


@pytest.mark.parametrize("mode", [DispatchMode.ONLINE, DispatchMode.IN_PERSON])
def test_handed_over_or_sent_online_it_arrives_the_same_day(players: Cast, mode: DispatchMode) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    deliver.dispatch(case, mode=mode, on=DUE, by=players.wang, at=moment(DUE))
    decision = Decision.objects.get()
    assert (decision.dispatched_on, decision.delivered_on) == (DUE, DUE)


@pytest.mark.parametrize("mode", [DispatchMode.EMAIL, DispatchMode.POST])
def test_by_mail_the_day_of_arrival_is_not_known_yet(players: Cast, mode: DispatchMode) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    deliver.dispatch(case, mode=mode, postal_number="EA1", on=DUE, by=players.wang, at=moment(DUE))
    assert Decision.objects.get().delivered_on is None


def test_post_needs_the_number_of_the_postal_enterprise(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    with pytest.raises(Refused, match="必须填写") as refusal:
        deliver.dispatch(case, mode=DispatchMode.POST, on=DUE, by=players.wang, at=moment(DUE))
    assert refusal.value.field == "postal_number"
    assert Case.objects.get().state == "signed"


def test_an_unsigned_reply_cannot_leave(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    proposed(players, case, Outcome.GRANTED, on=SIGNED)
    with pytest.raises(Refused, match="送出答复"):
        posted(players, case, on=DUE)


@pytest.mark.parametrize("on", [date(2026, 11, 16), date(2026, 11, 19)], ids=["before the signature", "tomorrow"])
def test_the_day_lies_between_the_signature_and_today(players: Cast, on: date) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    with pytest.raises(Refused, match=r"早于|还没有到") as refusal:
        posted(players, case, on=on, recorded=DUE)
    assert refusal.value.field == "on"
    assert Case.objects.get().state == "signed"


def test_a_day_is_a_day_in_china_whatever_zone_the_server_keeps(players: Cast) -> None:
    """Signed at one in the morning of the 18th in China, which is still the 17th by Greenwich."""
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=DUE)
    Decision.objects.update(signed_at=datetime(2026, 11, 17, 17, tzinfo=UTC))
    by_greenwich = datetime(2026, 11, 18, 9, tzinfo=UTC)
    with pytest.raises(Refused, match="2026年11月17日早于2026年11月18日"):
        deliver.dispatch(
            Case.objects.get(), mode=DispatchMode.ONLINE, on=date(2026, 11, 17), by=players.wang, at=by_greenwich
        )


def test_delivery_is_not_before_dispatch(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    signed(players, case, Outcome.GRANTED, on=SIGNED)
    posted(players, case, on=DUE)
    with pytest.raises(Refused, match="早于"):
        deliver.record_delivery(case, on=SIGNED, by=players.wang, at=moment(POSTED))


def test_an_open_case_and_one_without_a_date_are_not_late(players: Cast) -> None:
    case = registered(players, on=date(2026, 6, 1)).case
    assert not case.was_late  # it is overdue, which the queue shows; late is said of a reply
    closed(players, case, Outcome.GRANTED, on=DUE)
    assert case.was_late
