"""Given far too many applications, a fee may be asked for; unpaid, the application ends (国办函〔2020〕109号)."""

from datetime import date
from decimal import Decimal

import pytest

from casework.actions import clock
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, FeeNotice
from tests.cast import Cast, closed, moment, proposed, registered

pytestmark = pytest.mark.django_db

RECEIVED, NOTIFIED, DELIVERED = date(2025, 9, 8), date(2025, 9, 24), date(2025, 9, 26)
LAST_DAY = date(2025, 10, 30)  # law.md E44


def notified(players: Cast, case: Case, **changes: object) -> None:
    given: dict[str, object] = {"amount": Decimal("100.00"), "on": NOTIFIED, "delivered_on": DELIVERED}
    given |= changes
    clock.notify_fee(case, by=players.wang, at=moment(date(2025, 11, 20)), **given)  # type: ignore[arg-type]  # by name


def test_the_period_to_pay_counts_from_the_day_after_the_notice_arrived(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    stored = Case.objects.get()
    assert (stored.state, stored.due_on, stored.period_ends_on) == ("fee_notified", None, LAST_DAY)


def test_paid_the_period_starts_afresh_on_the_day_after_payment(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    clock.record_payment(case, on=date(2025, 10, 17), by=players.wang, at=moment(date(2025, 10, 20)))
    stored = Case.objects.get()
    assert (stored.state, stored.due_on, stored.period_ends_on) == ("received", date(2025, 11, 14), None)  # E46


def test_unpaid_it_ends_by_a_decision_after_the_last_day_and_not_on_it(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    with pytest.raises(Refused, match="缴费期限已经届满") as refusal:
        proposed(players, case, Outcome.OTHER_2, on=LAST_DAY)
    assert refusal.value.law == "国办函〔2020〕109号 6"

    closed(players, Case.objects.get(), Outcome.OTHER_2, on=date(2025, 10, 31))
    stored = Case.objects.get()
    assert (stored.state, stored.outcome, stored.closed_on) == ("terminated", "other_2", date(2025, 10, 31))
    assert not stored.was_late


def test_while_payment_is_awaited_nothing_else_can_be_decided(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    for outcome in (Outcome.GRANTED, Outcome.OTHER_1, Outcome.OTHER_3):
        with pytest.raises(Refused, match="等待申请人补正或者缴费"):
            proposed(players, Case.objects.get(), outcome, on=date(2025, 10, 31))


def test_a_notice_after_the_due_date_is_too_late(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="办理期限已于2025年10月11日届满") as refusal:
        notified(players, case, on=date(2025, 10, 13), delivered_on=None)
    assert refusal.value.law == "国办函〔2020〕109号"
    assert not FeeNotice.objects.exists()


def test_a_fee_is_asked_for_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    clock.record_payment(case, on=date(2025, 10, 17), by=players.wang, at=moment(date(2025, 10, 20)))
    with pytest.raises(Refused, match="已经通知过缴费"):
        notified(players, case, on=date(2025, 10, 20), delivered_on=None)


@pytest.mark.parametrize("amount", ["0", "-100", "0.001", "100.005", "NaN", "sNaN", "Infinity", "1e30", "10000000000"])
def test_an_amount_that_is_none_is_refused(players: Cast, amount: str) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="金额") as refusal:
        notified(players, case, amount=Decimal(amount))
    assert refusal.value.field == "amount"
    assert not FeeNotice.objects.exists()


def test_a_payment_before_the_notice_or_without_one_is_refused(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="登记缴费"):
        clock.record_payment(case, on=date(2025, 9, 24), by=players.wang, at=moment(date(2025, 9, 24)))
    notified(players, case)
    with pytest.raises(Refused, match="早于"):
        clock.record_payment(case, on=date(2025, 9, 23), by=players.wang, at=moment(date(2025, 10, 20)))
    assert FeeNotice.objects.get().paid_on is None
