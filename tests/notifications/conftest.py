"""The notices of the tests, a broker that only counts, a scripted channel and a real mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from pytest_django import Settings

from notifications import delivery, nudge
from notifications.models import Message
from tests.notifications.builders import ScriptedChannel, a_person
from tests.notifications.smtp_server import MailServer, mail_server


@pytest.fixture(autouse=True)
def _texts_of_the_tests(settings: Settings) -> None:
    """Adds the notices of ``templates/`` beside this file."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]


@pytest.fixture(autouse=True)
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is put into a broker; each entry is a task that would have been."""
    told: list[str] = []
    monkeypatch.setattr(nudge, "_resting_until", 0.0)
    monkeypatch.setattr(nudge.deliver, "apply_async", lambda **_: told.append("deliver"))
    return told


@pytest.fixture
def person(db: None) -> AbstractBaseUser:
    return a_person("li")


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> ScriptedChannel:
    scripted = ScriptedChannel()
    monkeypatch.setitem(delivery.OUTWARD, Message.Channel.EMAIL, lambda: scripted)
    return scripted


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """A real mail server, with the real backend pointed at it and little patience."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 0.5
        yield running
