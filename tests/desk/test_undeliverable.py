"""What could not be delivered is seen, by those and only those whom it concerns, and can be mended."""

from collections.abc import Callable

import pytest
from django.test import Client

from casework.actions import clock
from casework.desk.undelivered import OTHERWISE, REASONS, reason_of
from casework.models import Case, Event, Kind, Role, Staff
from notifications.models import Message
from tests.cast import Cast, moment, person, registered
from tests.conftest import AS_OF

PAGE = "/desk/undeliverable/"
TODAY = AS_OF.date()


@pytest.fixture
def lost(players: Cast) -> Message:
    """The request for a supplement, which the applicant's mail server refused."""
    case = registered(players, on=TODAY, email="zhang.san@example.cn").case
    clock.request_supplement(case, unclear="请写明年份。", on=TODAY, by=players.wang, at=AS_OF)
    message = Message.objects.get(notice="supplement_wanted", channel="email")
    Message.objects.filter(pk=message.pk).update(
        status="failed", failed_at=AS_OF, next_attempt_at=None, last_error="SMTPRecipientsRefused 550"
    )
    return Message.objects.get(pk=message.pk)


@pytest.fixture
def bounced(lost: Message) -> Case:
    return Case.objects.get(pk=int(lost.subject_ref.removeprefix("case:")))


def test_the_head_sees_what_was_lost_to_whom_and_why_but_not_the_whole_address(
    li: Client, lost: Message, bounced: Case
) -> None:
    page = li.get(PAGE).content.decode()
    assert f"请您补正申请（{bounced.number}）" in page
    assert "z***@example.cn" in page
    assert "zhang.san" not in page
    assert "对方的邮件服务器说没有这个邮箱" in page
    assert f"/desk/cases/{bounced.pk}/" in page


def test_an_administrator_sees_it_without_the_way_to_the_case(
    players: Cast, at_desk: Callable[[Staff], Client], lost: Message, bounced: Case
) -> None:
    page = at_desk(person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)).get(PAGE).content.decode()
    assert bounced.number in page
    assert f"/desk/cases/{bounced.pk}/" not in page


def test_another_agencys_head_sees_nothing_and_sends_nothing(
    players: Cast, at_desk: Callable[[Staff], Client], lost: Message
) -> None:
    zhao = at_desk(players.zhao)
    assert "没有。所有消息都已经送出" in zhao.get(PAGE).content.decode()
    zhao.post(f"{PAGE}send/", {"message": lost.pk})
    assert Message.objects.get(pk=lost.pk).status == "failed"


def test_a_clerk_has_no_such_page(wang: Client, lost: Message) -> None:
    assert wang.get(PAGE).status_code == 404
    assert wang.post(f"{PAGE}send/", {"message": lost.pk}).status_code == 404


def test_what_is_ticked_is_sent_again(li: Client, lost: Message) -> None:
    assert "没有选择消息" in li.post(f"{PAGE}send/", {"message": ["x", "9" * 30]}, follow=True).content.decode()
    assert "1条消息将重新发送" in li.post(f"{PAGE}send/", {"message": lost.pk}, follow=True).content.decode()
    lost.refresh_from_db()
    assert (lost.status, lost.attempts, lost.failed_at) == ("pending", 0, None)
    assert "没有。所有消息都已经送出" in li.get(PAGE).content.decode()


def test_older_ones_are_on_the_next_page(li: Client, lost: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.desk.views.undeliverable.PAGE", 1)
    copy = Message.objects.get(pk=lost.pk)
    copy.pk, copy.effect_key = None, "another"
    copy.save()
    first = li.get(PAGE)
    second = li.get(PAGE + first.context["next"])
    assert [first.context["lines"][0].message.pk, second.context["lines"][0].message.pk] == [copy.pk, lost.pk]
    assert second.context["next"] == ""


def test_the_case_warns_gravely_that_the_applicant_was_not_told(wang: Client, bounced: Case) -> None:
    page = wang.get(f"/desk/cases/{bounced.pk}/").content.decode()
    assert "有通知没有送到申请人，不能认为已经告知" in page
    assert "对方的邮件服务器说没有这个邮箱" in page


def test_the_clerk_mends_the_address_and_the_warning_is_gone(wang: Client, bounced: Case, lost: Message) -> None:
    address = f"/desk/cases/{bounced.pk}/change_contact/"
    assert 'value="zhang.san@example.cn"' in wang.get(address).content.decode()
    typed = {"version": bounced.version, "phone": "", "email": "right@example.cn", "address": "", "told_by": "email"}
    assert wang.post(address, typed).status_code == 302
    lost.refresh_from_db()
    assert (lost.status, lost.address) == ("pending", "right@example.cn")
    assert "不能认为已经告知" not in wang.get(f"/desk/cases/{bounced.pk}/").content.decode()


def test_the_clerk_records_that_the_applicant_was_told_otherwise(
    wang: Client, players: Cast, bounced: Case, lost: Message
) -> None:
    address = f"/desk/cases/{bounced.pk}/tell_otherwise/"
    typed = {"version": bounced.version, "told_on": TODAY.isoformat(), "how": "电话告知补正事项。"}
    assert wang.get(address).status_code == 403  # nobody has said yet that something was lost
    Event.objects.create(
        case=bounced, kind=Kind.UNDELIVERED, on=TODAY, at=moment(TODAY), actor="clock", payload={"way": "email"}
    )
    assert wang.get(address).status_code == 200
    assert wang.post(address, typed).status_code == 302
    page = wang.get(f"/desk/cases/{bounced.pk}/").content.decode()
    assert "不能认为已经告知" not in page
    assert "另行告知申请人：电话告知补正事项。" in page


def test_a_landline_is_refused_for_text_messages_at_its_field(wang: Client, bounced: Case) -> None:
    typed = {"version": bounced.version, "phone": "0468-8223344", "email": "", "address": "", "told_by": "sms"}
    answer = wang.post(f"/desk/cases/{bounced.pk}/change_contact/", typed)
    assert list(answer.context["form"].errors) == ["phone"]


@pytest.mark.parametrize(
    ("error", "said"),
    [(error, words) for error, words in REASONS] + [("TimeoutError", OTHERWISE), ("HTTP 503", dict(REASONS)["HTTP"])],
)
def test_every_error_has_plain_words(error: str, said: object) -> None:
    assert reason_of(Message(last_error=error)) == said
