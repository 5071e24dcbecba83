"""``manage.py erase``: on order of the office, personal data whose time is up, by kind."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework import erasure
from casework.access import AgencyAct, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.management.entrance import agency_named, progress_bar, staff_named


class Command(BaseCommand):
    help = (
        "按机关的决定，删除保存期限届满的个人信息；年度统计不变，删除之后不能恢复。先不带 --yes 运行，看清件数。\n"
        "On order of the office, erase personal data whose time is up. The figures stay; what is gone is gone.\n"
        "Run it without --yes first: it says how many cases there are and erases nothing.\n"
        "Exit status: 0 done, or shown; 1 refused, with the reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = "; ".join(f"{kind}: {words.zh} / {words.en}" for kind, words in erasure.KINDS.items())
        choices = [kind.value for kind in erasure.DataKind]
        parser.add_argument("kinds", nargs="+", choices=choices, metavar="KIND", help=kinds)
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--closed-before", required=True, type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--number", default="", help="只此一件；建议用地址中的编号 / this one alone")
        matters = "; ".join(f"{matter}: {kind.words.zh} / {kind.words.en}" for matter, kind in erasure.FILES.items())
        parser.add_argument(
            "--of", default=erasure.Matter.CASE, choices=[m.value for m in erasure.Matter], metavar="WHAT", help=matters
        )
        parser.add_argument("--by", required=True, metavar="USERNAME", help="机构负责人 / a head of the agency")
        parser.add_argument("--reason", required=True, help="决定的文号或者理由 / the order's number, or why")
        parser.add_argument("--yes", action="store_true", help="删除 / erase")

    def handle(self, *_args: Any, **given: Any) -> None:
        at, kinds = timezone.now(), [erasure.DataKind(kind) for kind in given["kinds"]]
        try:
            agency, by = agency_named(given["agency"]), staff_named(given["by"])
            check_may_for_agency(by, AgencyAct.ERASE_PERSONAL, agency)
            of = erasure.Matter(given["of"])
            files = erasure.due(agency, kinds, closed_before=given["closed_before"], on=day_of(at), of=of)
            if given["number"]:
                files = erasure.FILES[of].numbered(files, given["number"])
            total, words = files.count(), erasure.FILES[of].words
            if not given["yes"]:
                self.stdout.write(f"共{total}件，没有删除。确需删除的，加上 --yes。")
                self.stdout.write(f"{total} {words.en}; nothing was erased. Add --yes to erase.")
                return
            with progress_bar() as progress:
                for done, file in enumerate(files.select_related("agency").iterator(chunk_size=500), start=1):
                    erasure.erase(file, kinds, reason=given["reason"], by=by, at=at)
                    progress("erase", done, total)
        except Refused as refused:
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        self.stdout.write(f"已从{total}件{words.zh}中删除。\nErased from {total} {words.en}.")
