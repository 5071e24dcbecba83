"""``manage.py audit_grants ROLE``: SQL by which the program runs as a role that owns nothing (PostgreSQL)."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from casework.audit import guards


class Command(BaseCommand):
    help = (
        "打印 SQL：让 web、worker、beat 以不拥有任何表的角色运行，只能增加审计记录。由表的所有者执行。\n"
        "Print the SQL by which web, worker and beat run as a role that owns no table and can only add to the audit.\n"
        "The owner of the tables executes it, again after each upgrade; migrate goes on as the owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", metavar="ROLE")
        parser.add_argument(
            "--apply",
            action="store_true",
            help="以所有者执行，角色不存在则建立 / execute it as the owner, and make the role if it is not there",
        )
        parser.add_argument(
            "--password-from",
            metavar="VARIABLE",
            help="与 --apply 合用：从该环境变量取角色的密码 / with --apply: the role's password is in this variable",
        )

    def handle(self, *_args: Any, role: str, apply: bool, password_from: str | None, **_options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite 没有角色，只有触发器。\nSQLite has no roles; its triggers stand alone.")
        if not apply:
            for statement in guards.grants(role):
                self.stdout.write(statement)
            return
        password = os.environ.get(password_from, "") if password_from else ""
        if password_from and not password:
            raise CommandError(f"环境变量 {password_from} 没有密码。\nThere is no password in {password_from}.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = %s)", [role])
            owner, is_superuser = cursor.fetchone()
            if role == owner or is_superuser:
                raise CommandError(
                    f"{role} 是所有者或者超级用户，限制不了。\n"
                    f"{role} is the owner or a superuser; no grant confines it."
                )
            if is_superuser is None:
                cursor.execute(f"CREATE ROLE {connection.ops.quote_name(role)}")
            if password:
                _log_in_with(role, password)
            for statement in guards.grants(role):
                cursor.execute(statement)
        self.stdout.write(
            f"{role} 可以运行本程序，只能增加审计记录。\n{role} may run the program and only add to the audit."
        )


def _log_in_with(role: str, password: str) -> None:
    """The server is sent the verifier: a password in a statement could end up in its log."""
    connection.ensure_connection()
    driver: Any = connection.connection
    verifier = driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(role)
        cursor.execute(f"ALTER ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '{verifier}'")
