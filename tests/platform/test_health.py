"""Health: up, and able to work (formats.md 6)."""

from datetime import timedelta

import pytest
import redis
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from config import health
from notifications import outbox
from tests.notifications.builders import AT, a_mail, a_text
from tests.service import Service


def test_the_process_says_ok_without_asking_anyone(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def test_without_a_broker_it_is_not_ready_and_says_what_is_missing(
    client: Client, db: None, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.REDIS_URL = f"unix://{tmp_path_factory.mktemp('nothing')}/broker.sock"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    behind = {"email": 0, "sms": 0, "webhook": 0}
    assert answer.json() == {"ready": False, "missing": ["broker", "worker"], "outbox_seconds_behind": behind}


def test_it_says_by_how_much_each_channel_is_late(client: Client, db: None) -> None:
    with transaction.atomic():
        outbox.post_many([a_mail("a"), a_mail("b", due_at=AT + timedelta(hours=1)), a_text("c")], at=AT)
    late = outbox.seconds_behind(at=AT + timedelta(minutes=30))
    assert late == {"email": 1800, "sms": 1800, "webhook": 0}


def test_health_is_never_cached_and_not_redirected_to_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.worker
def test_ready_when_a_worker_has_answered_beat_and_not_when_it_is_silent(service: Service) -> None:
    service.wait_until(lambda: service.get("/readyz")[0] == 200)
    assert (service.ready()["ready"], service.ready()["missing"]) == (True, [])

    service.processes["worker"].terminate()
    service.processes["worker"].wait(30)
    with health.broker() as connected:  # a minute passes
        connected.delete(health.HEARTBEAT_KEY)
    status, _ = service.get("/readyz")
    assert status == 503
    assert service.ready()["missing"] == ["worker"]


@pytest.mark.worker
def test_a_heartbeat_fades(service: Service) -> None:
    service.wait_until(lambda: service.ready()["ready"])
    with health.broker() as connected:
        assert isinstance(connected, redis.Redis)
        assert 0 < int(connected.ttl(health.HEARTBEAT_KEY)) <= health.HEARTBEAT_LIFE
