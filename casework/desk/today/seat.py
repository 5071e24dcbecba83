"""Who looks at today's page, and which cases are theirs."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Final

from django.db.models import Q, QuerySet

from casework import access
from casework.desk.trays import AWAITS
from casework.law.approval import STEPS, Step
from casework.law.calendar import Calendar
from casework.models import (
    Agency,
    Decision,
    Role,
    Staff,
)
from casework.models.awaited import still_owed
from casework.models.case import CaseQuerySet

CLERK: Final = frozenset({Role.CLERK.value})
HEAD: Final = frozenset({Role.HEAD.value})
DESK: Final = CLERK | HEAD
WRITES_REPORTS: Final = access.REPORT_ACTS[access.ReportAct.CHECK].roles


class Seat:
    """Who looks, and on which day: a head at every case of the agency, a clerk at their own and at nobody's."""

    def __init__(self, user: Staff, *, on: date) -> None:
        self.user, self.on = user, on
        self.heads = access.agencies_where(user, HEAD)
        self.clerks = access.agencies_where(user, CLERK)
        self.writers = access.agencies_where(user, WRITES_REPORTS)

    @property
    def own(self) -> CaseQuerySet:
        mine = Q(agency__in=self.clerks) & (Q(clerk=self.user) | Q(clerk=None))
        return access.visible_to(self.user).filter(Q(agency__in=self.heads) | mine)

    @property
    def open(self) -> CaseQuerySet:
        return self.own.still_open()

    def awaiting(self, step: Step) -> CaseQuerySet:
        """Drafts that wait for this step by somebody of the role that the person has; their own wait for another."""
        agencies = access.agencies_where(self.user, frozenset({STEPS[step].role}))
        drafted = Decision.objects.filter(returned_at=None, proposed_by=self.user)
        here = access.visible_to(self.user).still_open().filter(agency__in=agencies)
        return here.alias(awaits=AWAITS).filter(awaits=step).exclude(decisions__in=drafted)

    @cached_property
    def calendars(self) -> list[tuple[Agency, Calendar]]:
        """The offices of this seat, each with its working days."""
        mine = {*self.heads, *self.clerks}
        return [(agency, agency.calendar) for agency in self.agencies if agency.pk in mine]

    @cached_property
    def agencies(self) -> list[Agency]:
        """Where this person works on cases or on the report, in the order of the tree; read once for all rows."""
        return list(Agency.objects.filter(pk__in={*self.heads, *self.clerks, *self.writers}))

    @property
    def reports(self) -> QuerySet[Agency]:
        """The agencies of which this person writes or signs the report on last year, and it is not published."""
        mine = [agency for agency in self.agencies if agency.pk in self.writers]
        return Agency.objects.filter(pk__in={owed.agency.pk for owed in still_owed(mine, on=self.on)})

    def by_calendar(self, condition: Callable[[Calendar], Q | None]) -> Q:
        """A condition on dates that depends on the working days of each office."""
        found = Q(pk__in=[])
        for agency, calendar in self.calendars:
            if (dates := condition(calendar)) is not None:
                found |= Q(agency=agency) & dates
        return found
