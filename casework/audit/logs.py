"""Which tables are sealed, what of a row is sealed, and which of its values may be erased one day."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import models

from casework.models import (
    AccessRecord,
    CorrectionEvent,
    CountChange,
    DisputeStep,
    Event,
    Kind,
    SettingChange,
    StaffChange,
    TakenOut,
)
from casework.models.correction import CORRECTION_SENTENCES, CorrectionKind
from casework.models.event import SENTENCES

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Log:
    """One append-only table.

    ``columns``: what a seal covers, spelled out, so that a column added later does not change what was sealed.
    ``erasable``: the columns that may change once the salt of their row is gone.
    ``personal``: the names of the values that are personal, of a row: columns, or ``payload.key``.
    """

    key: str
    model: type[models.Model]
    columns: tuple[str, ...]
    erasable: tuple[str, ...]
    personal: Callable[[Row], tuple[str, ...]]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def fixed(self) -> tuple[str, ...]:
        """Columns of the table as the database knows them that never change."""
        return tuple(f.column for f in self.model._meta.concrete_fields if f.column and f.name not in self.erasable)


#: Texts that staff write freely about a case: a name may stand in any of them.
FREE: Final = ("reason", "remark", "note", "words", "why", "how")


def _of_event(row: Row) -> tuple[str, ...]:
    named = SENTENCES[Kind(row["kind"])].personal if row["kind"] in list(Kind) else ()
    return _in_payload(row, {*named, *FREE})


def _of_correction_event(row: Row) -> tuple[str, ...]:
    return _in_payload(row, set(CORRECTION_SENTENCES[CorrectionKind(row["kind"])].personal))


def _of_staff_change(row: Row) -> tuple[str, ...]:
    return _in_payload(row, set(row["payload"]))


def _in_payload(row: Row, keys: set[str]) -> tuple[str, ...]:
    return tuple(f"payload.{key}" for key in sorted(keys & set(row["payload"])))


def _filled(*columns: str) -> Callable[[Row], tuple[str, ...]]:
    return lambda row: tuple(column for column in columns if row[column])


LOGS: Final[dict[str, Log]] = {
    log.key: log
    for log in (
        Log(
            "event",
            Event,
            (
                *("id", "case_id", "kind", "on", "at", "actor", "by_id", "for_whom_id"),
                *("payload", "due_before", "due_after", "once"),
            ),
            ("payload",),
            _of_event,
        ),
        Log(
            "correction_event",
            CorrectionEvent,
            ("id", "correction_id", "kind", "on", "at", "by_id", "payload"),
            ("payload",),
            _of_correction_event,
        ),
        Log(
            "access",
            AccessRecord,
            ("id", "kind", "at", "by_id", "agency_id", "case_id", "page", "what", "network", "request_id"),
            ("what", "network"),
            _filled("what", "network"),
        ),
        Log("taken_out", TakenOut, ("id", "by_id", "at", "form", "query", "cases"), ("query",), _filled("query")),
        Log(
            "staff_change",
            StaffChange,
            ("id", "staff_id", "agency_id", "kind", "payload", "at", "by_id"),
            ("payload",),
            _of_staff_change,
        ),
        Log(
            "setting_change",
            SettingChange,
            ("id", "agency_id", "field", "before", "after", "reason", "at", "by_id"),
            (),
            _filled(),
        ),
        Log(
            "count_change",
            CountChange,
            ("id", "case_id", "at", "cause", "applicant_kind", "received_on", "closed_on", "outcome"),
            (),
            _filled(),
        ),
        Log(
            "dispute_step",
            DisputeStep,
            (
                *("id", "dispute_id", "place", "stage", "on", "organ", "docket_number", "result", "words", "order_by"),
                *("file_id", "corrects_id", "reason", "by_id", "at"),
            ),
            ("words", "reason"),
            _filled("words", "reason"),
        ),
    )
}


def canonical(value: Any) -> bytes:
    """The one text of a value: JSON with sorted keys and no spaces, dates in ISO 8601, moments in UTC."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_written).encode()


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value)} has no canonical text")


def taken_apart(row: Row, keys: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of a row is sealed as it stands, and its personal values."""
    fixed, personal = dict(row), {}
    for key in keys:
        column, _, name = key.partition(".")
        if not name:
            personal[key] = fixed.pop(column)
            fixed[column] = ""
            continue
        if name in fixed[column]:
            personal[key] = fixed[column][name]
            fixed[column] = {each: value for each, value in fixed[column].items() if each != name}
    return fixed, personal


def commitment(salt: bytes, personal: dict[str, Any]) -> str:
    """What the leaf holds of personal values: nobody finds them from it once the salt is gone."""
    return hashlib.sha256(salt + canonical(personal)).hexdigest()


def leaf(log: Log, fixed: Row, committed: str) -> bytes:
    """SHA-256 of one row, with what its personal values were committed to; empty where it has none."""
    return hashlib.sha256(canonical({"log": log.key, "row": fixed, "personal": committed})).digest()
