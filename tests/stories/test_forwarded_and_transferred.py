"""Given an application that belongs to another organ: told here, counted here, and counted anew there (条例 36(5))."""

from datetime import date
from typing import Any

import pytest

from casework import access
from casework.actions import intake, related
from casework.actions.application import Attorney, Fellow
from casework.actions.files import Upload
from casework.actions.intake import Forwarding
from casework.annual import matrix_of
from casework.law.clock import Channel, Receipt
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Arrival, Case, CaseLink, Event, Role, Staff
from notifications.models import Message
from tests.cast import RESIDENT_NUMBER, Cast, application, closed, moment, person, registered

pytestmark = pytest.mark.django_db

RECEIVED, TOLD, FORWARDED, TAKEN = date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 16)


@pytest.fixture
def mei(players: Cast) -> Staff:
    """A clerk of Civil Affairs, who sees nothing of Dongshan."""
    return person("mei", "梅香", players.civil, Role.CLERK)


def told(players: Cast, **changes: Any) -> Case:
    case = registered(players, on=RECEIVED, **changes).case
    closed(players, case, Outcome.UNAVAILABLE_1, on=TOLD, ground="other_body")
    return Case.objects.get(pk=case.pk)


def transfer(players: Cast, case: Case, **changes: Any) -> Event:
    given: dict[str, Any] = {"to": players.civil, "consent": "11月13日电话同意", "by": players.wang}
    return related.transfer(case, **given | changes, at=moment(FORWARDED))


def taken_over(players: Cast, mei: Staff, **changes: Any) -> Case:
    arrival = Arrival.objects.get()
    typed = application(identity_kind="", identity_number="", **changes)
    receipt = Receipt(Channel.OTHER, arrival.arrived_on)
    return intake.register(players.civil, typed, receipt, arrival=arrival, by=mei, at=moment(TAKEN)).case


def test_another_organs_forwarding_is_received_on_the_day_it_reaches_us(players: Cast) -> None:
    """207号 一.5: the agency's own rule; whatever day the other organ had it."""
    made = intake.register(
        players.dongshan,
        application(),
        Receipt(Channel.OTHER, TAKEN),
        forwarding=Forwarding(by="区信访局", on=RECEIVED),
        by=players.wang,
        at=moment(TAKEN),
    )
    case = made.case
    assert (case.received_on, case.forwarded_by, case.forwarded_on) == (TAKEN, "区信访局", RECEIVED)
    assert not case.receipt().awaits_confirmation
    assert case.due().warnings == ()
    assert made.event.payload["forwarded_by"] == "区信访局"


@pytest.mark.parametrize(
    ("channel", "forwarding", "field"),
    [
        (Channel.SIGNED_MAIL, Forwarding(by="区信访局"), "forwarded_by"),
        (Channel.OTHER, Forwarding(by=" "), "forwarded_by"),
        (Channel.OTHER, Forwarding(by="区信访局", on=date(2026, 11, 17)), "forwarded_on"),
    ],
)
def test_a_forwarding_that_cannot_be_is_refused(
    players: Cast, channel: Channel, forwarding: Forwarding, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        intake.register(
            players.dongshan,
            application(),
            Receipt(channel, TAKEN),
            forwarding=forwarding,
            by=players.wang,
            at=moment(TAKEN),
        )
    assert refusal.value.field == field
    assert not Case.objects.exists()


def test_it_is_counted_here_as_not_held_and_there_as_new(players: Cast, mei: Staff) -> None:
    """law.md 6.4, 7.8."""
    case = told(players)
    transfer(players, case)
    taken_over(players, mei)
    here, there = matrix_of([players.dongshan], 2026), matrix_of([players.civil], 2026)
    assert [here.cell(row, "total") for row in ("new", "unavailable_1", "carried_out")] == [1, 1, 0]
    assert [there.cell(row, "total") for row in ("new", "unavailable_1", "carried_out")] == [1, 0, 1]
    assert all(check.holds for table in (here, there) for check in table.checks())


def test_there_it_is_received_on_the_day_it_came_over_not_on_the_day_it_was_registered(
    players: Cast, mei: Staff
) -> None:
    case = told(players)
    transfer(players, case)
    told_there = Message.objects.get(notice="application_forwarded", channel="inbox")
    assert (told_there.recipient, told_there.path) == (mei, f"/desk/mail/{Arrival.objects.get().pk}/")
    new = taken_over(players, mei)
    assert (new.received_on, new.forwarded_by) == (FORWARDED, players.dongshan.name)
    link = CaseLink.objects.get()
    assert (link.kind, link.later, link.earlier) == ("transferred_from", new, case)


def test_the_other_office_gets_the_application_and_nothing_of_the_file(players: Cast, mei: Staff) -> None:
    case = told(
        players,
        note="内部备注",
        fellows=(Fellow(name="李四"),),
        agent=Attorney(name="吴律师", until=date(2026, 12, 31)),
        uploads=(Upload("申请书.pdf", b"%PDF-1.7"),),
    )
    transfer(players, case)
    assert not access.visible_to(mei).filter(pk=case.pk).exists()
    (arrival,) = access.arrivals_visible_to(mei)
    assert b"13800000000" not in bytes(arrival.sealed or b"")
    assert "内部备注" not in str(arrival.handed_on)
    new = taken_over(players, mei)
    assert new.applicant.identity_number == RESIDENT_NUMBER
    assert new.applicant.addressee == "张三、李四（委托代理人：吴律师）"
    assert [document.name for document in new.documents.all()] == ["申请书.pdf"]
    assert (new.note, new.clerk) == ("", mei)
    arrival.refresh_from_db()
    assert arrival.sealed is None


def test_what_is_typed_there_holds(players: Cast, mei: Staff) -> None:
    transfer(players, told(players))
    new = taken_over(players, mei, name="张叁")
    assert (new.applicant.name, new.applicant.identity_number) == ("张叁", "")


def test_without_the_reply_or_the_consent_nothing_is_forwarded(players: Cast) -> None:
    open_case = registered(players, on=RECEIVED).case
    not_existing = registered(players, on=RECEIVED).case
    closed(players, not_existing, Outcome.UNAVAILABLE_1, on=TOLD)
    case = told(players)
    for of, changes, sentence in (
        (open_case, {}, "不能转送其他机关"),
        (not_existing, {}, "不属于本机关负责公开"),
        (case, {"consent": " "}, "必须填写"),
        (case, {"to": players.dongshan}, "不受理"),
        (case, {"by": players.zhao}, "需要的角色"),
    ):
        with pytest.raises(Refused, match=sentence):
            transfer(players, Case.objects.get(pk=of.pk), **changes)
    assert not Arrival.objects.exists()


def test_it_is_forwarded_once_to_an_agency(players: Cast) -> None:
    case = told(players)
    transfer(players, case)
    with pytest.raises(Refused, match="已经转送"):
        transfer(players, Case.objects.get(pk=case.pk))
    assert Arrival.objects.count() == 1


def test_the_applicant_is_told_where_it_went(players: Cast) -> None:
    event = transfer(players, told(players))
    text = event.for_applicant()
    assert text is not None
    assert "东山区民政局" in text.zh
    assert "电话同意" not in text.zh
