"""One name from the request through the task to the mail; and no line of the log that says whose it was.

The silence: 个人信息保护法 6 (no more than is needed) and 51 (what keeps others from reading it).
"""

import email
import json
import random
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import structlog
from celery import current_app
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from config.naming import Named
from notifications import bundling, channels, outbox, trail
from notifications.delivery import deliver_due
from notifications.models import Message
from notifications.signing import new_secret
from notifications.webhook import Endpoint, Webhook
from notifications.wording import Wording
from tests.api.machine import Machine, token_for
from tests.cast import Cast, cast
from tests.faults.clients import Citizen, Filed, History
from tests.notifications.builders import AT, ScriptedChannel, a_call, a_mail, a_person, posted
from tests.service import Service, running_service

NAME: Final = "0123456789abcdef0123456789abcdef"
PROXY: Final = ("HTTP_X_FORWARDED_PROTO", "https")


# The request ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behind_proxy", "brought", "kept"),
    [
        (True, NAME, True),
        (True, NAME[:16], True),
        (True, NAME[:15], False),
        (True, NAME + "0", False),
        (True, NAME.upper(), False),
        (True, "张三 13800138000", False),
        (True, NAME[:16] + "\n", False),
        (True, "", False),
        (False, NAME, False),
    ],
)
def test_a_name_is_taken_from_our_proxy_alone_and_only_if_it_is_one(
    settings: Any, *, behind_proxy: bool, brought: str, kept: bool
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = PROXY if behind_proxy else None
    answer = Client(headers={"X-Request-ID": brought}).get("/healthz")
    assert re.fullmatch(r"[0-9a-f]{16,32}", answer["X-Request-ID"])
    assert (answer["X-Request-ID"] == brought) is kept


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/desk/login/", "/api/v1/periods/reply", "/static/gongkai.css", "/nothing/"])
def test_every_face_says_the_name(address: str) -> None:
    first, second = Client().get(address), Client().get(address)
    assert re.fullmatch(r"[0-9a-f]{16}", first["X-Request-ID"])
    assert first["X-Request-ID"] != second["X-Request-ID"]
    for answer in (first, second):
        answer.close()


def test_lines_bear_the_name_while_the_answer_is_made_and_sent_and_not_after() -> None:
    seen: list[str] = []

    def page(request: HttpRequest) -> StreamingHttpResponse:
        seen.append(trail.current())

        def parts() -> Iterator[bytes]:
            seen.append(trail.current())
            yield b"x"

        return StreamingHttpResponse(parts())

    answer = Named(page)(RequestFactory().get("/"))
    assert trail.current() == ""
    assert isinstance(answer, StreamingHttpResponse)
    assert b"".join(answer) == b"x"
    assert seen == [answer["X-Request-ID"]] * 2
    assert trail.current() == ""


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/privacy/", "/account/", "/desk/login/"])
def test_the_page_that_says_something_went_wrong_tells_the_number(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_named: Any) -> HttpResponse:
        raise RuntimeError

    monkeypatch.setattr("django.urls.resolvers.URLPattern.resolve", broken)
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    assert f"<code>{answer['X-Request-ID']}</code>" in answer.content.decode()


@pytest.mark.django_db
def test_a_machine_is_told_the_number_in_its_own_form(players: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(token_for(players.dongshan))

    def broken(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("casework.api.door.ApiToken.spend", broken)
    answer = machine.get("/periods/reply")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer["X-Request-ID"] in json.loads(answer.content)["detail"]


# The task and the message --------------------------------------------------------------------------------------------


def test_a_task_takes_the_name_of_whoever_asked_for_it() -> None:
    headers: dict[str, Any] = {}
    trail.hand_on(headers=headers)
    assert headers == {}
    with trail.followed(NAME):
        trail.hand_on(headers=headers)
    assert headers == {"request_id": NAME}


@pytest.mark.parametrize(("brought", "kept"), [(NAME, True), ("", False), ("张三", False), (17, False)])
def test_a_task_without_a_good_name_makes_one(brought: object, kept: bool) -> None:
    class Task:
        name = "notifications.tasks.deliver"
        request = type("Request", (), {"request_id": brought})

    trail.take_up(task_id="1", task=Task())  # type: ignore[arg-type]
    said = structlog.contextvars.get_contextvars()
    trail.let_go(task_id="1")
    assert re.fullmatch(r"[0-9a-f]{16,32}", said["request"])
    assert (said["request"] == brought) is kept
    assert said["task"] == Task.name
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.django_db
def test_a_message_keeps_the_name_of_its_cause_and_the_mail_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "worded", lambda _message: Wording("收到", "收到", ""))
    with trail.followed(NAME):
        [message] = posted(a_mail())
    assert message.request_id == NAME
    assert channels._composed(message).extra_headers["X-Request-ID"] == NAME
    [nameless] = posted(a_mail("other"))
    assert nameless.request_id == ""
    assert "X-Request-ID" not in channels._composed(nameless).extra_headers


@pytest.mark.django_db
def test_a_call_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict[str, str]] = []

    def called(_place: object, _body: bytes, headers: dict[str, str]) -> int:
        said.append(headers)
        return 200

    endpoint = Endpoint("https://elsewhere.example/", (new_secret(),))
    monkeypatch.setattr("notifications.webhook.import_string", lambda _path: lambda _name, _message: endpoint)
    monkeypatch.setattr("notifications.wire.located", lambda *_a, **_k: None)
    monkeypatch.setattr("notifications.wire.post", called)
    with trail.followed(NAME):
        [message] = posted(a_call())
    Webhook().send(message)
    assert said[0]["X-Request-ID"] == NAME


@pytest.mark.django_db
def test_the_sending_is_told_under_the_name_of_the_cause_whoever_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    scripted = ScriptedChannel()
    scripted.script = dict.fromkeys(("named", "nameless"), lambda: seen.append(trail.current()))
    monkeypatch.setitem(channels.OUTWARD, Message.Channel.EMAIL, lambda: scripted)
    posted(a_mail("nameless"))
    with trail.followed(NAME):
        posted(a_mail("named"))
    with trail.followed("f" * 16):  # a run of the night, for all that waits
        assert deliver_due(at=AT).sent == 2
    assert seen == ["f" * 16, NAME]


@pytest.mark.django_db
def test_what_leaves_in_a_digest_is_told_under_the_name_of_its_own_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, Any]] = []
    monkeypatch.setattr(bundling.log, "info", lambda _words, pk, *_more: told.append((trail.current(), pk)))
    monkeypatch.setattr(bundling, "subject_of", lambda _row: "收到")
    person = a_person("li")
    rows = []
    for name in (NAME, "e" * 16):
        with trail.followed(name):
            rows += posted(a_mail(name, address="", recipient_id=person.pk, bundles=True))
    with trail.followed("f" * 16):
        assert bundling.bundle_due(Message.Channel.EMAIL, at=AT) == 1
    assert told == [(NAME, rows[0].pk), ("e" * 16, rows[1].pk)]
    assert Message.objects.get(notice="bundle").request_id == "f" * 16


