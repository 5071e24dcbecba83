"""What a calendar edition moved, and that next year's is missing."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from casework.law.calendar import day_of
from casework.models import (
    CalendarEdition,
    Case,
    Kind,
    Role,
    Staff,
    ToldBy,
)
from casework.reach import Reach, Told, to_applicant
from notifications.outbox import post_many
from notifications.posting import Posting

from .hearing import Due, Rolls, Watched, post_to
from .table import EDITION_MISSING, NOTICES, Notice
from .together import MOST_LISTED


class Moved(NamedTuple):
    """A case whose date a calendar edition touched. ``overdue``: by the new date, and not by the old one."""

    pk: int
    number: str
    agency: int
    clerk: int | None
    before: date | None
    after: date | None
    overdue: bool
    provisional: bool = False


#: What is read of a case in order to write to its applicant.
_ADDRESSED: Final = (
    "language",
    "agency__name",
    *(f"applicant__{name}" for name in ("email", "phone", "told_by", "told_less")),
)


def tell_calendar(applied: CalendarEdition, moved: Iterable[Moved], *, at: datetime) -> None:
    """Applicants hear of their own case when its date moved, clerks of all theirs at once, heads of what is overdue."""
    cases = [case for case in moved if case.before != case.after]
    to_applicant, to_clerk, to_heads = NOTICES[Kind.CALENDAR_CHANGED]
    postings = list(_to_applicants(applied, to_applicant, cases, at))
    rolls, reach = Rolls(), Reach()
    for notice, heard_of in ((to_clerk, cases), (to_heads, [case for case in cases if case.overdue])):
        dues = [_as_due(case) for case in heard_of]
        after = {case.pk: case for case in heard_of}
        everybody = list(rolls.heard_together(notice.to, dues, on=day_of(at)))
        reach.read(person for person, _heard in everybody)
        for person, heard in everybody:
            theirs = sorted((after[case.pk] for _due, case in heard), key=lambda m: (m.after or date.max, m.number))
            told = Told(
                key=f"calendar:{applied.pk}:{notice.name}:{theirs[0].pk}",
                name=notice.name,
                at=at,
                context=_moves(applied, theirs),
                path="/desk/",
                agency_id=theirs[0].agency,
                due_on=theirs[0].after,
            )
            postings += reach.to_staff(person, told, notice.group)
    if postings:
        post_many(postings, at=at)


def _to_applicants(applied: CalendarEdition, notice: Notice, cases: Sequence[Moved], at: datetime) -> Iterator[Posting]:
    moved = {case.pk: case for case in cases}
    rows = Case.objects.among(moved).exclude(applicant__email="", applicant__told_by=ToldBy.EMAIL)
    for found in rows.select_related("applicant", "agency").only(*_ADDRESSED):
        case = moved[found.pk]
        told = Told(
            key=f"calendar:{applied.pk}:{notice.name}:{found.pk}:{case.after}",
            name=notice.name,
            at=at,
            context={
                "number": case.number,
                "agency": found.agency.name,
                "year": applied.year,
                "edition": applied.number,
                "before_on": case.before.isoformat() if case.before else "",
                "due_on": case.after.isoformat() if case.after else "",
                "provisional": case.provisional,
            },
            path="/follow/",
            agency_id=case.agency,
            subject_ref=f"case:{found.pk}",
        )
        yield from to_applicant(found.applicant, told, found.language, texted=notice.texted, optional=notice.optional)


def _as_due(case: Moved) -> Due:
    watched = Watched(case.pk, case.number, case.agency, case.clerk, case.after, None, None)
    return Due("calendar", case.after, cases=[watched])


def _moves(applied: CalendarEdition, cases: Sequence[Moved]) -> dict[str, Any]:
    return {
        "year": applied.year,
        "edition": applied.number,
        "count": len(cases),
        "more": max(0, len(cases) - MOST_LISTED),
        "cases": [
            {
                "number": case.number,
                "before_on": case.before.isoformat() if case.before else "",
                "due_on": case.after.isoformat() if case.after else "",
                "provisional": case.provisional,
            }
            for case in cases[:MOST_LISTED]
        ],
    }


def ask_for_edition(year: int, *, urgent: bool, once: str, at: datetime) -> int:
    """Tell every administrator that the holidays of a year are missing; each ``once`` only once. How many people."""
    roles = [Role.SYSTEM_ADMINISTRATOR.value, Role.AGENCY_ADMINISTRATOR.value]
    people = Staff.objects.filter(is_active=True, appointments__role__in=roles).distinct()
    told = Told(
        key=f"{EDITION_MISSING.name}:{year}:{once}",
        name=EDITION_MISSING.name,
        at=at,
        context={"year": year, "urgent": urgent},
        path="/desk/calendar/",
        agency_id=None,
    )
    post_to(people, told, EDITION_MISSING, at=at)
    return len(people)
