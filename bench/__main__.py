"""``make bench``: both engines, one after the other; prints each figure and writes ``bench/results.json``."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers import Missing, postgres

ROOT = Path(__file__).resolve().parent.parent


#: What is measured on a database of its own, and where.
PARTS = {
    "demo": ("bench.part", "bench.demo"),
    "office": ("bench.part", "bench.office"),
    "large": ("bench.engine",),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases in the large table (1,000,000)")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--only", choices=list(PARTS), help="one part alone; results.json stays as it is")
    options = parser.parse_args()
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL of a run as root is somebody else, who passes through
        for engine in ("sqlite", "postgresql"):
            for part, module in PARTS.items():
                if options.engine in (engine, "both") and options.only in (part, None):
                    home = Path(folder) / f"{engine}-{part}"
                    home.mkdir()
                    with database(engine, home) as url:
                        results += measured(module, url, home / "var", options.cases)
    missed = [result["name"] for result in results if not result["holds"]]
    if options.only is None:
        write(results, options.cases)
    print(f"{len(results) - len(missed)} as wanted, {len(missed)} missed" + "".join(f"\n  {name}" for name in missed))
    return 1 if missed else 0


def write(results: list[dict[str, Any]], cases: int) -> None:
    (ROOT / "bench" / "results.json").write_text(
        json.dumps(
            {"python": platform.python_version(), "cores": os.cpu_count(), "cases": cases, "results": results},
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )


def measured(module: tuple[str, ...], url: str, var: Path, cases: int) -> list[dict[str, Any]]:
    """One part on one engine, in a process and on a database of its own."""
    var.mkdir(exist_ok=True)
    environment = os.environ | {
        "DATABASE_URL": url,
        "VAR_DIR": str(var),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CELERY_BROKER_URL": "memory://",
        "ALLOWED_HOSTS": "testserver,localhost",
        "SECOND_FACTOR": "off",
    }
    done = subprocess.run(
        [sys.executable, "-m", *module, str(cases)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{module[-1]} ended with {done.returncode} on {url.partition(':')[0]}")
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """An empty database of this engine, gone afterwards."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    try:
        with postgres(folder, ROOT) as url:
            yield url
    except Missing as missing:
        raise SystemExit(str(missing)) from missing


if __name__ == "__main__":
    raise SystemExit(main())
