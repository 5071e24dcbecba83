"""Where the demo must not be loaded, and where there is none."""

import io

import pytest
from django.core.management import CommandError, call_command

from casework.models import Agency, Case, Staff

pytestmark = pytest.mark.django_db


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def test_it_refuses_to_stand_beside_real_records(players: object) -> None:
    before = Staff.objects.count()
    with pytest.raises(CommandError, match="只能装入空的数据库"):
        load()
    assert load("--if-empty") == ""
    assert (Case.objects.count(), Staff.objects.count()) == (0, before)


def test_too_few_or_too_many_are_refused() -> None:
    with pytest.raises(CommandError, match="在60至20000之间"):
        load("--cases", "59")
    assert not Agency.objects.exists()


def test_the_log_ins_are_shown_only_where_the_demo_is() -> None:
    with pytest.raises(CommandError, match="没有演示数据"):
        call_command("show_logins")
