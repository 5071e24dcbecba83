"""``manage.py load_demo [--cases 400] [--if-empty]``: a believable demo in an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from casework import annual, demo, sweeps
from casework.actions import report as verbs
from casework.demo.listing import listing
from casework.law.refusals import Refused


def _file(demo_report: demo.Filing) -> None:
    """One report the whole way, by the hands of the people who are named."""
    who = demo_report
    report = verbs.begin(who.agency, who.year, region=who.region, by=who.editor, at=who.checked_at)
    note = "正文在演示数据中从略。"
    verbs.check(
        report,
        found=annual.obstacles,
        digest=annual.content_digest,
        remark=note,
        version=report.version,
        by=who.editor,
        at=who.checked_at,
    )
    verbs.sign(report, make=annual.frozen, version=report.version, by=who.head, at=who.signed_at)
    verbs.publish(report, version=report.version, by=who.editor, at=who.published_at)


class Command(BaseCommand):
    help = "在空的数据库中装入演示数据。 / Load the demo into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=400, help="件数 / how many cases")
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="已有其他记录时不作声 / say nothing where there are other records, as at every start",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if demo.is_there():
            if not options["if_empty"]:
                self.stdout.write("演示数据已在，没有改变。\nThe demo is here already; nothing changed.\n")
            self.stdout.write(listing())
            return
        try:
            demo.check_may_load()
        except Refused as refused:
            if options["if_empty"]:
                return
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        try:
            number = demo.load(options["cases"], at=timezone.now(), sweep=lambda at: sweeps.remind(at=at), file=_file)
        except Refused as refused:
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        self.stdout.write(f"已装入演示数据：{number}件申请。\nThe demo is loaded: {number} cases.\n")
        self.stdout.write(listing())
