"""``manage.py merge_agency OLD NEW --on DATE --by USERNAME``: one organ went into another."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework.actions.merge import merge_agency
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.management.entrance import agency_named, staff_named


class Command(BaseCommand):
    help = (
        "登记机关合并：自合并当年起由承继机关一并报告年度数字，申请留在原机关名下。\n"
        "Record a merger: from that year on the successor reports for both; cases stay where they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="OLD", help="并入别的机关的机关代码 / code of the organ that went")
        parser.add_argument("new", metavar="NEW", help="承继机关的代码 / code of its successor")
        parser.add_argument("--on", required=True, metavar="DATE", help="2026-03-01")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="系统管理员 / a system administrator")
        parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the sentences")

    def handle(self, *_args: Any, old: str, new: str, on: str, by: str, lang: str, **_options: Any) -> None:
        at = timezone.now()
        try:
            gone = merge_agency(agency_named(old), agency_named(new), on=_day(on), by=staff_named(by), at=at)
        except Refused as refused:
            raise CommandError(refused.sentence.read_in(lang)) from None
        said = Text("{old}自{on}起并入{new}。", "{old} went into {new} on {on}.")
        new_name = gone.successor.name if gone.successor else ""
        self.stdout.write(said.format(old=gone.name, new=new_name, on=on).read_in(lang))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            Text(f"“{text}”不是日期，请写成2026-03-01。", f"“{text}” is not a date; write 2026-03-01."), field="on"
        ) from None
