"""``make check``: says yes or no and changes nothing."""

import base64
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.run import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
#: Lines of a refusal that are shown.
SHOWN = 60
PROGRAMS = Path(sys.executable).parent

#: What a real installation sets; `check --deploy` reads them and connects to nothing.
PRODUCTION = {
    "GONGKAI_MODE": "server",
    "SECRET_KEY": "Zk3v9!mQ7xR2tW8pL5nB1yD6hJ4gF0sA-cU_eIoTqXwVbNzMkYr",
    "IDENTITY_KEYS": "check:" + base64.b64encode(bytes(32)).decode(),
    "IDENTITY_INDEX_KEY": base64.b64encode(bytes(32)).decode(),
    "ALLOWED_HOSTS": "gongkai.example.gov.cn",
    "DATABASE_URL": "postgres://gongkai@localhost/gongkai",
    "REDIS_URL": "redis://localhost/0",
}


@dataclass(frozen=True)
class Check:
    """One question: a command that must end with 0."""

    name: str
    command: list[str]
    settings: Mapping[str, str] = field(default_factory=dict)


CHECKS = [
    Check("types", ["mypy"]),
    Check("format", ["ruff", "format", "--check", "--quiet", "."]),
    Check("lint", ["ruff", "check", "--quiet", "."]),
    # From medium severity on; below lie asserts and the like, of which the rules of ruff judge those that matter.
    Check("security lint", ["bandit", "--quiet", "-ll", "--recursive", "casework", "config", "notifications"]),
    Check("imports", ["lint-imports", "--no-cache"]),
    # Linted, not formatted: djlint breaks lines inside sentences, and in Chinese a line break shows as a space.
    Check("template lint", ["djlint", "--lint", "--quiet", "templates"]),
    Check("settings", ["python", "manage.py", "check", "--fail-level", "WARNING"]),
    Check(
        "settings in production",
        ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION,
    ),
    Check("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    Check("state diagram", ["python", "manage.py", "state_diagram", "--check"]),
    Check("dependencies", ["deptry", "."]),
    Check("compose file", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]),
    Check("lock files", ["python", "-m", "tests.locks"]),
    Check("licences", ["python", "-m", "tests.licences", "--check"]),
]


def main() -> int:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gongkai-check-") as var:
        kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
        surroundings = {**kept, "VAR_DIR": var, "PYTHONDONTWRITEBYTECODE": "1"}
        with ThreadPoolExecutor(max_workers=2) as pool:
            answers = list(pool.map(lambda check: ask(check, surroundings), CHECKS))
    refused = answers.count(False)
    print(f"\n{time.monotonic() - begun:.0f} s")
    print("yes" if not refused else f"no: {refused} of {len(CHECKS)}")
    return 1 if refused else 0


def ask(check: Check, surroundings: Mapping[str, str]) -> bool:
    """Runs one check; prints its name, and what it said when it refused."""
    program, *arguments = check.command
    done = subprocess.run(
        [PROGRAMS / program, *arguments],
        cwd=ROOT,
        env={**surroundings, **check.settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    yes = done.returncode == 0
    said = done.stdout.splitlines()
    if len(said) > SHOWN:
        said[SHOWN:] = [f"… {len(said) - SHOWN} lines more; run: {' '.join(check.command)}"]
    print(f"{'ok    ' if yes else 'FAILED'}  {check.name}" + ("" if yes else "\n" + "\n".join(said)), flush=True)
    return yes


if __name__ == "__main__":
    sys.exit(main())
