"""``export_ledger --agency CODE --output FILE``: the cases of an agency as a ledger that can be imported again."""

from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework.annual import check_year
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.ledger import write
from casework.management.entrance import agency_named, file_to_replace


class Command(BaseCommand):
    help = (
        "导出台账（.csv 或者 .xlsx），含证件号码，请妥善保管。 "
        "Write the cases of an agency as a ledger, .csv or .xlsx by the ending of FILE. It holds identity numbers in "
        "clear. Text that a spreadsheet would take for a formula gets an apostrophe, which the import takes off again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--year", type=int, metavar="Y", help="only cases received in this year; default: all")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")
        parser.add_argument("--lang", choices=("zh", "en"), default="en", help="language of the sentences")

    def handle(self, *_args: Any, agency: str, year: int | None, output: Path, lang: str, **_options: Any) -> None:
        try:
            if year is not None:
                check_year(year, on=day_of(timezone.now()))
            owner, form = agency_named(agency), output.suffix.lower().removeprefix(".")
            with file_to_replace(output) as file:
                written = write(file, form, owner, year=year)
        except Refused as refused:
            raise CommandError(refused.sentence.read_in(lang)) from None
        self.stdout.write(_DONE.format(n=written, path=output).read_in(lang))


_DONE: Final = Text("已将{n}件写入 {path}", "{n} cases written to {path}")
