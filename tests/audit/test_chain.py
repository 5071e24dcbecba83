"""The chain: whatever is done to one sealed row past the guards, the first row that does not fit is named."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.utils import timezone

from casework import audit
from casework.audit import guards, sealing
from casework.audit.logs import LOGS, Log
from casework.audit.opening import erase_rows
from casework.models import AccessKind, AccessRecord, Case, Event, Salt, Seal, SealHead
from tests.cast import Cast, registered
from tests.conftest import AS_OF

pytestmark = pytest.mark.django_db

Run = Callable[..., None]


def first() -> tuple[str, int | None] | None:
    found = audit.first_fault()
    return (found.log, found.row) if found else None


def test_what_was_sealed_fits(lived: list[Case]) -> None:
    assert first() is None
    assert all(audit.waiting(log) == 0 for log in LOGS.values())
    assert SealHead.objects.get().seq == Seal.objects.count() > 3


def test_sealing_again_adds_nothing(lived: list[Case]) -> None:
    before = Seal.objects.count()
    assert audit.seal_all(at=AS_OF) == 0
    assert Seal.objects.count() == before


def test_rows_that_came_since_wait_and_are_no_fault(lived: list[Case], players: Cast) -> None:
    registered(players, on=AS_OF.date())
    assert audit.waiting(LOGS["event"]) > 0
    assert first() is None


def test_a_log_longer_than_a_seal_is_sealed_whole(
    lived: list[Case], monkeypatch: pytest.MonkeyPatch, players: Cast
) -> None:
    monkeypatch.setattr(sealing, "MOST", 3)
    for number in range(10):
        audit.record(AccessKind.READ, at=AS_OF, by=players.wang, what=str(number))
    before = Seal.objects.count()
    assert audit.seal_all(at=AS_OF) == 10
    assert Seal.objects.count() == before + 4
    assert first() is None


def test_personal_values_are_in_no_seal(lived: list[Case]) -> None:
    """Neither in clear, nor as a digest that somebody could find by trying (the salt stands between)."""
    named = Salt.objects.filter(log="access")
    assert {tuple(salt.keys) for salt in named} == {("what",), ("network",)}
    assert len({bytes(salt.salt or b"") for salt in Salt.objects.all()}) == Salt.objects.count()


#: Every sealed column with another value of its type.
OTHER: Final[dict[str, Any]] = {
    "ForeignKey": None, "PositiveIntegerField": 77, "PositiveSmallIntegerField": 7,
    "DateField": "1999-12-31", "DateTimeField": AS_OF - timedelta(days=400), "CharField": "x", "TextField": "x",
    "OneToOneField": None, "JSONField": json.dumps({"other": 1}),
}  # fmt: skip


def _columns(log: Log) -> Iterator[tuple[str, str, Any]]:
    """Column, its name in the database, and another value; of keys to other tables those that may be empty."""
    for field in log.model._meta.concrete_fields:
        if field.column is None or field.primary_key or (field.is_relation and not field.null):
            continue
        yield field.attname, field.column, OTHER[field.get_internal_type()]


#: What a constraint would refuse before the chain is asked.
CHECKED: Final = {"kind", "actor", "stage", "result", "applicant_kind", "outcome", "cause", "closed_on"}


@pytest.mark.parametrize(
    ("key", "attname", "column", "value"),
    [(log.key, *row) for log in LOGS.values() for row in _columns(log) if row[0] not in CHECKED],
)
def test_every_sealed_column_counts(
    lived: list[Case], past_the_guards: Run, key: str, attname: str, column: str, value: Any
) -> None:
    log = LOGS[key]
    assert attname in log.columns, "what is not sealed could be changed unseen"
    row = log.model._default_manager.order_by("pk").first()
    if row is None:
        return  # a log without rows in this life; its columns are asked above
    if getattr(row, attname) is value:
        value = lived[0].clerk_id
    if getattr(row, attname) == value:
        return
    past_the_guards(f'UPDATE {log.table} SET "{column}" = %s WHERE id = %s', value, row.pk)
    assert first() == (key, row.pk)


def test_every_column_of_a_log_is_sealed() -> None:
    for log in LOGS.values():
        assert set(log.columns) == {field.attname for field in log.model._meta.concrete_fields}
        assert set(log.erasable) <= set(log.columns)


def _deleted(run: Run, log: Log, keys: list[int], which: int) -> int:
    run(f"DELETE FROM {log.table} WHERE id = %s", keys[which])
    return keys[which]


def _changed(run: Run, log: Log, keys: list[int], which: int) -> int:
    dated = log.key in ("event", "correction_event")
    column = '"on"' if dated else {"access": "page", "taken_out": "form", "count_change": "cause"}[log.key]
    value = "2020-02-02" if dated else "zz"
    run(f"UPDATE {log.table} SET {column} = %s WHERE id = %s", value, keys[which])
    return keys[which]


def _inserted(run: Run, log: Log, keys: list[int], which: int) -> int:
    """A copy of a row under a key before the first sealed one, or in a gap that this makes."""
    columns = ", ".join(
        f'"{field.column}"' for field in log.model._meta.concrete_fields if field.name not in ("id", "once")
    )
    new = keys[0] - 1 - which
    copy = f"INSERT INTO {log.table} (id, {columns}) SELECT %s, {columns} FROM {log.table} WHERE id = %s"
    run(copy, new, keys[which])
    return new


def _exchanged(run: Run, log: Log, keys: list[int], which: int) -> int | None:
    """Two rows take each other's place; the first of the two is named, unless they say the same."""
    if len(keys) < 2:
        return None
    one, other = keys[which], keys[(which + 1) % len(keys)]
    for old, new in ((one, -1_000_000), (other, one), (-1_000_000, other)):
        run(f"UPDATE {log.table} SET id = %s WHERE id = %s", new, old)
    return min(one, other)


