"""The mailbox of the embedded mode shows what would have been sent."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from pytest_django import Settings

from notifications import delivery, mailbox
from notifications.delivery import LEASE, deliver_due
from tests.notifications.builders import AT, a_mail, posted


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.EMAIL_BACKEND = "notifications.mailbox.FolderBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.mark.django_db
def test_what_was_sent_can_be_read(folder: Path) -> None:
    posted(a_mail(context={"name": "张三\n" + "-" * 79 + "\nSubject: 假的", "due_on": None}))
    deliver_due(at=AT)
    (mail,) = mailbox.newest()
    assert (mail.sender, mail.receiver) == ("gongkai@localhost", "zhang.san@example.cn")
    assert mail.subject.startswith("关于张三")
    assert mail.text.startswith("张三\n---")
    assert mail.sent_at == AT


@pytest.mark.django_db
def test_the_newest_come_first_and_only_so_many(folder: Path) -> None:
    for n in range(5):
        posted(a_mail(f"k{n}", notice="quiet", context={"name": f"第{n}封"}))
        deliver_due(at=AT)
        for file in folder.glob("*.eml"):  # a file system may be too coarse for the order of five files
            os.utime(file, ns=(0, file.stat().st_mtime_ns - 1_000_000_000))
    assert [mail.subject for mail in mailbox.newest(3)] == ["第4封", "第3封", "第2封"]


@pytest.mark.django_db
def test_a_double_takes_the_place_of_the_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posted(a_mail())
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark_sent", lambda *_: None)
        deliver_due(at=AT)
    deliver_due(at=AT + LEASE + timedelta(seconds=5))
    assert len(mailbox.newest()) == 1


@pytest.mark.parametrize(
    "rubbish", [b"", b"\0\xff\xfe", b"Content-Type: text/plain; charset=martian\n\nx", b"Date: yesterday\n\nx"]
)
def test_a_file_that_is_no_mail_does_not_spoil_the_page(folder: Path, rubbish: bytes) -> None:
    folder.mkdir()
    (folder / "rubbish.eml").write_bytes(rubbish)
    (folder / "good.eml").write_bytes(b"Subject: good\n\nx")
    (folder / "huge.eml").write_bytes(b"x" * (mailbox.LARGEST + 1))
    (folder / ".draft.eml.part").write_bytes(b"Subject: half")
    assert "good" in [mail.subject for mail in mailbox.newest()]
    assert len(mailbox.newest()) <= 2


def test_without_a_folder_the_mailbox_is_empty(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "nowhere"
    assert mailbox.newest() == []
    settings.EMAIL_FILE_PATH = None
    assert mailbox.newest() == []
    with pytest.raises(ImproperlyConfigured):
        mailbox.FolderBackend().send_messages([EmailMessage(to=["a@b.cn"])])
