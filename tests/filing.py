"""The people of a report, and a report brought to a state by its verbs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from casework import annual
from casework.actions import report as verbs
from casework.law.outcomes import ApplicantKind, Outcome
from casework.models import AnnualReport, ReportEdition, ReportState, Role, Staff
from tests.cast import Cast, closed, moment, person, registered

YEAR: Final = 2025
#: After the days of grace, before 31 January.
JANUARY: Final = date(2026, 1, 20)
NOTE: Final = "表二、表四和正文另行编写。"
AT: Final = moment(JANUARY)


@dataclass(frozen=True)
class Office:
    """Lu edits the report, Li signs; both may read the region. Wei heads Civil Affairs alone."""

    players: Cast
    lu: Staff
    li: Staff
    wei: Staff


def office(players: Cast) -> Office:
    lu = person("lu", "白露", players.dongshan, Role.REPORT_EDITOR, Role.REGION_SUPERVISOR)
    players.li.appointments.create(agency=players.dongshan, role=Role.REGION_SUPERVISOR)
    wei = person("wei", "魏民", players.civil, Role.HEAD)
    return Office(players, lu, players.li, wei)


def year_of_cases(players: Cast, *, closing: bool = False) -> None:
    """Two received in 2025 and one carried in, all carried out; ``closing``: but one refused and one granted."""
    first = registered(players, on=date(2025, 6, 3)).case
    registered(players, on=date(2025, 6, 3), applicant_kind=ApplicantKind.BUSINESS)
    carried = registered(players, on=date(2024, 12, 30)).case
    if closing:
        closed(players, first, Outcome.REFUSED_5, on=date(2025, 6, 10))
        closed(players, carried, Outcome.GRANTED, on=date(2025, 1, 6))


def begun(staff: Office, *, region: bool = False, year: int = YEAR) -> AnnualReport:
    return verbs.begin(staff.players.dongshan, year, region=region, by=staff.lu, at=AT)


def checked(staff: Office, report: AnnualReport, *, at: datetime = AT, remark: str = NOTE) -> AnnualReport:
    verbs.check(report, **making(), remark=remark, version=report.version, by=staff.lu, at=at)
    return report


def signed(staff: Office, report: AnnualReport, *, at: datetime = AT) -> ReportEdition:
    return verbs.sign(report, make=annual.frozen, version=report.version, by=staff.li, at=at)


def published(staff: Office, report: AnnualReport, *, at: datetime = AT) -> ReportEdition:
    return verbs.publish(report, version=report.version, by=staff.lu, at=at)


def filed(staff: Office, *, region: bool = False) -> ReportEdition:
    """The whole way to publication."""
    report = checked(staff, begun(staff, region=region))
    signed(staff, report)
    return published(staff, report)


def brought_to(staff: Office, state: ReportState, *, region: bool = False) -> AnnualReport:
    """A report in that state."""
    report = begun(staff, region=region)
    for step, follows in ((checked, "checked"), (signed, "signed"), (published, "published")):
        if report.state == state:
            break
        step(staff, report)
        assert report.state == follows
    return report


def making() -> dict[str, Any]:
    return {"found": annual.obstacles, "digest": annual.content_digest}