# On real processes ---------------------------------------------------------------------------------------------------

PRIVATE: Final = {
    "name": "欧阳独特",
    "identity_number": "11010519491231002X",
    "phone": "13912345678",
    "email": "nobody-else-7f3@example.org",
    "address": "不可能路七三号",
}
MARK: Final = "绝无仅有的批复"
#: From where they come; the header is our proxy's.
VISITOR: Final = "203.0.113.77"


class Somebody(Citizen):
    """Files under a name and with data that nothing else in the world has."""

    def _answers(self, filed: Filed) -> Iterator[tuple[str, dict[str, str]]]:
        for step, typed in super()._answers(filed):
            if step == "who":
                yield step, {**typed, **PRIVATE}
            elif step == "what":
                yield step, {"subject": MARK, "content": f"申请公开{MARK}。"}
            else:
                yield step, typed


@pytest.fixture
def filed_by_somebody(transactional_db: None, tmp_path: Path) -> Iterator[tuple[Service, Filed]]:
    players = cast()
    with running_service(tmp_path, BEHIND_PROXY="true", QUERY_CODE_COST="1024") as service:
        service.wait_until(lambda: service.ready()["ready"])
        port = int(service.url.rpartition(":")[2])
        citizen = Somebody(port, History(), random.Random(1), [players.dongshan.code])
        citizen.browser.headers = {"X-Request-ID": NAME, "X-Forwarded-For": VISITOR}
        filed = Filed(1, MARK)
        citizen.file(filed)
        citizen.browser._hang_up()
        yield service, filed


