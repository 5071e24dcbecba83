"""One set of processes: what `make run` and the tests start is what the compose file starts."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import redis
import yaml

from config import run
from tests.check import ROOT
from tests.service import Service, answers, free_port


def test_every_process_of_the_compose_file_has_the_same_settings_and_waits_for_what_it_needs() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    common = services["web"]["environment"]
    for name in ("worker", "beat"):
        assert common.items() <= services[name]["environment"].items(), name
    owner = services["migrate"]["environment"]
    assert {name for name in common if owner[name] != common[name]} == {"DATABASE_URL"}
    for name in ("web", "worker", "beat"):
        assert set(services[name]["depends_on"]) == {"migrate", "redis"}, name
    assert "noeviction" in services["redis"]["command"]


def test_a_port_that_is_taken_is_refused_with_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(run.CannotRun, match=f"Port {port} cannot be used"):
            run.free_port("127.0.0.1", str(port))


def test_without_a_port_asked_for_the_next_free_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        first = taken.getsockname()[1]
        monkeypatch.setattr(run, "FIRST_PORT", first)
        assert first < run.free_port("127.0.0.1", "") < first + 100


@pytest.mark.parametrize("wanted", ["http", "0", "65536", "-1", "80 80"])
def test_a_port_that_is_no_port_is_refused_with_a_sentence(wanted: str) -> None:
    with pytest.raises(run.CannotRun, match="PORT is a number"):
        run.free_port("127.0.0.1", wanted)


def test_a_folder_is_run_by_one_at_a_time(tmp_path: Path) -> None:
    with run.only_one(tmp_path), pytest.raises(run.CannotRun, match="already running"), run.only_one(tmp_path):
        pass
    with run.only_one(tmp_path):
        pass


def test_the_embedded_broker_refuses_rather_than_forgets_and_ends_with_its_block(tmp_path: Path) -> None:
    listen_on = tmp_path / "broker" / "broker.sock"
    with run.embedded_broker(listen_on), redis.Redis(unix_socket_path=str(listen_on)) as connected:
        assert connected.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert connected.config_get("port") == {"port": "0"}
    with pytest.raises(redis.ConnectionError), redis.Redis(unix_socket_path=str(listen_on)) as gone:
        gone.ping()


def test_a_broker_left_by_a_killed_run_is_replaced(tmp_path: Path) -> None:
    listen_on = tmp_path / "broker" / "broker.sock"
    with run.embedded_broker(listen_on):
        run.end_abandoned_broker(listen_on)
        with run.embedded_broker(listen_on), redis.Redis(unix_socket_path=str(listen_on)) as connected:
            assert connected.ping()


@pytest.mark.worker
def test_all_three_processes_run_and_end_together(service: Service) -> None:
    service.wait_until(lambda: service.ready()["ready"])
    assert set(service.processes) == {"web", "worker", "beat"}
    run.end(list(service.processes.values()))
    for name, process in service.processes.items():
        with pytest.raises(ProcessLookupError):
            os.killpg(process.pid, 0)
        assert process.returncode is not None, name


class Embedded:
    """``make run`` without make, in a folder of its own."""

    def __init__(self, var: Path) -> None:
        self.var, self.port, self.log = var, free_port(), var.parent / "run.log"

    def start(self) -> "subprocess.Popen[bytes]":
        ours = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "config.run"],
                cwd=ROOT,
                env={**kept, "VAR_DIR": str(self.var), "PORT": str(self.port), "DEMO": "no"},
                stdout=log,
                stderr=log,
            )
        for _ in range(1200):
            if b"Press Ctrl-C" in self.log.read_bytes():
                return process
            assert process.poll() is None, self.log.read_text()
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.1)
        raise AssertionError(self.log.read_text())


@pytest.fixture
def embedded(tmp_path: Path) -> Embedded:
    return Embedded(tmp_path / "var")


@pytest.mark.worker
def test_the_embedded_run_starts_stops_without_orphans_and_starts_again(embedded: Embedded) -> None:
    for ending in (signal.SIGINT, signal.SIGHUP):
        process = embedded.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{embedded.port}/healthz", timeout=5) as answer:
            assert answer.read() == b"ok"
        process.send_signal(ending)
        assert process.wait(30) == 0, embedded.log.read_text()
        assert "Stopped; the records are kept." in embedded.log.read_text()
        assert not answers(embedded.port)
        left = subprocess.run(["ps", "-ax", "-o", "args="], capture_output=True, text=True, check=True).stdout
        assert str(embedded.var) not in left
    assert (embedded.var / "gongkai.sqlite3").exists()
