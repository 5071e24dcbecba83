"""Requests to correct one's own record at the desk (条例 41)."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from time_machine import TimeMachineFixture

from casework.access import CorrectionAct
from casework.actions import correction
from casework.desk.forms.correction import FORMS
from casework.law.receipt import Channel, Receipt
from casework.law.refusals import Refused
from casework.models import Agency, RecordCorrection, Role, Staff
from tests.cast import Cast, moment, person
from tests.correcting import CODE, filed, request
from tests.desk.conftest import TODAY
from tests.portal.visitor import Visitor, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(players: Cast) -> RecordCorrection:
    return filed(players, on=TODAY)


def press(client: Client, found: RecordCorrection, deed: str, **typed: Any) -> str:
    answer: Any = client.post(f"/desk/corrections/{found.pk}/{deed}/", {"version": found.version, **typed}, follow=True)
    found.refresh_from_db()
    return words(answer)


def test_it_is_taken_asked_about_and_put_right(wang: Client, found: RecordCorrection) -> None:
    listed = words(wang.get("/desk/corrections/"))  # type: ignore[arg-type]
    for seen in (found.number, "张三", "待受理", "2026年12月16日"):
        assert seen in listed
    press(wang, found, "take")
    assert "请写明需要补充的内容" in press(wang, found, "ask", text=" ")
    page = press(wang, found, "ask", text="请补充户口簿。")
    assert "等待补充材料" in page
    assert "确认无误的，请勾选" in press(wang, found, "put_right", reply="已更正。")
    assert "予以更正" in press(wang, found, "put_right", reply="已更正为3人。", sure="on")
    assert found.ending == "corrected"
    assert "没有要办理的更正请求" in words(wang.get("/desk/corrections/"))  # type: ignore[arg-type]
    assert found.number in words(wang.get("/desk/corrections/?all"))  # type: ignore[arg-type]
    assert wang.get(f"/desk/corrections/{found.pk}/ask/").status_code == 409


def test_only_a_head_refuses(wang: Client, li: Client, found: RecordCorrection) -> None:
    assert wang.post(f"/desk/corrections/{found.pk}/refuse/", {"version": 0, "reply": "不。"}).status_code == 403
    assert "不予更正" in press(li, found, "refuse", reply="与登记一致。")
    assert found.ending == "refused"


def test_it_is_passed_on_to_an_agency_or_to_an_organ_outside(wang: Client, found: RecordCorrection) -> None:
    assert "请选择或者写明有权更正的机关" in press(wang, found, "pass_on", reply="无权更正。")
    civil = Agency.objects.get(code="230406-MZ")
    page = press(wang, found, "pass_on", reply="无权更正。", agency=str(civil.pk))
    assert "230406-MZ-GZ-2026-00001" in page
    assert RecordCorrection.objects.count() == 2


def test_of_two_windows_the_second_is_told(wang: Client, found: RecordCorrection) -> None:
    press(wang, found, "take")
    stale = words(wang.post(f"/desk/corrections/{found.pk}/ask/", {"version": 0, "text": "请补充。"}))  # type: ignore[arg-type]
    assert "刚刚被别人处理过" in stale


def test_the_number_is_read_against_a_trace_and_files_come_as_downloads(wang: Client, found: RecordCorrection) -> None:
    page = wang.get(f"/desk/corrections/{found.pk}/").content.decode()
    assert "11010519491231002X" not in page
    assert "11010519491231002X" in wang.post(f"/desk/corrections/{found.pk}/identity/").content.decode()
    assert found.events.filter(kind="identity_read", by__username="wang").count() == 1
    file = found.evidence.get()
    answer: Any = wang.get(f"/desk/corrections/{found.pk}/files/{file.pk}/")
    assert b"".join(answer.streaming_content).decode() == "户主张三，共3人"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_another_agency_finds_nothing(
    players: Cast, at_desk: Callable[[Staff], Client], found: RecordCorrection
) -> None:
    client = at_desk(players.zhao)
    assert found.number not in words(client.get("/desk/corrections/?all"))  # type: ignore[arg-type]
    for address in ("", "identity/", "files/1/", *(f"{act}/" for act in FORMS)):
        for ask in (client.get, client.post):
            assert ask(f"/desk/corrections/{found.pk}/{address}").status_code in (404, 405)
    assert client.get(f"/desk/corrections/{found.pk}/{CorrectionAct.READ_IDENTITY}/").status_code == 404


# On paper ------------------------------------------------------------------------------------------------------------


def typed(client: Client, **changes: Any) -> dict[str, Any]:
    """The form as a clerk fills it in on the day after the letter came, with the key that the page gave."""
    page = client.get("/desk/corrections/new/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key, "the form has no key"
    given = request()
    names = ("name", "identity_kind", "identity_number", "phone", "record", "wrong", "right", "grounds")
    came = {"agency": "230406", "channel": "signed_mail", "arrived_on": "2026-11-17", "confirmed_on": ""}
    return {name: getattr(given, name) for name in names} | came | {"form_key": key[1]} | changes


def registered_by(client: Client, **changes: Any) -> Any:
    return client.post("/desk/corrections/new/", typed(client, **changes), follow=True)


def test_what_came_by_post_is_registered_and_followed_by_the_code_on_the_receipt(wang: Client, players: Cast) -> None:
    """条例 41, 31: the period runs from the day on which the letter was signed for."""
    assert "/desk/corrections/new/" in wang.get("/desk/corrections/").content.decode()
    sent = typed(wang, evidence=SimpleUploadedFile("来信.txt", "来信全文".encode()))
    answer = wang.post("/desk/corrections/new/", sent, follow=True)
    made = RecordCorrection.objects.get()
    assert answer.request["PATH_INFO"] == f"/desk/corrections/{made.pk}/receipt/"
    assert (made.received_on, made.agency.code, made.name) == (date(2026, 11, 17), "230406", "张三")
    assert made.due().due_on == date(2026, 12, 15), "20 working days of 条例 33(2) by analogy"
    receipt = words(answer)  # type: ignore[arg-type]
    for said in (made.number, "2026年11月17日", "来信.txt", "东山区2025年住房补贴发放名单第17行"):
        assert said in receipt
    code = re.search(r'id="query-code">([^<]+)<', answer.content.decode())
    assert code, "the receipt shows no query code"
    event = made.events.get()
    assert (event.kind, event.by, event.payload) == ("registered", players.wang, {"channel": "signed_mail"})
    assert "王敏登记书面提出的更正请求（邮寄）" in words(wang.get(f"/desk/corrections/{made.pk}/"))  # type: ignore[arg-type]

    # the same form sent again makes nothing, and shows the same code
    again = wang.post("/desk/corrections/new/", sent | {"evidence": ""}, follow=True)
    assert RecordCorrection.objects.count() == 1
    assert code[1] in again.content.decode()

    # whoever asked opens it with number and code
    visitor = Visitor()
    page = words(visitor.send("/follow/", {"number": made.number, "code": code[1]}))
    assert "行政机关登记了您书面提出的更正请求" in page


def test_the_code_is_for_the_one_who_registered_and_for_ten_minutes(
    wang: Client, li: Client, now: TimeMachineFixture
) -> None:
    registered_by(wang)
    address = f"/desk/corrections/{RecordCorrection.objects.get().pk}/receipt/"
    assert "query-code" in wang.get(address).content.decode()
    assert "query-code" not in li.get(address).content.decode()
    now.shift(timedelta(minutes=11))
    assert "query-code" not in wang.get(address).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"channel": ""}, "请选择书面请求是怎样收到的"),
        ({"channel": "fax"}, "请选择书面请求是怎样收到的"),
        ({"arrived_on": "2026-11-19"}, "还没有到"),
        ({"arrived_on": "2018-01-02"}, "2019年5月15日"),
        ({"channel": "ordinary_mail", "confirmed_on": "2026-11-16"}, "早于到达日期"),
        ({"channel": "ordinary_mail", "confirmed_on": "2026-11-20"}, "还没有到"),
        ({"identity_number": "110105194912310020"}, "校验"),
        ({"phone": ""}, "请至少填写电话"),
        ({"agency": "230406-MZ"}, "请选择一个机关"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(wang: Client, changes: dict[str, str], sentence: str) -> None:
    assert sentence in words(registered_by(wang, **changes))
    assert not RecordCorrection.objects.exists()


def test_ordinary_mail_counts_from_the_day_of_confirmation(wang: Client) -> None:
    """条例 31: without a signature, the day on which both sides confirm."""
    registered_by(wang, channel="ordinary_mail", arrived_on="2026-11-16", confirmed_on="2026-11-18")
    assert RecordCorrection.objects.get().received_on == date(2026, 11, 18)


def test_only_a_clerk_or_head_of_the_agency_registers(players: Cast, at_desk: Callable[[Staff], Client]) -> None:
    auditor = person("zhou2", "周审", players.dongshan, Role.AUDITOR)
    assert at_desk(auditor).get("/desk/corrections/new/").status_code == 403
    assert "corrections/new/" not in at_desk(auditor).get("/desk/corrections/").content.decode()
    receipt = Receipt(Channel.IN_PERSON, TODAY)
    with pytest.raises(Refused):
        correction.register_request(
            players.dongshan, request(), receipt, query_code=CODE, by=players.zhao, at=moment(TODAY)
        )


def test_what_is_added_or_withdrawn_on_paper_is_recorded(wang: Client, found: RecordCorrection) -> None:
    assert wang.get(f"/desk/corrections/{found.pk}/record_answer/").status_code == 409, "nothing was asked"
    press(wang, found, "ask", text="请补充户口簿。")
    assert "还没有到" in press(wang, found, "record_answer", on="2026-11-19", text="附户口簿。")
    scan = SimpleUploadedFile("户口簿续页.txt", "续页".encode())
    press(wang, found, "record_answer", on="2026-11-18", text="附户口簿。", evidence=scan)
    assert (found.standing, found.supplemented_on) == ("received", date(2026, 11, 18))
    assert found.evidence.filter(name="户口簿续页.txt").exists()
    assert found.events.get(kind="answered").by.username == "wang"  # type: ignore[union-attr]
    assert "确认无误的，请勾选" in press(wang, found, "record_withdrawal")
    press(wang, found, "record_withdrawal", sure="on")
    assert (found.ending, found.events.get(kind="withdrawn").by.username) == ("withdrawn", "wang")  # type: ignore[union-attr]
