"""``manage.py audit_grants ROLE``: SQL by which the program runs as a role that owns nothing (PostgreSQL)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from casework.audit import guards


class Command(BaseCommand):
    help = (
        "打印 SQL：让 web、worker、beat 以不拥有任何表的角色运行，只能增加审计记录。由表的所有者执行。\n"
        "Print the SQL by which web, worker and beat run as a role that owns no table and can only add to the audit.\n"
        "The owner of the tables executes it, again after each upgrade; migrate goes on as the owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", metavar="ROLE")

    def handle(self, *_args: Any, role: str, **_options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite 没有角色，只有触发器。\nSQLite has no roles; its triggers stand alone.")
        for statement in guards.grants(role):
            self.stdout.write(statement)
