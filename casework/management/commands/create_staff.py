"""``manage.py create_staff USERNAME --agency CODE --role ROLE [--role ROLE] [--name NAME] [--password-stdin]``."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.establish import appoint
from casework.law.refusals import Refused
from casework.models import Role


class Command(BaseCommand):
    help = "建立一个工作人员并授予角色。 / Create a member of staff and give them roles."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--agency", required=True, metavar="CODE")
        parser.add_argument("--role", action="append", required=True, help=" | ".join(Role.values))
        parser.add_argument("--name", default="", help="姓名 / the person's name")
        parser.add_argument(
            "--password-stdin", action="store_true", help="从标准输入的第一行读取口令 / read it from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        try:
            made = appoint(
                options["username"],
                agency=options["agency"],
                roles=options["role"],
                name=options["name"],
                password=password,
            )
        except Refused as refused:
            raise CommandError(f"{refused.sentence.zh}\n{refused.sentence.en}") from None
        username, roles = made.staff.username, ", ".join(made.added)
        if made.is_new:
            self.stdout.write(f"已建立：{username}（{roles}）\nCreated: {username} ({roles})")
            if password is None:
                self.stdout.write(
                    "尚无口令，不能登录；请用 changepassword 设置。\nNo password yet; set one with changepassword."
                )
        elif made.added:
            self.stdout.write(f"已增加角色：{username}（{roles}）\nRoles added: {username} ({roles})")
        else:
            self.stdout.write(f"已存在，没有改变：{username}\nIt exists; nothing changed: {username}")
