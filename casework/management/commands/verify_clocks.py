"""``manage.py verify_clocks``: are the stored due dates what the facts give?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from casework import sweeps
from casework.law.calendar import day_of
from casework.models import Case


class Command(BaseCommand):
    help = "按事实重新推算每一件申请的期限，列出不一致之处。 / Replay every clock and name each difference."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = 0
        for found in sweeps.verify_clocks(on=day_of(timezone.now())):
            self.stdout.write(f"{found.case}, {found.name}: {found.stored} ≠ {found.found}")
            differences += 1
        if differences:
            raise CommandError(f"{differences}处不一致。\n{differences} differences.")
        cases = Case.objects.count()
        self.stdout.write(f"{cases}件申请的期限与事实一致。\nThe dates of {cases} cases follow from their facts.")
