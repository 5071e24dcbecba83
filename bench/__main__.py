"""``make bench``: both engines, one after the other, then how costs grow with size; prints each figure.

Writes ``bench/results.json``, ``bench/results-scale.json`` and what ``docs/scale.md`` says of it.
"""

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
from typing import Any, Final

from bench.scale.steps import steps
from tests.servers import DURABLE, QUICK, Missing, postgres

ROOT = Path(__file__).resolve().parent.parent


#: What is measured on a database of its own, and where.
PARTS = {
    "demo": ("bench.part", "bench.demo"),
    "office": ("bench.part", "bench.office"),
    "large": ("bench.engine",),
}
#: Of PostgreSQL alone, for every size on a database of its own.
SCALE: Final = ("bench.part", "bench.scale.whole")
SIZES: Final = (10_000, 100_000, 1_000_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases in the large table (1,000,000)")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--only", choices=[*PARTS, "scale"], help="one part alone; results.json stays as it is")
    parser.add_argument("--sizes", type=sizes, default=SIZES, metavar="N,N", help="cases of the scale part, by size")
    parser.add_argument(
        "--keep", action="store_true", help="write the scale part's results and paper though its sizes are not all"
    )
    options = parser.parse_args()
    results: list[dict[str, Any]] = []
    grown: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        Path(folder).chmod(0o711)  # run by root, PostgreSQL is somebody else who passes through
        for engine in ("sqlite", "postgresql"):
            for part, module in PARTS.items():
                if options.engine in (engine, "both") and options.only in (part, None):
                    home = Path(folder) / f"{engine}-{part}"
                    home.mkdir()
                    with database(engine, home) as url:
                        results += measured(module, url, home / "var", options.cases)
        if options.only in ("scale", None) and options.engine != "sqlite":
            for size in options.sizes:
                home = Path(folder) / f"scale-{size}"
                home.mkdir()
                print(f"     scale: {size} cases", file=sys.stderr, flush=True)
                with database("postgresql", home, DURABLE) as url:
                    grown += measured(SCALE, url, home / "var", size)
    if options.only is None:
        write(results, options.cases)
    said = judged(grown, keep=options.keep or options.sizes == SIZES)
    missed = [f"{result['name']} {result['cases'] or ''}" for result in results + grown if not result["holds"]] + said
    done = len(results) + len(grown)
    print(f"{done - len(missed)} of {done} as wanted, {len(missed)} missed" + "".join(f"\n  {name}" for name in missed))
    return 1 if missed else 0


def sizes(typed: str) -> tuple[int, ...]:
    """Numbers by comma, smallest first; at least a thousand, so that every office has cases."""
    found = tuple(sorted({int(number) for number in typed.split(",")}))
    if found[0] < 1000:
        raise argparse.ArgumentTypeError("at least 1000 cases")
    return found


def judged(grown: list[dict[str, Any]], *, keep: bool) -> list[str]:
    """Print each step from one size to the next; what took a larger one than its order allows. Write the paper."""
    found = list(steps(grown))
    for step in found:
        print(f"{'ok  ' if step.holds else 'MISS'} {step.sentence}")
    if grown and keep:
        write_paper(grown)
    return [step.sentence for step in found if not step.holds]


def write_paper(grown: list[dict[str, Any]]) -> None:
    """In a process of its own: the house's pictures want Django."""
    sizes_of = sorted({result["cases"] for result in grown})
    found = {"python": platform.python_version(), "cores": os.cpu_count(), "sizes": sizes_of, "results": grown}
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        surroundings = os.environ | {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-m", "bench.scale.writing"]
        subprocess.run(command, cwd=ROOT, env=surroundings, input=json.dumps(found).encode(), check=True)


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
def database(engine: str, folder: Path, settings: str = QUICK) -> Iterator[str]:
    """An empty database of this engine, gone afterwards; ``settings`` of a server of PostgreSQL."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    try:
        with postgres(folder, ROOT, settings) as url:
            yield url
    except Missing as missing:
        raise SystemExit(str(missing)) from missing


if __name__ == "__main__":
    raise SystemExit(main())
