"""Given an application by any channel, its day of receipt follows the channel and nobody types it (条例 31)."""

from datetime import date

import pytest

from casework.actions import intake
from casework.law.clock import Channel, Receipt
from casework.law.refusals import Refused
from casework.models import Case, Draft
from tests.cast import Cast, application, moment

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