DEEDS: Final = {"deleted": _deleted, "changed": _changed, "inserted": _inserted, "exchanged": _exchanged}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("key", ["event", "correction_event", "access", "taken_out"])
def test_any_one_row_is_found_and_named(lived: list[Case], past_the_guards: Run, key: str, deed: str) -> None:
    log = LOGS[key]
    keys = list(log.model._default_manager.order_by("pk").values_list("pk", flat=True))
    for which in range(len(keys)):
        with transaction.atomic():
            wanted = DEEDS[deed](past_the_guards, log, keys, which)
            if wanted is not None:
                assert first() == (key, wanted), (deed, which)
            transaction.set_rollback(True)
    assert first() is None


def test_of_several_faults_the_first_in_the_order_of_sealing_is_named(lived: list[Case], past_the_guards: Run) -> None:
    """Random sets of rows, against an oracle that knows only in which order the rows were sealed."""
    order = [(seal.log, key) for seal in Seal.objects.order_by("seq") for key in sealing.leaves_of(seal)]
    chance = random.Random(6)
    for _ in range(25):
        chosen = chance.sample(order, k=chance.randint(1, 4))
        with transaction.atomic():
            for key, row in chosen:
                past_the_guards(f"DELETE FROM {LOGS[key].table} WHERE id = %s", row)
            assert first() == min(chosen, key=order.index)
            assert {(f.log, f.row) for f in audit.faults()} == set(chosen)
            transaction.set_rollback(True)


def test_a_seal_that_was_changed_taken_away_or_written_anew(lived: list[Case], past_the_guards: Run) -> None:
    last = SealHead.objects.get().seq
    for sql in (
        "UPDATE casework_seal SET digest = 'f' WHERE seq = 2",
        "UPDATE casework_seal SET previous = 'f' WHERE seq = 2",
        "UPDATE casework_seal SET rows = 99 WHERE seq = 2",
        "DELETE FROM casework_seal WHERE seq = 2",
        "DELETE FROM casework_seal WHERE seq = 1",
        f"DELETE FROM casework_seal WHERE seq = {last}",
        "UPDATE casework_sealhead SET digest = 'f'",
        "DELETE FROM casework_sealhead",
        "DELETE FROM casework_salt WHERE id = (SELECT MIN(id) FROM casework_salt)",
        "UPDATE casework_salt SET keys = '[]' WHERE id = (SELECT MIN(id) FROM casework_salt)",
        "INSERT INTO casework_salt (log, \"row\", keys, salt, commitment) VALUES ('event', 99999999, '[]', NULL, 'f')",
    ):
        with transaction.atomic():
            past_the_guards(sql)
            assert audit.first_fault() is not None, sql
            transaction.set_rollback(True)
    assert first() is None


def test_a_chain_that_was_computed_anew_fits_itself_and_is_given_away_by_the_anchors(
    lived: list[Case], past_the_guards: Run
) -> None:
    """Whoever owns the database can compute all of it again; what was written elsewhere they can't."""
    audit.anchor(at=AS_OF)
    victim = Event.objects.order_by("pk").first()
    assert victim is not None
    for table in ("casework_seal", "casework_salt", "casework_sealhead"):
        past_the_guards(f"DELETE FROM {table}")
    past_the_guards('UPDATE casework_event SET "on" = %s WHERE id = %s', "2020-02-02", victim.pk)
    audit.seal_all(at=AS_OF)
    assert first() is None
    assert [words.en for words in audit.faults_of_anchors()] != []


def test_a_guard_that_was_taken_away_is_missed(lived: list[Case]) -> None:
    name = "kept_casework_event_delete"
    with connection.cursor() as cursor:
        on = " ON casework_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert list(guards.missing()) == [name]
    found = audit.first_fault()
    assert found is not None
    assert name in found.words.en
    guards.put_up()
    assert list(guards.missing()) == []


def test_a_moment_reads_the_same_whatever_its_zone(lived: list[Case]) -> None:
    """The canonical text is that of UTC; the connection's time zone changes nothing."""
    with timezone.override("America/New_York"):
        assert first() is None


def test_a_record_of_an_access_holds_anything_that_is_asked_for(players: Cast) -> None:
    audit.record(AccessKind.MISSING, at=AS_OF, what="\x00" + "长" * 900, network="x" * 90, page="p" * 200)
    audit.seal_all(at=AS_OF)
    stored = AccessRecord.objects.get()
    assert len(stored.what) == 500
    assert first() is None


def test_what_is_put_into_an_erased_row_is_found(lived: list[Case]) -> None:
    """The door stays open for that row, but nothing may stand behind it any more."""
    salt = Salt.objects.filter(log="access", keys=["what"]).order_by("row")[0]
    erase_rows(LOGS["access"], [salt.row])
    assert first() is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_accessrecord SET what = 'x' WHERE id = %s", [salt.row])
    assert first() == ("access", salt.row)
