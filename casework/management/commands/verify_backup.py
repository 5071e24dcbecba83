"""``manage.py verify_backup PATH``: is the backup what was written? Reads every byte, touches nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework import backup as backups
from casework.law.refusals import Refused
from casework.management.entrance import progress_bar


class Command(BaseCommand):
    help = (
        "核对一份备份是否完整、与备份时一致；只读。 / Check that a backup is whole and as it was written. Reads only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="the folder gongkai-…")

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        try:
            found = backups.Backup.read(path)
        except Refused as refused:
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        with progress_bar() as progress:
            faults = list(backups.faults_of(found, progress))
        for fault in faults:
            self.stdout.write(f"✗ {fault.zh} / {fault.en}")
        if faults:
            raise CommandError(f"备份有{len(faults)}处不完整。\nThe backup has {len(faults)} faults.")
        files = found.manifest.files
        self.stdout.write(f"备份完整：数据库和{files}个文件。\nThe backup is whole: the database and {files} files.")
