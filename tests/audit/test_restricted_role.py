"""The whole way of a case as a role that owns no table: what the compose file runs, on a real server with a password.

The audit must be out of reach of what serves visitors (GB/T 22239-2019 8.1.4.3 c: 审计记录保护).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Final

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from casework import audit, invariants, vitals
from casework.law.outcomes import Outcome
from casework.models import Case, Draft, LastRun
from notifications.models import Message
from tests.cast import Cast, cast, closed, moment, registered

AT: Final = moment(date(2026, 11, 5), 18)
ROLE: Final = "gk_app_test"
PASSWORD: Final = "Passwort's mit % und \\"


def run(*arguments: str) -> str:
    told = StringIO()
    call_command("audit_grants", *arguments, stdout=told)
    return told.getvalue()


@pytest.fixture
def acting(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """The cast, and the role made by the command; on SQLite, which has none, the same acts are done without."""
    players = cast()
    if connection.vendor != "postgresql":
        yield players
        return
    monkeypatch.setenv("APP_PASSWORD", PASSWORD)
    assert f"{ROLE} may run the program" in run(ROLE, "--apply", "--password-from", "APP_PASSWORD")
    run(ROLE, "--apply", "--password-from", "APP_PASSWORD")  # after each upgrade again
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
    try:
        yield players
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {ROLE}")
            cursor.execute(f"DROP ROLE {ROLE}")


def test_an_office_works_and_the_machine_keeps_watch_without_owning_a_table(acting: Cast) -> None:
    case = registered(acting, on=date(2026, 11, 2)).case
    closed(acting, case, Outcome.GRANTED, on=date(2026, 11, 5))
    assert Case.objects.get().state == "disclosed"
    assert audit.seal_all(at=AT) > 0
    assert not list(audit.faults())
    Draft.forget(at=AT)
    assert invariants.log_breaches(at=AT) == 0
    assert LastRun.objects.count() == 1
    assert vitals.measured(at=AT).findings["audit"] == 0
    Message.objects.filter(next_attempt_at=None).delete()


@pytest.mark.parametrize("arguments", [("--apply",), ("--apply", "--password-from", "NOTHING_THERE")])
def test_without_a_good_answer_nothing_is_changed(acting: Cast, arguments: tuple[str, ...]) -> None:
    """The owner itself is refused, and so is a password that is not there."""
    owner = str(connection.settings_dict["USER"] or "gongkai")
    with pytest.raises(CommandError, match=r"SQLite has no roles|is the owner or a superuser|There is no password"):
        run(owner, *arguments)


def test_what_the_role_may_not_do(acting: Cast) -> None:
    """On SQLite, which has no roles, the triggers keep what they guard."""
    registered(acting, on=date(2026, 11, 2))
    guarded = ["UPDATE casework_event SET kind = kind", "DELETE FROM casework_event"]
    beyond = [
        "TRUNCATE casework_event CASCADE",
        "DROP TRIGGER kept_casework_event_delete ON casework_event",
        "ALTER TABLE casework_event DISABLE TRIGGER ALL",
        "DROP TABLE casework_lastrun",
        "CREATE TABLE mine (id int)",
        "CREATE ROLE other",
    ]
    for deed in guarded + (beyond if connection.vendor == "postgresql" else []):
        refusal = pytest.raises(DatabaseError, match=r"permission denied|must be owner|append-only")
        with refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)


def test_the_server_is_sent_no_password(acting: Cast) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="SQLite has no roles"):
            run(ROLE, "--apply")
        return
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT rolpassword, rolcanlogin, rolsuper FROM pg_authid WHERE rolname = %s", [ROLE])
        verifier, may_log_in, is_superuser = cursor.fetchone()
    assert (may_log_in, is_superuser) == (True, False)
    _, iterations_and_salt, keys = verifier.split("$")
    iterations, salt = iterations_and_salt.split(":")
    salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), base64.b64decode(salt), int(iterations))
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    assert base64.b64decode(keys.split(":")[0]) == hashlib.sha256(client_key).digest()
