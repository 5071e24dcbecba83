"""``manage.py clock``: due dates from facts (``gongkai.clock/1``), or one statutory period from a day."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from casework.law import clock_json
from casework.law.calendar import Calendar, published
from casework.law.periods import PeriodKind
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models.edition import national_calendar


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
                answer = clock_json.period_answer(kind, start, calendar=_calendar(), language=language)
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
                return
            document = clock_json.parse(_read(file))
            for part in clock_json.printed(document, calendar=_calendar(), language=language):
                self.stdout.write(part, ending="")
            self.stdout.write("")
        except Refused as refused:
            self.stdout.write(json.dumps(clock_json.error_json(refused, language), ensure_ascii=False))
            raise CommandError(refused.sentence.read_in(language)) from None


def _calendar() -> Calendar:
    """The country's calendar as this deployment knows it; without a database, the notices that are built in."""
    try:
        return national_calendar()
    except DatabaseError:
        return published()


def _read(file: str) -> bytes:
    """One byte more than is allowed, so that a file without end is noticed and not read."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(clock_json.MOST_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(clock_json.MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Refused(_UNREADABLE.format(file=repr(file)[1:-1], reason=reason)) from None


_USAGE = Text(
    "请只给出文件（- 为标准输入），或者 --period 和 --from。", "Please give a file (or -), or --period and --from."
)
_UNREADABLE = Text("不能读取文件“{file}”：{reason}。", "The file “{file}” cannot be read: {reason}.")
