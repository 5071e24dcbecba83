"""Calendar editions at the desk: see, preview, put in force, watch the cases being brought in step."""

import html
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


# Typed by hand -------------------------------------------------------------------------------------------------------

#: The notice of ``document()`` as an administrator types it.
WRITTEN = {
    "year": "2027",
    "document_number": NUMBER,
    "published_on": "2026年11月20日",
    "name_0": "元旦",
    "from_0": "2027-01-01",
    "to_0": "2027-01-03",
}


def written(**more: str) -> dict[str, str]:
    """A whole year's notice, typed."""
    found = dict(WRITTEN)
    for n, entry in enumerate(document()["off"]):
        found |= {f"name_{n}": entry["name"], f"from_{n}": entry["from"], f"to_{n}": entry["to"]}
        worked = [each["on"] for each in document()["make_up"] if each["for"] == entry["name"]]
        found[f"worked_{n}"] = "、".join(worked)
    return found | {"published_on": document()["published_on"]} | more


def test_a_notice_typed_by_hand_is_the_one_that_the_file_would_be(players: Cast, root: Client) -> None:
    registered(players, on=date(2026, 12, 10))
    form = root.get("/desk/calendar/write/").content.decode()
    assert 'value="2027"' in form
    assert 'value="春节"' in form
    by_hand = root.post("/desk/calendar/write/", written()).content.decode()
    by_file = root.post("/desk/calendar/preview/", upload(document())).content.decode()
    typed, uploaded = (
        re.search(r'name="notice" value="([^"]*)"', page.replace("\n", " ")) for page in (by_hand, by_file)
    )
    assert typed is not None
    assert uploaded is not None
    assert typed[1] == uploaded[1]
    assert "什么也没有保存" in by_hand
    assert not CalendarEdition.objects.exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"year": "二〇二七"}, "2000至2100之间的整数"),
        ({"document_number": ""}, "请填写通知的文号"),
        ({"published_on": "2026-02-30"}, "日历上没有"),
        ({"from_0": ""}, "请填写放假的第一天"),
        ({"name_0": ""}, "请填写节日的名称"),
        ({"from_0": "2027-01-05", "to_0": "2027-01-01"}, "先后颠倒"),
        ({"worked_1": "下周六"}, "不是日期"),
        ({"worked_0": "2027-01-05"}, "本来就上班"),
        ({"supersedes": "没有这个文号"}, "不能取代"),
        ({"from_0": "2028-01-01", "to_0": ""}, "不在2027年"),
        ({"year": "2031"}, "2031"),
    ],
)
def test_what_is_typed_wrong_is_answered_with_a_sentence_and_kept(
    root: Client, more: dict[str, str], sentence: str
) -> None:
    page = root.post("/desk/calendar/write/", written(**more)).content.decode()
    assert "有问题需要改正" in page
    assert sentence in page
    assert "2027-05-01" in page
    assert not CalendarEdition.objects.exists()


def test_a_region_writes_its_own_days_and_the_year_marks_them(players: Cast, root: Client) -> None:
    assert "请填写地区代码" in root.post("/desk/calendar/write/?for=region", WRITTEN).content.decode()
    own = {
        "year": "2026",
        "document_number": "桂政发〔2026〕1号",
        "published_on": "2026-03-01",
        "region": "230406",
        "name_0": "地方节日",
        "from_0": "2026-12-21",
        "to_0": "2026-12-22",
    }
    preview = root.post("/desk/calendar/write/?for=region", own).content.decode()
    assert "只对地区230406的机关有效" in preview
    assert preview.count('class="holiday regional"') == 2
    notice = re.search(r'name="notice" value="([^"]*)"', preview.replace("\n", " "))
    assert notice is not None
    sent = {"notice": html.unescape(notice[1]), "sure": "on"}
    answer = root.post("/desk/calendar/apply/", sent, follow=True)
    assert "?region=230406" in answer.content.decode()
    country = root.get("/desk/calendar/2026/").content.decode()
    assert "?region=230406" in country
    assert "holiday regional" not in country
    region = root.get("/desk/calendar/2026/?region=230406").content.decode()
    assert region.count('class="holiday regional"') == 2
    assert region.count("（与全国不同）") == 2
    assert root.get("/desk/calendar/2026/?region=nowhere").status_code == 404


def test_only_a_system_administrator_writes_one(
    players: Cast, root: Client, at_desk: Callable[[Staff], Client]
) -> None:
    local = at_desk(person("local", "机关管理员", players.civil, Role.AGENCY_ADMINISTRATOR))
    assert local.get("/desk/calendar/write/").status_code == 403
    assert local.post("/desk/calendar/write/", written()).status_code == 403


def test_from_15_december_the_banner_is_louder_and_heads_see_it(
    players: Cast, root: Client, at_desk: Callable[[Staff], Client], now: Traveller
) -> None:
    sentence, loud = "还没有启用2027年的放假安排", '<div class="grave" role="alert">'
    quiet = root.get("/desk/").content.decode()
    assert sentence in quiet
    assert loud not in quiet
    assert sentence not in at_desk(players.li).get("/desk/").content.decode()
    now.move_to(moment(date(2026, 12, 15)))
    root = at_desk(Staff.objects.get(username="root"))
    assert loud in root.get("/desk/").content.decode()
    page = at_desk(players.li).get("/desk/").content.decode()
    assert loud in page
    assert sentence in page
    assert "请联系系统管理员" in page
    assert sentence not in at_desk(players.wang).get("/desk/").content.decode()
