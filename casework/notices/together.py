"""What time asks of many cases, told to each person at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from casework.law.calendar import day_of
from casework.models import (
    Kind,
)
from casework.reach import Reach, Told
from notifications.outbox import post_many
from notifications.posting import Posting

from .hearing import Due, Rolls, Watched
from .table import NOTICES

#: Cases listed in one message; a longer list is read on the desk.
MOST_LISTED: Final = 50


def tell_together(kind: Kind, due: Sequence[Due], *, at: datetime, path: str = "") -> None:
    """One message a person and channel about all that time asks, most urgent first, instead of one a case.

    It leads to ``path``, by default to the case or, of several, to the queue.
    """
    rolls, reach = Rolls(), Reach()
    postings: list[Posting] = []
    for notice in NOTICES[kind]:
        everybody = list(rolls.heard_together(notice.to, due, on=day_of(at)))
        reach.read(person for person, _heard in everybody)
        for person, heard in everybody:
            heard.sort(key=lambda each: (each[0].days_left or 0, each[1].number))
            first, case = heard[0]
            alone = len(heard) == 1
            told = Told(
                key=f"sweep:{kind}:{case.pk}:{first.once}",
                name=notice.name,
                at=at,
                context=_list(heard, at),
                path=path or (f"/desk/cases/{case.pk}/" if alone else "/desk/"),
                agency_id=case.agency,
                subject_ref=f"case:{case.pk}" if alone else "",
                due_on=min((each.due_on for each, _case in heard if each.due_on), default=None),
            )
            postings += reach.to_staff(person, told, notice.group)
    if postings:
        post_many(postings, at=at)


def _list(heard: list[tuple[Due, Watched]], at: datetime) -> dict[str, Any]:
    return {
        "today_on": day_of(at),
        "count": len(heard),
        "more": max(0, len(heard) - MOST_LISTED),
        "cases": [
            {
                "number": case.number,
                "due_on": due.due_on.isoformat() if due.due_on else "",
                "days_left": due.days_left,
                "days_late": -due.days_left if due.days_left and due.days_left < 0 else 0,
                "until_on": due.until.isoformat() if due.until else "",
                "provisional": case.provisional,
            }
            for due, case in heard[:MOST_LISTED]
        ],
    }
