"""``import_ledger FILE --agency CODE``: a case ledger becomes cases, every row of it or none."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from casework.actions.history import Admission
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.ledger import Reading, Report, read, store
from casework.ledger.reading import Progress
from casework.management.entrance import agency_named, file_to_read, staff_named


class Command(BaseCommand):
    help = (
        "导入台账（CSV（UTF-8）或者 XLSX），要么全部保存，要么一行也不保存；重复导入不会改变任何记录。\n"
        "Import a case ledger (CSV in UTF-8, or XLSX): all rows are stored or none; a second run changes nothing.\n\n"
        "Columns by printed heading or key, in any order; unknown ones are named and left out. Of a workbook the\n"
        "first visible sheet that has the headings is read, its hidden rows too. Formulas are never computed.\n"
        "A ledger does not tell when a period was extended: the last lawful day is taken, which is the due date, or\n"
        "the day of the reply if that was earlier.\n"
        "Exit status: 0 imported; 1 nothing was stored, and each fault is printed with its row and column."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--by", default="", metavar="USERNAME", help="whose act it is; a clerk or head there")
        parser.add_argument("--dry-run", action="store_true", help="judge everything, store nothing")
        parser.add_argument("--format", choices=("text", "json"), default="text", dest="form")
        parser.add_argument("--lang", choices=("zh", "en"), default="en", help="language of the sentences")

    def handle(
        self,
        *_args: Any,
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
            receiver, person = agency_named(agency), staff_named(by) if by else None
            with file_to_read(file) as opened, self.bar(_READING) as counted:
                reading = read(opened, file.name, agency=receiver, on=day_of(at), progress=counted)
            with reading, self.bar(_STORING, reading.rows) as counted:
                admission = store(reading, receiver, at=at, by=person, dry_run=dry_run, progress=counted)
        except Refused as refused:
            if form == "json":
                self.stdout.write(
                    json.dumps({"stored": False, "error": self.say(refused.sentence)}, ensure_ascii=False)
                )
            raise CommandError(self.say(refused.sentence)) from None
        if form == "json":
            self.stdout.write(json.dumps(self.as_dict(reading, admission, dry_run=dry_run), ensure_ascii=False))
        else:
            self.print(reading, admission, dry_run=dry_run)
        if admission is None:
            n = reading.faults.count
            raise CommandError(self.say(_NOTHING_STORED.format(n=n, faults="fault" if n == 1 else "faults")))

    def print(self, reading: Reading, admission: Admission | None, *, dry_run: bool) -> None:
        """Faults, or what became of the rows; doubts go where they don't get into the way of either."""
        if reading.unknown:
            self.stdout.write(self.say(_LEFT_OUT.format(names=", ".join(reading.unknown))))
        if admission is None:
            self.list(reading.faults, self.stdout, Text("", ""))
            return
        self.list(reading.doubts, self.stderr, _DOUBT)
        if reading.hidden:
            self.stdout.write(self.say(_HIDDEN.format(n=reading.hidden)))
        if admission.numbered:
            self.stdout.write(self.say(_NUMBERED.format(n=admission.numbered)))
        done = _WOULD if dry_run else _DONE
        self.stdout.write(
            self.say(done.format(added=admission.added, updated=admission.updated, unchanged=admission.unchanged))
        )

    def list(self, report: Report, stream: Any, before: Text) -> None:
        for entry in report.shown:
            stream.write(self.say(before) + entry.said(self.language))
        if report.more:
            stream.write(self.say(before) + self.say(_MORE.format(n=report.more)))

    def as_dict(self, reading: Reading, admission: Admission | None, *, dry_run: bool) -> dict[str, Any]:
        faults, doubts = reading.faults, reading.doubts
        return {
            "stored": admission is not None and not dry_run,
            "dry_run": dry_run,
            "rows": reading.rows,
            "added": admission.added if admission else 0,
            "updated": admission.updated if admission else 0,
            "unchanged": admission.unchanged if admission else 0,
            "numbered": admission.numbered if admission else 0,
            "hidden_rows": reading.hidden,
            "unknown_columns": list(reading.unknown),
            "faults": [entry.as_dict(self.language) for entry in faults.shown],
            "fault_count": faults.count,
            "warnings": [entry.as_dict(self.language) for entry in doubts.shown],
            "warning_count": doubts.count,
        }

    def say(self, text: Text) -> str:
        return text.read_in(self.language)

    @contextmanager
    def bar(self, what: Text, total: int | None = None) -> Iterator[Progress]:
        """A progress bar where somebody watches: on a terminal alone."""
        with tqdm(
            desc=self.say(what), total=total, unit=" rows", leave=False, disable=not sys.stderr.isatty()
        ) as shown:
            yield shown.update


_READING: Final = Text("读取", "reading")
_STORING: Final = Text("保存", "storing")
_LEFT_OUT: Final = Text("不能识别而略去的列：{names}", "unknown columns, left out: {names}")
_HIDDEN: Final = Text("其中{n}行是隐藏的，也已计入。", "hidden rows: {n}; they count as well")
_NUMBERED: Final = Text(
    "{n}行没有登记编号，由系统编号；可用 export_ledger 导出查看。",
    "rows without a number: {n}; each is given one, which export_ledger shows",
)
_DONE: Final = Text(
    "新增{added}件，更新{updated}件，未变{unchanged}件。", "{added} added, {updated} updated, {unchanged} unchanged"
)
_WOULD: Final = Text(
    "试运行，没有保存；将新增{added}件，更新{updated}件，未变{unchanged}件。",
    "dry run, nothing stored: {added} to add, {updated} to update, {unchanged} unchanged",
)
_MORE: Final = Text("另有{n}处", "and {n} more")
_DOUBT: Final = Text("请核对：", "please check: ")
_NOTHING_STORED: Final = Text("台账有{n}处错误，什么也没有保存。", "{n} {faults}; nothing was stored.")
