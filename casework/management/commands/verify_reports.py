"""``manage.py verify_reports``: is every filed report as it was signed?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework import annual
from casework.models import ReportEdition


class Command(BaseCommand):
    help = "重新计算每一版年度报告的校验值和表三，列出不符之处。 / Recompute digest and table 3 of every edition."

    def handle(self, *args: Any, **options: Any) -> None:
        faulty = 0
        for edition, faults in annual.faulty_editions():
            report, faulty = edition.report, faulty + 1
            region = "，含下级 / region" if report.region else ""
            for fault in faults:
                self.stdout.write(
                    f"{report.agency.code} {report.year}{region}，第{edition.number}版 / edition {edition.number}: "
                    f"{fault.zh} / {fault.en}"
                )
        if faulty:
            raise CommandError(f"{faulty}版与签发时不符。\nEditions that are not as they were signed: {faulty}.")
        editions = ReportEdition.objects.count()
        self.stdout.write(f"{editions}版年度报告与签发时一致。\nEditions that are as they were signed: {editions}.")
