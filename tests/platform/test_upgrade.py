"""An office that has worked with an earlier release keeps every fact when it goes on with this one."""

import json
import os
import subprocess
import sys
from pathlib import Path

RUN = "import django; django.setup(); from tests.platform import upgrading; upgrading.main()"
ROOT = Path(__file__).parents[2]


def test_what_the_first_release_stored_is_there_after_the_upgrade(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path}/old.sqlite3",
            "MEDIA_ROOT": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-3000:]
    assert json.loads(made.stdout) == {
        "mode": "post",
        "postal_number": "EX123",
        "sent_on": "2026-03-20",
        "delivered_on": "2026-03-23",
        "decision": True,
        "attachments": True,
        "paid": "200.00",
        "party": "joint_organ",
        "due": "2026-04-21",
        "counted": [
            ["dispatched", "business", "2026-02-20", "None", ""],
            ["corrected", "business", "2026-02-20", "2026-03-20", "granted"],
        ],
    }