def lines_of(service: Service, name: str) -> list[str]:
    return [line for line in service.log.read_text().splitlines() if f"request='{name}'" in line]


@pytest.mark.worker
def test_an_application_is_followed_from_the_page_to_the_mail(filed_by_somebody: tuple[Service, Filed]) -> None:
    service, filed = filed_by_somebody
    assert filed.number
    caused = Message.objects.filter(channel="email")
    assert {each.request_id for each in caused} == {NAME}
    service.wait_until(lambda: not caused.exclude(status="sent").exists())

    mails = list((service.log.parent / "var" / "mail").glob("*"))
    sent = [email.message_from_bytes(each.read_bytes()) for each in mails if each.is_file()]
    assert [each["X-Request-ID"] for each in sent] == [NAME] * caused.count()
    written = [f"message {each.pk} ({each.notice}, email) was sent" for each in caused]
    service.wait_until(lambda: all(any(line in found for found in lines_of(service, NAME)) for line in written))
    # the worker was told by the page, so its own line bears the name as well
    service.wait_until(lambda: any("outbox: " in line for line in lines_of(service, NAME)))

    with transaction.atomic():
        outbox.post(a_mail("of the night"), at=AT)
    current_app.send_task("notifications.tasks.deliver")  # as beat does: nobody's request stands behind it
    later = Message.objects.get(effect_key="of the night")
    line = f"message {later.pk} (heard)"
    service.wait_until(lambda: line in service.log.read_text())
    [told] = [each for each in service.log.read_text().splitlines() if line in each][:1]
    found = re.search(r"request='([0-9a-f]{16})'", told)
    assert found, told
    assert not NAME.startswith(found[1])


@pytest.mark.worker
def test_no_line_of_web_or_worker_says_whose_it_was(filed_by_somebody: tuple[Service, Filed]) -> None:
    service, filed = filed_by_somebody
    service.wait_until(lambda: not Message.objects.filter(channel="email").exclude(status="sent").exists())
    tried = [
        ("/desk/login/", {"username": PRIVATE["name"], "password": PRIVATE["phone"]}),
        ("/follow/", {"number": filed.number, "code": PRIVATE["name"]}),
        ("/apply/", {"agency": PRIVATE["name"]}),
    ]
    for path, typed in tried:
        body = urllib.parse.urlencode({**typed, "csrfmiddlewaretoken": "a" * 32}).encode()
        headers = {"Cookie": f"csrftoken={'a' * 32}", "X-Forwarded-For": VISITOR}
        request = urllib.request.Request(service.url + path, body, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200
    service.get(f"/nothing/{urllib.parse.quote(PRIVATE['name'])}?phone={PRIVATE['phone']}")
    # a task whose arguments are not its own fails with a trace, and the trace must not quote them
    current_app.send_task("notifications.tasks.deliver", args=[PRIVATE["name"]])
    service.wait_until(lambda: "TypeError" in service.log.read_text())
    log = service.log.read_text()
    assert "was sent" in log
    for kind, value in {**PRIVATE, "mark": MARK, "code": filed.code, "from": VISITOR}.items():
        assert value not in log, kind
