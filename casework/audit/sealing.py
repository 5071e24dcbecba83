"""Sealing: the rows that have come are linked to the chain. Writers never wait for it, and it changes no row of theirs.

A key may be seen before a smaller one, whose transaction ends later. A range is therefore sealed only when every
transaction that might still write into it has ended: on PostgreSQL those hold a lock on the table (``ROW EXCLUSIVE``,
taken before a key is drawn), which is looked at and not taken. SQLite has one writer at a time.
"""

import hashlib
import logging
import secrets
import struct
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Count, Max, Min, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from casework.models import Salt, Seal, SealHead

from .logs import LOGS, Log, canonical, commitment, leaf, taken_apart

log_lines = logging.getLogger(__name__)

#: Rows in one seal: 200 KB of leaves.
MOST: Final = 5000
#: Before the first row there is no key.
LOWEST: Final = -(2**63)
#: Seconds for which a transaction that still writes is waited for; after that its log comes next time.
PATIENCE: Final = 5.0
_LEAF: Final = struct.Struct(">q32s")


def seal_all(*, at: datetime, patience: float = PATIENCE) -> int:
    """Seal what has come in every log; how many rows. Twice at once: the second waits and finds nothing left."""
    sealed = 0
    for log in LOGS.values():
        settled = _settled(log, patience)
        while settled is not None and (rows := _seal(log, settled, at=at)):
            sealed += rows
    return sealed


def waiting(log: Log) -> int:
    """How many rows of a log no seal covers yet."""
    return log.model._default_manager.filter(pk__gt=sealed_until(log)).count()


def all_waiting() -> dict[str, tuple[int, datetime | None]]:
    """The same of every log in one query, each with the moment of the oldest such row."""
    counted = [_counted(log) for log in LOGS.values()]
    rows = counted[0].union(*counted[1:], all=True)
    return {log: (many, since) for log, many, since in rows}


def _counted(log: Log) -> QuerySet[Any, tuple[str, int, datetime | None]]:
    sealed = Seal.objects.filter(log=log.key).order_by().values("log").annotate(last=Max("until")).values("last")
    fresh = log.model._default_manager.order_by().filter(pk__gt=Coalesce(Subquery(sealed), LOWEST))
    named = fresh.annotate(which=Value(log.key, output_field=models.CharField())).values("which")
    rows: QuerySet[Any, tuple[str, int, datetime | None]]
    rows = named.annotate(many=Count("pk"), since=Min("at")).values_list("which", "many", "since")
    return rows


def sealed_until(log: Log) -> int:
    """The last key that a seal of the log covers."""
    return Seal.objects.filter(log=log.key).order_by("-until").values_list("until", flat=True).first() or LOWEST


def _settled(log: Log, patience: float) -> int | None:
    """The highest key up to which nobody can add any more; ``None`` where somebody has been writing for too long."""
    highest: int | None = log.model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    if highest is None or highest <= sealed_until(log):
        return None
    if connection.vendor != "postgresql":
        return highest
    awaited, until = set(_writers(log)), time.monotonic() + patience
    while awaited:
        if time.monotonic() > until:
            log_lines.warning("not sealed this time, somebody still writes: %s", log.key)
            return None
        time.sleep(0.01)
        awaited &= set(_writers(log))
    return highest


def _writers(log: Log) -> Iterator[str]:
    """Transactions of others that may hold a key of the table not yet to be seen."""
    with connection.cursor() as cursor:
        cursor.execute(
            # A copy of this database has tables of the same key.
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = %s::regclass "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()",
            [log.table],
        )
        yield from (row[0] for row in cursor.fetchall())


def _seal(log: Log, settled: int, *, at: datetime) -> int:
    """One seal; how many rows are in it."""
    with transaction.atomic():
        SealHead.objects.get_or_create(pk=1)
        head = SealHead.objects.select_for_update().get(pk=1)
        after = sealed_until(log)
        rows = list(
            log.model._default_manager.filter(pk__gt=after, pk__lte=settled).order_by("pk").values(*log.columns)[:MOST]
        )
        if not rows:
            return 0
        salts: list[Salt] = []
        leaves = b"".join(_LEAF.pack(row["id"], _leaf(log, row, salts)) for row in rows)
        Salt.objects.bulk_create(salts, batch_size=1000)
        seal = Seal(
            seq=head.seq + 1,
            log=log.key,
            after=after,
            until=rows[-1]["id"],
            rows=len(rows),
            leaves=leaves,
            at=at,
            previous=head.digest,
        )
        seal.digest = digest_of(seal)
        seal.save(force_insert=True)
        head.seq, head.digest = seal.seq, seal.digest
        head.save()
        return len(rows)


def _leaf(log: Log, row: dict[str, Any], salts: list[Salt]) -> bytes:
    keys = log.personal(row)
    if not keys:
        return leaf(log, row, "")
    fixed, personal = taken_apart(row, keys)
    salt = Salt(log=log.key, row=row["id"], keys=list(keys), salt=secrets.token_bytes(16))
    salts.append(salt)
    assert salt.salt is not None
    return leaf(log, fixed, commitment(bytes(salt.salt), personal))


def digest_of(seal: Seal) -> str:
    """SHA-256 over a seal and the one before it, in hex."""
    said = {name: getattr(seal, name) for name in ("seq", "log", "after", "until", "rows", "at", "previous")}
    said["leaves"] = hashlib.sha256(bytes(seal.leaves)).hexdigest()
    return hashlib.sha256(canonical(said)).hexdigest()


def leaves_of(seal: Seal) -> dict[int, bytes]:
    """Key of each row of a seal → its SHA-256, in the order of the keys."""
    return dict(_LEAF.iter_unpack(bytes(seal.leaves)))
