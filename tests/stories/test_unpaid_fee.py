"""Given a fee that was asked for and is not paid, the application ends; paid, the period starts anew (109号 6)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from casework.actions import clock, fee
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Event, FeeNotice
from tests.cast import FEE, PAID, Cast, closed, moment, proposed, registered

pytestmark = pytest.mark.django_db

RECEIVED, NOTIFIED, DELIVERED = date(2025, 9, 8), date(2025, 9, 24), date(2025, 9, 26)
DUE = date(2025, 10, 11)
LAST_DAY = date(2025, 10, 30)  # law.md E44
LATER = moment(date(2025, 11, 20))


def notified(players: Cast, case: Case, **changes: Any) -> None:
    given = FEE | {"on": NOTIFIED, "delivered_on": DELIVERED} | changes
    fee.notify_fee(case, by=players.wang, at=LATER, **given)


def stored() -> Case:
    return Case.objects.get()


def test_the_period_to_pay_counts_from_the_day_after_the_notice_arrived(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    assert (stored().state, stored().due_on, stored().period_ends_on) == ("fee_notified", None, LAST_DAY)


def test_of_a_notice_on_its_way_the_period_has_no_end_until_it_has_arrived(players: Cast) -> None:
    """The 20 working days count from receipt, so a posted letter that nobody has signed for ends nothing."""
    case = registered(players, on=RECEIVED).case
    notified(players, case, delivered_on=None)
    assert stored().period_ends_on is None
    with pytest.raises(Refused, match="登记送达") as refusal:
        proposed(players, case, Outcome.OTHER_2, on=date(2026, 1, 30))
    assert refusal.value.law == "国办函〔2020〕109号 6"

    fee.record_fee_delivery(stored(), on=DELIVERED, by=players.wang, at=LATER)
    assert stored().period_ends_on == FeeNotice.objects.get().period_ends_on == LAST_DAY
    with pytest.raises(Refused, match="已经登记"):
        fee.record_fee_delivery(stored(), on=DELIVERED, by=players.wang, at=LATER)


def test_paid_the_period_starts_afresh_on_the_day_after_payment(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    fee.record_payment(case, on=date(2025, 10, 17), **PAID, by=players.wang, at=LATER)
    assert (stored().state, stored().due_on, stored().period_ends_on) == ("received", date(2025, 11, 14), None)  # E46
    notice = FeeNotice.objects.get()
    assert (notice.paid_amount, notice.voucher_number) == (Decimal(100), "NO.0012345678")


@pytest.mark.parametrize("amount", ["99.99", "100.01", "0", "-100", "NaN", "sNaN", "Infinity", "1e30"])
def test_another_amount_than_was_asked_for_is_no_payment(players: Cast, amount: str) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    before = (Case.objects.values().get(), FeeNotice.objects.values().get(), Event.objects.count())
    with pytest.raises(Refused, match=r"应缴100\.00元") as refusal:
        fee.record_payment(
            case, on=date(2025, 10, 17), amount=Decimal(amount), voucher_number="1", by=players.wang, at=LATER
        )
    assert (refusal.value.law, refusal.value.field) == ("国办函〔2020〕109号 4、5", "amount")
    assert (Case.objects.values().get(), FeeNotice.objects.values().get(), Event.objects.count()) == before


def test_a_payment_without_its_voucher_is_refused(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    with pytest.raises(Refused, match="必须填写") as refusal:
        fee.record_payment(case, on=DELIVERED, amount=Decimal(100), voucher_number=" ", by=players.wang, at=LATER)
    assert refusal.value.field == "voucher_number"


def test_unpaid_it_ends_by_a_decision_after_the_last_day_and_not_on_it(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    with pytest.raises(Refused, match="缴费期限已经届满") as refusal:
        proposed(players, case, Outcome.OTHER_2, on=LAST_DAY)
    assert refusal.value.law == "国办函〔2020〕109号 6"

    closed(players, stored(), Outcome.OTHER_2, on=date(2025, 10, 31))
    assert (stored().state, stored().outcome, stored().closed_on) == ("terminated", "other_2", date(2025, 10, 31))
    assert not stored().was_late


def test_while_payment_is_awaited_nothing_else_can_be_decided(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    for outcome in (Outcome.GRANTED, Outcome.OTHER_1, Outcome.OTHER_3):
        with pytest.raises(Refused, match="等待申请人补正或者缴费"):
            proposed(players, stored(), outcome, on=date(2025, 10, 31))


def test_a_notice_on_the_last_day_of_the_period_is_in_time_and_a_day_later_too_late(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="办理期限已于2025年10月11日届满") as refusal:
        notified(players, case, on=date(2025, 10, 13), delivered_on=None)
    assert refusal.value.law == "国办函〔2020〕109号"
    assert not FeeNotice.objects.exists()
    assert stored().state == "received"
    notified(players, stored(), on=DUE, delivered_on=DUE)
    assert FeeNotice.objects.exists()


def test_while_a_supplement_is_awaited_no_fee_is_asked_for(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    clock.request_supplement(case, unclear="请说明年度。", on=RECEIVED, by=players.wang, at=moment(RECEIVED))
    with pytest.raises(Refused, match="补正"):
        notified(players, case)
    assert not FeeNotice.objects.exists()


def test_a_fee_is_asked_for_once(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    fee.record_payment(case, on=date(2025, 10, 17), **PAID, by=players.wang, at=LATER)
    with pytest.raises(Refused, match="已经通知过缴费"):
        notified(players, case, on=date(2025, 10, 20), delivered_on=None)


def test_a_notice_sent_by_mistake_is_cancelled_and_the_date_is_as_if_it_had_never_been(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    assert case.due_on == DUE
    notified(players, case)
    with pytest.raises(Refused, match="公开工作机构负责人"):
        fee.cancel_fee(case, reason="误发", on=DELIVERED, by=players.wang, at=LATER)
    fee.cancel_fee(stored(), reason="申请人当月只有一件。", on=DELIVERED, by=players.li, at=LATER)
    assert (stored().state, stored().due_on, stored().period_ends_on) == ("received", DUE, None)
    notice = FeeNotice.objects.get()
    assert (notice.cancelled_on, notice.cancelled_by, notice.facts()) == (DELIVERED, players.li, [])

    notified(players, stored(), on=DUE, delivered_on=DUE)  # the first no longer stands in the way
    assert FeeNotice.objects.count() == 2


def test_what_has_been_paid_is_not_cancelled(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    notified(players, case)
    fee.record_payment(case, on=DELIVERED, **PAID, by=players.wang, at=LATER)
    with pytest.raises(Refused, match="撤销收费通知"):
        fee.cancel_fee(stored(), reason="误发", on=DELIVERED, by=players.li, at=LATER)


def test_a_payment_before_the_notice_or_without_one_is_refused(players: Cast) -> None:
    case = registered(players, on=RECEIVED).case
    with pytest.raises(Refused, match="登记缴费"):
        fee.record_payment(case, on=NOTIFIED, **PAID, by=players.wang, at=moment(NOTIFIED))
    notified(players, case)
    with pytest.raises(Refused, match="早于"):
        fee.record_payment(case, on=date(2025, 9, 23), **PAID, by=players.wang, at=LATER)
    assert FeeNotice.objects.get().paid_on is None
