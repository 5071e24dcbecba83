"""Registering what did not come by the portal: the day of receipt by channel, the receipt, and wrong answers."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from casework import access
from casework.law.outcomes import ApplicantKind
from casework.law.receipt import CHANNEL_RULES, Channel
from casework.models import Agency, Applicant, Case, Document, Event
from tests.cast import CREDIT_CODE, RESIDENT_NUMBER, Cast
from tests.conftest import AS_OF

TODAY = AS_OF.date()
YESTERDAY = TODAY - timedelta(days=1)


def form(**answers: Any) -> dict[str, Any]:
    return {
        "channel": "in_person",
        "key": "one-form",
        "arrived_on": TODAY.isoformat(),
        "applicant_kind": "natural_person",
        "name": "张三",
        "identity_kind": "resident",
        "identity_number": RESIDENT_NUMBER,
        "phone": "13800000000",
        "content": "申请公开2025年老旧小区改造项目清单。",
        **answers,
    }


def test_the_channel_comes_first_with_its_rule(wang: Client) -> None:
    page = wang.get("/desk/register/").content.decode()
    for channel in Channel:
        assert CHANNEL_RULES[channel].zh in page
    assert "请选择申请的渠道" in wang.get("/desk/register/?channel=&next=1").content.decode()
    assert "请选择申请的渠道" not in page


@pytest.mark.parametrize("channel", list(Channel))
def test_the_day_of_confirmation_is_asked_for_where_it_counts(wang: Client, channel: Channel) -> None:
    page = wang.get("/desk/register/", {"channel": channel.value}).content.decode()
    assert ('name="confirmed_on"' in page) is channel.needs_confirmation


@pytest.mark.parametrize("channel", list(Channel))
def test_the_receipt_day_follows_the_channel(wang: Client, channel: Channel) -> None:
    wang.post(
        "/desk/register/",
        form(channel=channel.value, arrived_on=YESTERDAY.isoformat(), confirmed_on=TODAY.isoformat()),
    )
    case = Case.objects.get()
    assert case.received_on == (TODAY if channel.needs_confirmation else YESTERDAY)
    assert case.channel == channel


@pytest.mark.parametrize("kind", list(ApplicantKind))
def test_all_six_kinds_can_be_registered(wang: Client, kind: ApplicantKind) -> None:
    numbers = {"identity_kind": "credit_code", "identity_number": CREDIT_CODE}
    wang.post("/desk/register/", form(applicant_kind=kind.value, **numbers))
    assert Case.objects.get().applicant_kind == kind
    assert Applicant.objects.get().identity_number == CREDIT_CODE


def test_the_receipt_shows_number_and_code_for_a_while(wang: Client, li: Client, now: time_machine.Traveller) -> None:
    answer = wang.post("/desk/register/", form())
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/desk/cases/{case.pk}/receipt/"
    receipt = wang.get(answer.headers["Location"])
    code = receipt.context["code"]
    assert access.follow(case.number, code) == case
    assert code in receipt.content.decode()
    assert li.get(answer.headers["Location"]).context["code"] == ""
    now.shift(timedelta(minutes=11))
    later = wang.get(answer.headers["Location"])
    assert later.context["code"] == ""
    assert case.number in later.content.decode()


def test_the_session_keeps_no_code_that_could_be_read(wang: Client) -> None:
    code = wang.get(wang.post("/desk/register/", form()).headers["Location"]).context["code"]
    assert code not in str(dict(wang.session.items()))


def test_the_same_form_sent_twice_registers_once(wang: Client) -> None:
    first, second = wang.post("/desk/register/", form()), wang.post("/desk/register/", form())
    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.count() == 1
    wang.post("/desk/register/", form(key="another-form"))
    assert Case.objects.count() == 2


def test_an_oral_application_is_registered_when_it_was_read_back(players: Cast, wang: Client) -> None:
    answer = wang.post("/desk/register/", form(oral="on"))
    assert "应当先向申请人宣读" in answer.content.decode()
    assert not Case.objects.exists()
    wang.post("/desk/register/", form(oral="on", read_back="on", note="行动不便。"))
    case = Case.objects.get()
    assert (case.is_oral, case.written_by, case.note) == (True, players.wang, "行动不便。")
    page = wang.get(f"/desk/cases/{case.pk}/paper/").content.decode()
    assert "代为填写" in page
    assert "申请人签名" in page
    assert RESIDENT_NUMBER not in page


def test_a_typed_number_is_kept_and_a_second_one_refused(wang: Client) -> None:
    wang.post("/desk/register/", form(number="东依申请〔2026〕7号", key="a"))
    answer = wang.post("/desk/register/", form(number="东依申请〔2026〕7号", key="b"))
    assert "已经用过" in answer.content.decode()
    assert Case.objects.get().number == "东依申请〔2026〕7号"


def test_files_come_with_the_application(wang: Client) -> None:
    wang.post("/desk/register/", form(uploads=[SimpleUploadedFile("申请书.pdf", b"%PDF-1.7")]))
    assert Document.objects.get().name == "申请书.pdf"


def test_who_works_for_two_agencies_chooses(players: Cast, wang: Client) -> None:
    players.wang.appointments.create(agency=players.civil, role="clerk")
    page = wang.get("/desk/register/?channel=in_person").content.decode()
    assert "东山区民政局" in page
    assert "淮安市" not in page
    answer = wang.post("/desk/register/", form(agency=players.elsewhere.pk))
    assert "没有这个机关" in answer.content.decode()
    wang.post("/desk/register/", form(agency=players.civil.pk))
    assert Case.objects.get().agency == players.civil


def test_an_agency_that_was_merged_takes_no_applications(players: Cast, wang: Client) -> None:
    Agency.objects.filter(pk=players.dongshan.pk).update(successor=players.elsewhere)
    assert wang.get("/desk/register/").status_code == 403


BAD = [
    ({"arrived_on": (TODAY + timedelta(days=1)).isoformat()}, "还没有到"),
    ({"arrived_on": "2026-02-30"}, "日历上没有"),
    ({"arrived_on": "1800-01-01"}, "1800年"),
    ({"arrived_on": "0000-00-00"}, "日历上没有"),
    ({"channel": "email", "confirmed_on": YESTERDAY.isoformat()}, "早于"),
    ({"channel": "email", "confirmed_on": (TODAY + timedelta(days=1)).isoformat()}, "还没有到"),
    ({"applicant_kind": "robot"}, "请选择申请人类型"),
    ({"applicant_kind": ""}, "请选择申请人类型"),
    ({"name": "  "}, "请填写申请人的姓名或者名称"),
    ({"name": "\u3000"}, "请填写申请人的姓名或者名称"),
    ({"name": "张\0三"}, "控制字符"),
    ({"name": "张" * 201}, "最多 200 个字"),
    ({"identity_number": "110105194912310021"}, "校验位"),
    ({"identity_number": "1101051949123100"}, "18 位"),
    ({"identity_number": ""}, "请填写证件号码"),
    ({"identity_kind": ""}, "请选择是哪一种证件"),
    ({"identity_kind": "credit_code", "identity_number": "91110000600037341X"}, "编码规则"),
    ({"phone": "打我电话"}, "电话号码"),
    ({"email": "a@b"}, "电子邮箱"),
    ({"content": ""}, "请填写申请内容"),
    ({"content": "长" * 10_000_000}, "最多 20,000 个字"),
    ({"content": "a\x1bb"}, "U+001B"),
    ({"subject": "长" * 301}, "最多 300 个字"),
    ({"wanted_form": "stone"}, "选"),
    ({"number": "a\0"}, "控制字符"),
]


@pytest.mark.parametrize(("wrong", "sentence"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_wrong_answers_get_a_sentence_and_nothing_is_stored(wang: Client, wrong: dict[str, str], sentence: str) -> None:
    answer = wang.post("/desk/register/", form(**wrong))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "有问题需要改正" in page
    assert sentence in page
    assert not Case.objects.exists()
    assert not Applicant.objects.exists()
    assert not Event.objects.exists()


def test_what_was_typed_stands_in_the_form_again(wang: Client) -> None:
    page = wang.post("/desk/register/", form(arrived_on="2026-02-30", note="内部备注")).content.decode()
    for typed in ("2026-02-30", "张三", "内部备注", "改造项目清单"):
        assert typed in page


def test_an_unknown_channel_leads_back_to_the_choice(wang: Client) -> None:
    assert "申请是怎样来的" in wang.post("/desk/register/", form(channel="pigeon")).content.decode()
    assert not Case.objects.exists()
