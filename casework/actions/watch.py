"""The verbs of time alone: remind, escalate, find a lapse, miss a clerk or a telling, recall.

Nobody acts, and nothing about a case changes. They write many events in a few statements: a sweep must cost what its
cases cost and no more. An event names what it is about in ``once``, unique in its case, so that time causes nothing
twice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import CharField, DateField, DateTimeField, F, JSONField, Value

from casework.law.calendar import day_of
from casework.models import Actor, Assistance, Case, Event, Kind
from casework.notices import Due, Watched, tell_together

from .record import happened


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


def miss_applicant(case: Case, *, way: str, at: datetime) -> None:
    """A notice to the applicant was given up: clerk and head are told, for what did not arrive was not told."""
    happened(case, Kind.UNDELIVERED, by=None, at=at, actor=Actor.CLOCK, payload={"way": way})


def miss_telling(due: Sequence[Due], *, at: datetime) -> None:
    """Clerk and head are told that an extension must reach the applicant today, or is none (条例 33(2))."""
    _happened(Kind.EXTENSION_UNTOLD, due, at=at)


def recall_notice(due: Sequence[Due], *, at: datetime) -> None:
    """The clerk of a case that nobody has begun hears until when a supplement can be asked for (条例 30)."""
    _happened(Kind.SUPPLEMENT_REMINDED, due, at=at)


class Silence(NamedTuple):
    """A request inside without an answer; ``once`` is the name of what is told about it."""

    assistance: Assistance
    days_left: int
    once: str


def recall(silences: Sequence[Silence], *, at: datetime) -> None:
    """Whoever was asked hears that the internal due date is near or past; where that is a mere division, the clerk."""
    _silent(Kind.ASSISTANCE_REMINDED, silences, _whoever_was_asked, at=at)


def report_silence(silences: Sequence[Silence], *, at: datetime) -> None:
    """The head of the asking office hears that there is still no answer."""
    _silent(Kind.ASSISTANCE_ESCALATED, silences, lambda asked: (asked.case.agency_id, None), at=at)


def chase_again(days: Mapping[date | None, Sequence[int]]) -> None:
    """Set the day on which the sweep next looks at these requests."""
    for day, requests in days.items():
        Assistance.objects.filter(pk__in=requests).update(chase_on=day)


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


def _whoever_was_asked(asked: Assistance) -> tuple[int, int | None]:
    """Office and person to hear; of an office without a named person, its clerks hear."""
    if asked.agency_id is not None or asked.addressee_id is not None:
        return asked.agency_id or asked.case.agency_id, asked.addressee_id
    return asked.case.agency_id, asked.case.clerk_id


def _silent(
    kind: Kind,
    silences: Sequence[Silence],
    hearer: Callable[[Assistance], tuple[int, int | None]],
    *,
    at: datetime,
) -> None:
    """An event in each case, then one message a person about all requests."""
    if not silences:
        return
    Event.objects.bulk_create(
        Event(
            case=asked.case,
            kind=kind.value,
            on=day_of(at),
            at=at,
            actor=Actor.CLOCK,
            payload={"assistance": asked.pk, "name": asked.name, "days_left": days_left},
            due_before=asked.case.due_on,
            due_after=asked.case.due_on,
            once=once,
        )
        for asked, days_left, once in silences
    )
    due = []
    for asked, days_left, once in silences:
        agency, person = hearer(asked)
        watched = Watched(asked.case_id, asked.case.number, agency, person, asked.due_on, None, None)
        due.append(Due(once, asked.due_on, days_left, cases=[watched]))
    tell_together(kind, due, at=at, path="/desk/assistance/")


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
