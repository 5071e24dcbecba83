"""``verify_audit``, the anchors outside, and who still writes while rows are sealed."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from casework import audit, tasks
from casework.actions import webhooks as webhook_acts
from casework.audit.anchors import note_restored
from casework.models import AccessKind, Agency, Case, Event, Role, Seal
from notifications.models import Message
from tests.cast import Cast, person
from tests.conftest import AS_OF


def ran(*options: str) -> tuple[int, str]:
    """Exit status and everything that was said."""
    out = StringIO()
    try:
        call_command("verify_audit", *options, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_a_chain_that_fits_is_told_with_its_head(lived: list[Case]) -> None:
    audit.anchor(at=AS_OF)
    status, said = ran()
    assert status == 0
    assert f"{Seal.objects.count()} seals" in said


@pytest.mark.django_db
def test_the_first_row_that_does_not_fit_is_named(lived: list[Case], past_the_guards: Callable[..., None]) -> None:
    rows = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    for row in (rows[3], rows[1]):
        past_the_guards("DELETE FROM casework_event WHERE id = %s", row)
    status, said = ran()
    assert status == 1
    assert f"event row {rows[1]} was sealed and is gone" in said
    assert f"row {rows[3]} " not in said
    assert f"row {rows[3]} " in ran("--all")[1]


@pytest.mark.django_db
def test_what_can_not_be_read_is_no_yes(lived: list[Case], outside: Path) -> None:
    outside.mkdir(exist_ok=True)
    assert ran(f"--anchors={outside}")[0] == 2


@pytest.mark.django_db
def test_it_writes_nothing(lived: list[Case]) -> None:
    before = (Seal.objects.count(), audit.waiting(audit.LOGS["access"]))
    audit.record(AccessKind.READ, at=AS_OF)
    status, said = ran()
    assert status == 0
    assert "access: 1" in said
    assert (Seal.objects.count(), audit.waiting(audit.LOGS["access"])) == (before[0], 1)


@pytest.mark.django_db
def test_every_anchor_is_held_against_the_chain(lived: list[Case], outside: Path) -> None:
    audit.anchor(at=AS_OF)
    file = outside / "anchors.jsonl"
    line = json.loads(file.read_text())
    assert line["seq"] == Seal.objects.count()
    for wrong in ({"digest": "f" * 64}, {"seq": 9999}, {"seq": None}):
        file.write_text(json.dumps(line) + "\n" + json.dumps(line | wrong) + "\n")
        assert len(list(audit.faults_of_anchors())) == 1, wrong
        assert ran()[0] == 1
    file.write_text(json.dumps(line) + "\nnot json\n")
    assert len(list(audit.faults_of_anchors())) == 1


@pytest.mark.django_db
def test_heads_beyond_a_restored_backup_are_not_missed(lived: list[Case], outside: Path) -> None:
    audit.anchor(at=AS_OF)
    file = outside / "anchors.jsonl"
    lost = json.loads(file.read_text()) | {"seq": 9999, "digest": "f" * 64}
    with file.open("a") as lines:
        lines.write(json.dumps(lost) + "\n")
    assert list(audit.faults_of_anchors())
    note_restored(at=AS_OF, backup="gongkai-20261118-020000")
    assert not list(audit.faults_of_anchors())
    status, said = ran()
    assert status == 0
    assert "gongkai-20261118-020000" in said


@pytest.mark.django_db
def test_the_head_is_posted_once_a_day_to_whoever_asks(lived: list[Case], players: Cast) -> None:
    gao = person("gao", "高理", players.dongshan, Role.AGENCY_ADMINISTRATOR)
    webhook_acts.add(players.dongshan, url="https://203.0.114.5/a", topics=["audit"], by=gao, at=AS_OF)
    webhook_acts.add(players.dongshan, url="https://203.0.114.5/b", topics=["clock"], by=gao, at=AS_OF)
    for hours in (0, 1, 24):
        audit.anchor(at=AS_OF + timedelta(hours=hours))
    posted = Message.objects.filter(channel="webhook", context__type="audit.anchor")
    assert posted.count() == 2
    assert {each.context["data"]["seq"] for each in posted} == {Seal.objects.count()}


@pytest.mark.django_db
def test_nothing_sealed_is_nothing_to_anchor(players: Cast, outside: Path) -> None:
    assert audit.anchor(at=AS_OF) is None
    assert not (outside / "anchors.jsonl").exists()


@pytest.mark.django_db
def test_beat_seals_and_anchors(players: Cast, outside: Path) -> None:
    audit.record(AccessKind.READ, at=AS_OF)
    tasks.seal_audit()
    tasks.anchor_audit()
    assert Seal.objects.count() == 1
    assert (outside / "anchors.jsonl").exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_whose_transaction_ends_late_is_waited_for_and_never_taken_for_a_forgery(players: Cast) -> None:
    """On PostgreSQL the later key is to be seen before the earlier one; SQLite has one writer at a time."""
    agency = Agency.objects.get(pk=players.dongshan.pk)
    if connection.vendor != "postgresql":
        audit.record(AccessKind.READ, at=AS_OF, agency=agency)
        assert audit.seal_all(at=AS_OF) == 1
        return
    written, end = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            audit.record(AccessKind.READ, at=AS_OF, agency=agency)
            written.set()
            end.wait(20)
        connection.close()

    writer = threading.Thread(target=late)
    writer.start()
    assert written.wait(20)
    audit.record(AccessKind.LISTED, at=AS_OF, agency=agency)
    assert audit.seal_all(at=AS_OF, patience=0.2) == 0
    end.set()
    writer.join()
    assert audit.seal_all(at=AS_OF) == 2
    assert audit.first_fault() is None


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_make_one_chain(players: Cast) -> None:
    for _ in range(50):
        audit.record(AccessKind.READ, at=AS_OF)
    sealed: list[int] = []

    def seal() -> None:
        sealed.append(audit.seal_all(at=AS_OF))
        connection.close()

    threads = [threading.Thread(target=seal) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sealed) == 50
    assert audit.first_fault() is None
