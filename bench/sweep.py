"""The daily sweep against set-based SQL that leaves the same events and the same next day behind."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from django.db import connection, transaction

from casework import sweeps
from casework.models import Case, Event

from .build import TODAY
from .measure import Result, at_most

AT = datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=timezone(timedelta(hours=8)))

#: What a sweep of these cases must leave: on its last day a case is told to its clerk and to the head, and is looked at
#: again on the next day.
EVENTS = """
    INSERT INTO casework_event (case_id, kind, "on", at, actor, payload, due_before, due_after, once)
    SELECT id, '{kind}', '{on}', '{at}', 'clock', '{{"days_left": 0}}', due_on, due_on, '{word}:' || due_on || ':0'
    FROM casework_case WHERE watch_on <= '{on}'
"""
NEXT_DAY = f"UPDATE casework_case SET watch_on = '{TODAY + timedelta(days=1)}' WHERE watch_on <= '{TODAY}'"


def run() -> Iterator[Result]:
    due = Case.objects.filter(watch_on__lte=TODAY).count()
    still_open = Case.objects.filter(closed_on=None).count()
    yield at_most(
        3,
        "daily sweep",
        connection.vendor,
        lambda: undone(lambda: sweeps.remind(at=AT)),
        lambda: undone(by_hand),
        note=f"{due} due of {still_open} open",
    )
    yield at_most(
        0.1,
        "sweep with nothing due, against one with all that",
        connection.vendor,
        lambda: sweeps.remind(at=AT - timedelta(days=30)),
        lambda: undone(lambda: sweeps.remind(at=AT)),
        note="its cost follows the cases due, not the cases stored",
    )


def by_hand() -> None:
    with connection.cursor() as cursor:
        for kind, word in (("reminded", "remind"), ("escalated", "escalate")):
            cursor.execute(EVENTS.format(kind=kind, word=word, on=TODAY, at=f"{AT:%Y-%m-%d %H:%M:%S}"))
        cursor.execute(NEXT_DAY)


def undone(work: Callable[[], object]) -> None:
    """Roll back, so that every turn finds the same cases."""
    with transaction.atomic():
        work()
        assert Event.objects.exists()
        transaction.set_rollback(True)
