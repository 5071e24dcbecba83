"""A process that does one act of a case and at its n-th step is killed, cut off from the database, or finds no room.

It forks from a warm parent, so that a kill costs a few milliseconds. Steps are statements and, twice each, commits:
just before and just after; where the disk is full, only what writes. ``Mortal`` is the handle for a test; the module
itself is what runs in the other process.
"""

import errno
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

AT = datetime(2026, 11, 10, 10, tzinfo=timezone(timedelta(hours=8)))
TODAY = date(2026, 11, 10)
CODE = "3467-9ACD-EFGH-JKMX"
PROOF = b"proof of identity"


#: The act was ended by an error of the database or the disk, which whoever called it was told.
FAILED = 3


class Mortal:
    """The warm parent, asked over a pipe for one child after the other."""

    def __init__(self, database_url: str) -> None:
        root = Path(__file__).resolve().parents[2]
        environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.casework.dying"],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def lives(self, flow: str, pk: int, *, kill_at: int, how: str = "killed") -> bool:
        """Whether the act was over before its step number ``kill_at``; ``how``: of ``ENDS``."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([flow, pk, kill_at, how]) + "\n")
        self.process.stdin.flush()
        status = int(self.process.stdout.readline())
        wanted = -signal.SIGKILL if how == "killed" else FAILED
        assert status in (0, wanted), f"{flow} ended with {status}"
        return status == 0

    def close(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@contextmanager
def mortal(database_url: str) -> Iterator[Mortal]:
    process = Mortal(database_url)
    try:
        yield process
    finally:
        process.close()


# -- in the other process ---------------------------------------------------------------------------------------------


def flows() -> dict[str, Callable[[int], Callable[[], object]]]:
    """Each reads what it needs and gives the act, so that only the act's own steps are counted."""
    from casework import annual, ledger
    from casework.access import Verb
    from casework.actions import approve, clock, decide, deliver, intake, send
    from casework.actions import report as verbs
    from casework.actions.files import Upload
    from casework.law.outcomes import Outcome
    from casework.models import Agency, AnnualReport, Case, DispatchMode, Draft, Staff
    from tests.cast import application, statements
    from tests.ledgers import as_csv, row, still_open, table

    upload = Upload("证明.txt", PROOF)

    def submit(pk: int) -> Callable[[], object]:
        draft, filed = Draft.objects.get(pk=pk), application(email="zhang@example.com", uploads=(upload,))
        return lambda: intake.submit(draft, filed, query_code=CODE, at=AT)

    def receive_supplement(pk: int) -> Callable[[], object]:
        case = Case.objects.get(pk=pk)
        return lambda: clock.receive_supplement(case, answer="即清单。", on=TODAY, by=None, at=AT, uploads=(upload,))

    def carry_out(pk: int) -> Callable[[], object]:
        case, clerk = Case.objects.get(pk=pk), Staff.objects.get(username="wang")
        asked = {"unclear": "请说明名称。", "lacks": ["description"]}
        return lambda: send.carry_out(case, Verb.REQUEST_SUPPLEMENT, mode=DispatchMode.ONLINE, by=clerk, at=AT, **asked)

    def redispatch(pk: int) -> Callable[[], object]:
        case, clerk = Case.objects.get(pk=pk), Staff.objects.get(username="wang")
        return lambda: deliver.redispatch(case, mode=DispatchMode.POST, postal_number="XA2", on=TODAY, by=clerk, at=AT)

    def propose(pk: int) -> Callable[[], object]:
        case, clerk = Case.objects.get(pk=pk), Staff.objects.get(username="wang")
        what: dict[str, Any] = {"outcome": Outcome.GRANTED, "ground": "provided"}
        said = statements(what["outcome"], what["ground"])
        return lambda: decide.propose(case, **what, statements=said, uploads=(upload,), by=clerk, at=AT)

    def import_ledger(pk: int) -> Callable[[], object]:
        agency = Agency.objects.get(code="230406")
        rows = [row(number=f"2024-{pk}-1"), row(number=f"2024-{pk}-2"), still_open(number=f"2024-{pk}-3")]

        def stored() -> None:
            with ledger.read(io.BytesIO(as_csv(table(rows))), "台账.csv", agency=agency, on=TODAY) as reading:
                ledger.store(reading, agency, at=AT)

        return stored

    def sign(pk: int) -> Callable[[], object]:
        case, head = Case.objects.get(pk=pk), Staff.objects.get(username="li")
        return lambda: approve.sign(case, by=head, at=AT)

    def dispatch(pk: int) -> Callable[[], object]:
        case, clerk = Case.objects.get(pk=pk), Staff.objects.get(username="wang")
        return lambda: deliver.dispatch(case, mode=DispatchMode.ONLINE, on=TODAY, by=clerk, at=AT)

    def sign_report(pk: int) -> Callable[[], object]:
        report, head = AnnualReport.objects.get(pk=pk), Staff.objects.get(username="li")
        return lambda: verbs.sign(report, make=annual.frozen, version=report.version, by=head, at=AT)

    acts = (submit, receive_supplement, carry_out, propose, sign, dispatch, redispatch, sign_report, import_ledger)
    return {act.__name__: act for act in acts}


