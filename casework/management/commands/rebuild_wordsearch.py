"""``manage.py rebuild_wordsearch``: make the indexes of texts anew; with ``--check`` only compare."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework import wordsearch
from casework.wordsearch.cases import case_differences, rebuild_cases
from casework.wordsearch.public import all_public


class Command(BaseCommand):
    help = "重建公开信息和申请的查找索引。 / Rebuild the indexes by which public matter and cases are found."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不改动。 / Compare, change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            wrong = [*wordsearch.differences(all_public()), *case_differences()]
            for each in wrong:
                self.stdout.write(each)
            if wrong:
                raise CommandError(f"{len(wrong)}处不一致。\n{len(wrong)} differences.")
            self.stdout.write("索引与登记一致。\nThe index agrees with the records.")
            return
        total = wordsearch.rebuild(all_public()) + rebuild_cases()
        self.stdout.write(f"已建{total}条。\n{total} entries.")
