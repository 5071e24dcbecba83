"""Given an application by any channel, its day of receipt follows the channel and nobody types it (条例 31)."""

from datetime import date
from typing import Any

import pytest

from casework.actions import clock, intake, receipt
from casework.annual import matrix_of
from casework.law.clock import Channel, Receipt
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Applicant, Case, Draft, Event
from notifications.models import Message
from tests.cast import CREDIT_CODE, RESIDENT_NUMBER, Cast, application, closed, moment

pytestmark = pytest.mark.django_db

C = Channel


def registered(players: Cast, channel: Channel, arrived: date, confirmed: date | None, *, recorded: date) -> Case:
    return intake.register(
        players.dongshan, application(), Receipt(channel, arrived, confirmed), by=players.wang, at=moment(recorded)
    ).case


WAYS = {
    "handed in on a Sunday that is worked": (
        C.IN_PERSON,
        date(2023, 4, 23),
        None,
        date(2023, 4, 23),
        date(2023, 5, 23),
    ),
    "signed for by the mail room": (C.SIGNED_MAIL, date(2022, 9, 30), None, date(2022, 9, 30), date(2022, 11, 2)),
    "an ordinary letter, confirmed two days later": (
        C.ORDINARY_MAIL,
        date(2023, 10, 9),
        date(2023, 10, 11),
        date(2023, 10, 11),
        date(2023, 11, 8),
    ),
    "online on a holiday": (C.ONLINE, date(2026, 2, 20), None, date(2026, 2, 20), date(2026, 3, 20)),
    "online, with a receipt written eight days later": (
        C.ONLINE,
        date(2021, 11, 24),
        date(2021, 12, 2),
        date(2021, 11, 24),
        date(2021, 12, 22),
    ),
    "an e-mail confirmed the same day": (
        C.EMAIL,
        date(2025, 9, 30),
        date(2025, 9, 30),
        date(2025, 9, 30),
        date(2025, 11, 4),
    ),
    "an e-mail confirmed after the holiday": (
        C.EMAIL,
        date(2025, 9, 30),
        date(2025, 10, 9),
        date(2025, 10, 9),
        date(2025, 11, 5),
    ),
    "a fax": (C.FAX, date(2025, 12, 31), date(2025, 12, 31), date(2025, 12, 31), date(2026, 1, 29)),
    "another published way": (C.OTHER, date(2026, 9, 17), date(2026, 9, 18), date(2026, 9, 18), date(2026, 10, 22)),
}


@pytest.mark.parametrize(("channel", "arrived", "confirmed", "received", "due"), WAYS.values(), ids=WAYS)
def test_the_day_of_receipt_and_the_due_date(
    players: Cast, channel: Channel, arrived: date, confirmed: date | None, received: date, due: date
) -> None:
    case = registered(players, channel, arrived, confirmed, recorded=date(2026, 11, 18))
    stored = Case.objects.get()
    assert (stored.received_on, stored.due_on) == (received, due)
    assert stored.year == received.year
    event = case.events.get()
    assert (event.on, event.due_after) == (received, due)
    assert "收到日期为" in str(event.for_applicant())


def test_every_channel_has_its_row() -> None:
    assert {channel for channel, *_ in WAYS.values()} == set(Channel)


@pytest.mark.parametrize("channel", [c for c in Channel if c.needs_confirmation])
def test_without_confirmation_the_day_of_arrival_holds_and_the_clerk_is_warned(players: Cast, channel: Channel) -> None:
    case = registered(players, channel, date(2026, 11, 2), None, recorded=date(2026, 11, 3))
    assert case.received_on == date(2026, 11, 2)
    (warning,) = Case.objects.get().due().warnings
    assert "尚无确认日期" in warning.zh


def test_a_confirmation_that_came_late_must_be_explained(players: Cast) -> None:
    case = registered(players, C.FAX, date(2026, 11, 2), date(2026, 11, 4), recorded=date(2026, 11, 4))
    (warning,) = case.due().warnings
    assert "延误的理由应当存卷" in warning.zh


