"""Erasing: what a file tells of a person goes, what the figures are counted from stays.

The order is written down outside the database first: whoever restores an older backup makes it forget again.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import QuerySet

from casework import audit
from casework.access import AgencyAct, check_may_for_agency
from casework.audit.logs import LOGS
from casework.audit.opening import erase_rows
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import AccessKind, Agency, Case, Staff
from notifications.outbox import erase_about

from .files import FILES, File, Matter, kind_of
from .table import DataKind

#: In the place of a text that was there.
ERASED: Final = "（已删除）"
#: In the place of a digest, so that it stays unique: its file is gone and nobody looks for it.
GONE: Final = "erased:"
_MOST_DIGESTS: Final = {"file": "sha256", "pdf": "pdf_sha256", "docx": "docx_sha256", "working": "working_sha256"}


def due(
    agency: Agency, kinds: Collection[DataKind], *, closed_before: date, on: date, of: Matter = Matter.CASE
) -> QuerySet[Any]:
    """The files of which these kinds may be erased: ended before that day, with nothing pending.

    Raises ``Refused`` for a day within the time for which a kind has to be kept.
    """
    for kind in kinds:
        years = settings.ERASE_AFTER_YEARS[kind.value]
        earliest = _years_before(on, years)
        if closed_before > earliest:
            raise Refused(_TOO_EARLY.format(years=years, on=earliest.isoformat()), law="个人信息保护法 47")
    return FILES[of].of_agency(agency, ended_before=closed_before)


def erase(file: File, kinds: Collection[DataKind], *, reason: str, by: Staff, at: datetime) -> None:
    """Erase these kinds of one file, on order of the office. Raises ``Refused`` for whoever may not."""
    check_may_for_agency(by, AgencyAct.ERASE_PERSONAL, file.agency)
    of = kind_of(file)
    if not due(file.agency, kinds, closed_before=_after(file, of), on=day_of(at), of=of).filter(pk=file.pk).exists():
        raise Refused(_NOT_DUE)
    _write_down(file, of, kinds, at=at)
    audit.seal_all(at=at)
    with transaction.atomic():
        _erase(file, of, kinds)
        _record(file, of, kinds, why=reason, page="erase", by=by, at=at)


def _record(
    file: File, of: Matter, kinds: Collection[DataKind], *, why: str, page: str, by: Staff | None = None, at: datetime
) -> None:
    case = file if isinstance(file, Case) else None
    named = "" if case else f"{of} {getattr(file, 'number', file.pk)}, "
    what = f"{named}{' '.join(sorted(kinds))}: {why}"
    audit.record(AccessKind.ERASED, at=at, by=by, agency=file.agency_id, case=case, page=page, what=what)


def _after(file: File, of: Matter) -> date:
    ended: date | None = getattr(file, FILES[of].ended)
    if ended is None:
        raise Refused(_NOT_DUE)
    return date.fromordinal(ended.toordinal() + 1)


def _erase(file: File, of: Matter, kinds: Collection[DataKind]) -> None:
    for label, place in FILES[of].places.items():
        model = apps.get_model(label)
        if label == "notifications.Message":
            if place.rows in kinds:
                erase_about(f"{of}:{file.pk}")
            continue
        # A plain query set: the model's own refuses, as everybody else has to be refused.
        rows: QuerySet[Any] = QuerySet(model).filter(**{place.case: file.pk})
        columns = [name for name, kind in place.columns.items() if kind in kinds]
        if place.rows in kinds:
            _remove(rows)
        elif not columns:
            continue
        elif (log := next((log for log in LOGS.values() if log.model is model), None)) is not None:
            erase_rows(log, rows.values_list("pk", flat=True))
        else:
            _blank(model, rows, columns, place.columns)
    FILES[of].forget([file.pk])


def _remove(rows: QuerySet[Any]) -> None:
    for row in rows:
        models.Model.delete(row)


def _blank(model: type[models.Model], rows: QuerySet[Any], columns: list[str], kinds: Mapping[str, DataKind]) -> None:
    files = [name for name in columns if isinstance(model._meta.get_field(name), models.FileField)]
    values = {name: _nothing(model._meta.get_field(name), kinds[name]) for name in columns if name not in files}
    if values:
        rows.update(**values)
    for row in rows if files else ():
        for name in files:
            if stored := getattr(row, name).name:
                digest = f"{GONE}{name}:{row.pk}"
                QuerySet(model).filter(pk=row.pk).update(**{name: f"{GONE}{row.pk}", _MOST_DIGESTS[name]: digest})
                # What was passed on shares its file with the request that it came from.
                if not stored.startswith(GONE) and not QuerySet(model).filter(**{name: stored}).exists():
                    transaction.on_commit(lambda path=stored: default_storage.delete(path))  # type: ignore[misc]


def _nothing(column: Any, kind: DataKind) -> Any:
    """What a column holds when what it held is gone. Where there was a text the page says that it was erased."""
    if column.null:
        return None
    if isinstance(column, models.JSONField):
        empty = column.get_default()
        return {} if empty is None else empty
    if kind in (DataKind.IDENTITY, DataKind.CONTACT):
        return ""  # what is written to or looked up by
    return models.Case(models.When(**{column.name: ""}, then=models.Value("")), default=models.Value(ERASED))


# The list outside -----------------------------------------------------------------------------------------------------


def _mark(file: File, of: Matter) -> str:
    """By which a file is known again, and by nobody without the key."""
    said = "\n".join(("gongkai.erasure", *FILES[of].mark(file))).encode()
    return hmac.new(settings.IDENTITY_INDEX_KEY, said, hashlib.sha256).hexdigest()


def _write_down(file: File, of: Matter, kinds: Collection[DataKind], *, at: datetime) -> None:
    path = Path(settings.ERASURE_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"at": at.isoformat(timespec="seconds"), of.value: _mark(file, of), "kinds": sorted(kinds)}
    line = json.dumps(said) + "\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def apply_list(*, at: datetime) -> int:
    """After a backup was restored: erase again what had been erased since; of how many files."""
    wanted: dict[Matter, dict[str, set[DataKind]]] = {matter: {} for matter in Matter}
    for line in _lines():
        for matter in Matter:
            if matter.value in line:
                wanted[matter].setdefault(line[matter.value], set()).update(map(DataKind, line["kinds"]))
    if not any(wanted.values()):
        return 0
    audit.seal_all(at=at)
    return sum(_erase_again(of, marks, at=at) for of, marks in wanted.items() if marks)


def _erase_again(of: Matter, marks: dict[str, set[DataKind]], *, at: datetime) -> int:
    erased = 0
    for file in FILES[of].all_ended().iterator(chunk_size=1000):
        if kinds := marks.get(_mark(file, of)):
            with transaction.atomic():
                _erase(file, of, kinds)
                _record(file, of, kinds, why="restored", page="restore", at=at)
            erased += 1
    return erased


def _lines() -> Iterator[dict[str, Any]]:
    path = Path(settings.ERASURE_FILE)
    if path.exists():
        for text in path.read_text(encoding="ascii").splitlines():
            if text.strip():
                yield json.loads(text)


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)


_TOO_EARLY: Final = Text(
    "保存期限（{years}年）没有届满：现在只能删除{on}以前办结的。",
    "The time for which it is kept ({years} years) is not over: only what was closed before {on} can be erased.",
)
_NOT_DUE: Final = Text(
    "这件没有办结，或者还有复议、诉讼没有结束，不能删除。",
    "It is not closed, or a dispute about it is still pending, so nothing of it can be erased.",
)
