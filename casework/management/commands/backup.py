"""``manage.py backup FOLDER``: database and files, consistent, proved, in a folder of their own."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework import backup as backups
from casework.law.refusals import Refused
from casework.management.entrance import progress_bar


class Command(BaseCommand):
    help = (
        "把数据库和全部文件备份到 FOLDER 下的新文件夹；未做完的，再运行一次接着做。"
        "备份期间照常办理。密钥不在备份中，须另行保管。\n"
        "Back up the database and all files into a new folder under FOLDER; one not finished is gone on with.\n"
        "Work can go on meanwhile. Keys are not in the backup: keep them elsewhere.\n"
        "Exit status: 0 whole and proved; 1 not, with the reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        try:
            if (begun := backups.unfinished(folder)) is not None:
                self.stdout.write(f"接着做 {begun.path.name} / Going on with {begun.path.name}")
            with progress_bar() as progress:
                made = backups.take(folder, at=timezone.now(), progress=progress)
        except Refused as refused:
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        found = made.manifest
        self.stdout.write(
            f"{made.path}\n{found.files}个文件，{found.bytes}字节。\n{found.files} files, {found.bytes} bytes."
        )
