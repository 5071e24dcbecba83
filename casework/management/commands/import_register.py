"""``import_register KIND FILE --agency CODE``: a spreadsheet becomes entries of a register, every row or none."""

import json
from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework.actions.registers import Taken
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.registers import REGISTERS, Register
from casework.law.words import Text
from casework.ledger import RegisterReading, headings_of, read_register, store_register
from casework.management.entrance import agency_named, file_to_read, staff_named


def _sheets() -> str:
    return "\n".join(
        f"  {register.value:<13} {REGISTERS[register].words.zh} ({REGISTERS[register].words.en}): "
        + "、".join(headings_of(register).values())
        for register in Register
    )


class Command(BaseCommand):
    help = (
        "导入年度报告登记簿（CSV（UTF-8）或者 XLSX），要么全部保存，要么一行也不保存；重复导入不会改变任何记录。\n"
        "Import a register of the annual report (CSV in UTF-8, or XLSX): all rows are stored or none; a second run\n"
        "changes nothing, and a row that differs from its entry corrects it and leaves a trace.\n\n"
        f"KIND and its columns, by printed heading or key, in any order:\n{_sheets()}\n\n"
        "Accounts come before their publications. A publication is one thing (发布日期, 标题) or a month's number\n"
        "(月份, 条数, 来源). Fees are in yuan. Exit status: 0 imported; 1 nothing was stored, each fault is printed."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[register.value for register in Register], metavar="KIND")
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--by", default="", metavar="USERNAME", help="whose act it is")
        parser.add_argument("--dry-run", action="store_true", help="judge everything, store nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text", dest="form")
        parser.add_argument("--lang", choices=("zh", "en"), default="en", help="language of the sentences")

    def handle(
        self,
        *_args: Any,
        kind: str,
        file: Path,
        agency: str,
        by: str,
        dry_run: bool,
        form: str,
        lang: str,
        **_options: Any,
    ) -> None:
        self.language = lang
        at = timezone.now()
        try:
            owner, person = agency_named(agency), staff_named(by) if by else None
            with file_to_read(file) as opened:
                reading = read_register(opened, file.name, Register(kind), agency=owner, on=day_of(at))
            taken = store_register(reading, owner, at=at, by=person, dry_run=dry_run)
        except Refused as refused:
            raise CommandError(self.say(refused.sentence)) from None
        if form == "json":
            self.stdout.write(json.dumps(self.as_dict(reading, taken, dry_run=dry_run), ensure_ascii=False))
        else:
            self.print(reading, taken, dry_run=dry_run)
        if taken is None:
            raise CommandError(self.say(_NOTHING_STORED.format(n=reading.faults.count)))

    def print(self, reading: RegisterReading, taken: Taken | None, *, dry_run: bool) -> None:
        if reading.unknown:
            self.stdout.write(self.say(_LEFT_OUT.format(names=", ".join(reading.unknown))))
        for entry in reading.faults.shown:
            self.stdout.write(entry.said(self.language))
        if reading.faults.more:
            self.stdout.write(self.say(_MORE.format(n=reading.faults.more)))
        if taken is not None:
            done = _WOULD if dry_run else _DONE
            self.stdout.write(
                self.say(done.format(added=taken.added, corrected=taken.corrected, unchanged=taken.unchanged))
            )

    def as_dict(self, reading: RegisterReading, taken: Taken | None, *, dry_run: bool) -> dict[str, Any]:
        return {
            "stored": taken is not None and not dry_run,
            "dry_run": dry_run,
            "rows": reading.rows,
            "added": taken.added if taken else 0,
            "corrected": taken.corrected if taken else 0,
            "unchanged": taken.unchanged if taken else 0,
            "unknown_columns": list(reading.unknown),
            "faults": [entry.as_dict(self.language) for entry in reading.faults.shown],
            "fault_count": reading.faults.count,
        }

    def say(self, text: Text) -> str:
        return text.read_in(self.language)


_LEFT_OUT: Final = Text("不能识别而略去的列：{names}", "unknown columns, left out: {names}")
_DONE: Final = Text(
    "新增{added}条，更正{corrected}条，未变{unchanged}条。",
    "{added} added, {corrected} corrected, {unchanged} unchanged",
)
_WOULD: Final = Text(
    "试运行，没有保存；将新增{added}条，更正{corrected}条，未变{unchanged}条。",
    "dry run, nothing stored: {added} to add, {corrected} to correct, {unchanged} unchanged",
)
_MORE: Final = Text("另有{n}处", "and {n} more")
_NOTHING_STORED: Final = Text("表格有{n}处错误，什么也没有保存。", "faults: {n}; nothing was stored.")
