"""``manage.py show_logins``: the log-ins and sample cases of the demo, again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework import demo
from casework.demo.listing import listing


class Command(BaseCommand):
    help = "再次显示演示账户。 / Show the demo's log-ins again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not demo.is_there():
            raise CommandError("这里没有演示数据。\nThere is no demo here.")
        self.stdout.write(listing())
