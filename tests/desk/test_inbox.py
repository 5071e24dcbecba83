"""What people were told, the mails of the embedded mode, and the door."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from casework.actions import excess
from casework.law.outcomes import Outcome
from casework.models import Case, Staff
from notifications.channels import message_id
from notifications.mailbox import FolderBackend
from notifications.models import Message
from tests.cast import Cast, cleared, moment, proposed, registered
from tests.conftest import AS_OF

TODAY = AS_OF.date()


@pytest.fixture
def told(players: Cast, case: Case) -> Message:
    """Li was told that a draft waits for the signature."""
    proposed(players, case, Outcome.GRANTED, on=TODAY)
    cleared(players, case, on=TODAY)
    return Message.objects.get(recipient=players.li, channel=Message.Channel.INBOX)


def test_the_head_reads_what_waits_for_a_signature(li: Client, case: Case, told: Message) -> None:
    queue = li.get("/desk/").content.decode()
    assert '<span class="tally">1<span class="visually-hidden">' in queue
    page = li.get("/desk/inbox/").content.decode()
    assert case.number in page
    assert "有 1 条未读" in page


def test_opening_a_message_marks_it_and_leads_to_its_case(li: Client, case: Case, told: Message) -> None:
    answer = li.post("/desk/inbox/read/", {"message": told.pk, "open": "1"})
    assert answer.headers["Location"] == f"/desk/cases/{case.pk}/"
    told.refresh_from_db()
    assert told.read_at == AS_OF


def test_all_of_a_page_can_be_marked(li: Client, told: Message) -> None:
    li.post("/desk/inbox/read/", {"message": [told.pk, "x", "9" * 30]})
    assert not Message.objects.filter(pk=told.pk, read_at=None).exists()


def test_anothers_message_is_neither_shown_nor_marked(wang: Client, told: Message) -> None:
    wang.post("/desk/inbox/read/", {"message": told.pk})
    told.refresh_from_db()
    assert told.read_at is None
    assert "没有消息" in wang.get("/desk/inbox/").content.decode()


def test_older_messages_are_on_the_next_page(players: Cast, li: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.desk.views.inbox.PAGE", 2)
    for _ in range(3):
        draft = registered(players, on=TODAY).case
        proposed(players, draft, Outcome.GRANTED, on=TODAY)
        cleared(players, draft, on=TODAY)
    first = li.get("/desk/inbox/")
    second = li.get("/desk/inbox/" + first.context["next"])
    assert [len(first.context["lines"]), len(second.context["lines"])] == [2, 1]
    assert second.context["next"] == ""


def test_a_message_whose_words_are_gone_does_not_hide_the_others(li: Client, told: Message) -> None:
    Message.objects.filter(pk=told.pk).update(notice="of_an_older_release")
    assert "一条旧消息" in li.get("/desk/inbox/").content.decode()


@pytest.fixture
def mailed(players: Cast, settings: Any, tmp_path: Path) -> Case:
    """A case whose applicant was sent one mail into the folder."""
    settings.EMAIL_FILE_PATH = str(tmp_path)
    case = registered(players, on=TODAY, email="zhang.san@example.cn").case
    row = Message.objects.get(channel=Message.Channel.EMAIL)
    mail = EmailMultiAlternatives("已收到申请", "正文在此", to=[row.address], headers={"Message-ID": message_id(row)})
    FolderBackend().send_messages([mail])
    Message.objects.filter(pk=row.pk).update(status="sent", sent_at=AS_OF, next_attempt_at=None)
    return case


def test_the_mailbox_shows_the_mails_of_ones_own_cases(mailed: Case, wang: Client) -> None:
    page = wang.get("/desk/mailbox/").content.decode()
    assert "已收到申请" in page
    assert "zhang.san@example.cn" in page


def test_the_mailbox_hides_the_mails_of_other_agencies(
    mailed: Case, players: Cast, at_desk: Callable[[Staff], Client]
) -> None:
    assert "已收到申请" not in at_desk(players.zhao).get("/desk/mailbox/").content.decode()


def test_without_a_folder_there_is_no_mailbox(wang: Client, settings: Any) -> None:
    settings.EMAIL_FILE_PATH = None
    assert wang.get("/desk/mailbox/").status_code == 404
    assert "/desk/mailbox/" not in wang.get("/desk/").content.decode()


def test_name_and_password_open_the_desk(players: Cast, client: Client) -> None:
    players.wang.set_password("correct horse")
    players.wang.save()
    wrong = client.post("/desk/login/", {"username": "wang", "password": "x"})
    assert "用户名和密码对不上" in wrong.content.decode()
    right = client.post("/desk/login/", {"username": "wang", "password": "correct horse", "next": "/desk/inbox/"})
    assert right.headers["Location"] == "/desk/inbox/"
    assert client.post("/desk/logout/").headers["Location"] == "/desk/login/"
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize(("username", "password"), [("", ""), ("a\0", "x"), ("wang", "x" * 10_000), ("长" * 400, "x")])
def test_what_cannot_be_a_login_is_refused_in_words(
    players: Cast, client: Client, username: str, password: str
) -> None:
    answer = client.post("/desk/login/", {"username": username, "password": password})
    assert answer.status_code == 200
    assert "有问题需要改正" in answer.content.decode()


def test_a_login_leads_nowhere_else(players: Cast, client: Client) -> None:
    players.wang.set_password("correct horse")
    players.wang.save()
    sent = {"username": "wang", "password": "correct horse", "next": "https://evil.example/"}
    assert client.post("/desk/login/", sent).headers["Location"] == "/desk/today/"


def test_the_table_of_roles_is_the_table_of_access(wang: Client) -> None:
    page = wang.get("/desk/roles/").content.decode()
    for words in ("签发", "公开工作机构负责人", "东山区人民政府办公室", "查看证件号码", "任何状态"):
        assert words in page


def test_the_clock_is_told_by_the_page_alone(players: Cast, wang: Client, case: Case) -> None:
    """The desk reads the clock once a request; a verb gets that moment."""
    excess.ask_reasons(case, why="第四十件。", on=TODAY, by=players.wang, at=moment(TODAY))
    wang.post(
        f"/desk/cases/{case.pk}/record_reasons/",
        {"version": Case.objects.get().version, "answer": "研究需要。", "on": TODAY.isoformat()},
    )
    assert case.events.latest("pk").at == AS_OF
