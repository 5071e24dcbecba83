"""Given mail that is signed for in the mail room, no day is lost between there and the office (条例 31(2))."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.actions import intake, mailroom
from casework.law.clock import Channel, Receipt
from casework.law.refusals import Refused
from casework.models import Arrival, Case, Conflict
from tests.cast import Cast, application, moment

pytestmark = pytest.mark.django_db

SIGNED, REGISTERED = date(2022, 9, 30), date(2022, 10, 8)


def logged(players: Cast, **given: Any) -> Arrival:
    facts: dict[str, Any] = {
        "arrived_on": SIGNED,
        "channel": Channel.SIGNED_MAIL,
        "sender": "鹤岗 张三",
        "postal_number": "EZ123456789CN",
        "received_by": "收发室 老周",
        "by": players.wang,
        "at": moment(SIGNED),
    }
    return mailroom.log_arrival(given.pop("agency", players.dongshan), **facts | given)


def registered_from(players: Cast, arrival: Arrival, receipt: Receipt | None = None) -> Case:
    receipt = receipt or Receipt(Channel(arrival.channel), arrival.arrived_on)
    return intake.register(
        players.dongshan, application(), receipt, arrival=arrival, by=players.wang, at=moment(REGISTERED)
    ).case


def test_received_is_the_day_the_mail_room_signed_not_the_day_of_registration(players: Cast) -> None:
    """The dates of law.md 4.2: signed for on 30 September 2022, the last day is 2 November."""
    case = registered_from(players, logged(players))
    assert (case.received_on, case.due_on) == (SIGNED, date(2022, 11, 2))
    assert Arrival.objects.get().case == case


def test_another_day_than_the_mail_room_wrote_down_is_refused(players: Cast) -> None:
    arrival = logged(players)
    with pytest.raises(Refused, match="应当与收件登记一致") as refusal:
        registered_from(players, arrival, Receipt(Channel.SIGNED_MAIL, REGISTERED))
    assert (refusal.value.law, refusal.value.field) == ("条例 31(2)", "arrived_on")
    assert not Case.objects.exists()
    assert list(Arrival.objects.waiting()) == [arrival]


def test_what_arrived_waits_until_it_is_registered_or_found_to_be_no_application(players: Cast) -> None:
    application_, advert = logged(players), logged(players, postal_number="", sender="某公司")
    assert set(Arrival.objects.waiting()) == {application_, advert}
    registered_from(players, application_)
    mailroom.close_arrival(advert, reason="广告", by=players.wang, at=moment(REGISTERED))
    assert not Arrival.objects.waiting()
    advert.refresh_from_db()
    assert (advert.closed_by, advert.closed_reason) == (players.wang, "广告")


def test_the_office_signs_for_what_it_takes_from_the_mail_room(players: Cast) -> None:
    """苏政办发〔2018〕112号."""
    arrival = logged(players)
    assert list(Arrival.objects.not_handed_over()) == [arrival]
    mailroom.hand_over(arrival, from_whom="老周", by=players.chen, at=moment(REGISTERED))
    assert (arrival.handed_over_by, arrival.handed_over_to) == ("老周", players.chen)
    assert not Arrival.objects.not_handed_over()
    with pytest.raises(Conflict):
        mailroom.hand_over(arrival, from_whom="老周", by=players.wang, at=moment(REGISTERED))


def test_one_piece_makes_one_case(players: Cast) -> None:
    arrival = logged(players)
    registered_from(players, arrival)
    with pytest.raises(Conflict):
        registered_from(players, arrival)
    with pytest.raises(Conflict):
        mailroom.close_arrival(arrival, reason="广告", by=players.wang, at=moment(REGISTERED))
    assert Case.objects.count() == 1


def test_a_postal_number_is_logged_once_and_again_after_a_slip(players: Cast) -> None:
    wrong = logged(players)
    with pytest.raises(Refused, match="已经登记过") as refusal:
        logged(players)
    assert refusal.value.field == "postal_number"
    mailroom.close_arrival(wrong, reason="收到日期登记错误", by=players.wang, at=moment(SIGNED))
    assert logged(players, arrived_on=date(2022, 9, 29)).waits


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"arrived_on": date(2022, 10, 1)}, "arrived_on"),
        ({"received_by": " "}, "received_by"),
        ({"channel": Channel.ONLINE}, "channel"),
        ({"forwarded_by": "区信访局"}, "channel"),
        ({"forwarded_on": SIGNED}, "forwarded_on"),
        ({"channel": Channel.OTHER, "forwarded_by": "区信访局", "forwarded_on": date(2022, 10, 1)}, "forwarded_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(players: Cast, given: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        logged(players, **given)
    assert refusal.value.field == field
    assert not Arrival.objects.exists()


def test_another_agencys_mail_is_not_ours_to_touch(players: Cast) -> None:
    arrival = logged(players)
    for act in (
        lambda: logged(players, by=players.zhao, postal_number=""),
        lambda: mailroom.hand_over(arrival, from_whom="老周", by=players.zhao, at=moment(REGISTERED)),
        lambda: mailroom.close_arrival(arrival, reason="广告", by=players.zhou, at=moment(REGISTERED)),
        lambda: intake.register(
            players.elsewhere,
            application(),
            Receipt(Channel.SIGNED_MAIL, SIGNED),
            arrival=arrival,
            by=players.zhao,
            at=moment(REGISTERED),
        ),
    ):
        with pytest.raises(Refused):
            act()
    assert list(Arrival.objects.waiting()) == [arrival]


def test_the_log_cannot_say_two_things_at_once(players: Cast) -> None:
    arrival = logged(players)
    registered_from(players, arrival)
    for wrong in ({"closed_at": moment(REGISTERED), "closed_reason": "广告"}, {"handed_over_at": moment(REGISTERED)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Arrival.objects.filter(pk=arrival.pk).update(**wrong)
