"""What happens to annual reports, and until when they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from casework.approvers import desks_of
from casework.law.calendar import day_of
from casework.models import (
    Agency,
    AnnualReport,
    Role,
    Staff,
)
from casework.reach import Reach, Told
from notifications.outbox import post_many
from notifications.posting import Posting

from .hearing import post_to
from .table import REPORT_DUE, REPORT_OVERDUE, REPORT_STEP, UNIT_REPORT_WANTED


def ask_for_reports(top: Agency, year: int, units: Sequence[Agency], *, at: datetime) -> int:
    """Tell report editors and heads of these units that the region waits for their report; how many people.

    Once a day to each for a unit and year, however often the button is pressed.
    """
    reach = Reach()
    postings: list[Posting] = []
    told_people: set[int] = set()
    keys = [unit.pk for unit in units]
    desks = [desks_of(keys, role, on=day_of(at)) for role in (Role.REPORT_EDITOR, Role.HEAD)]
    people = {unit.pk: {person.pk: person for desk in desks for person in desk[unit.pk].told()} for unit in units}
    reach.read(person for those in people.values() for person in those.values())
    for unit in units:
        told = Told(
            key=f"{UNIT_REPORT_WANTED.name}:{unit.pk}:{year}:{day_of(at).isoformat()}",
            name=UNIT_REPORT_WANTED.name,
            at=at,
            context={"agency": top.name, "year": year},
            path=f"/desk/annual/{unit.code}/{year}/",
            agency_id=unit.pk,
        )
        for person in people[unit.pk].values():
            told_people.add(person.pk)
            postings += reach.to_staff(person, told, UNIT_REPORT_WANTED.group)
    if postings:
        post_many(postings, at=at)
    return len(told_people)


class ReportNews(StrEnum):
    """What has happened to a report, for whoever's turn it is now."""

    TO_SIGN = "to_sign"
    SENT_BACK = "sent_back"
    TO_PUBLISH = "to_publish"
    REOPENED = "reopened"


def tell_report(report: AnnualReport, news: ReportNews, *, by: Staff, at: datetime) -> None:
    """Tell the heads that a report waits for its signature, the editors all else; without editors the heads hear."""
    heads = news is ReportNews.TO_SIGN
    people = _people_of_report([report.agency_id], at=at, heads=heads)[report.agency_id]
    told = Told(
        key=f"{REPORT_STEP.name}:{report.pk}:{news}:{report.steps.count()}",
        name=REPORT_STEP.name,
        at=at,
        context={
            "agency": report.agency.name,
            "year": report.year,
            "region": report.region,
            "news": news.value,
        },
        path=_report_path(report.agency, report.year, region=report.region),
        agency_id=report.agency_id,
    )
    post_to([person for person in people if person.pk != by.pk], told, REPORT_STEP, at=at)


@dataclass(frozen=True, slots=True)
class AwaitedReport:
    """A report that is not published: of whom, on which year, until when, and how many working days are left."""

    agency: Agency
    year: int
    region: bool
    due_on: date
    planned_on: date
    days_left: int
    milestone: int


def tell_awaited(awaited: AwaitedReport, *, at: datetime) -> int:
    """Remind editors and heads, once a milestone; when the day has passed the competent department hears too.

    Returns how many people it is for.
    """
    agency, late = awaited.agency, awaited.days_left < 0
    notice = REPORT_OVERDUE if late else REPORT_DUE
    people = {person.pk: person for heads in (False, True) for person in _everybody(agency, at=at, heads=heads)}
    if late:
        people |= {person.pk: person for person in _competent(agency)}
    told = Told(
        key=f"{notice.name}:{agency.pk}:{awaited.year}:{int(awaited.region)}:{awaited.milestone}",
        name=notice.name,
        at=at,
        context={
            "agency": agency.name,
            "year": awaited.year,
            "region": awaited.region,
            "due_on": awaited.due_on.isoformat(),
            "until_on": awaited.planned_on.isoformat(),
            "days_left": awaited.days_left,
            "days_late": max(0, -awaited.days_left),
        },
        path=_report_path(agency, awaited.year, region=awaited.region),
        agency_id=agency.pk,
        due_on=awaited.planned_on,
    )
    post_to(people.values(), told, notice, at=at)
    return len(people)


def _report_path(agency: Agency, year: int, *, region: bool) -> str:
    return f"/desk/annual/{agency.code}/{year}/report/{'?region=1' if region else ''}"


def _everybody(agency: Agency, *, at: datetime, heads: bool) -> list[Staff]:
    return _people_of_report([agency.pk], at=at, heads=heads)[agency.pk]


def _people_of_report(agencies: Sequence[int], *, at: datetime, heads: bool) -> dict[int, list[Staff]]:
    """The heads, with the deputies of those away, or the editors; where there is no editor the heads write it."""
    found = {key: desk.told() for key, desk in desks_of(agencies, Role.HEAD, on=day_of(at)).items()}
    if heads:
        return found
    editors = {key: desk.told() for key, desk in desks_of(agencies, Role.REPORT_EDITOR, on=day_of(at)).items()}
    return {key: editors[key] or found[key] for key in agencies}


def _competent(agency: Agency) -> list[Staff]:
    """The supervisors of the competent department above, who call for the report (条例 47)."""
    above = Agency.objects.filter(code__in=agency.path.strip("/").split("/")[:-1])
    appointed = Staff.objects.filter(
        is_active=True, appointments__role=Role.REGION_SUPERVISOR, appointments__agency__in=above
    )
    return list(appointed.distinct().order_by("pk"))
