"""The verbs of time alone: remind, escalate, find a lapse, miss a clerk. Nobody acts, and nothing about a case changes.

They write many events in a few statements: a sweep must cost what its cases cost and no more. An event names what it
is about in ``once``, unique in its case, so that time causes nothing twice.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, DateField, DateTimeField, F, JSONField, Value

from casework.law.calendar import day_of
from casework.models import Actor, Case, Event, Kind
from casework.notices import Due, tell_together


def remind(due: Sequence[Due], *, at: datetime) -> None:
    """The clerk is told how many working days are left."""
    _happened(Kind.REMINDED, due, at=at)


def escalate(due: Sequence[Due], *, at: datetime) -> None:
    """The head is told that a case is due, or overdue."""
    _happened(Kind.ESCALATED, due, at=at)


def lapse(due: Sequence[Due], *, at: datetime) -> None:
    """The applicant's period has run out: proposed to the clerk, never decided here (law.md 3.5)."""
    _happened(Kind.LAPSE_FOUND, due, at=at)


def miss_clerk(due: Sequence[Due], *, at: datetime) -> None:
    """The head is told that nobody has taken an application (law.md 11, no. 1)."""
    _happened(Kind.LEFT_UNTAKEN, due, at=at)


def look_again(days: Mapping[date | None, Sequence[int]]) -> None:
    """Set the day on which the sweep next looks at these cases; ``None``: there is nothing left to watch.

    The version stays: a reminder must not turn away a clerk who is in the middle of an act. Should the clerk's act
    write an older day back, the sweep looks once more and finds that all is told.
    """
    for day, cases in days.items():
        Case.objects.among(cases).update(watch_on=day)


def _happened(kind: Kind, due: Sequence[Due], *, at: datetime) -> None:
    """One statement for all cases of which the same is to be said, then the messages, person by person."""
    if not due:
        return
    for each in due:
        _write(kind, each, at=at)
    tell_together(kind, due, at=at)


def _write(kind: Kind, due: Due, *, at: datetime) -> None:
    """``INSERT … SELECT``: three times as fast as rows that travel through Python, and the due date is the case's."""
    payload: dict[str, Any] = {"days_left": due.days_left}
    if due.until is not None:
        payload = {"until": due.until.isoformat()}
    columns: dict[str, Any] = {
        "case_id": F("pk"),
        "kind": Value(kind.value, CharField()),
        "on": Value(day_of(at), DateField()),
        "at": Value(at, DateTimeField()),
        "actor": Value(Actor.CLOCK.value, CharField()),
        "payload": Value(payload, JSONField()),
        "due_before": F("due_on"),
        "due_after": F("due_on"),
        "once": Value(due.once, CharField()),
    }
    rows = Case.objects.among([case.pk for case in due.cases])
    rows = rows.annotate(**{f"new_{name}": value for name, value in columns.items()})
    select, values = rows.values_list(*(f"new_{name}" for name in columns)).query.sql_with_params()
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(Event._meta.db_table)} ({names}) {select}", values)
