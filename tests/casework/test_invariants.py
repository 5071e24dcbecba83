"""What must hold of the records: a whole life breaks nothing, and each rule finds what is broken on purpose."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from casework import audit, invariants
from casework.actions import decide
from casework.actions.files import Upload, attach
from casework.audit import guards
from casework.law.matrix import Matrix
from casework.law.outcomes import Outcome
from casework.law.report import Report
from casework.models import (
    AccessKind,
    AnnualReport,
    Case,
    Decision,
    Document,
    DocumentKind,
    Event,
    Letter,
    Material,
    NumberSeries,
    PublishedReply,
    ReceivedReport,
    ReportEdition,
    Searchable,
    Staff,
)
from notifications.models import Message
from tests.cast import Cast, closed, moment, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

LAST_YEAR, TODAY = date(2025, 12, 29), AS_OF.date()


@pytest.fixture
def lives(players: Cast) -> list[Case]:
    """A reply, a withdrawal with a file, and a case that is carried over the turn of the year and still open."""
    answered = registered(players, on=date(2026, 3, 2)).case
    closed(players, answered, Outcome.GRANTED, on=date(2026, 3, 9))
    withdrawn = registered(players, on=date(2026, 3, 3)).case
    attach(withdrawn, Upload("a.txt", b"a"), DocumentKind.APPLICATION, by=None, at=moment(date(2026, 3, 3)))
    given_up = date(2026, 3, 10)
    decide.withdraw(withdrawn, on=given_up, statement="不需要了", by=players.wang, at=moment(given_up))
    carried_over = registered(players, on=LAST_YEAR).case
    # What was told in March has long been sent.
    Message.objects.exclude(next_attempt_at=None).update(status="sent", sent_at=AS_OF, next_attempt_at=None)
    return [answered, withdrawn, carried_over]


def found() -> list[str]:
    return [f"{rule.key}: {row}" for rule, row in invariants.verify(at=datetime.now(UTC))]


def test_whole_lives_break_nothing(lives: list[Case]) -> None:
    assert found() == []


def _wrong_state(case: Case) -> None:
    # The field is protected, and so is the table: only SQL can do this.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_case SET state = 'refused' WHERE id = %s", [case.pk])


def _two_beginnings(case: Case) -> None:
    Event.objects.bulk_create([Event(case=case, kind="registered", on=TODAY, at=AS_OF, actor="staff")])


def _stuck(_case: Case) -> None:
    long_ago = AS_OF - timedelta(days=2)
    sent = Message.objects.filter(channel="sms")
    assert sent.update(status="pending", sent_at=None, next_attempt_at=long_ago)


def _report_changed(case: Case) -> None:
    work = AnnualReport.objects.create(agency=case.agency, year=2025)
    content = Report(case.agency.code, case.agency.name, 2025, Matrix.empty(2025)).as_dict()
    signed = {"signed_by": Staff.objects.get(username="li"), "signed_at": AS_OF}
    ReportEdition.objects.create(report=work, number=1, content=content, digest="0" * 64, **signed)


def _file_gone(_case: Case) -> None:
    Path(Document.objects.get().file.path).unlink()


def _file_changed(_case: Case) -> None:
    Path(Letter.objects.get().pdf.path).write_bytes(b"%PDF-1.7 forged")


def _published_without_a_decision(case: Case) -> None:
    PublishedReply.objects.create(case=case, agency=case.agency, public_from=TODAY)


def _access_taken_out(case: Case) -> None:
    made = audit.record(AccessKind.READ, at=AS_OF, case=case)
    audit.seal_all(at=AS_OF)
    with guards.taken_down(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM casework_accessrecord WHERE id = %s", [made.pk])


def _found_but_gone(case: Case) -> None:
    Searchable.objects.create(source="publication", of=77, agency=case.agency, title="没有了", on=TODAY, pairs="")


def _working_copy_gone(_case: Case) -> None:
    Material.objects.create(document=Document.objects.get(), working="working/none", working_sha256="0" * 64)


def _received_gone(case: Case) -> None:
    facts = {"content": {}, "name": "a.json", "size": 1, "received_at": AS_OF}
    ReceivedReport.objects.create(
        agency=case.agency, year=2025, number=1, file="received/none", sha256="0" * 64, **facts
    )


BROKEN: dict[str, tuple[str, Callable[[Case], object]]] = {
    "a closed state of another outcome": ("states", _wrong_state),
    "a day that is not the dispatch": (
        "decisions",
        lambda case: Decision.objects.filter(case=case).update(dispatched_on=date(2026, 3, 8)),
    ),
    "a case without its beginning": ("events", _two_beginnings),
    "a due date that somebody typed": (
        "clock",
        lambda case: Case.objects.filter(pk=case.pk).update(due_on=date(2026, 4, 1)),
    ),
    "a report changed after its signature": ("reports", _report_changed),
    "a number without its letter": (
        "numbers",
        lambda case: NumberSeries.objects.filter(kind__startswith="letter:").update(last=2),
    ),
    "a message that nobody sends": ("outbox", _stuck),
    "a reply that is public and nobody decided": ("published", _published_without_a_decision),
    "a file that is gone": ("files", _file_gone),
    "a letter that was exchanged": ("files", _file_changed),
    "a sealed row that was taken out": ("audit", _access_taken_out),
    "an index that finds what is gone": ("search", _found_but_gone),
    "a working copy that is gone": ("files", _working_copy_gone),
    "a received report that is gone": ("files", _received_gone),
}


@pytest.mark.parametrize("how", BROKEN)
def test_each_rule_finds_what_is_broken(lives: list[Case], how: str) -> None:
    rule, break_it = BROKEN[how]
    break_it(Case.objects.get(pk=lives[0].pk))
    named = found()
    assert named
    assert {row.split(":")[0] for row in named} == {rule}


def test_the_table_is_held_against_the_cases(lives: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    from casework.law.matrix import Matrix

    monkeypatch.setattr(invariants, "matrix_of", lambda _agencies, year: Matrix.empty(year))
    assert {row.split(" is ")[0] for row in found()} == {
        "matrix: 230406 2025: new",
        "matrix: 230406 2026: new",
        "matrix: 230406 2026: total",
    }


def test_the_command_says_what_does_not_hold(lives: list[Case]) -> None:
    said = StringIO()
    call_command("verify_invariants", stdout=said)
    assert "13项规则全部成立" in said.getvalue()
    _file_gone(lives[0])
    with pytest.raises(CommandError, match="1处不成立"):
        call_command("verify_invariants", stdout=said)
    assert "the file is missing" in said.getvalue()
    said = StringIO()
    call_command("verify_invariants", "--no-files", stdout=said)
    assert "12项规则全部成立" in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_it_reads_one_snapshot_and_keeps_nobody_from_writing(players: Cast) -> None:
    with invariants.snapshot():
        before = Case.objects.count()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW transaction_isolation")
                assert cursor.fetchone() == ("repeatable read",)
        assert Case.objects.count() == before
    registered(players, on=TODAY)
    assert Case.objects.count() == before + 1
