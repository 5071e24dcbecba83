"""Text messages: whose number, which words, and what a gateway's answer means."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from casework.models import Staff
from notifications import delivery, mailbox, outbox
from notifications.delivery import LEASE, Run, deliver_due
from notifications.models import Message
from notifications.phone import mobile
from notifications.posting import Unpostable
from tests.notifications.builders import AT, a_person, a_text, posted
from tests.notifications.http_server import WebServer

pytestmark = pytest.mark.django_db

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()

WRITTEN = {
    "13800138000": "13800138000",
    "138 0013 8000": "13800138000",
    "138-0013-8000": "13800138000",
    "+86 138 0013 8000": "13800138000",
    "0086-13800138000": "13800138000",
    "8613800138000": "13800138000",
    "（+86）13800138000": "13800138000",
    "１９９００１３８０００": "19900138000",
    "": "",
    "12800138000": "",
    "1380013800": "",
    "138001380001": "",
    "0469-8223344": "",
    "010-12345678": "",
    "1440013800012": "",
    "+1 380 013 8000": "",
    "13800138000转8": "",
    "13800138000 13900139000": "",
    "১৩৮০০১৩৮০০০": "",
}


@pytest.mark.parametrize(("written", "stored"), WRITTEN.items())
def test_a_number_is_a_mobile_number_of_the_mainland_however_it_is_written(written: str, stored: str) -> None:
    assert mobile(written) == stored


@pytest.mark.parametrize("address", ["0469-8223344", "138 0013 8000", "zhang.san@example.cn", "13800138000\n"])
def test_a_text_is_posted_only_to_a_number_in_its_stored_form(address: str) -> None:
    with pytest.raises(Unpostable) as refused:
        posted(a_text(address=address))
    assert refused.value.field == "address"
    assert not Message.objects.exists()


@pytest.fixture
def gateway(web: WebServer, settings: Settings) -> Iterator[WebServer]:
    settings.SMS_GATEWAY, settings.SMS_URL = "http", web.url("/sms")
    settings.SMS_SECRET, settings.SMS_ACCOUNT = SECRET, "gongkai"
    yield web
    assert not [secret for secret in ("13800138000", "张三") if secret in "".join(_errors())]


def _errors() -> list[str]:
    return list(Message.objects.values_list("last_error", flat=True))


def test_a_text_arrives_signed_and_whole(gateway: WebServer) -> None:
    posted(a_text(context={"agency": "东城区人民政府", "number": "东申〔2026〕1号"}))
    assert deliver_due(at=AT) == Run(sent=1)
    (request,) = gateway.taken
    name = Message.objects.get().name
    assert request.path == "/sms"
    assert request.json == {
        "id": name,
        "account": "gongkai",
        "phone": "13800138000",
        "text": "【东城区人民政府】请您补正申请 （东申〔2026〕1号）。",
    }
    assert (request.headers["webhook-id"], request.headers["content-type"]) == (name, "application/json")
    timestamp = request.headers["webhook-timestamp"]
    assert abs(int(timestamp) - AT.timestamp()) < 60
    signature = hmac.new(b"s" * 32, f"{name}.{timestamp}.".encode() + request.body, hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == "v1," + base64.b64encode(signature).decode()


def test_a_notice_without_words_for_a_text_sends_its_subject(gateway: WebServer) -> None:
    posted(a_text(notice="heard", context={"name": "办件"}))
    deliver_due(at=AT)
    assert gateway.taken[0].json["text"] == "【政府信息公开】关于办件的 消息"


ANSWERS = {
    200: ("sent", 1, ""),
    202: ("sent", 1, ""),
    409: ("sent", 1, ""),
    400: ("failed", 1, "HTTP 400"),
    422: ("failed", 1, "HTTP 422"),
    404: ("pending", 2, "HTTP 404"),
    302: ("pending", 2, "HTTP 302"),
    401: ("pending", 1, "HTTP 401"),
    429: ("pending", 1, "HTTP 429"),
    500: ("pending", 1, "HTTP 500"),
    503: ("pending", 1, "HTTP 503"),
}


@pytest.mark.parametrize(("answer", "outcome"), ANSWERS.items())
def test_what_the_gateway_answers_decides_what_becomes_of_the_message_and_of_those_behind_it(
    gateway: WebServer, answer: int, outcome: tuple[str, int, str]
) -> None:
    status, tried, error = outcome
    gateway.answer = answer
    first, _second = posted(a_text("a"), a_text("b"))
    deliver_due(at=AT)
    first.refresh_from_db()
    assert (first.status, first.last_error) == (status, error)
    assert len(gateway.taken) == (1 if status == "pending" and tried == 1 else 2)


@pytest.mark.parametrize(
    ("answer", "error"), [(None, "TimeoutError"), ("", "RemoteDisconnected"), ("dawdle", "TimeoutError")]
)
def test_a_gateway_that_hangs_hangs_up_or_dawdles_costs_one_message_and_loses_none(
    gateway: WebServer, answer: str | None, error: str
) -> None:
    gateway.answer = answer
    posted(a_text("a"), a_text("b"))
    assert deliver_due(at=AT) == Run(deferred=1)
    assert Message.objects.get(attempts=1).last_error == error
    gateway.answer = 200
    assert deliver_due(at=AT + timedelta(minutes=2)) == Run(sent=2)


def test_an_answer_that_was_lost_makes_a_double_of_the_same_name(
    gateway: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted(a_text("a"))

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark_sent", die)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(at=AT)
    deliver_due(at=AT + LEASE + timedelta(seconds=5))
    first, second = gateway.taken
    assert first.json == second.json
    assert deliver_due(at=AT + timedelta(days=1)) == Run()


def test_sent_again_to_another_number_it_is_another_message(gateway: WebServer) -> None:
    gateway.answer = 422
    (message,) = posted(a_text("a"))
    deliver_due(at=AT)
    gateway.answer = 200
    assert outbox.send_again_to("13900139000", [message.pk], at=AT + timedelta(hours=1)) == 1
    assert deliver_due(at=AT + timedelta(hours=1)) == Run(sent=1)
    first, second = gateway.taken
    assert second.json["phone"] == "13900139000"
    assert first.json["id"] != second.json["id"]
    message.refresh_from_db()
    assert (message.status, message.failed_at, message.address) == ("sent", None, "13900139000")


def test_a_person_is_texted_at_the_number_they_have_now(gateway: WebServer) -> None:
    person = a_person("wang")
    posted(a_text("a", address="", recipient_id=person.pk))
    Staff.objects.filter(pk=person.pk).update(phone="139 0013 9000")
    deliver_due(at=AT)
    assert gateway.taken[0].json["phone"] == "13900139000"


def test_to_a_person_without_a_mobile_number_nothing_is_sent_and_that_is_seen(gateway: WebServer) -> None:
    posted(a_text("a", address="", recipient_id=a_person("wang").pk))
    assert deliver_due(at=AT) == Run(failed=1)
    assert [message.last_error for message in outbox.undeliverable()] == ["NoMobile"]


@pytest.mark.parametrize("url", ["http://192.0.2.1/sms", "ftp://localhost/sms", "nonsense"])
def test_a_gateway_that_is_not_reached_safely_is_not_called(gateway: WebServer, settings: Settings, url: str) -> None:
    settings.SMS_URL = url
    posted(a_text("a"))
    assert deliver_due(at=AT) == Run(deferred=1)
    assert _errors()[0] in ("NotSecure", "BadAddress")


def test_without_a_gateway_texts_wait(settings: Settings) -> None:
    settings.SMS_GATEWAY = ""
    posted(a_text("a"), a_text("b"))
    assert deliver_due(at=AT) == Run(deferred=1)


def test_the_local_gateway_shows_each_text_once_beside_the_mails(settings: Settings, tmp_path: Path) -> None:
    settings.SMS_GATEWAY, settings.EMAIL_FILE_PATH = "folder", tmp_path / "mail"
    (message,) = posted(a_text("a", context={"number": "东申〔2026〕1号"}))
    deliver_due(at=AT)
    Message.objects.update(status="pending", sent_at=None, next_attempt_at=AT)
    deliver_due(at=AT)
    (shown,) = mailbox.newest()
    assert (shown.is_text_message, shown.receiver, shown.name) == (True, "13800138000", mailbox.file_of(message.name))
    assert shown.text.strip() == "【政府信息公开】请您补正申请 （东申〔2026〕1号）。"
    assert shown.sent_at is not None
    assert abs(shown.sent_at - AT) < timedelta(minutes=1)
