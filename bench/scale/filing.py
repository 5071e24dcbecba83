"""How many applications an hour: submissions through gunicorn by several clients at once, against a bare WSGI view.

Both are served by the product's own ``config/gunicorn.py`` with as many workers and threads, by the same clients, on
the same database with a pool as large, one commit a submission. The bare view writes by the driver what ``rows`` took
down of one submission: the same columns of the same tables. It neither reads nor judges what was typed.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.letters import megabytes
from bench.measure import Result
from casework.actions import intake
from casework.models import Agency, Case, Draft, NumberSeries
from casework.portal import receipts
from casework.portal.sending import application_of
from tests.cast import RESIDENT_NUMBER
from tests.faults.stage import children_of
from tests.servers import redis_server
from tests.service import free_port

from .clients import Run, post, sent
from .rows import Script, taken_down

ROOT: Final = Path(__file__).resolve().parent.parent.parent
WANTED: Final = 0.4
#: As many as the threads of both workers: nobody waits for a thread, and none is idle.
CLIENTS: Final = 16
ROUNDS: Final = 3
#: Submissions in one round: as many as take each some seconds.
IN_A_ROUND: Final = {"bare": 1600, "hashing": 240, "product": 160}
_TOKEN: Final = "a" * 32

ANSWERS: Final = {
    "applicant_kind": "natural_person",
    "name": "张三",
    "identity_kind": "resident",
    "identity_number": RESIDENT_NUMBER,
    "phone": "13800138000",
    "email": "citizen@example.com",
    "subject": "道路改造预算",
    "content": "申请公开2025年道路改造项目的预算、决算和验收报告。",
    "wanted_form": "electronic",
    "wanted_way": "online",
    "told_by": "email",
}


def drafts(agencies: list[Agency], many: int) -> list[Draft]:
    """Applications with all that is asked, by turns to these offices, up to the button that sends them."""
    at = timezone.now()
    found = []
    for number in range(many):
        draft = Draft.open(agency=agencies[number % len(agencies)], at=at)
        draft.keep(receipts.with_code(dict(ANSWERS)), at=at)
        found.append(draft)
    return found


def script_of_one() -> Script:
    """What one submission writes. Every office has had one before: the first of a year opens the series of numbers."""
    at, offices = timezone.now(), list(Agency.objects.order_by("pk"))
    *firsts, last = drafts([*offices, offices[0]], len(offices) + 1)
    application = application_of(last.answers, authority=(), on=timezone.localdate(at))
    for draft in firsts:
        intake.submit(draft, application, query_code="3", at=at)
    return taken_down(lambda: intake.submit(last, application, query_code="3", at=at))


class Up(NamedTuple):
    """A server that answers."""

    port: int
    process: "subprocess.Popen[bytes]"


@contextmanager
def served(application: str, folder: Path, environment: Mapping[str, str]) -> Iterator["Up"]:
    """gunicorn as the Procfile starts it, with another application in it perhaps."""
    port = free_port()
    log = folder / f"{port}.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", application]
    surroundings = {**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(port)}
    surroundings["ALLOWED_HOSTS"] = "localhost,127.0.0.1"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=out, stderr=out)
        try:
            for _ in range(300):
                try:
                    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                        break
                except OSError:
                    time.sleep(0.1)
            else:
                raise SystemExit(f"{application} does not answer:\n{log.read_text()[-2000:]}")
            yield Up(port, process)
        finally:
            process.terminate()
            process.wait()


@dataclass(slots=True)
class Server:
    """One of those that are compared: submissions a second in each round, and milliseconds of processors for each.

    ``waits``: what its clients waited, in seconds.
    """

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    #: Resident megabytes of its largest worker at the end.
    worker: float = 0.0

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)


def measured(size: int) -> Iterator[Result]:
    """The product against both floors: rows whose values all lie ready, and rows whose slow hash has to be made."""
    servers, script = rates(list(Agency.objects.order_by("pk")))
    product = servers["product"]
    waits = Run(waits=product.waits)
    note = (
        f"{len(script.steps)} rows in {len(set(script.tables))} tables a submission, {CLIENTS} clients; clients wait "
        f"{waits.slowest_of(0.5):.0f} ms, 95 of 100 at most {waits.slowest_of(0.95):.0f} ms"
    )
    for key, name, floor in (
        ("filing", "submissions through HTTP, against a bare view that makes the slow hash", servers["hashing"]),
        ("filing, no hash", "submissions through HTTP, against a bare view whose values lie ready", servers["bare"]),
    ):  # fmt: skip
        ratio = product.rate / floor.rate
        yield Result(
            name,
            connection.vendor,
            product.rate,
            floor.rate,
            "a second",
            ratio,
            f"≥ {WANTED}",
            ratio >= WANTED,
            note,
            key,
            size,
        )
    yield Result(
        "memory of a web worker", connection.vendor, product.worker, 0, "MB", 0, "told", True,
        "after these submissions", "memory worker", size,
    )  # fmt: skip
    for key, server in servers.items():
        spent = statistics.median(server.cpu)
        yield Result(
            f"processor time of a submission: {key}", connection.vendor, spent, 0, "ms", 0, "told", True,
            "web and database together", f"cpu {key}", size,
        )  # fmt: skip


def rates(agencies: list[Agency]) -> tuple[dict[str, Server], Script]:
    """All servers are up all the time and are asked by turns; the first requests of each warm it and do not count."""
    script = script_of_one()
    cost = settings.QUERY_CODE_COST
    servers = {name: Server() for name in ("bare", "hashing", "product")}
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-filing-")))
        script.keep(folder / "script")
        broker = open_things.enter_context(redis_server(folder))
        bare = {"BARE_SCRIPT": str(folder / "script"), "BARE_DATABASE": connection_string()}
        surroundings = {
            "bare": ("bench.scale.bare:application", bare),
            "hashing": ("bench.scale.bare:application", bare | {"BARE_HASH": str(cost)}),
            "product": (
                "config.wsgi:application",
                {"REDIS_URL": broker, "CELERY_BROKER_URL": broker.replace("unix://", "redis+socket://", 1)},
            ),
        }
        up = {
            name: open_things.enter_context(served(application, folder, environment))
            for name, (application, environment) in surroundings.items()
        }
        for turn in range(ROUNDS + 1):
            for name, server in servers.items():
                many = IN_A_ROUND[name] // (1 if turn else 8)
                filled = drafts(agencies, many if name == "product" else 2 * len(agencies))
                forms = _forms(filled) if name == "product" else _plain_forms(filled, many)
                before, spent = Case.objects.count(), cpu_of(up[name].process) + cpu_of(None)
                run = _all_stored(sent(up[name].port, forms, clients=CLIENTS), before)
                if turn:
                    server.rates.append(run.rate)
                    server.cpu.append((cpu_of(up[name].process) + cpu_of(None) - spent) * 1000 / many)
                    server.waits += run.waits
        for name, server in servers.items():
            server.worker = max(map(megabytes, children_of(up[name].process.pid)))
    return servers, script


def _plain_forms(filled: Sequence[Draft], many: int) -> list[bytes]:
    """So many requests to the bare view, by turns for these drafts."""
    series = dict(NumberSeries.objects.filter(kind="case", year=timezone.localdate().year).values_list("agency", "pk"))
    found = []
    for number in range(many):
        draft = filled[number % len(filled)]
        assert draft.agency_id is not None
        found.append(post(f"/{draft.pk}/{draft.agency_id}/{series[draft.agency_id]}", b"sent=on"))
    return found


def cpu_of(process: "subprocess.Popen[bytes] | None") -> float:
    """Seconds of processors that a server and its workers have had; without one, those of the database."""
    if process is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        postmaster = int(_stat(backend)[1])
        return sum(_spent(pid) for pid in (postmaster, *children_of(postmaster)))
    return sum(_spent(pid) for pid in (process.pid, *children_of(process.pid)))


def _spent(pid: int) -> float:
    """Its own time, and that of its children that have ended."""
    return sum(map(int, _stat(pid)[11:15])) / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """The fields of a process behind its name, which may hold anything; zeros where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return ["0"] * 20


def _forms(filled: Iterable[Draft]) -> list[bytes]:
    """The button of the check page, pressed."""
    cookie = f"csrftoken={_TOKEN}"
    return [
        post(
            f"/apply/{draft.key}/check/",
            urlencode({"csrfmiddlewaretoken": _TOKEN, "seen": draft.digest}).encode(),
            cookie=cookie,
        )
        for draft in filled
    ]


def _all_stored(run: Run, before: int) -> Run:
    """Each was answered by a redirect, and each is there."""
    many = sum(run.answers.values())
    stored = Case.objects.count() - before
    if run.answers != {302: many} or stored != many:
        raise SystemExit(f"{stored} of {many} submissions were stored; the answers: {dict(run.answers)}")
    return run


def connection_string() -> str:
    """The product's database as the driver is told of it."""
    told = {key: connection.settings_dict[name] for key, name in _PARTS.items() if connection.settings_dict.get(name)}
    return " ".join(f"{key}={value}" for key, value in told.items())


_PARTS: Final = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
