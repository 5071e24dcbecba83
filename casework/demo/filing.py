"""Which annual reports of the demo are filed, by whom and when: last year's of every agency, and the district's sum."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from casework.law.calendar import day_of
from casework.models import Agency, Role, Staff

from .office import Team
from .plans import moment


@dataclass(frozen=True, slots=True)
class Filing:
    """One report: whose, on which year, and who takes it from the draft to the public on which days."""

    agency: Agency
    year: int
    region: bool
    editor: Staff
    head: Staff
    checked_at: datetime
    signed_at: datetime
    published_at: datetime


def filings(teams: Mapping[str, Team], *, at: datetime) -> Iterator[Filing]:
    """In January each its own, in March the sum; none where those days are still to come."""
    year = day_of(at).year - 1
    for team in teams.values():
        editor = Staff.objects.get(appointments__agency=team.agency, appointments__role=Role.REPORT_EDITOR)
        for region, month in ((False, 1), (True, 3)):
            days = [moment(date(year + 1, month, day), 10) for day in (20, 22, 23)]
            if days[-1] <= at and (not region or team.office.suffix == ""):
                yield Filing(team.agency, year, region, editor, team.head, *days)
