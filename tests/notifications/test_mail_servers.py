"""Real conversations with a mail server that takes, refuses, hangs and hangs up."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from pytest_django import Settings

from notifications import delivery, outbox
from notifications.delivery import LEASE, Run, deliver_due
from notifications.models import Message
from tests.notifications.builders import AT, a_mail, a_person, posted
from tests.notifications.smtp_server import MailServer

pytestmark = pytest.mark.django_db

SECRETS = ("zhang.san", "li.si", "example.cn", "张三")


@pytest.fixture(autouse=True)
def _nothing_personal_is_logged_or_kept_as_an_error(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG, logger="notifications")
    yield
    written = caplog.text + "".join(Message.objects.values_list("last_error", flat=True))
    assert not [secret for secret in SECRETS if secret in written]


def test_a_mail_arrives_whole(server: MailServer, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "公开办 <gongkai@office.example.cn>"
    posted(a_mail(context={"name": "张三", "due_on": AT.date()}))
    assert deliver_due(at=AT) == Run(sent=1)
    (taken,) = server.taken
    assert taken["From"] == "公开办 <gongkai@office.example.cn>"
    assert taken["To"] == "zhang.san@example.cn"
    assert taken["Subject"] == "关于张三的 消息"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(str(taken["Date"])) == AT
    plain, html = taken.get_body(["plain"]), taken.get_body(["html"])
    assert plain is not None
    assert plain.get_content().startswith("张三：请于2026年11月18日前办理。")
    assert html is not None
    assert "<p>张三</p>" in html.get_content()


def test_many_mails_go_over_one_connection(server: MailServer) -> None:
    posted(*[a_mail(f"k{n}") for n in range(20)])
    assert deliver_due(at=AT) == Run(sent=20)
    assert (len(server.taken), server.connections) == (20, 1)


def test_an_address_refused_for_good_is_shown_and_the_others_arrive(server: MailServer) -> None:
    server.answers["li.si@example.cn"] = "550 5.1.1 <li.si@example.cn>: no such user"
    posted(a_mail("a", address="li.si@example.cn"), a_mail("b"))
    assert deliver_due(at=AT) == Run(sent=1, failed=1)
    (lost,) = outbox.undeliverable()
    assert (lost.effect_key, lost.last_error) == ("a", "SMTPRecipientsRefused 550")


def test_an_address_refused_for_now_is_tried_again(server: MailServer) -> None:
    server.answers["li.si@example.cn"] = "451 4.7.1 <li.si@example.cn>: greylisted"
    posted(a_mail("a", address="li.si@example.cn"), a_mail("b"))
    assert deliver_due(at=AT) == Run(sent=1, deferred=1)
    server.answers.clear()
    assert deliver_due(at=AT + timedelta(minutes=2)) == Run(sent=1)
    assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("reply", "status", "error"),
    [
        ("451 4.3.0 later", Message.Status.PENDING, "SMTPDataError 451"),
        ("554 5.7.1 refused", Message.Status.FAILED, "SMTPDataError 554"),
    ],
)
def test_a_text_that_is_refused_is_judged_by_the_servers_code(
    server: MailServer, reply: str, status: str, error: str
) -> None:
    server.answers["END"] = reply
    posted(a_mail("k"))
    deliver_due(at=AT)
    message = Message.objects.get()
    assert (message.status, message.last_error) == (status, error)


OUTAGES: dict[str, tuple[str, str | None]] = {
    "hangs before a word": ("GREETING", None),
    "hangs up before a word": ("GREETING", ""),
    "is closed for the day": ("GREETING", "421 closed"),
    "hangs at the sender": ("MAIL", None),
    "refuses us as a sender": ("MAIL", "550 not you"),
    "hangs at the receiver": ("RCPT", None),
    "hangs at the text": ("DATA", None),
    "hangs up in the middle": ("RCPT", ""),
}


@pytest.mark.parametrize(("where", "answer"), OUTAGES.values(), ids=OUTAGES.keys())
def test_a_server_that_fails_altogether_costs_one_message_one_attempt_and_loses_none(
    server: MailServer, where: str, answer: str | None
) -> None:
    server.answers[where] = answer
    posted(*[a_mail(f"k{n}") for n in range(4)])
    assert deliver_due(at=AT) == Run(deferred=1)
    assert server.connections == 1
    assert sorted(Message.objects.values_list("status", "attempts")) == [("pending", 0)] * 3 + [("pending", 1)]
    server.answers.clear()
    assert deliver_due(at=AT + timedelta(minutes=2)) == Run(sent=4)
    assert len(server.taken) == 4


def test_no_server_at_all_is_an_outage_too(settings: Settings, server: MailServer) -> None:
    settings.EMAIL_PORT = 1
    posted(a_mail("a"), a_mail("b"))
    assert deliver_due(at=AT) == Run(deferred=1)
    assert Message.objects.get(attempts=1).last_error == "ConnectionRefusedError"


@pytest.mark.parametrize("goodbye", ["421 too many", ""])
def test_a_server_that_ends_a_well_used_connection_gets_a_new_one_in_the_same_run(
    server: MailServer, goodbye: str
) -> None:
    posted(a_mail("a"), a_mail("b", address="li.si@example.cn"), a_mail("c"))
    server.answers["li.si@example.cn"] = goodbye
    assert deliver_due(at=AT) == Run(sent=2, deferred=1)
    assert server.connections == 2


def test_an_answer_lost_after_the_text_makes_a_double_with_the_same_id_and_the_same_date(server: MailServer) -> None:
    posted(a_mail("k"))
    server.answers["END"] = ""
    assert deliver_due(at=AT) == Run(deferred=1)
    server.answers.clear()
    assert deliver_due(at=AT + timedelta(minutes=2)) == Run(sent=1)
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert deliver_due(at=AT + timedelta(days=1)) == Run()


def test_a_death_after_the_servers_word_makes_a_double_with_the_same_id(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(a_mail("k"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark_sent", die)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(at=AT)
    deliver_due(at=AT + LEASE + timedelta(seconds=5))
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_different_effects_have_different_ids(server: MailServer) -> None:
    posted(a_mail("a"), a_mail("b"), a_mail("c", address="", recipient_id=a_person("wang").pk))
    deliver_due(at=AT)
    assert len({taken["Message-ID"] for taken in server.taken}) == 3
