"""The short form of ``make faults``: nothing is lost, doubled or left behind while everything is killed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.__main__ import SHORT

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.worker
def test_nothing_is_lost_while_everything_is_killed() -> None:
    # the folder of a Unix socket's path may have 100 bytes, and pytest's own are longer
    environment = {**os.environ, "TMPDIR": "/tmp"}
    command = [sys.executable, "-m", "tests.faults", "--short", "--seed", "20261118"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    told = json.loads(done.stdout[done.stdout.index("{\n") :])
    assert told["findings"] == []
    assert told["acknowledged"] == told["submissions"] == SHORT.submissions
    assert told["kills"] >= SHORT.kills
    assert told["decided"] > 0
    assert told["files_whole"] > 0
