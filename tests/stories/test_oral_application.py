"""Given somebody who can't write, the office writes down what they ask for and reads it back (条例 29(1))."""

from datetime import date
from typing import Any

import pytest

from casework.actions import intake
from casework.law.clock import Channel, Receipt
from casework.law.refusals import Refused
from casework.models import Case
from tests.cast import Cast, application, moment

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 16)


def spoken(players: Cast, channel: Channel = Channel.IN_PERSON, **changes: Any) -> Case:
    given = {"is_oral": True, "read_back": True} | changes
    receipt = Receipt(channel, DAY, DAY if channel is Channel.OTHER else None)
    return intake.register(players.dongshan, application(**given), receipt, by=players.wang, at=moment(DAY)).case


@pytest.mark.parametrize("channel", [Channel.IN_PERSON, Channel.OTHER], ids=["at the counter", "by telephone"])
def test_who_wrote_it_down_stands_on_the_case(players: Cast, channel: Channel) -> None:
    case = spoken(players, channel)
    assert (case.is_oral, case.written_by, case.received_on) == (True, players.wang, DAY)


def test_what_was_not_read_back_is_not_registered(players: Cast) -> None:
    with pytest.raises(Refused, match="应当先向申请人宣读") as refusal:
        spoken(players, read_back=False)
    assert (refusal.value.law, refusal.value.field) == ("条例 29(1)", "read_back")
    assert not Case.objects.exists()


@pytest.mark.parametrize("channel", [Channel.SIGNED_MAIL, Channel.ORDINARY_MAIL, Channel.EMAIL, Channel.FAX])
def test_nobody_speaks_by_letter(players: Cast, channel: Channel) -> None:
    with pytest.raises(Refused, match="口头申请只能") as refusal:
        spoken(players, channel)
    assert refusal.value.law == "条例 29(1)"
    assert not Case.objects.exists()


def test_a_written_application_was_written_by_nobody_here(players: Cast) -> None:
    case = spoken(players, is_oral=False, read_back=False)
    assert (case.is_oral, case.written_by) == (False, None)
