"""``manage.py receive_report FILE --agency CODE --year Y``: the annual report of a unit that works elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework.actions.files import Upload
from casework.actions.receive import doubts, receive_report
from casework.annual import check_year
from casework.exports import summary
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.management.entrance import agency_named, file_to_read, staff_named
from casework.published import Reading, read_one
from casework.published.files import LARGEST


class Command(BaseCommand):
    help = (
        "收下不使用本系统的单位的年度报告（JSON、XLSX、DOCX、网页或者文本）；对不上的关系照样说明，由该单位更正。\n"
        "Receive the annual report of a unit that works elsewhere: JSON, XLSX, DOCX, HTML or text.\n"
        "The same file again changes nothing; a further one takes its place, and the earlier stays on record.\n"
        "Exit status: 0 received, or judged with --dry-run; 1 refused, and nothing was stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--year", required=True, type=int, metavar="Y")
        parser.add_argument("--by", default="", metavar="USERNAME", help="whose act it is; default: the operator’s")
        parser.add_argument("--confirm", action="store_true", help="take the report in spite of what should be checked")
        parser.add_argument("--blanks", default="", metavar="WHY", help="blanks are nothing, for this reason")
        parser.add_argument("--dry-run", action="store_true", help="judge everything, store nothing")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the sentences")

    def handle(
        self,
        *_args: Any,
        file: Path,
        agency: str,
        year: int,
        by: str,
        confirm: bool,
        blanks: str,
        dry_run: bool,
        lang: str,
        **_options: Any,
    ) -> None:
        at = timezone.now()
        try:
            check_year(year, on=timezone.localdate())
            unit, person = agency_named(agency), staff_named(by) if by else None
            with file_to_read(file) as opened:
                upload = Upload(file.name, opened.read(LARGEST + 1))
            reading = read_one(upload.content, upload.name, code=unit.code, year=year)
            report = reading.report()
            open_questions = doubts(unit, year, report)
            for sentence in [*_about(reading), *(_CHECK.format(doubt=doubt) for doubt in open_questions)]:
                self.stdout.write(sentence.read_in(lang))
            if dry_run:
                self.stdout.write(_DRY.read_in(lang))
                return
            receipt = receive_report(
                unit,
                year,
                report,
                upload,
                remarks=reading.remarks(),
                confirmed=confirm,
                explanation=blanks,
                by=person,
                at=at,
            )
        except Refused as refused:
            raise CommandError(refused.sentence.read_in(lang)) from None
        answer = (_STORED if receipt.is_new else _KNOWN).format(unit=unit.name, year=year, number=receipt.report.number)
        self.stdout.write(answer.read_in(lang))


def _about(reading: Reading) -> Iterator[Text]:
    """What was understood, what was not, and every relation that fails."""
    yield from (Text("注意：{remark}", "Note: {remark}").format(remark=remark) for remark in reading.remarks())
    for row in summary(reading.report().checks()):
        yield from (
            Text("✗ {relation} {sentence}", "✗ {relation} {sentence}").format(
                relation=row["relation"], sentence=check.sentence
            )
            for check in row["failing"]
        )


_CHECK = Text("请核实：{doubt}", "To be confirmed: {doubt}")
_DRY = Text("只核对，没有保存。", "Judged only; nothing was stored.")
_STORED = Text("已收下{unit}{year}年的报告，第{number}份。", "Received: {unit}, {year}, file {number}.")
_KNOWN = Text(
    "{unit}{year}年的报告就是这一份（第{number}份），没有改变。",
    "{unit}, {year}: file {number} is this one; nothing changed.",
)
