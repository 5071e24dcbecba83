"""A ledger of 100,000 rows through the command, in a process of its own so that its memory is its own."""

import csv
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.db import connection

from casework.law.outcomes import KINDS, Outcome

from .build import TODAY
from .measure import Result, count

HEADINGS = ("number", "received_on", "channel", "applicant_kind", "applicant_name", "content", "outcome", "closed_on")
ROWS = 100_000
WANTED_RATE = 2_000
WANTED_MEGABYTES = 500


def run() -> Iterator[Result]:
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "ledger.csv"
        write(ledger)
        began = time.perf_counter()
        megabytes = _import(ledger)
        rate = ROWS / (time.perf_counter() - began)
    yield count("import of 100,000 rows", connection.vendor, rate, WANTED_RATE, "rows/s", "≥ 2000", holds=rate >= 2000)
    yield count(
        "import: peak memory", connection.vendor, megabytes, WANTED_MEGABYTES, "MB", "≤ 500", holds=megabytes <= 500
    )


def write(ledger: Path, *, rows_of: int = ROWS) -> None:
    """A ledger as an office keeps one; one row in ten is of an open case."""
    kinds, outcomes = list(KINDS), [o for o in Outcome if not o.startswith("other")]
    with ledger.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["number", "received_on", "channel", "applicant_kind", "applicant_name", "content", "outcome", "closed_on"]
        )
        for n in range(rows_of):
            received = date(2023, 1, 3) + timedelta(days=n % 1000)
            closed = received + timedelta(days=1 + n % 20)
            is_open = n % 10 == 0 or closed > TODAY
            rows.writerow(
                [
                    f"L{n:06d}",
                    received.isoformat(),
                    "signed_mail",
                    kinds[n % len(kinds)].value,
                    f"申请人{n}",
                    f"申请公开第{n}号地块的征收补偿方案、评估报告和资金支付凭证。",
                    "" if is_open else outcomes[n % len(outcomes)].value,
                    "" if is_open else closed.isoformat(),
                ]
            )


def _import(ledger: Path) -> float:
    """Run the command; its peak resident memory in MB, as the kernel counts it for the child."""
    command = [sys.executable, "manage.py", "import_ledger", str(ledger), "--agency", "bench-1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not re.search(r"100,?000", done.stdout):
        raise SystemExit(f"import_ledger failed: {done.stdout}{done.stderr}")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
