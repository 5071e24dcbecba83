"""Honest expectations: how long similar applications took at this office lately, and how they ended.

*Similar* is the same office and the same side of table 三: a natural person, or an organisation. Where too few of
those were replied to, all of the office are taken; where these are too few as well, nothing is shown.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, QuerySet

from casework.law.outcomes import OUTCOMES, ApplicantKind, Group, Outcome
from casework.models import Case

from .statistics import REPLIES

#: Fewer replies say nothing of an office, and might point at persons.
FEWEST: Final = 20
#: A share of fewer than this many cases is not told, for the same reason.
FEWEST_IN_SHARE: Final = 3
LOOKED_BACK: Final = timedelta(days=365)
_KINDS: Final = frozenset(kind.value for kind in ApplicantKind)
_PERSON: Final = frozenset({ApplicantKind.NATURAL_PERSON.value})


@dataclass(frozen=True, slots=True)
class Expectation:
    """Replies of the last 365 days: ``days`` counts them by working days from receipt to dispatch.

    ``alike``: of the same kind of applicant only. ``asked``: how many were asked for a supplement first.
    """

    alike: bool
    since: date
    days: Counter[int]
    groups: Counter[Group]
    asked: int

    @property
    def n(self) -> int:
        return self.days.total()

    @property
    def half_by(self) -> int:
        """The working day by which half of them had their reply."""
        return self._by(0.5)

    @property
    def most_by(self) -> int:
        """The working day by which nine in ten had it."""
        return self._by(0.9)

    @property
    def asked_share(self) -> int | None:
        return self._share(self.asked)

    @property
    def granted_share(self) -> int | None:
        return self._share(self.groups[Group.GRANTED])

    @property
    def partial_share(self) -> int | None:
        return self._share(self.groups[Group.PARTIAL])

    @property
    def bars(self) -> list[tuple[int, int, int]]:
        """For the drawing: first and last working day of each column and its number; the last holds all later ones."""
        width, columns = 5, 9
        counts = [0] * columns
        for day, number in self.days.items():
            counts[min(columns - 1, max(day - 1, 0) // width)] += number
        return [(at * width + 1, (at + 1) * width, number) for at, number in enumerate(counts)]

    def _by(self, share: float) -> int:
        wanted, reached = share * self.n, 0
        for day in sorted(self.days):
            reached += self.days[day]
            if reached >= wanted:
                return day
        raise ValueError("nothing was counted")

    def _share(self, number: int) -> int | None:
        """In percent; ``None`` where so few, or all but so few, would be told apart."""
        if not FEWEST_IN_SHARE <= number <= self.n - FEWEST_IN_SHARE:
            return None
        return round(100 * number / self.n)


def expected(case: Case, *, on: date) -> Expectation | None:
    """What this application may expect; ``None`` while too few can be compared. Two queries."""
    since = on - LOOKED_BACK
    # All are named, so that the index annual_matrix leads straight to the days.
    replies: QuerySet[Any] = Case.objects.applications().filter(
        agency=case.agency_id, applicant_kind__in=_KINDS, outcome__in=REPLIES, closed_on__range=(since, on)
    )
    columns = ("applicant_kind", "received_on", "closed_on", "outcome")
    groups = list(replies.order_by().values_list(*columns).annotate(number=Count("*")))
    side = _PERSON if case.applicant_kind in _PERSON else _KINDS - _PERSON
    for kinds in (side, _KINDS):
        those = [group for group in groups if group[0] in kinds]
        if sum(group[-1] for group in those) >= FEWEST:
            asked = replies.filter(applicant_kind__in=kinds, supplements__isnull=False).values("pk").distinct().count()
            return _of(case, those, since=since, asked=asked, alike=kinds is side)
    return None


def _of(case: Case, groups: list[Any], *, since: date, asked: int, alike: bool) -> Expectation:
    days, ended, calendar = Counter[int](), Counter[Group](), case.agency.calendar
    for _kind, received_on, closed_on, outcome, number in groups:
        days[calendar.workdays_between(received_on, closed_on)] += number
        ended[OUTCOMES[Outcome(outcome)].group] += number
    return Expectation(alike, since, days, ended, asked)
