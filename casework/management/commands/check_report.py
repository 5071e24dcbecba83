"""``check_report FILE…``: what a report of any office says, and where its tables break a relation."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from casework.exports import summary
from casework.law.agreement import agreement_of_report
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, NEW, ROWS, TOTAL, Check, Relation
from casework.law.refusals import Refused
from casework.law.report import SECTIONS, links
from casework.law.words import Text
from casework.published import Reading, read
from casework.published.files import LARGEST
from casework.published.reading import FORMS

HOLDS: Final = 0
FAILS: Final = 1
UNREADABLE: Final = 2


class Command(BaseCommand):
    help = (
        "检查政府信息公开工作年度报告：读出表二、表三、表四，逐列逐行核对勾稽关系。\n"
        "Check annual reports: read tables 2, 3 and 4 and check every relation, column by column and row by row.\n\n"
        "FILE: JSON (gongkai.annual-report/1), XLSX, DOCX, HTML, or plain text as copied from a web page or a PDF;\n"
        "- is standard input. Of the 2021 form or the 2019 one.\n"
        "With the reports of one office of two years that follow each other, the later is held against the earlier:\n"
        "R5, what was carried over (table 3), and T2, the rules in force (table 2).\n"
        "Exit status: 0 all relations hold; 1 one fails; 2 a file or its table 3 cannot be read.\n"
        "What disagrees in the prose (R6) is printed as something to look at and leaves the exit status alone.\n"
        "--format json prints the report as JSON with its checks; with several files, a list in their order, in which\n"
        'a file that cannot be read stands as {"file": …, "error": …}.'
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--format", choices=("text", "json"), default="text", dest="form")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the sentences")

    def handle(self, *_args: Any, files: list[str], form: str, lang: str, **_options: Any) -> None:
        self.language = lang
        status = HOLDS
        found: list[tuple[str, Reading | Text]] = []
        for name in files:
            try:
                found += [(name, reading) for reading in read(_content(name), "" if name == "-" else name)]
            except Refused as refusal:
                found.append((name, refusal.sentence))
        readings = [each for _name, each in found if isinstance(each, Reading)]
        printed: list[dict[str, object]] = []
        for name, each in found:
            if isinstance(each, Text):
                status = UNREADABLE
                printed.append({"file": name, "error": self._say(each)})
                self.stderr.write(f"{name}: {self._say(each)}")
                continue
            before = _year_before(each, readings)
            checks = [*each.report().checks(), *(links(before.report(), each.report()) if before else ())]
            status = max(status, HOLDS if all(check.holds for check in checks) else FAILS)
            printed.append(
                each.report().as_dict() | {"checks": [check.as_dict() for check in checks]} | _of_prose(each)
            )
            if form == "text":
                self.stdout.write("\n".join(self._lines(name, each, checks)) + "\n")
        if form == "json":
            answer = printed[0] if len(printed) == 1 else printed
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        self.stdout.flush()
        sys.exit(status)

    def _say(self, text: Text) -> str:
        return text.read_in(self.language)

    def _lines(self, name: str, reading: Reading, checks: list[Check]) -> Iterator[str]:
        report = reading.report()
        whose = Text(
            f"{reading.agency_name or '（机关不明）'} {reading.year or '（年度不明）'}",
            f"{reading.agency_name or '(office unknown)'} {reading.year or '(year unknown)'}",
        )
        yield f"{name}: {self._say(whose)}"
        yield "  " + self._say(
            Text("读到：{tables}（{form}）", "Read: {tables} ({form})").format(
                tables=_tables(reading), form=FORMS[reading.table3.form]
            )
        )
        main = (NEW, CARRIED_IN, TOTAL, CARRIED_OUT)
        figures = [f"{self._say(ROWS[row].words)} {_shown(report.table3.cell(row, TOTAL))}" for row in main]
        yield "  " + self._say(Text("总计列：", "Total column: ")) + self._say(Text("，", ", ")).join(figures)
        for remark in reading.remarks():
            yield "  " + self._say(Text("注意：{remark}", "Note: {remark}").format(remark=remark))
        for row in summary(checks):
            count = (
                Text("{of}处全部成立", "all {of} hold")
                if not row["failing"]
                else Text("{of}处中{failing}处不成立", "{failing} of {of} fail")
            )
            said = count.format(of=row["of"], failing=len(row["failing"]))
            yield f"  {row['relation']} {self._say(row['words'])}{self._say(Text('：', ': '))}{self._say(said)}"
            for check in row["failing"]:
                yield f"     ✗ {self._say(check.sentence)}"
        for finding in agreement_of_report(report).findings:
            quotes = " / ".join(f"“{quote}”" for quote in finding.quotes)
            hint = Text("{relation} 提示：{sentence}", "{relation} to look at: {sentence}")
            yield "  " + self._say(hint.format(relation=Relation.R6, sentence=finding.check.sentence)) + f" {quotes}"


def _of_prose(reading: Reading) -> dict[str, object]:
    """R6 stands beside the checks of the tables: prose is read with less certainty, so it never fails a report."""
    findings = agreement_of_report(reading.report()).findings
    return {
        "prose_checks": [
            finding.check.as_dict() | {"sentence": finding.check.sentence.zh, "quotes": list(finding.quotes)}
            for finding in findings
        ]
    }


def _year_before(reading: Reading, readings: list[Reading]) -> Reading | None:
    """The report of the same office for the year before, where it is among the files."""
    if reading.year is None or not reading.agency_name:
        return None
    wanted = (reading.agency_name, reading.year - 1)
    return next((each for each in readings if (each.agency_name, each.year) == wanted), None)


def _shown(figure: int | None) -> str:
    return "—" if figure is None else str(figure)


def _tables(reading: Reading) -> Text:
    found = [
        (reading.table2, "表二", "table 2"),
        (reading.table3, "表三", "table 3"),
        (reading.table4, "表四", "table 4"),
    ]
    zh = [name for table, name, _ in found if table is not None]
    en = [name for table, _, name in found if table is not None]
    for number in reading.sections:
        heading = SECTIONS.get(number)
        zh.append(f"“{heading.zh}”" if heading else f"“{number}”")
        en.append(f"“{heading.en}”" if heading else f"“{number}”")
    return Text("、".join(zh), ", ".join(en))


def _content(name: str) -> bytes:
    """The bytes of a file; a file too large is refused before it is read."""
    if name == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    path = Path(name)
    try:
        if path.is_dir():
            raise Refused(Text("这是一个目录，请给出文件。", "This is a directory; give a file."))
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise Refused(Text("文件不存在。", "There is no such file.")) from None
    except PermissionError:
        raise Refused(Text("没有权限读这个文件。", "You may not read this file.")) from None
    except (OSError, ValueError) as error:
        raise Refused(Text(f"文件读不出来（{error}）。", f"The file cannot be read ({error}).")) from None
