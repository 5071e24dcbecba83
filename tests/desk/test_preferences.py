"""A person chooses how they are told; what they chose is kept, and what cannot be is said at its field."""

from datetime import time
from typing import Any

import pytest
from django.test import Client

from casework.models import Group, Preference, Staff
from tests.cast import Cast

PAGE = "/desk/preferences/"
TYPED: dict[str, Any] = {
    "phone": "+86 139-0013-9000",
    "language": "en",
    "quiet_from": "21:30",
    "quiet_until": "07:00",
    "work_email": "on",
    "deadlines_email": "on",
    "deadlines_sms": "on",
    "trouble_daily": "on",
}


def test_whoever_chose_nothing_sees_what_holds_for_them(wang: Client) -> None:
    form = wang.get(PAGE).context["form"]
    assert {group: [form.initial[f"{group}_{way}"] for way in ("email", "sms", "daily")] for group in Group} == {
        group: [True, False, False] for group in Group
    }
    assert (form.initial["quiet_from"], form.initial["quiet_until"]) == (time(20), time(8))


def test_what_is_chosen_is_kept_and_shown_again(wang: Client, players: Cast) -> None:
    assert wang.post(PAGE, TYPED).headers["Location"] == PAGE
    kept = Preference.objects.get(staff=players.wang)
    assert (kept.language, kept.quiet_from, kept.quiet_until) == ("en", time(21, 30), time(7))
    assert not kept.quiet_rest_days
    chosen = {choice.group: (choice.email, choice.sms, choice.daily) for choice in kept.choices.all()}
    assert chosen == {
        "work": (True, False, False),
        "deadlines": (True, True, False),
        "trouble": (False, False, True),
    }
    assert Staff.objects.get(pk=players.wang.pk).phone == "13900139000"
    shown = wang.get(PAGE).content.decode()
    assert 'value="21:30"' in shown
    assert 'value="13900139000"' in shown


def test_choosing_again_takes_the_place_of_what_was_chosen(wang: Client) -> None:
    wang.post(PAGE, TYPED)
    wang.post(PAGE, TYPED | {"phone": "", "deadlines_sms": ""})
    kept = Preference.objects.get()
    assert not kept.choices.filter(sms=True).exists()
    assert kept.choices.count() == len(Group)


def test_one_persons_choices_are_not_anothers(wang: Client, players: Cast) -> None:
    wang.post(PAGE, TYPED)
    assert not Preference.objects.exclude(staff=players.wang).exists()


def test_there_is_no_switch_for_the_inbox(wang: Client) -> None:
    page = wang.get(PAGE).content.decode()
    assert "站内消息总是即时送到" in page
    assert "inbox" not in [name.partition("_")[2] for name in wang.get(PAGE).context["form"].fields]


WRONG = [
    ({"phone": "0468-8223344"}, "phone"),
    ({"phone": ""}, "phone"),
    ({"quiet_from": "25:00"}, "quiet_from"),
    ({"quiet_until": ""}, "quiet_until"),
    ({"language": "la"}, "language"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    wang: Client, typed: dict[str, str], field: str
) -> None:
    answer = wang.post(PAGE, TYPED | typed)
    assert list(answer.context["form"].errors) == [field]
    assert not Preference.objects.exists()


def test_what_would_not_be_sent_is_said(wang: Client, settings: Any) -> None:
    page = wang.get(PAGE).content.decode()
    assert "您没有登记电子邮箱" in page
    assert "没有接入短信网关" not in page
    settings.SMS_GATEWAY = ""
    assert "没有接入短信网关" in wang.get(PAGE).content.decode()
