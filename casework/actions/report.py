"""The way of an annual report: begun, checked, signed as an edition, published, and reopened for the next edition.

The figures are composed above the verbs, so ``check`` and ``sign`` are handed what composes them; they call it inside
their transaction, after the report has been claimed. What was filed stays filed: nothing here changes an edition.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from casework.access import REPORT_ACTS, ReportAct, check_may_report, for_whom, reads_region
from casework.law.calendar import day_of
from casework.law.filing import Obstacle, Weight, grace_ends
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import (
    Agency,
    AnnualReport,
    Appointment,
    ReportEdition,
    ReportState,
    ReportStep,
    Staff,
    StepKind,
)
from casework.notices import ReportNews, tell_report
from casework.wordsearch.public import keep_public

from .record import clean

#: The Regulation came into force on 1 May 2008.
_FIRST_YEAR: Final = 2008
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Frozen:
    """A report made ready for a signature.

    ``content``: the public form. ``packed``: its case lines. ``digest``: over both; ``content_digest``: over the
    content alone. ``made_with`` and ``parts`` as in ``ReportEdition``.
    """

    content: dict[str, Any]
    packed: bytes
    digest: str
    content_digest: str
    made_with: dict[str, Any]
    parts: list[dict[str, Any]] = field(default_factory=list)


Make = Callable[[AnnualReport], Frozen]


def begin(agency: Agency, year: int, *, region: bool = False, by: Staff, at: datetime) -> AnnualReport:
    """The report on that year, begun now unless it was before; it can be written from the first day of the year."""
    check_may_report(by, ReportAct.BEGIN, agency, region=region, on=day_of(at))
    if not _FIRST_YEAR <= year <= day_of(at).year:
        raise Refused(_NO_YEAR.format(year=year, first=_FIRST_YEAR, last=day_of(at).year), field="year")
    check_still_reports(agency, year)
    with transaction.atomic():
        return AnnualReport.objects.begun(agency, year, region=region, by=by, at=at)


def check_still_reports(agency: Agency, year: int) -> None:
    """Refuse the report of an organ on a year for which its successor reports (law.md 7.8)."""
    if agency.reports_for(year):
        return
    heir = agency.successor
    assert heir is not None  # else it reports for itself
    assert agency.succeeded_on is not None
    on = said(agency.succeeded_on)
    raise Refused(_GONE.format(name=agency.name, heir=heir.name, on=on, year=agency.succeeded_on.year), field="year")


def check(
    report: AnnualReport,
    *,
    found: Callable[[AnnualReport], Sequence[Obstacle]],
    digest: Callable[[AnnualReport], str],
    remark: str = "",
    version: int,
    by: Staff,
    at: datetime,
) -> ReportStep:
    """The editor answers for the report: every relation holds, or ``remark`` explains what does not (30号 三(四)).

    ``digest`` gives that of the content, by which what was checked is kept: ``sign`` takes that and nothing else.
    """
    remark = clean(remark, "remark", longest=_LONGEST, required=False)
    with transaction.atomic():
        _claim(report, ReportAct.CHECK, version=version, by=by, at=at)
        obstacles = found(report)
        if stopping := [each for each in obstacles if each.weight is Weight.STOP]:
            raise Refused(stopping[0].sentence)
        if not remark and (unexplained := [each for each in obstacles if each.weight is Weight.EXPLAIN]):
            raise Refused(_UNEXPLAINED.format(n=len(unexplained), first=unexplained[0].sentence), field="remark")
        step = _step(report, StepKind.CHECKED, by=by, at=at, remark=remark, content_digest=digest(report))
        tell_report(report, ReportNews.TO_SIGN, by=by, at=at)
    return _settled(report, ReportAct.CHECK, step, version=version)


def send_back(report: AnnualReport, *, remark: str, version: int, by: Staff, at: datetime) -> ReportStep:
    """Back to the draft. An edition that was signed already stays; the next one gives ``remark`` as its reason."""
    remark = clean(remark, "remark", longest=_LONGEST)
    with transaction.atomic():
        _claim(report, ReportAct.SEND_BACK, version=version, by=by, at=at)
        step = _step(report, StepKind.SENT_BACK, by=by, at=at, remark=remark)
        tell_report(report, ReportNews.SENT_BACK, by=by, at=at)
    return _settled(report, ReportAct.SEND_BACK, step, version=version)


def sign(report: AnnualReport, *, make: Make, version: int, by: Staff, at: datetime) -> ReportEdition:
    """Freeze the report as its next edition: content, case numbers, digest, and what they were made with.

    Refused before the year and its days of grace are over, to whoever checked it while somebody else could sign or
    check, when anything has changed since the check, and when the published edition says the same already. A deputy
    signs in the place of the head who is away; neither of the two may have checked it.
    """
    away = for_whom(by, ReportAct.SIGN, report.agency, on=day_of(at))
    answering = {by.pk} | ({away.pk} if away else set())
    with transaction.atomic():
        _claim(report, ReportAct.SIGN, version=version, by=by, at=at)
        if (opens := signing_opens(report)) > day_of(at):
            raise Refused(_TOO_EARLY.format(year=report.year, opens=said(opens)))
        checked = report.steps.filter(kind=StepKind.CHECKED).select_related("by").last()
        if checked is not None and checked.by_id in answering and (others := _others(report, answering)):
            raise Refused(_SAME_PERSON.format(others="、".join(map(str, others[:3]))))
        frozen = make(report)
        if checked is None or frozen.content_digest != checked.content_digest:
            raise Refused(_CHANGED)
        newest = report.editions.last()
        if newest is not None and newest.published_at is not None and newest.digest == frozen.digest:
            raise Refused(_SAME_AGAIN.format(n=newest.number))
        edition = ReportEdition.objects.create(
            report=report,
            number=newest.number + 1 if newest else 1,
            reason=_reason(report) if newest else "",
            content=frozen.content,
            packed_cases=frozen.packed,
            digest=frozen.digest,
            made_with=frozen.made_with,
            parts=frozen.parts,
            signed_by=by,
            signed_for=away,
            signed_at=at,
        )
        step = _step(report, StepKind.SIGNED, by=by, at=at, away=away)
        tell_report(report, ReportNews.TO_PUBLISH, by=by, at=at)
    _settled(report, ReportAct.SIGN, step, version=version)
    return edition


def publish(report: AnnualReport, *, version: int, by: Staff, at: datetime) -> ReportEdition:
    """From now on everybody can read the newest edition (条例 49, 50)."""
    with transaction.atomic():
        _claim(report, ReportAct.PUBLISH, version=version, by=by, at=at)
        edition = report.editions.latest("number")
        report.editions.filter(pk=edition.pk, published_at=None).update(published_by=by, published_at=at)
        keep_public([edition])
        step = _step(report, StepKind.PUBLISHED, by=by, at=at)
    _settled(report, ReportAct.PUBLISH, step, version=version)
    edition.refresh_from_db()
    return edition


def reopen(report: AnnualReport, *, reason: str, version: int, by: Staff, at: datetime) -> ReportStep:
    """After publication there is only a new edition, with its reason; the published one stays (law.md 7.10)."""
    reason = clean(reason, "reason", longest=_LONGEST)
    with transaction.atomic():
        _claim(report, ReportAct.REOPEN, version=version, by=by, at=at)
        step = _step(report, StepKind.REOPENED, by=by, at=at, remark=reason)
        tell_report(report, ReportNews.REOPENED, by=by, at=at)
    return _settled(report, ReportAct.REOPEN, step, version=version)


def signing_opens(report: AnnualReport) -> date:
    """The first day on which the report may be signed: the year and the days of grace are over (law.md 7.3)."""
    agency = report.agency
    ends = grace_ends(report.year, agency.report_grace_days, agency.calendar)
    return agency.calendar.add_workdays(ends, 1) if agency.report_grace_days else date(report.year + 1, 1, 1)


def _claim(report: AnnualReport, act: ReportAct, *, version: int, by: Staff, at: datetime) -> None:
    """Move the report on for this act alone: of two who have read the same version one wins.

    ``version`` is that of the page on which the person decided.
    """
    check_may_report(by, act, report.agency, region=report.region, on=day_of(at))
    if act in (ReportAct.CHECK, ReportAct.SIGN):
        # Held, because a merger that is recorded in this moment looks for what the organ has signed.
        check_still_reports(Agency.objects.select_for_update(no_key=True).get(pk=report.agency_id), report.year)
    row = REPORT_ACTS[act]
    mine = AnnualReport.objects.filter(pk=report.pk, version=version, state__in=row.states)
    if mine.update(version=F("version") + 1, state=row.leads_to):
        return
    now = AnnualReport.objects.get(pk=report.pk)
    if now.state not in row.states:
        raise Refused(_NOT_NOW.format(act=row.words, state=STATE_WORDS[ReportState(now.state)]))
    raise Refused(_OVERTAKEN)


def _settled(report: AnnualReport, act: ReportAct, step: ReportStep, *, version: int) -> ReportStep:
    """Bring the instance in step with what ``_claim`` stored, after the commit and without asking for it."""
    report.state, report.version = REPORT_ACTS[act].leads_to, version + 1
    return step


def _step(
    report: AnnualReport,
    kind: StepKind,
    *,
    by: Staff,
    at: datetime,
    remark: str = "",
    content_digest: str = "",
    away: Staff | None = None,
) -> ReportStep:
    return ReportStep.objects.create(
        report=report, kind=kind, by=by, for_whom=away, at=at, remark=remark, content_digest=content_digest
    )


def _reason(report: AnnualReport) -> str:
    """Why there is a further edition: what was said when the one before was reopened, or taken back unpublished."""
    signed = report.steps.filter(kind=StepKind.SIGNED).last()
    after = signed.pk if signed else 0
    since = report.steps.filter(pk__gt=after, kind__in=[StepKind.REOPENED, StepKind.SENT_BACK])
    return min(since, key=lambda step: (step.kind != StepKind.REOPENED, step.pk)).remark


def _others(report: AnnualReport, answering: Collection[int]) -> list[Staff]:
    """Who else could have checked the report, or could sign it: four eyes where the agency has them."""
    roles = REPORT_ACTS[ReportAct.CHECK].roles
    found = Appointment.objects.filter(agency=report.agency, role__in=roles, staff__is_active=True)
    people = {
        each.staff_id: each.staff for each in found.exclude(staff__in=answering).select_related("staff").order_by("pk")
    }
    if report.region:
        return [person for person in people.values() if reads_region(person, report.agency)]
    return list(people.values())


STATE_WORDS: Final[dict[ReportState, Text]] = {
    ReportState.DRAFT: Text("草稿", "a draft"),
    ReportState.CHECKED: Text("已核对，待签发", "checked, waiting for its signature"),
    ReportState.SIGNED: Text("已签发，待公布", "signed, waiting for publication"),
    ReportState.PUBLISHED: Text("已公布", "published"),
}
_GONE: Final = Text(
    "{name}已于{on}并入{heir}，{year}年起的年度报告由{heir}一并编写。",
    "{name} went into {heir} on {on}; from {year} on {heir} reports for both.",
)
_NO_YEAR: Final = Text(
    "不能编写{year}年的年度报告：年度应在{first}至{last}之间。",
    "There is no annual report of {year}: the year must lie between {first} and {last}.",
)
_UNEXPLAINED: Final = Text(
    "有{n}处问题需要书面说明，写明原因以后才能核对通过。第一处：{first}",
    "{n} points need a written note; say why before the report is checked. The first: {first}",
)
_TOO_EARLY: Final = Text(
    "{year}年的报告自{opens}起才能签发：年度结束以后留出几个工作日，等迟到的登记到齐。",
    "The report of {year} can be signed from {opens}: some working days after the year are left for late entries.",
)
_SAME_PERSON: Final = Text(
    "核对的人不能签发同一份报告。请由别人签发，或者退回以后由别人核对（{others}）。",
    "Whoever checked the report can’t sign it. Let somebody else sign, or send it back for somebody else to check "
    "({others}).",
)
_CHANGED: Final = Text(
    "核对以后数字或者正文有变化，没有签发。请退回草稿，重新核对。",
    "Figures or text have changed since the check, so nothing was signed. Send it back to be checked again.",
)
_SAME_AGAIN: Final = Text(
    "与已经公布的第{n}版完全相同，不需要新的版本。",
    "It says the same as the published edition {n}; no new one is needed.",
)
_NOT_NOW: Final = Text(
    "不能{act}：报告现在的状态是“{state}”。请刷新页面，查看最新情况。",
    "Not allowed – {act}: the report is {state} now. Reload the page to see where it stands.",
)
_OVERTAKEN: Final = Text(
    "这份报告刚刚被别人处理过，您的操作没有生效。请刷新页面，查看最新情况后再决定。",
    "Somebody else has just acted on this report, so your act was not carried out. Reload the page and decide again.",
)