@pytest.mark.parametrize(
    ("arrived", "confirmed", "said", "field"),
    [
        (date(2026, 11, 19), None, "还没有到", "arrived_on"),
        (date(2026, 11, 17), date(2026, 11, 19), "还没有到", "confirmed_on"),
        (date(2026, 11, 17), date(2026, 11, 16), "早于", "confirmed_on"),
        (date(2007, 12, 31), date(2026, 11, 16), "早于工作日历", None),
    ],
    ids=["arrives tomorrow", "confirmed tomorrow", "confirmed before it arrived", "before there was a Regulation"],
)
def test_days_that_cannot_be_are_refused(
    players: Cast, arrived: date, confirmed: date, said: str, field: str | None
) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        registered(players, C.ORDINARY_MAIL, arrived, confirmed, recorded=date(2026, 11, 18))
    assert refusal.value.field == field
    assert not Case.objects.exists()


def test_an_e_mail_of_a_sunday_counts_from_the_sunday_unless_the_agency_reads_otherwise(players: Cast) -> None:
    """law.md E03, the Yang case of 2017 under the old fifteen working days."""
    sunday = date(2017, 6, 18)
    strict = registered(players, C.EMAIL, sunday, sunday, recorded=date(2026, 11, 18))
    assert (strict.received_on, strict.due_on) == (sunday, date(2017, 7, 7))
    players.dongshan.rest_day_receipt_moves = True
    players.dongshan.save()
    lenient = registered(players, C.EMAIL, sunday, sunday, recorded=date(2026, 11, 18))
    assert (lenient.received_on, lenient.due_on) == (date(2017, 6, 19), date(2017, 7, 10))


def test_on_the_portal_the_day_is_that_of_the_success_page_in_china(players: Cast) -> None:
    """A minute before midnight is still that day, and a minute after it the next (Guiding Case 26)."""
    for hour, received in ((23, date(2026, 11, 17)), (0, date(2026, 11, 18))):
        at = moment(received, hour)
        draft = Draft.open(agency=players.dongshan, at=at)
        made = intake.submit(draft, application(), query_code="ABCD", at=at)
        assert (made.case.received_on, made.case.channel) == (received, "online")
        assert str(made.event.for_applicant()) == "您在网上提交了申请，当日为收到申请之日。"


# What is learnt after registration -----------------------------------------------------------------------------------

UNCONFIRMED = [channel for channel in Channel if channel.needs_confirmation]
ARRIVED, REACHED = date(2026, 11, 2), date(2026, 11, 9)


def unconfirmed(players: Cast, channel: Channel = C.ORDINARY_MAIL, arrived: date = ARRIVED) -> Case:
    return registered(players, channel, arrived, None, recorded=arrived)


def confirm(players: Cast, case: Case, *, on: date = REACHED, reason: str = "申请书未留电话") -> Event:
    return receipt.confirm_receipt(case, on=on, how="电话", reason=reason, by=players.wang, at=moment(on, 16))


@pytest.mark.parametrize("channel", UNCONFIRMED)
def test_confirmed_later_the_day_of_receipt_moves_to_that_day_and_the_period_with_it(
    players: Cast, channel: Channel
) -> None:
    """207号 一.2: 自恢复与申请人的联络之日."""
    case = unconfirmed(players, channel)
    assert (case.received_on, case.due_on) == (ARRIVED, date(2026, 11, 30))
    event = confirm(players, case)
    stored = Case.objects.get()
    assert (stored.received_on, stored.confirmed_on, stored.due_on) == (REACHED, REACHED, date(2026, 12, 7))
    assert (event.due_before, event.due_after) == (date(2026, 11, 30), date(2026, 12, 7))
    assert not stored.receipt().awaits_confirmation


def test_a_late_confirmation_needs_its_reason_or_an_attempt_on_the_day_of_arrival(players: Cast) -> None:
    """条例 31(2): 应当于收到申请的当日与申请人确认."""
    case = unconfirmed(players)
    with pytest.raises(Refused, match="必须填写") as refusal:
        confirm(players, case, reason="")
    assert refusal.value.field == "reason"
    assert Case.objects.get().received_on == ARRIVED
    event = receipt.record_attempt(
        case, on=ARRIVED, how="拨打13800000000，无人接听", by=players.wang, at=moment(ARRIVED, 17)
    )
    assert "未能联系上（拨打13800000000，无人接听）" in event.for_office().zh
    assert "13800000000" not in str(event.for_applicant())
    confirm(players, Case.objects.get(), reason="")
    assert Case.objects.get().received_on == REACHED


