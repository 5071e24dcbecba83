"""``manage.py verify_invariants``: does everything hold that must hold of the records?"""

import itertools
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework import invariants

#: Of one rule; a broken disk breaks it for every file.
MOST_NAMED = 50


class Command(BaseCommand):
    help = (
        "在同一时刻的快照中核对全部记录和文件，列出不成立之处；只读，不作修改。"
        " / Check all records and files in one snapshot and name what does not hold. Reads only, changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-files",
            action="append_const",
            const="files",
            dest="leave_out",
            help="不读取文件内容 / leave the stored files unread",
        )
        parser.add_argument(
            "--leave-out",
            action="append",
            dest="leave_out",
            metavar="RULE",
            choices=[each.key for each in invariants.INVARIANTS],
            help="不核对某一项 / leave a rule out, such as outbox while workers rest",
        )

    def handle(self, *_args: Any, leave_out: list[str] | None, **_options: Any) -> None:
        breaches, left_out = 0, set(leave_out or ())
        found = invariants.verify(at=timezone.now(), leave_out=left_out)
        for invariant, rows in itertools.groupby(found, key=lambda pair: pair[0]):
            self.stdout.write(f"✗ {invariant.key}: {invariant.words.zh} / {invariant.words.en}")
            number = 0
            for number, (_, row) in enumerate(rows, start=1):
                if number <= MOST_NAMED:
                    self.stdout.write(f"  {row}")
            if number > MOST_NAMED:
                self.stdout.write(f"  … {number - MOST_NAMED}")
            breaches += number
        if breaches:
            raise CommandError(f"{breaches}处不成立。\n{breaches} breaches.")
        rules = len(invariants.INVARIANTS) - len(left_out)
        self.stdout.write(f"{rules}项规则全部成立。\nAll {rules} rules hold.")
