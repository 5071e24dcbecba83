"""An administrator sets what the agency may choose; every change leaves a trace and moves no running period."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models
from django.test import Client
from time_machine import Traveller

from casework import sweeps
from casework.actions import calendar as editions
from casework.actions import clock
from casework.actions.settings import change_settings, last_change
from casework.desk.forms.settings import field_of
from casework.law.edition_file import from_document
from casework.law.refusals import Refused
from casework.models import Agency, Case, Recomputation, Role, SettingChange, Staff
from casework.models.edition import Source
from casework.models.setting import GROUPS, NOT_CHOSEN, SETTINGS
from notifications.models import Message
from tests.cast import Cast, moment, person, registered

TODAY = date(2026, 11, 18)
PAGE = "/desk/settings/230406/"

pytestmark = pytest.mark.usefixtures("november_18")


@pytest.fixture
def jin(players: Cast) -> Staff:
    return person("jin", "金管", players.dongshan, Role.AGENCY_ADMINISTRATOR)


@pytest.fixture
def desk(jin: Staff, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(jin)


def typed(page: str) -> dict[str, str]:
    """What the form would send if nothing were changed."""
    sent = dict(re.findall(r'<input type="(?:text|hidden)" name="(\w+)" value="([^"]*)"', page))
    sent |= dict(re.findall(r'<input type="radio" name="(\w+)" value="([^"]*)"[^>]*checked', page))
    sent |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*([^<]*)</textarea>', page))
    return sent


def change(desk: Client, **wanted: str) -> Any:
    return desk.post(PAGE, typed(desk.get(PAGE).content.decode()) | wanted, follow=True)


def test_every_setting_of_an_agency_stands_in_one_group() -> None:
    columns = {f.name for f in Agency._meta.concrete_fields if f.editable or f.name == "path"} - {"id"}
    named = [each.field for group in GROUPS for each in group.settings]
    assert sorted(named) == sorted(columns - NOT_CHOSEN)
    assert set(SETTINGS) == set(named)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_says_what_it_does_and_can_be_asked_for(name: str) -> None:
    setting = SETTINGS[name]
    assert setting.says.zh
    assert setting.says.en
    assert not re.search(r"[\u4e00-\u9fff]", setting.says.en)
    asked = field_of(setting)
    column = Agency._meta.get_field(name)
    assert isinstance(column, models.Field)
    shown = asked.prepare_value(column.get_default())
    assert asked.clean(shown) == column.get_default()


def test_what_the_law_leaves_open_is_a_reading_and_needs_a_reason(players: Cast, jin: Staff) -> None:
    readings = {name for name, each in SETTINGS.items() if each.reading}
    assert {"late_notice_restarts", "rest_day_receipt_moves", "inquiry_review_first"} <= readings
    with pytest.raises(Refused, match="不能只有空格") as refused:
        change_settings(players.dongshan, {"late_notice_restarts": True}, seen=0, by=jin, at=moment(TODAY))
    assert refused.value.field == "reason"
    assert not SettingChange.objects.exists()


def test_a_change_is_stored_with_its_trace(desk: Client, players: Cast) -> None:
    assert "还没有人在这里修改过设置" in desk.get(PAGE).content.decode()
    page = change(desk, court="鹤岗市中级人民法院", remind_days="7，3, 0", supplement_days="20").content.decode()
    assert "设置已经保存" in page
    players.dongshan.refresh_from_db()
    assert players.dongshan.court == "鹤岗市中级人民法院"
    assert players.dongshan.remind_days == [7, 3, 0]
    assert players.dongshan.supplement_days == 20
    assert players.dongshan.review_organ == "鹤岗市人民政府"
    assert SettingChange.objects.count() == 3
    trace = SettingChange.objects.get(field="court")
    assert (trace.before, trace.after, trace.by.username) == ("东山区人民法院", "鹤岗市中级人民法院", "jin")
    for seen in ("管辖法院", "东山区人民法院", "5, 2, 0", "7, 3, 0", "金管"):
        assert seen in page
    assert "没有要保存的修改" in change(desk).content.decode()
    assert SettingChange.objects.count() == 3


def test_the_trace_stays_as_it_is(desk: Client) -> None:
    change(desk, court="鹤岗市中级人民法院")
    trace = SettingChange.objects.get()
    with pytest.raises(TypeError):
        trace.save()
    with pytest.raises(TypeError):
        trace.delete()
    with pytest.raises(TypeError):
        SettingChange.objects.update(after="")
    with pytest.raises(TypeError):
        SettingChange.objects.all().delete()


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"supplement_days": "0"}, "1至120之间的整数"),
        ({"supplement_days": "15.5"}, "1至120之间的整数"),
        ({"remind_days": "五天"}, "用逗号分开的整数"),
        ({"remind_days": "999"}, "内容不对"),
        ({"remind_days": ", ".join(map(str, range(30)))}, "最多填写20个数"),
        ({"late_notice_restarts": "maybe"}, "请选择是或者否"),
        ({"late_notice_restarts": "yes"}, "不能只有空格"),
        ({"court": "法" * 121}, "最多 120 个字"),
        ({"court": "东山\u202e法院"}, "看不见的控制字符"),
    ],
)
def test_what_can_not_be_is_answered_with_a_sentence_and_nothing_is_stored(
    desk: Client, wanted: dict[str, str], sentence: str
) -> None:
    page = change(desk, contact="新的联系方式", **wanted).content.decode()
    assert "有问题需要改正" in page
    assert sentence in page
    assert "新的联系方式" in page
    assert not SettingChange.objects.exists()
    assert Agency.objects.get(code="230406").contact == ""


def test_of_two_administrators_the_second_is_told(desk: Client, players: Cast, jin: Staff) -> None:
    drawn = typed(desk.get(PAGE).content.decode())
    change_settings(players.dongshan, {"court": "鹤岗市中级人民法院"}, seen=0, by=jin, at=moment(TODAY))
    page = desk.post(PAGE, drawn | {"contact": "建设路1号"}).content.decode()
    assert "刚刚被别人改过" in page
    assert "您刚才填写、没有保存的" in page
    assert "建设路1号" in page
    assert "鹤岗市中级人民法院" in page
    players.dongshan.refresh_from_db()
    assert players.dongshan.contact == ""
    assert change(desk, contact="建设路1号").status_code == 200
    players.dongshan.refresh_from_db()
    assert players.dongshan.contact == "建设路1号"


def test_another_agency_does_not_exist_and_nobody_else_comes_in(
    desk: Client, players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    assert desk.get("/desk/settings/").headers["Location"] == PAGE
    assert desk.get("/desk/settings/320800/").status_code == 404
    assert desk.post("/desk/settings/320800/", {}).status_code == 404
    for other in (players.wang, players.li, players.zhou):
        assert at_desk(other).get("/desk/settings/").status_code == 403
        assert at_desk(other).get(PAGE).status_code == 404
    assert PAGE.encode() not in at_desk(players.wang).get("/desk/").content
    with pytest.raises(Refused, match="机关管理员"):
        change_settings(players.dongshan, {"court": "x"}, seen=0, by=players.li, at=moment(TODAY))


def test_what_is_no_setting_is_not_changed(players: Cast, jin: Staff) -> None:
    for name in ("code", "name", "former_readings", "cases", "nothing"):
        with pytest.raises(Refused, match=name):
            change_settings(players.dongshan, {name: "x"}, seen=0, by=jin, at=moment(TODAY))
    assert Agency.objects.get(pk=players.dongshan.pk).name == "东山区人民政府办公室"


def test_new_days_of_reminders_hold_for_open_cases_at_the_next_sweep(players: Cast, jin: Staff) -> None:
    case = registered(players, on=TODAY).case
    assert case.due_on is not None
    sweeps.remind(at=moment(TODAY))
    version = Case.objects.get().version
    change_settings(players.dongshan, {"remind_days": [20, 5]}, seen=0, by=jin, at=moment(TODAY))
    assert list(sweeps.verify_clocks(on=TODAY)) == []
    assert sweeps.remind(at=moment(TODAY, 11)).reminded == 1
    assert Message.objects.filter(notice="due_soon")[0].context["cases"][0]["days_left"] == 20
    assert list(sweeps.verify_clocks(on=TODAY)) == []
    assert Case.objects.get().version == version


def test_a_reading_moves_no_period_that_runs_already(players: Cast, jin: Staff, now: Traveller) -> None:
    """条例 30 leaves open what a late notice does; whoever applied before keeps the answer of that day."""
    before = registered(players, on=TODAY).case
    seen = last_change(players.dongshan)
    wanted = {"late_notice_restarts": True}
    change_settings(players.dongshan, wanted, seen=seen, reason="上级法院判例。", by=jin, at=moment(TODAY))
    assert SettingChange.objects.get().reason == "上级法院判例。"
    later = TODAY + timedelta(days=1)
    now.move_to(moment(later))
    after = registered(players, on=later, agency=Agency.objects.get(pk=players.dongshan.pk)).case
    asked, answered = date(2026, 12, 7), date(2026, 12, 10)
    now.move_to(moment(answered))
    for case in (before, after):
        found = Case.objects.get(pk=case.pk)
        clock.request_supplement(found, unclear="请说明名称。", on=asked, by=players.wang, at=moment(answered))
        clock.receive_supplement(found, answer="即清单。", on=answered, by=players.wang, at=moment(answered))
    assert Case.objects.get(pk=before.pk).due_on == before.due_on
    restarted = Case.objects.get(pk=after.pk).due_on
    assert after.due_on is not None
    assert restarted is not None
    assert restarted > after.due_on
    assert list(sweeps.verify_clocks(on=answered)) == []


def test_readings_changed_twice_keep_each_day_its_own(players: Cast, jin: Staff) -> None:
    agency = players.dongshan
    for day, value in ((0, True), (0, False), (2, True)):
        at = moment(TODAY + timedelta(days=day))
        wanted = {"rest_day_receipt_moves": value}
        change_settings(agency, wanted, seen=last_change(agency), reason="试行。", by=jin, at=at)
    moves = [agency.readings_on(TODAY + timedelta(days=n)).rest_day_receipt_moves for n in range(5)]
    assert moves == [False, False, False, True, True]


def test_another_region_is_reckoned_like_a_new_edition(players: Cast, jin: Staff) -> None:
    registered(players, on=TODAY)
    system = person("root", "系统管理员", players.elsewhere, Role.SYSTEM_ADMINISTRATOR)
    notice = {
        "format": "gongkai.calendar/1",
        "year": 2026,
        "document_number": "桂政发〔2026〕1号",
        "published_on": "2026-03-01",
        "region": "450000",
        "off": [{"from": "2026-11-24", "to": "2026-11-25", "name": "地方节日"}],
    }
    applied = editions.apply(from_document(notice), source=Source.FILE, by=system, at=moment(TODAY))
    editions.carry_on(applied, at=moment(TODAY))
    assert Case.objects.get().due_on == date(2026, 12, 16)
    change_settings(players.dongshan, {"calendar_region": "450000"}, seen=0, by=jin, at=moment(TODAY))
    assert Recomputation.objects.get().finished_at is None
    assert sweeps.carry_on_editions(at=moment(TODAY)) == 1
    assert Case.objects.get().due_on == date(2026, 12, 18)
    assert list(sweeps.verify_clocks(on=TODAY)) == []
