"""Calendar editions at the desk: see, preview, put in force, watch the cases being brought in step."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from time_machine import Traveller

from casework import sweeps, tasks
from casework.models import CalendarEdition, Case, Role, Staff
from notifications.models import Message
from notifications.wording import worded
from tests.casework.test_calendar_editions import NUMBER, document
from tests.cast import Cast, moment, person, registered

TODAY = date(2026, 12, 14)


@pytest.fixture
def root(players: Cast, at_desk: Callable[[Staff], Client], now: Traveller) -> Client:
    now.move_to(moment(TODAY))
    return at_desk(person("root", "系统管理员", players.dongshan, Role.SYSTEM_ADMINISTRATOR))


def upload(content: object) -> dict[str, SimpleUploadedFile]:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"file": SimpleUploadedFile("2027.json", text)}


def test_from_the_file_to_dates_that_are_sure(players: Cast, root: Client) -> None:
    registered(players, on=date(2026, 12, 10))
    page = root.post("/desk/calendar/preview/", upload(document())).content.decode()
    assert "2027年1月7日" in page
    assert "2027年1月8日" in page
    assert "什么也没有保存" in page
    assert not CalendarEdition.objects.exists()
    notice = json.dumps(document())
    refused = root.post("/desk/calendar/apply/", {"notice": notice}, follow=True).content.decode()
    assert "勾选已经核对" in refused
    answer = root.post("/desk/calendar/apply/", {"notice": notice, "sure": "on"}, follow=True)
    assert "<progress" in answer.content.decode()
    assert "data-follow" in answer.content.decode()
    tasks.carry_on_editions()
    assert (Case.objects.get().due_on, Case.objects.get().due_is_provisional) == (date(2027, 1, 8), False)
    done = root.get(answer.redirect_chain[-1][0]).content.decode()
    assert "最迟答复日改变 1 件" in done
    assert "data-follow" not in done
    listed = root.get("/desk/calendar/").content.decode()
    assert NUMBER in listed
    assert "已全部重新计算" in listed


def test_a_year_is_drawn_and_said(root: Client) -> None:
    page = root.get("/desk/calendar/2026/").content.decode()
    assert page.count('<table class="month">') == 12
    assert len(re.findall(r'class="holiday"', page)) == 33
    assert len(re.findall(r'class="swapped"', page)) == 6
    words = page.split('<caption class="visually-hidden">')[1]
    assert words.count("调休上班") == 7
    assert "国办发明电〔2025〕7号" in words
    assert root.get("/desk/calendar/2027/").status_code == 404
    assert root.get("/desk/calendar/1999/").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"[" * 60_000, "不是JSON"),
        (b" " * 10_000_000, "选错了文件"),
        (document(year=2030), "2030"),
        (document(off=[{"from": "2027-02-30", "to": "2027-02-30", "name": "春节"}]), "不是存在的日期"),
    ],
)
def test_a_bad_file_is_answered_with_a_sentence(root: Client, content: object, sentence: str) -> None:
    answer = root.post("/desk/calendar/preview/", upload(content))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "有问题需要改正" in page
    assert sentence in page
    assert not CalendarEdition.objects.exists()


def test_an_agency_administrator_sees_and_does_not_apply(
    players: Cast, root: Client, at_desk: Callable[[Staff], Client]
) -> None:
    local = at_desk(person("local", "机关管理员", players.civil, Role.AGENCY_ADMINISTRATOR))
    page = local.get("/desk/calendar/").content.decode()
    assert "由系统管理员办理" in page
    assert 'type="file"' not in page
    assert local.post("/desk/calendar/preview/", upload(document())).status_code == 403
    assert local.post("/desk/calendar/apply/", {"notice": "{}", "sure": "on"}).status_code == 403


def test_administrators_alone_see_that_next_year_is_missing(
    players: Cast, root: Client, at_desk: Callable[[Staff], Client], now: Traveller
) -> None:
    sentence = "还没有启用2027年的放假安排"
    assert sentence in root.get("/desk/").content.decode()
    assert sentence not in at_desk(players.wang).get("/desk/").content.decode()
    now.move_to(moment(date(2026, 10, 20)))
    assert sentence not in root.get("/desk/").content.decode()
    now.move_to(moment(TODAY))
    root.post("/desk/calendar/apply/", {"notice": json.dumps(document()), "sure": "on"})
    assert sentence not in root.get("/desk/").content.decode()


def test_a_provisional_date_says_so_wherever_it_is_shown(players: Cast, root: Client, wang: Client, li: Client) -> None:
    filed = registered(players, on=date(2026, 12, 10), email="zhang@example.org")
    case = filed.case
    assert case.due_is_provisional
    for address in ("/desk/", f"/desk/cases/{case.pk}/"):
        assert "暂定" in wang.get(address).content.decode()
    assert "变为2027年2月4日（暂定）" in li.get(f"/desk/cases/{case.pk}/extend/").content.decode()
    assert "暂定" in worded(Message.objects.get(notice="application_received")).text
    citizen = Client()
    seen = citizen.post("/follow/", {"number": case.number, "code": filed.query_code}, follow=True).content.decode()
    assert case.number in seen
    assert "暂定" in seen
    sweeps.remind(at=moment(date(2027, 1, 6)))
    assert "（暂定）" in worded(Message.objects.filter(notice="due_soon", channel="inbox")[0]).text
