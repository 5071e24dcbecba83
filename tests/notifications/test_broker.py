"""The outbox without its broker: nobody waits for it, nothing is lost with it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from celery import current_app
from django.db import transaction

from notifications import nudge, outbox
from notifications.delivery import Run, deliver_due
from notifications.models import Message
from tests.notifications.builders import AT, ScriptedChannel, a_mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _somebody_is_told(nudges: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Undoes what the other tests have, and begins with a broker that nothing bad is known of."""
    monkeypatch.setattr("notifications.outbox.look_now", nudge.look_now)
    monkeypatch.setattr(nudge, "_resting_until", 0.0)


@contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """The address of a broker that says only this, or nothing, whatever it is asked."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while not over.is_set():
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=answer_all, args=(visitor,), daemon=True).start()

        def answer_all(visitor: socket.socket) -> None:
            with visitor:
                while answer is not None and visitor.recv(65536):
                    visitor.sendall(answer)
                over.wait(30)

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def gone() -> Iterator[str]:
    yield "redis://127.0.0.1:1/0"


BROKERS = {
    "refuses": gone,
    "hangs": lambda: listening(None),
    "is full": lambda: listening(b"-OOM command not allowed when used memory > 'maxmemory'.\r\n"),
    "is read-only": lambda: listening(b"-READONLY You can't write against a read only replica.\r\n"),
    "speaks another language": lambda: listening(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
}


@pytest.mark.parametrize("broker", BROKERS.values(), ids=BROKERS.keys())
def test_a_cause_is_committed_and_its_message_sent_though_the_broker_fails(
    broker: type, channel: ScriptedChannel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with broker() as address:
        monkeypatch.setattr(current_app.conf, "broker_write_url", address)
        with transaction.atomic():
            outbox.post(a_mail("k"), at=AT)
    assert [record.name for record in caplog.records if record.levelname == "WARNING"] == ["notifications.nudge"]
    assert Message.objects.get().status == Message.Status.PENDING
    assert deliver_due(at=AT) == Run(sent=1)
    assert channel.taken == ["k"]


def test_a_broker_that_failed_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    moment = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    nudge.look_now()
    moment[0] += nudge.REST / 2
    nudge.look_now()
    assert len(caplog.records) == 1
    moment[0] += nudge.REST
    nudge.look_now()
    assert len(caplog.records) == 2


def test_a_look_that_no_worker_took_goes_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://")
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, **how: asked.append(how))
    nudge.look_now()
    assert [(how["expires"], how["retry"]) for how in asked] == [(nudge.STALE, False)]


def test_a_look_reaches_the_queue_of_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://")
    with current_app.connection_for_write("memory://") as connection:
        queue = connection.SimpleQueue(str(current_app.conf.task_default_queue))
        queue.clear()
        nudge.look_now()
        message = queue.get(block=False)
        message.ack()
    assert message.headers["task"] == "notifications.tasks.deliver"
    assert message.payload[:2] == [[], {}]  # ids and facts stay in the database
