"""Rows of every log, and a way past the guards for tests that break what they protect."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from casework import audit
from casework.actions import correction, decide
from casework.actions.filters import record_taken_out
from casework.actions.intake import read_identity
from casework.audit import guards
from casework.law.outcomes import Outcome
from casework.models import AccessKind, Case
from tests.cast import Cast, closed, moment, registered
from tests.conftest import AS_OF
from tests.correcting import filed

Break = Callable[..., None]


@pytest.fixture(autouse=True)
def outside(settings: Settings, tmp_path: Path) -> Path:
    """The files that lie outside the database, in a folder of this test's own."""
    settings.AUDIT_ANCHOR_FILE = tmp_path / "outside" / "anchors.jsonl"
    settings.ERASURE_FILE = tmp_path / "outside" / "erasures.jsonl"
    return tmp_path / "outside"


@pytest.fixture
def lived(players: Cast) -> list[Case]:
    """Two cases and a request for correction with their events, accesses with and without personal values, one file
    taken out."""
    answered = registered(players, on=date(2026, 3, 2)).case
    closed(players, answered, Outcome.GRANTED, on=date(2026, 3, 9))
    given_up = registered(players, on=date(2026, 3, 3)).case
    decide.withdraw(given_up, on=date(2026, 3, 10), statement="不需要了", by=players.wang, at=moment(date(2026, 3, 10)))
    read_identity(answered, by=players.wang, at=AS_OF)
    asked = filed(players, on=date(2026, 3, 2))
    correction.ask(asked, text="请补充户口簿。", by=players.wang, at=AS_OF)
    for kind, what in ((AccessKind.READ, ""), (AccessKind.LISTED, "?q=张三"), (AccessKind.DENIED, "/desk/cases/7/")):
        audit.record(kind, at=AS_OF, by=players.wang, agency=answered.agency, case=answered, what=what)
    audit.record(AccessKind.LOGIN_FAILED, at=AS_OF, network="203.0.113.9")
    record_taken_out(form="csv", query="q=%E5%BC%A0%E4%B8%89", cases=2, by=players.wang, at=AS_OF)
    audit.seal_all(at=AS_OF)
    # A second link of the chain for the log that grows most.
    for days in range(3):
        audit.record(AccessKind.READ, at=AS_OF + timedelta(days=days), by=players.wang, what=f"第{days}页")
    audit.seal_all(at=AS_OF + timedelta(days=3))
    return [answered, given_up]


@pytest.fixture
def past_the_guards() -> Break:
    """Raw SQL with the triggers off: what somebody does who owns the database."""

    def run(sql: str, *values: Any) -> None:
        with guards.taken_down(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    return run