def test_confirmed_on_the_day_of_arrival_nothing_has_to_be_explained(players: Cast) -> None:
    confirm(players, unconfirmed(players), on=ARRIVED, reason="")
    stored = Case.objects.get()
    assert (stored.received_on, stored.due().warnings) == (ARRIVED, ())


def test_an_attempt_moves_nothing(players: Cast) -> None:
    case = unconfirmed(players)
    event = receipt.record_attempt(case, on=ARRIVED, how="电话", by=players.wang, at=moment(ARRIVED, 17))
    assert event.due_before == event.due_after == Case.objects.get().due_on
    assert Case.objects.get().receipt().awaits_confirmation


def test_only_what_awaits_a_confirmation_is_confirmed_and_only_once(players: Cast) -> None:
    confirmed = unconfirmed(players)
    confirm(players, confirmed)
    signed_for = registered(players, C.SIGNED_MAIL, ARRIVED, None, recorded=ARRIVED)
    for case in (confirmed, signed_for):
        with pytest.raises(Refused, match="不需要再与申请人确认") as refusal:
            confirm(players, Case.objects.get(pk=case.pk))
        assert refusal.value.law == "条例 31"
        with pytest.raises(Refused, match="不需要再与申请人确认"):
            receipt.record_attempt(
                Case.objects.get(pk=case.pk), on=REACHED, how="电话", by=players.wang, at=moment(REACHED)
            )


@pytest.mark.parametrize("on", [date(2026, 11, 1), date(2026, 11, 10)], ids=["before it arrived", "tomorrow"])
def test_a_confirmation_that_cannot_be_is_refused(players: Cast, on: date) -> None:
    case = unconfirmed(players)
    with pytest.raises(Refused) as refusal:
        receipt.confirm_receipt(case, on=on, how="电话", reason="出差", by=players.wang, at=moment(REACHED))
    assert refusal.value.field == "on"
    assert Case.objects.get().confirmed_on is None


def test_what_happened_in_the_period_before_is_not_pushed_out_of_it(players: Cast) -> None:
    """A supplement asked for on the 4th can't be asked for before the day of receipt."""
    case = unconfirmed(players)
    asked = date(2026, 11, 4)
    clock.request_supplement(case, unclear="请说明年度。", on=asked, by=players.wang, at=moment(asked))
    with pytest.raises(Refused):
        confirm(players, Case.objects.get())
    stored = Case.objects.get()
    assert (stored.received_on, stored.confirmed_on) == (ARRIVED, None)


def test_over_the_turn_of_the_year_the_case_goes_along_and_keeps_its_number(players: Cast) -> None:
    case = unconfirmed(players, arrived=date(2025, 12, 31))
    event = confirm(players, case, on=date(2026, 1, 5))
    stored = Case.objects.get()
    assert (stored.year, stored.number) == (2026, "230406-2025-00001")
    assert event.payload["year_before"] == 2025
    assert [matrix_of([players.dongshan], year).cell("new", "total") for year in (2025, 2026)] == [0, 1]


def test_a_number_that_the_next_year_has_used_gives_way_and_the_event_says_so(players: Cast) -> None:
    old_year, new_year = date(2025, 12, 31), date(2026, 1, 4)
    old, _new = (
        intake.register(
            players.dongshan,
            application(email="zhang@example.com"),
            Receipt(C.FAX, on),
            number="1号",
            by=players.wang,
            at=moment(on),
        ).case
        for on in (old_year, new_year)
    )
    event = confirm(players, old, on=date(2026, 1, 5))
    stored = Case.objects.get(pk=old.pk)
    assert (stored.number, event.payload["number_before"]) == ("230406-2026-00001", "1号")
    assert "230406-2026-00001" in str(event.for_applicant())
    assert Message.objects.get(notice="receipt_confirmed").context["number"] == stored.number


def test_an_automatic_reply_to_an_e_mail_confirms_it_where_the_agency_has_set_so(players: Cast) -> None:
    """law.md 2.3; without the setting somebody confirms by hand."""
    assert unconfirmed(players, C.EMAIL).receipt().awaits_confirmation
    players.dongshan.auto_reply_confirms = True
    players.dongshan.save()
    case = unconfirmed(players, C.EMAIL)
    assert (case.received_on, case.confirmed_on, case.due().warnings) == (ARRIVED, ARRIVED, ())
    assert unconfirmed(players, C.FAX).receipt().awaits_confirmation


