"""The pages of intake: the mail log, registering from it, and the acts on what was registered."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from casework.actions import intake, mailroom
from casework.law.clock import Channel, Receipt
from casework.law.outcomes import Outcome
from casework.models import Agent, Arrival, Case, CaseLink, CoApplicant, Event, Kind
from tests.cast import RESIDENT_NUMBER, Cast, application, closed, moment, registered
from tests.conftest import AS_OF
from tests.desk.test_register import form

TODAY = AS_OF.date()
YESTERDAY = TODAY - timedelta(days=1)


def piece(**answers: Any) -> dict[str, Any]:
    return {
        "arrived_on": YESTERDAY.isoformat(),
        "channel": "signed_mail",
        "sender": "鹤岗 张三",
        "postal_number": "EZ1",
        "received_by": "老周",
        **answers,
    }


def logged(players: Cast, **given: Any) -> Arrival:
    facts: dict[str, Any] = {"arrived_on": YESTERDAY, "channel": Channel.SIGNED_MAIL, "received_by": "老周"} | given
    return mailroom.log_arrival(players.dongshan, **facts, by=players.wang, at=moment(TODAY))


def act(client: Client, case: Case, verb: str, **answers: Any) -> str:
    """Fill in the form of an act; the page that follows."""
    case.refresh_from_db()
    address = f"/desk/cases/{case.pk}/{verb}/"
    assert client.get(address).status_code == 200
    return client.post(address, {"version": case.version, **answers}, follow=True).content.decode()


# The mail log --------------------------------------------------------------------------------------------------------


def test_an_empty_log_says_what_to_do(wang: Client) -> None:
    assert "收到的都已经登记为申请" in wang.get("/desk/mail/").content.decode()
    assert "先在上面登记一件" in wang.get("/desk/mail/?all").content.decode()


def test_a_piece_is_logged_taken_over_and_registered(players: Cast, wang: Client) -> None:
    assert "鹤岗 张三" in wang.post("/desk/mail/", piece(), follow=True).content.decode()
    arrival = Arrival.objects.get()
    page = wang.post(f"/desk/mail/{arrival.pk}/hand_over/", {"from_whom": "老周"}, follow=True).content.decode()
    assert "老周交王敏" in page
    form_page = wang.get("/desk/register/", {"arrival": arrival.pk}).content.decode()
    assert "老周签收" in form_page
    assert 'value="鹤岗 张三"' in form_page
    # The day is that of the log, whatever the browser sends.
    answers = form(arrival=arrival.pk, channel="in_person", arrived_on=TODAY.isoformat())
    wang.post("/desk/register/", answers)
    case = Case.objects.get()
    assert (case.channel, case.received_on, case.arrival) == ("signed_mail", YESTERDAY, arrival)
    assert wang.post("/desk/register/", answers | {"key": "other"}).headers["Location"] == f"/desk/mail/{arrival.pk}/"
    assert case.number in wang.get("/desk/mail/?all").content.decode()


def test_what_is_no_application_is_closed_with_its_reason(players: Cast, wang: Client) -> None:
    arrival = logged(players)
    assert "请写明不作为申请登记的理由" in wang.post(f"/desk/mail/{arrival.pk}/close/", {"reason": ""}).content.decode()
    wang.post(f"/desk/mail/{arrival.pk}/close/", {"reason": "广告"})
    assert not Arrival.objects.waiting()
    page = wang.get(f"/desk/mail/{arrival.pk}/").content.decode()
    assert "广告" in page
    assert "登记交接" not in page


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"arrived_on": (TODAY + timedelta(days=1)).isoformat()}, "还没有到"),
        ({"received_by": ""}, "请填写签收人"),
        ({"channel": "online"}, "请选择渠道"),
        ({"forwarded_by": "区信访局"}, "渠道选“其他”"),
        ({"sender": "a\0b"}, "控制字符"),
    ],
)
def test_a_wrong_entry_is_refused_with_a_sentence(wang: Client, answers: dict[str, str], sentence: str) -> None:
    assert sentence in wang.post("/desk/mail/", piece(**answers)).content.decode()
    assert not Arrival.objects.exists()


def test_an_entry_that_is_not_there_registers_nothing(players: Cast, wang: Client) -> None:
    theirs = Arrival.objects.create(
        agency=players.elsewhere, arrived_on=TODAY, channel="fax", received_by="赵", logged_at=moment(TODAY)
    )
    for key in (theirs.pk, "x", "9" * 30):
        assert wang.post("/desk/register/", form(arrival=key)).status_code == 404
    assert not Case.objects.exists()


def test_what_lies_unregistered_stands_on_todays_page_until_it_is_judged(players: Cast, wang: Client) -> None:
    arrival = logged(players)
    page = wang.get("/desk/today/").content.decode()
    assert "收到的邮件还没有登记" in page
    assert 'href="/desk/mail/"' in page
    mailroom.close_arrival(arrival, reason="广告", by=players.wang, at=moment(TODAY))
    assert "收到的邮件还没有登记" not in wang.get("/desk/today/").content.decode()


def test_what_was_forwarded_is_not_asked_to_be_confirmed(players: Cast, wang: Client) -> None:
    forwarding = intake.Forwarding(by="区信访局")
    came = Receipt(Channel.OTHER, TODAY)
    intake.register(players.dongshan, application(), came, forwarding=forwarding, by=players.wang, at=moment(TODAY))
    assert "还没有与申请人确认收到" not in wang.get("/desk/today/").content.decode()
    intake.register(players.dongshan, application(), came, by=players.wang, at=moment(TODAY))
    assert "还没有与申请人确认收到" in wang.get("/desk/today/").content.decode()


# Registering ---------------------------------------------------------------------------------------------------------


def test_agent_and_joint_applicants_are_registered_and_shown(wang: Client) -> None:
    agent = {"agent_name": "吴律师", "agent_identity_kind": "resident", "agent_identity_number": RESIDENT_NUMBER}
    wang.post("/desk/register/", form(fellows=f"李四，{RESIDENT_NUMBER}，137", **agent))
    case = Case.objects.get()
    page = wang.get(f"/desk/cases/{case.pk}/").content.decode()
    for seen in ("李四", "吴律师", "没有有效的授权委托书"):
        assert seen in page
    assert RESIDENT_NUMBER not in page
    for whose in (f"agent-{Agent.objects.get().pk}", f"coapplicant-{CoApplicant.objects.get().pk}"):
        shown = wang.post(f"/desk/cases/{case.pk}/read_identity/", {"whose": whose}).content.decode()
        assert RESIDENT_NUMBER in shown
    assert Event.objects.filter(kind=Kind.IDENTITY_READ).count() == 2


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"fellows": "王五，110105194912310021"}, "第1行"),
        ({"agent_phone": "13900000000"}, "请填写代理人的姓名"),
        ({"agent_name": "吴律师", "agent_identity_number": RESIDENT_NUMBER}, "请选择是哪一种证件"),
    ],
)
def test_wrong_people_are_refused(wang: Client, answers: dict[str, str], sentence: str) -> None:
    assert sentence in wang.post("/desk/register/", form(**answers)).content.decode()
    assert not Case.objects.exists()


def test_what_another_organ_forwarded_is_registered_as_such(wang: Client) -> None:
    wang.post("/desk/register/", form(channel="other", forwarded_by="区信访局", forwarded_on=YESTERDAY.isoformat()))
    case = Case.objects.get()
    assert (case.forwarded_by, case.received_on) == ("区信访局", TODAY)
    assert "区信访局" in wang.get(f"/desk/cases/{case.pk}/").content.decode()


def test_the_receipt_and_the_case_say_what_may_be_the_same(players: Cast, wang: Client) -> None:
    first = registered(players, on=YESTERDAY).case
    answer = wang.post("/desk/register/", form(content=first.content))
    for address in (answer.headers["Location"], f"/desk/cases/{first.pk}/"):
        assert "可能是同一申请" in wang.get(address).content.decode()


# Acts ----------------------------------------------------------------------------------------------------------------


def letter(players: Cast) -> Case:
    receipt = Receipt(Channel.ORDINARY_MAIL, YESTERDAY)
    return intake.register(players.dongshan, application(), receipt, by=players.wang, at=moment(YESTERDAY)).case


def test_a_confirmation_is_recorded_after_an_attempt(players: Cast, wang: Client) -> None:
    case = letter(players)
    act(wang, case, "record_attempt", on=YESTERDAY.isoformat(), how="拨打电话，无人接听")
    page = act(wang, case, "confirm_receipt", on=TODAY.isoformat(), how="王敏电话确认", reason="")
    assert "已经登记双方确认" in page
    assert Case.objects.get().received_on == TODAY
    assert wang.get(f"/desk/cases/{case.pk}/confirm_receipt/").status_code == 403


def test_a_split_leads_to_cases_linked_on_both_pages(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY).case
    page = act(wang, case, "split", content_0="清单", content_1="资金安排", content_2="", reason="两项")
    piece_ = Case.objects.latest("pk")
    assert f"拆分出{piece_.number}" in page
    assert f"由{case.number}拆分" in wang.get(f"/desk/cases/{piece_.pk}/").content.decode()
    assert f"查询码与{case.number}的相同" in wang.get(f"/desk/cases/{piece_.pk}/receipt/").content.decode()


def test_a_split_without_a_second_matter_is_refused(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY).case
    page = act(wang, case, "split", content_0="清单", content_1="", reason="两项")
    assert "请填写这一项申请的内容" in page
    assert Case.objects.count() == 1


def test_a_duplicate_is_linked_by_its_number(players: Cast, wang: Client) -> None:
    first, second = registered(players, on=YESTERDAY).case, registered(players, on=TODAY).case
    assert first.number in wang.get(f"/desk/cases/{second.pk}/link_duplicate/").content.decode()
    assert "没有找到" in act(wang, second, "link_duplicate", earlier="000", reason="同一份")
    act(wang, second, "link_duplicate", earlier=first.number, reason="同一份")
    assert CaseLink.objects.get().earlier == first


def test_a_case_is_forwarded_by_the_name_of_the_agency(players: Cast, wang: Client) -> None:
    case = registered(players, on=YESTERDAY).case
    closed(players, case, Outcome.UNAVAILABLE_1, on=YESTERDAY, ground="other_body")
    assert "本系统没有这个机关" in act(wang, case, "transfer", to="某局", consent="电话")
    assert "已经转送" in act(wang, case, "transfer", to="东山区民政局", consent="11月18日电话同意")
    assert Arrival.objects.get().agency == players.civil


def test_a_correction_shows_the_record_but_not_the_number_of_identity(players: Cast, wang: Client) -> None:
    case = registered(players, on=TODAY).case
    address = f"/desk/cases/{case.pk}/correct/"
    shown = wang.get(address)
    assert "张三" in shown.content.decode()
    assert RESIDENT_NUMBER not in shown.content.decode()
    as_it_is = {
        name: value for name, value in shown.context["form"].initial.items() if value is not None and name != "reason"
    }
    assert "没有要更正的内容" in act(wang, case, "correct", **as_it_is, reason="看错")
    asked = act(wang, case, "correct", **as_it_is | {"applicant_kind": "business"}, reason="看错")
    assert f"{TODAY.year}年表三：由“自然人”列的“本年新收”“结转下年度”改为“商业企业”列" in asked
    assert "确认无误的，请勾选" in asked
    assert Case.objects.get().applicant_kind == "natural_person"
    act(wang, case, "correct", **as_it_is | {"applicant_kind": "business"}, reason="看错", sure="on")
    stored = Case.objects.get()
    assert (stored.applicant_kind, stored.applicant.identity_number) == ("business", RESIDENT_NUMBER)
    (event,) = stored.events.filter(kind=Kind.CORRECTED)
    assert event.payload["fields"] == ["applicant_kind"]
