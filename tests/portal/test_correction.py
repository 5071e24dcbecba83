"""A request to correct one's own record on the portal (条例 41)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from casework.actions import correction as verbs
from casework.models import Case, RecordCorrection
from tests.cast import Cast
from tests.correcting import typed
from tests.portal.visitor import Visitor, shown_code, words

pytestmark = pytest.mark.django_db


def sent(visitor: Visitor, **changes: Any) -> tuple[RecordCorrection, str]:
    receipt = visitor.send("/correction/", typed(visitor.client, **changes))
    return RecordCorrection.objects.latest("pk"), shown_code(receipt)


def test_it_is_sent_followed_and_replied_to(visitor: Visitor, players: Cast) -> None:
    found, code = sent(visitor)
    assert visitor.path == f"/correction/{found.pk}/receipt/"
    assert Case.objects.count() == 0
    elsewhere = Visitor()
    assert "请输入编号和查询码" in words(elsewhere.get(f"/correction/{found.pk}/"))
    page = words(elsewhere.send("/follow/", {"number": found.number, "code": code.lower()}))
    assert elsewhere.path == f"/correction/{found.pk}/"
    assert "正在办理" in page
    assert "110*************2X" in page
    assert "11010519491231002X" not in page
    now = timezone.now()
    verbs.ask(found, text="请提供出生证明。", by=players.wang, at=now)
    assert "请提供出生证明。" in words(elsewhere.get(f"/correction/{found.pk}/"))
    assert "请写明补充的内容" in words(elsewhere.send(f"/correction/{found.pk}/", {"text": " "}))
    file = SimpleUploadedFile("证明.txt", "出生证明".encode())
    answered = words(elsewhere.send(f"/correction/{found.pk}/", {"text": "见附件。", "evidence": file}))
    assert "补充已经收到" in answered
    found.refresh_from_db()
    assert (found.standing, [each.name for each in found.evidence.all()]) == ("received", ["证明.txt"])
    verbs.put_right(found, reply="已经更正为3人。", by=players.wang, at=now)
    replied = words(elsewhere.get(f"/correction/{found.pk}/"))
    for seen in ("予以更正", "已经更正为3人。", "鹤岗市人民政府", "东山区人民法院", "最后一天", "您打开了答复"):
        assert seen in replied
    found.refresh_from_db()
    assert found.opened_on == timezone.localdate()


def test_the_same_form_pressed_twice_makes_one_with_the_same_code(visitor: Visitor) -> None:
    form = typed(visitor.client)
    first, second = (shown_code(visitor.send("/correction/", form)) for _ in range(2))
    assert first == second
    assert RecordCorrection.objects.count() == 1


def test_a_form_from_another_browser_is_taken_with_a_code_of_its_own(visitor: Visitor) -> None:
    form = typed(Visitor().client)
    receipt = visitor.send("/correction/", form)
    assert visitor.opens(RecordCorrection.objects.get(), shown_code(receipt)).status_code == 200  # type: ignore[arg-type]
    assert "更正请求已经提交" in words(receipt)


def test_what_lacks_something_comes_back_with_what_was_typed(visitor: Visitor) -> None:
    page = words(
        visitor.send("/correction/", typed(visitor.client, identity_number="110105194912310021", phone="", email=""))
    )
    for seen in ("有问题需要改正", "校验位", "请至少填写电话", "户口簿和出生证明"):
        assert seen in page
    assert not RecordCorrection.objects.exists()
    empty = words(visitor.send("/correction/", {}))
    for seen in ("请选择一个机关", "请写明哪里不准确", "请写明应当更正为什么", "请说明有什么证据", "请填写证件号码"):
        assert seen in empty


def test_a_file_that_lies_is_turned_away(visitor: Visitor) -> None:
    lying = SimpleUploadedFile("户口簿.pdf", b"MZ\x90\x00" + b"\0" * 100)
    page = words(visitor.send("/correction/", {**typed(visitor.client), "evidence": lying}))
    assert "户口簿.pdf" in page
    assert not RecordCorrection.objects.exists()


def test_wrong_codes_are_slowed_and_tell_nothing(visitor: Visitor) -> None:
    found, code = sent(visitor)
    stranger, wrong = Visitor(), "3467-9ACD-EFGH-JKM" + ("N" if code[-1] != "N" else "P")
    answers = [
        words(stranger.send("/follow/", {"number": number, "code": wrong})).replace(number, "")
        for number in (found.number, "230406-GZ-2026-00999")
    ]
    assert answers[0].split("登记编号")[0] == answers[1].split("登记编号")[0]
    for _ in range(6):
        stranger.send("/follow/", {"number": found.number, "code": "3467-9ACD-EFGH-JKMQ"})
    assert stranger.path == "/follow/"


def test_the_code_is_shown_for_half_an_hour_and_the_page_closes(visitor: Visitor, now: time_machine.Traveller) -> None:
    found, code = sent(visitor)
    begun: datetime = timezone.now()
    now.move_to(begun + timedelta(minutes=29))
    assert code in words(visitor.get(f"/correction/{found.pk}/receipt/"))
    now.move_to(begun + timedelta(minutes=31))
    page = words(visitor.get(f"/correction/{found.pk}/receipt/"))
    assert code not in page
    assert "只在提交后的半小时内显示" in page
    now.move_to(begun + timedelta(hours=2))
    assert "请输入编号和查询码" in words(visitor.get(f"/correction/{found.pk}/"))


def test_it_is_given_up_with_a_tick(visitor: Visitor) -> None:
    found, _code = sent(visitor)
    assert "请先勾选" in words(visitor.send(f"/correction/{found.pk}/withdraw/", {}))
    assert "已经撤回" in words(visitor.send(f"/correction/{found.pk}/withdraw/", {"sure": "on"}))
    found.refresh_from_db()
    assert found.ending == "withdrawn"
    stranger = Visitor()
    assert "请输入编号和查询码" in words(stranger.send(f"/correction/{found.pk}/withdraw/", {"sure": "on"}))


def test_the_front_page_and_the_agency_lead_to_it(visitor: Visitor) -> None:
    assert 'href="/correction/"' in visitor.get("/").content.decode()
    assert 'value="230406-MZ" selected' in visitor.get("/correction/", agency="230406-MZ").content.decode()
