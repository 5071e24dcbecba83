"""``manage.py clock``: due dates from facts (``gongkai.clock/1``), or one statutory period from a day."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.law import clock_json
from casework.law.calendar import published
from casework.law.periods import PeriodKind, period_due
from casework.law.refusals import Refused
from casework.law.words import Text


class Command(BaseCommand):
    help = "计算政府信息公开的各种期限，并逐日说明 (computes due dates and explains every day)"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", metavar="FILE|-", help="gongkai.clock/1 JSON")
        parser.add_argument("--period", metavar="KIND", help=", ".join(PeriodKind))
        parser.add_argument("--from", dest="start", metavar="DATE", help="2025-09-08")
        parser.add_argument("--lang", choices=["zh", "en"], default="zh")

    def handle(self, *args: Any, **options: Any) -> None:
        file, kind, start, language = options["file"], options["period"], options["start"], options["lang"]
        if (file is None) == (kind is None) or (kind is None) != (start is None):
            raise CommandError(_USAGE.read_in(language), returncode=2)
        try:
            if kind is not None:
                self.print_period(kind, start, language)
            else:
                self.print_answers(clock_json.parse(self.read(file)), language)
        except Refused as refused:
            self.stdout.write(_dumped(clock_json.error_json(refused, language)))
            raise CommandError(refused.sentence.read_in(language)) from None

    def read(self, file: str) -> bytes:
        """One byte more than is allowed, so that a file without end is noticed and not read."""
        try:
            if file == "-":
                return sys.stdin.buffer.read(clock_json.MOST_BYTES + 1)
            with Path(file).open("rb") as opened:
                return opened.read(clock_json.MOST_BYTES + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Refused(_UNREADABLE.format(file=repr(file)[1:-1], reason=reason)) from None

    def print_period(self, kind: str, start: str, language: str) -> None:
        if kind not in [*PeriodKind]:
            raise Refused(_UNKNOWN_KIND.format(kind=repr(kind[:40])[1:-1], known=", ".join(PeriodKind)))
        due = period_due(PeriodKind(kind), clock_json.read_date(start, published()), published())
        self.stdout.write(_dumped(clock_json.as_json(due, language)))

    def print_answers(self, document: object, language: str) -> None:
        """Each answer is written as it is found, so that a long list needs no memory."""
        if not isinstance(document, list):
            self.stdout.write(_dumped(clock_json.answer(document, calendar=published(), language=language)))
            return
        before = "["
        for each in clock_json.answers(document, calendar=published(), language=language):
            self.stdout.write(f"{before}\n{_dumped(each)}", ending="")
            before = ","
        self.stdout.write("\n]")


def _dumped(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False)


_USAGE = Text(
    "请给出一个文件（或者用 - 表示标准输入），或者同时给出 --period 和 --from。",
    "Please give one file (or - for standard input), or both --period and --from.",
)
_UNREADABLE = Text("不能读取文件“{file}”：{reason}。", "The file “{file}” cannot be read: {reason}.")
_UNKNOWN_KIND = Text(
    "不能识别期限“{kind}”，可用的有：{known}。", "The period “{kind}” is not known; known are: {known}."
)
