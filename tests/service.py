"""The processes of the ``Procfile``, started for one test against its database and a real broker."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from config.run import procfile_processes


@dataclass(frozen=True)
class Service:
    """Where it answers, and its processes by their names in the ``Procfile``."""

    url: str
    processes: dict[str, "subprocess.Popen[Any]"]
    log: Path

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of an answer, whatever the status."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def ready(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.get("/readyz")[1])
        return answer

    def wait_until(self, there: Callable[[], bool], seconds: float = 60) -> None:
        """Asks ten times a second, as other processes need their time."""
        deadline = time.monotonic() + seconds
        while not there():
            assert time.monotonic() < deadline, f"not within {seconds} s; the log says:\n{self.log.read_text()}"
            time.sleep(0.1)


@contextmanager
def running_service(folder: Path, **changed: str) -> Iterator[Service]:
    """``changed``: settings by the names of their variables, beside those of every test."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": str(folder / "var"),
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_WORKERS": "1",
        "PYTHONWARNINGS": "default",
        **changed,
    }
    log = folder / "service.log"
    with log.open("w") as output, procfile_processes(environment, output=output) as processes:
        service = Service(f"http://127.0.0.1:{port}", processes, log)
        service.wait_until(lambda: answers(port))
        yield service


def database_url() -> str:
    """The address of the database that this test sees."""
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{there['NAME']}"
    account = f"{there['USER']}:{there['PASSWORD']}" if there["PASSWORD"] else there["USER"]
    if str(there["HOST"]).startswith("/"):
        return f"postgres://{account}@/{there['HOST']}/{there['NAME']}"
    return f"postgres://{account}@{there['HOST']}:{there['PORT'] or 5432}/{there['NAME']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
