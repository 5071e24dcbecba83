"""``manage.py calendar``: what a person at a terminal sees."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework.models import CalendarEdition, Case, Role
from tests.casework.test_calendar_editions import NUMBER, document
from tests.cast import Cast, person, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(document()), encoding="utf-8")
    return path


def said(*arguments: Any) -> str:
    out = StringIO()
    call_command("calendar", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_preview_then_apply_then_list(players: Cast, notice: Path) -> None:
    case = registered(players, on=date(2026, 11, 13)).case
    Case.objects.filter(pk=case.pk).update(arrived_on=date(2026, 12, 10), received_on=date(2026, 12, 10))
    Case.objects.filter(pk=case.pk).update(due_on=date(2027, 1, 7), due_is_provisional=True)
    person("root", "系统管理员", players.dongshan, Role.SYSTEM_ADMINISTRATOR)
    assert "1 would move (1 later" in said("preview", notice)
    assert not CalendarEdition.objects.exists()
    assert "7 January 2027 → 8 January 2027" in said("preview", notice)
    assert "变动1件" in said("apply", notice, "--by", "root", "--lang", "zh")
    assert NUMBER in said("list")
    assert "2027-02-14  worked  Spring Festival" in said("show", 2027)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show", "2031"], "no edition for 2031"),
        (["preview", "no-such-file.json"], "can't be read"),
        (["apply", "no-such-file.json", "--by", "nobody"], "no member of staff"),
        (["from_package", "2060", "--number", "X", "--published-on", "2059-11-01"], "does not know 2060"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        said(*arguments)


def test_a_year_of_the_package_is_printed_as_a_file_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "2026.json"
    path.write_text(said("from_package", 2026, "--number", "X〔2025〕1号", "--published-on", "2025-11-04"))
    assert "0 would move" in said("preview", path)


def test_a_clerk_may_not(players: Cast, notice: Path) -> None:
    with pytest.raises(CommandError, match="system administrator"):
        said("apply", notice, "--by", "wang")
