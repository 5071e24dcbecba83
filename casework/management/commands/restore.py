"""``manage.py restore PATH``: a backup in the place of what is here; proved before and after."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework import backup as backups
from casework.law.refusals import Refused
from casework.management.entrance import progress_bar


class Command(BaseCommand):
    help = (
        "先停止 web、worker 和 beat，再用备份恢复数据库和文件，然后核对全部记录（verify_invariants）。"
        "数据库中已有记录的，须写明 --replace 数据库名。中途停下的，再运行一次。\n"
        "Stop web, worker and beat first. Puts database and files back, then checks all records (verify_invariants).\n"
        "Where the database holds records, --replace NAME says that they shall go. Interrupted, it is run again.\n"
        "Exit status: 0 restored, and everything holds; 1 refused or not everything holds, with the reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="the folder gongkai-…")
        parser.add_argument("--replace", default="", metavar="NAME", help="the database whose records shall go")

    def handle(self, *_args: Any, path: Path, replace: str, **_options: Any) -> None:
        try:
            with progress_bar() as progress:
                backups.restore(backups.Backup.read(path), at=timezone.now(), replace=replace, progress=progress)
        except Refused as refused:
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        self.stdout.write("已恢复，正在核对。\nRestored; checking.")
        # The messages of the backup wait for the workers, which have to rest now.
        call_command("verify_invariants", leave_out=["outbox"], stdout=self.stdout)
