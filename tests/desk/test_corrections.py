"""Requests to correct one's own record at the desk (条例 41)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from casework.access import CorrectionAct
from casework.desk.forms.correction import FORMS
from casework.models import Agency, RecordCorrection, Staff
from tests.cast import Cast
from tests.correcting import filed
from tests.desk.conftest import TODAY
from tests.portal.visitor import words

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