def warm() -> None:
    """Load here, once, what drawing a letter loads; typesetting starts threads, which no fork keeps."""
    from casework import letters
    from casework.law.letters import LetterKind

    page = letters.LetterData(
        kind=LetterKind.SUPPLEMENT, title="", organ="", number="", addressee="", dated=TODAY, body="、"
    )
    letters.render_docx(page)
    letters.paper._fonts()


def die_at(step: int) -> None:
    """From now on count the steps to the database and do not survive that one."""
    _at_each_step(lambda seen, _sql: os.kill(os.getpid(), signal.SIGKILL) if seen == step else None)


def cut_at(step: int) -> None:
    """At that step the connection to the database is gone: ended by the server, or closed under the program."""
    from django.db import connection

    connection.ensure_connection()
    other = connection.copy() if connection.vendor == "postgresql" else None
    if other is not None:
        other.ensure_connection()

    def cut() -> None:
        if other is None:
            connection.connection.close()
            return
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    _at_each_step(lambda seen, _sql: cut() if seen == step else None)


def full_at(step: int) -> None:
    """From the n-th write to the database on there is no room for any."""
    from django.db import OperationalError, connection

    writes = 0

    def judge(_seen: int, sql: str) -> None:
        nonlocal writes
        if sql == AFTER or sql.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            return
        writes += 1
        if writes >= step:
            full = "database or disk is full" if connection.vendor == "sqlite" else "No space left on device"
            raise OperationalError(full)

    _at_each_step(judge)


def unwritable_at(step: int) -> None:
    """The n-th piece of a file is written by half, and then the disk is full (ENOSPC)."""
    from django.core.files.base import ContentFile, File

    whole, seen = ContentFile.chunks, 0

    def chunks(self: Any, chunk_size: int | None = None) -> Iterator[Any]:
        nonlocal seen
        for chunk in whole(self, chunk_size):
            seen += 1
            if seen >= step:
                yield chunk[: len(chunk) // 2]
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            yield chunk

    for kind in (ContentFile, File):
        kind.chunks = chunks  # type: ignore[method-assign]


#: In the place of a statement: a commit is about to be made, has been made.
BEFORE, AFTER = "COMMIT", "COMMITTED"


def _at_each_step(judge: Callable[[int, str], object]) -> None:
    from django.db import connection

    seen = 0

    def count(sql: str) -> None:
        nonlocal seen
        seen += 1
        judge(seen, sql)

    def statement(execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
        count(str(sql))
        return execute(sql, *rest)

    commit = connection._commit  # type: ignore[attr-defined]  # the one place through which every commit goes

    def counted_commit() -> None:
        count(BEFORE)
        commit()
        count(AFTER)

    connection.execute_wrappers.append(statement)
    connection._commit = counted_commit  # type: ignore[attr-defined]


ENDS: dict[str, Callable[[int], None]] = {
    "killed": die_at, "cut": cut_at, "full": full_at, "unwritable": unwritable_at,
}  # fmt: skip


def ended(act: Callable[[], object]) -> int:
    """How the act ended, as the status of the process."""
    from django.db import Error

    try:
        act()
    except (Error, sqlite3.Error, OSError):  # Django closes a cursor without translating what that raises
        return FAILED
    return 0


def main() -> None:
    import django

    django.setup()
    acts = flows()
    warm()
    for line in sys.stdin:
        flow, pk, step, how = json.loads(line)
        child = os.fork()
        if child == 0:
            act = acts[flow](pk)
            ENDS[how](step)
            os._exit(ended(act))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
