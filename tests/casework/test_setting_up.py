"""``create_agency`` and ``create_staff``: enough to begin with, clear about bad input, harmless when run again."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework.models import Agency, Appointment, Level, Staff

pytestmark = pytest.mark.django_db


def agency(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_agency", *arguments, stdout=out)
    return out.getvalue()


def staff(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_staff", *arguments, stdout=out)
    return out.getvalue()


def typed(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))


def test_an_agency_and_one_below_it() -> None:
    assert "已建立机关：230406" in agency("230406", "东山区人民政府办公室", "--level", "county")
    agency("230406-MZ", "东山区民政局", "--parent", "230406")
    below = Agency.objects.get(code="230406-MZ")
    assert (below.parent.code if below.parent else "", below.level) == ("230406", Level.DEPARTMENT)
    assert below.path == "230406/230406-MZ/"


def test_the_same_agency_again_says_so_and_changes_nothing() -> None:
    agency("230406", "东山区人民政府办公室")
    assert "已存在，没有改变" in agency("230406", "东山区人民政府办公室")
    assert Agency.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["230406", "东山区人民政府"], "NAME不同"),
        (["230406", "东山区人民政府办公室", "--parent", "320800"], "--parent不同"),
        (["230406", "东山区人民政府办公室", "--level", "city"], "--level不同"),
        (["230406-MZ", "东山区民政局", "--parent", "999999"], "没有代码为“999999”的机关"),
        (["23 0406", "东山区"], "不能有空格"),
        (["", "东山区"], "代码“”不可用"),
        (["-1", "东山区"], "代码“-1”不可用"),
        (["2" * 33, "东山区"], "至多32位"),
        (["230407", "  "], "名称不能为空"),
        (["230407", "东山\x00区"], "U\\+0000"),
        (["230407", "东" * 121], "超过120个字"),
        (["230407", "西山区", "--level", "village"], "没有层级“village”"),
    ],
)
def test_a_wrong_agency_is_refused_with_a_sentence(arguments: list[str], sentence: str) -> None:
    agency("230406", "东山区人民政府办公室")
    agency("320800", "淮安市人民政府办公室")
    with pytest.raises(CommandError, match=sentence):
        call_command("create_agency", *(["--", *arguments] if arguments[0].startswith("-") else arguments))
    assert Agency.objects.count() == 2


def test_a_person_with_roles_and_a_password_can_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    agency("230406", "东山区人民政府办公室")
    typed(monkeypatch, "yan-jin-2026-dong")
    said = staff(
        "wang", "--agency", "230406", "--role", "clerk", "--role", "head", "--name", "王敏", "--password-stdin"
    )
    assert "已建立：wang（clerk, head）" in said
    wang = Staff.objects.get()
    assert wang.check_password("yan-jin-2026-dong")
    assert wang.name == "王敏"
    assert wang.holds(Agency.objects.get().pk, "clerk")


def test_without_a_password_the_person_cannot_log_in_yet() -> None:
    agency("230406", "东山区人民政府办公室")
    assert "尚无口令" in staff("wang", "--agency", "230406", "--role", "clerk")
    assert not Staff.objects.get().has_usable_password()


def test_the_same_person_again_says_so_and_another_role_is_added() -> None:
    agency("230406", "东山区人民政府办公室")
    staff("wang", "--agency", "230406", "--role", "clerk")
    assert "没有改变" in staff("wang", "--agency", "230406", "--role", "clerk")
    assert "已增加角色：wang（auditor）" in staff("wang", "--agency", "230406", "--role", "auditor", "--role", "clerk")
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        ({"--agency": "999999"}, None, "没有代码为“999999”的机关"),
        ({"--role": "boss"}, None, "没有角色“boss”"),
        ({}, "", "口令不能为空"),
        ({}, "      ", "口令不能为空"),
        ({}, "12345678", "口令太弱"),
        ({}, "wang123", "口令太弱"),
        ({"username": "wang min"}, None, "username"),
        ({"username": " "}, None, "username"),
    ],
)
def test_a_wrong_person_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], password: str | None, sentence: str
) -> None:
    agency("230406", "东山区人民政府办公室")
    given = {"--agency": "230406", "--role": "clerk"} | arguments
    line = [given.pop("username", "wang"), *(part for pair in given.items() for part in pair)]
    if password is not None:
        typed(monkeypatch, password)
        line.append("--password-stdin")
    with pytest.raises(CommandError, match=sentence):
        call_command("create_staff", *line)
    assert not Staff.objects.exists()


def test_a_password_is_never_replaced_by_setting_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    agency("230406", "东山区人民政府办公室")
    typed(monkeypatch, "yan-jin-2026-dong")
    staff("wang", "--agency", "230406", "--role", "clerk", "--password-stdin")
    typed(monkeypatch, "another-2026-word")
    with pytest.raises(CommandError, match="不修改口令"):
        staff("wang", "--agency", "230406", "--role", "clerk", "--password-stdin")
    assert Staff.objects.get().check_password("yan-jin-2026-dong")