# What was typed wrong ------------------------------------------------------------------------------------------------


def correct(players: Cast, case: Case, **changes: Any) -> Event:
    return receipt.correct(case, changes=changes, reason="录入时看错", by=players.wang, at=moment(date(2026, 11, 18)))


def test_a_slip_is_put_right_and_the_clock_is_replayed(players: Cast) -> None:
    case = registered(players, C.IN_PERSON, date(2026, 11, 12), None, recorded=date(2026, 11, 12))
    event = correct(players, case, arrived_on=date(2026, 11, 2), applicant_kind="business", phone="13900000000")
    stored = Case.objects.get()
    assert (stored.received_on, stored.due_on) == (date(2026, 11, 2), date(2026, 11, 30))
    assert (stored.applicant_kind, stored.applicant.phone) == ("business", "13900000000")
    assert event.payload["before"] == {"arrived_on": "2026-11-12", "applicant_kind": "natural_person"}
    assert event.payload["after"] == {"arrived_on": "2026-11-02", "applicant_kind": "business"}
    assert event.payload["personal_before"] == {"phone": "13800000000"}
    assert event.for_office().zh.startswith("王敏更正了登记事项：到达日期、申请人类型、电话。理由：录入时看错")
    assert "day of arrival, kind of applicant, telephone" in event.for_office().en


def test_an_identity_number_is_corrected_without_being_written_into_the_event(players: Cast) -> None:
    case = registered(players, C.IN_PERSON, ARRIVED, None, recorded=ARRIVED)
    event = correct(players, case, identity_kind="credit_code", identity_number=CREDIT_CODE)
    assert Case.objects.get().applicant.identity_number == CREDIT_CODE
    assert "证件号码" in event.for_office().zh
    assert CREDIT_CODE not in str(event.payload)
    assert RESIDENT_NUMBER not in str(event.payload)


def test_what_is_left_as_it_is_is_no_correction(players: Cast) -> None:
    case = registered(players, C.IN_PERSON, ARRIVED, None, recorded=ARRIVED)
    with pytest.raises(Refused, match="没有要更正的内容"):
        correct(players, case, name="张三", channel="in_person")


def test_what_the_applicant_sent_online_is_no_slip_of_a_clerk(players: Cast) -> None:
    at = moment(ARRIVED)
    draft = Draft.open(agency=players.dongshan, at=at)
    case = intake.submit(draft, application(), query_code="ABCD", at=at).case
    for changes in ({"content": "别的"}, {"arrived_on": date(2026, 11, 3)}, {"channel": "fax"}):
        with pytest.raises(Refused, match="不能更正"):
            correct(players, Case.objects.get(), **changes)
    correct(players, case, applicant_kind="business")
    assert Case.objects.get().applicant_kind == "business"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"channel": "online"}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"arrived_on": date(2026, 11, 19)}, "arrived_on"),
        ({"confirmed_on": date(2026, 11, 1)}, "confirmed_on"),
        ({"applicant_kind": "robot"}, "applicant_kind"),
        ({"identity_number": "110105194912310021"}, "identity_number"),
        ({"name": " "}, "name"),
        ({"note": "别的"}, "note"),
    ],
)
def test_a_correction_that_cannot_be_changes_nothing(players: Cast, changes: dict[str, Any], field: str) -> None:
    case = registered(players, C.IN_PERSON, ARRIVED, None, recorded=ARRIVED)
    before = Case.objects.values().get(), Applicant.objects.values().get()
    with pytest.raises(Refused) as refusal:
        correct(players, case, **changes)
    assert refusal.value.field == field
    assert (Case.objects.values().get(), Applicant.objects.values().get()) == before


def test_a_case_that_is_closed_cannot_be_received_after_it_was_closed(players: Cast) -> None:
    case = registered(players, C.IN_PERSON, ARRIVED, None, recorded=ARRIVED)
    closed(players, case, Outcome.GRANTED, on=date(2026, 11, 9))
    with pytest.raises(Refused, match="办结"):
        correct(players, Case.objects.get(), arrived_on=date(2026, 11, 10))
    assert Case.objects.get().received_on == ARRIVED
