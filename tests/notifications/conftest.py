"""The notices of the tests, a broker that only counts, a scripted channel and a real mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from pytest_django import Settings

from notifications import wire
from notifications.channels import OUTWARD
from notifications.models import Message
from tests.notifications.builders import ScriptedChannel, a_person
from tests.notifications.http_server import WebServer, web_server
from tests.notifications.smtp_server import MailServer, mail_server


@pytest.fixture(autouse=True)
def _texts_of_the_tests(settings: Settings) -> None:
    """Adds the notices of ``templates/`` beside this file."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]


@pytest.fixture(autouse=True)
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nobody is told to look; each entry is a time that somebody would have been."""
    told: list[str] = []
    monkeypatch.setattr("notifications.outbox.look_now", lambda: told.append("look"))
    return told


@pytest.fixture
def person(db: None) -> AbstractBaseUser:
    return a_person("li")


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> ScriptedChannel:
    scripted = ScriptedChannel()
    monkeypatch.setitem(OUTWARD, Message.Channel.EMAIL, lambda: scripted)
    return scripted


@pytest.fixture
def server(settings: Settings) -> Iterator[MailServer]:
    """A real mail server, with the real backend pointed at it and little patience."""
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 0.5
        yield running


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A real web server on this machine, with little patience on our side."""
    monkeypatch.setattr(wire, "PATIENCE", 0.5)
    monkeypatch.setattr(wire, "LONGEST", 1.0)
    with web_server() as running:
        yield running
