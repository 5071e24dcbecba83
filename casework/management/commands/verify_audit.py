"""``manage.py verify_audit``: does every row of the audit still fit its chain? Names the first that does not."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from casework import audit, invariants
from casework.audit.anchors import restorations
from casework.management.entrance import progress_bar
from casework.models import SealHead

#: With ``--all``; a table that was exchanged breaks for every row.
MOST_NAMED = 100


class Command(BaseCommand):
    help = (
        "在同一时刻的快照中核对审计链：逐行重算，核对触发器和锚定文件，指出第一处不符；只读，不作修改。\n"
        "Check the audit chain in one snapshot: every row is computed again, triggers and anchors are compared, and\n"
        "the first row that does not fit is named. Reads only.\n"
        "Exit status: 0 everything fits; 1 something does not, with the row; 2 it could not be checked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchors",
            type=Path,
            default=Path(settings.AUDIT_ANCHOR_FILE),
            metavar="FILE",
            help="锚定文件，最好是保存在别处的一份 / the file of anchors, best a copy kept elsewhere",
        )
        parser.add_argument(
            "--all", action="store_true", dest="every", help="列出每一处，而不只是第一处 / name every fault"
        )

    def handle(self, *_args: Any, anchors: Path, every: bool, **_options: Any) -> None:
        try:
            with invariants.snapshot(), progress_bar() as progress:
                found = [str(fault) for fault in self._faults(audit.faults(progress), every=every)]
                outside = [f"{words.zh} / {words.en}" for words in audit.faults_of_anchors(anchors)]
                head = SealHead.objects.filter(pk=1).first()
                waiting = {key: count for key, log in audit.LOGS.items() if (count := audit.waiting(log))}
            put_back = list(restorations(anchors))
        except (DatabaseError, OSError, UnicodeDecodeError) as error:
            self.stderr.write(f"无法核对：{error}\nCould not be checked: {error}")
            sys.exit(2)
        for line in put_back:
            self.stdout.write(f"恢复过备份 / a backup was restored: {line}")
        for key, count in waiting.items():
            self.stdout.write(f"{key}: {count}行等待封存 / {count} rows wait to be sealed")
        for line in found + outside:
            self.stdout.write(f"✗ {line}")
        if found or outside:
            self.stderr.write("审计链不成立。\nThe audit chain does not hold.")
            sys.exit(1)
        seq, digest = (head.seq, head.digest) if head else (0, "")
        self.stdout.write(f"审计链完整，共{seq}号封印。\nThe audit chain holds: {seq} seals, head {digest}.")

    def _faults(self, faults: Any, *, every: bool) -> Any:
        for number, fault in enumerate(faults):
            if number == (MOST_NAMED if every else 1):
                return
            yield fault
