"""The few figures by which somebody who keeps watch sees that the office keeps up and the machine does.

Each is asked of an index of what is open, waiting or unsealed: the cost follows the work at hand, not the years behind
it. Nothing here says whose case it is, nor which.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Min, Q

from casework import audit
from casework.law.calendar import day_of
from casework.law.states import State
from casework.models import Case, LastRun

#: What a case may be waiting for the office to do next.
FIRST_ACT: Final = "first_act"
APPROVAL: Final = "approval"
DISPATCH: Final = "dispatch"


@dataclass(frozen=True, slots=True)
class Vitals:
    """Figures of one moment; ages in seconds, 0 where nothing waits."""

    #: What for → how long the case that waits longest has waited.
    queue: Mapping[str, float]
    due_today: int
    overdue: int
    #: Log of the audit → rows that no seal covers yet, and the age of the oldest.
    unsealed: Mapping[str, tuple[int, float]]
    #: Task of the timetable → how long ago it last came to its end.
    ran: Mapping[str, float]
    #: Rule → breaches that the last nightly proof found; empty before the first.
    findings: Mapping[str, int]


def measured(*, at: datetime) -> Vitals:
    """All of them, in five queries."""
    runs = list(LastRun.objects.all())
    due = _due(at)
    return Vitals(
        queue=_queue(at),
        due_today=due["today"],
        overdue=due["overdue"],
        unsealed={log: (rows, _age(since, at)) for log, (rows, since) in audit.all_waiting().items()},
        ran={run.task: _age(run.at, at) for run in runs},
        findings=next((run.findings for run in runs if run.findings is not None), {}),
    )


def _queue(at: datetime) -> dict[str, float]:
    """Not begun: that of the case that is due first of those; the reply period orders them as they came (条例 33)."""
    untouched = Case.objects.still_open().untouched().order_by("due_on", "id")
    begun = untouched.values_list("registered_at", flat=True)[:1]
    waits: dict[str, float] = {FIRST_ACT: _age(next(iter(begun), None), at), APPROVAL: 0.0, DISPATCH: 0.0}
    on_the_table = Case.objects.still_open().filter(decisions__returned_at=None, decisions__dispatched_on=None)
    stages = on_the_table.order_by().aggregate(
        **{
            APPROVAL: Min("decisions__proposed_at", filter=Q(state=State.IN_REVIEW)),
            DISPATCH: Min("decisions__signed_at", filter=Q(state=State.SIGNED)),
        }
    )
    return waits | {what: _age(since, at) for what, since in stages.items()}


def _due(at: datetime) -> dict[str, int]:
    """Open cases whose reply is due on this day, and those whose day is past, as on the pages of the desk."""
    on = day_of(at)
    urgent = Case.objects.still_open().filter(due_on__lte=on)
    return urgent.aggregate(
        today=Count("due_on", filter=Q(due_on=on)), overdue=Count("due_on", filter=Q(due_on__lt=on))
    )


def _age(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0
