"""A unit that works elsewhere sends its annual report as a file: taken in whole, followed by another, withdrawn."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from casework.access import AgencyAct, check_may_from_above
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text, said
from casework.models import Agency, Case, ReceivedReport, SettingChange, Staff
from casework.notices import ask_for_reports

from .files import Upload
from .record import clean

#: Files that were shown and not confirmed lie here; nothing refers to them, and the next one clears the old away.
WAITING: Final = "received/waiting"
_WAITS: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A received report, and whether it is new: the file that counts already is not stored again."""

    report: ReceivedReport
    is_new: bool


def doubts(agency: Agency, year: int, report: Report) -> list[Text]:
    """What must be confirmed before a report is taken for this unit's; ``Refused`` for what can't be its report."""
    if report.year is not None and report.year != year:
        raise Refused(_OTHER_YEAR.format(found=report.year, year=year), field="file")
    if report.agency_code and report.agency_code != agency.code:
        other = Agency.objects.filter(code=report.agency_code).first()
        if other is not None:
            raise Refused(_OTHER_UNIT.format(name=other.name, unit=agency.name), field="file")
    cases = _cases_of(agency, year)
    if cases and not agency.outside:
        raise Refused(_COUNTED.format(name=agency.name, count=cases, year=year), field="file")
    if agency.successor is not None and agency.succeeded_on is not None and agency.succeeded_on.year <= year:
        raise Refused(_GONE.format(name=agency.name, heir=agency.successor.name, on=said(agency.succeeded_on)))
    found = []
    if report.year is None:
        found.append(_NO_YEAR.format(year=year))
    if report.agency_code and report.agency_code != agency.code:
        found.append(_OTHER_CODE.format(found=report.agency_code, code=agency.code))
    if not report.agency_name and not report.agency_code:
        found.append(_NO_NAME.format(name=agency.name))
    elif report.agency_name and report.agency_name != agency.name:
        found.append(_OTHER_NAME.format(found=report.agency_name, name=agency.name))
    if cases:
        found.append(_TWICE.format(count=cases))
    return found


def receive_report(
    agency: Agency,
    year: int,
    report: Report,
    upload: Upload,
    *,
    remarks: Sequence[Text] = (),
    confirmed: bool = False,
    explanation: str = "",
    by: Staff | None,
    at: datetime,
) -> Receipt:
    """Store what was read of a file with the file itself; the newest counts (law.md 7.8).

    Relations that fail do not keep it out: they are shown with the unit, which is asked to correct. ``explanation``
    says why its blanks are nothing. ``by`` nobody: the operator of the deployment.
    """
    if by is not None:
        check_may_from_above(by, AgencyAct.SUM_REGION, agency)
    open_questions = doubts(agency, year, report)
    if open_questions and not confirmed:
        listed = Text("；".join(each.zh for each in open_questions), "; ".join(each.en for each in open_questions))
        raise Refused(_UNCONFIRMED.format(doubts=listed), field="confirmed")
    explanation = clean(explanation, "explanation", longest=2000, required=False)
    name = clean(upload.name, "file", longest=200, lines=False)
    digest = hashlib.sha256(upload.content).hexdigest()
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        newest = ReceivedReport.objects.filter(agency=agency, year=year).order_by("number").last()
        if newest is not None and (newest.withdrawn_at, newest.sha256, newest.explanation) == (
            None,
            digest,
            explanation,
        ):
            return Receipt(newest, is_new=False)
        content = report.as_dict() | {"year": year}
        content.pop("checks")
        received = ReceivedReport(
            agency=agency,
            year=year,
            number=newest.number + 1 if newest else 1,
            content=content,
            remarks=[{"zh": remark.zh, "en": remark.en} for remark in [*remarks, *open_questions]],
            explanation=explanation,
            name=name,
            size=len(upload.content),
            sha256=digest,
            by=by,
            received_at=at,
        )
        received.file.save(name, ContentFile(upload.content), save=False)
        received.save()
    return Receipt(received, is_new=True)


def withdraw_received(received: ReceivedReport, *, reason: str, by: Staff, at: datetime) -> None:
    """The report that counts shall not: the unit has then sent nothing, whatever it had sent before."""
    check_may_from_above(by, AgencyAct.SUM_REGION, received.agency)
    reason = clean(reason, "reason", longest=2000)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=received.agency_id)
        later = ReceivedReport.objects.filter(
            agency=received.agency_id, year=received.year, number__gt=received.number
        ).exists()
        standing = ReceivedReport.objects.filter(pk=received.pk, withdrawn_at=None)
        if later or not standing.update(withdrawn_by=by, withdrawn_at=at, withdrawn_because=reason):
            raise Refused(_NOT_STANDING)
    received.refresh_from_db()


def set_outside(agency: Agency, *, outside: bool, by: Staff, at: datetime) -> None:
    """A unit begins to work with this system, or stops; from then on its report is summed from where it works."""
    check_may_from_above(by, AgencyAct.SUM_REGION, agency)
    with transaction.atomic():
        if Agency.objects.filter(pk=agency.pk, outside=not outside).update(outside=outside):
            SettingChange(agency=agency, field="outside", before=not outside, after=outside, at=at, by=by).save()
    agency.refresh_from_db()


def remind_units(top: Agency, year: int, units: Sequence[Agency], *, by: Staff, at: datetime) -> int:
    """Ask report editors and heads of units that have not filed to do so, once a day; how many people are told."""
    check_may_from_above(by, AgencyAct.SUM_REGION, top)
    with transaction.atomic():
        return ask_for_reports(top, year, [unit for unit in units if unit.path.startswith(top.path)], at=at)


# Files between preview and confirmation ------------------------------------------------------------------------------


def hold(upload: Upload, *, at: datetime) -> str:
    """Lay a file by until it is confirmed; its name is the only way to it, and it is gone after a day."""
    try:
        old = default_storage.listdir(WAITING)[1]
    except FileNotFoundError:
        old = []
    for name in old:
        path = f"{WAITING}/{name}"
        if default_storage.get_modified_time(path) < at - _WAITS:
            default_storage.delete(path)
    return default_storage.save(f"{WAITING}/{uuid.uuid4().hex}", ContentFile(upload.content))


def held(path: str, name: str) -> Upload:
    """What was laid by; ``Refused`` once it is gone."""
    try:
        with default_storage.open(path) as file:
            return Upload(name, file.read())
    except FileNotFoundError:
        raise Refused(_EXPIRED, field="file") from None


def release(path: str) -> None:
    """It was stored, or is not wanted."""
    default_storage.delete(path)


def _cases_of(agency: Agency, year: int) -> int:
    """The agency's cases in the records that stand in a year's table 三."""
    cases = Case.objects.filter(agency=agency, received_on__year__lte=year)
    return cases.filter(Q(closed_on=None) | Q(closed_on__year__gte=year)).count()


_OTHER_YEAR: Final = Text(
    "文件是{found}年的年度报告，这里收的是{year}年的。请选择{year}年的文件，或者到{found}年的页面上传。",
    "The file is the report of {found}, and this is {year}. Choose the file of {year}, or go to the page of {found}.",
)
_OTHER_UNIT: Final = Text(
    "文件是“{name}”的报告，不是“{unit}”的。请到“{name}”那一行上传。",
    "The file is the report of “{name}”, not of “{unit}”. Upload it in the line of “{name}”.",
)
_COUNTED: Final = Text(
    "{name}使用本系统，{year}年有{count}件申请已由办理记录计数，不能再收一份文件，否则同一件申请会计算两次。该机关的报告请由"
    "其在本系统签发；已不再使用本系统的，先改为“以文件报送”。",
    "{name} works with this system, whose records count {count} of its applications in {year}; a file on top would "
    "count them twice. Have its report signed here; if it no longer works here, set it to send files first.",
)
_GONE: Final = Text(
    "{name}已于{on}并入{heir}，由{heir}一并报告，不再单独收其报告。",
    "{name} went into {heir} on {on}; {heir} reports for both, and no report of its own is received.",
)
_NO_YEAR: Final = Text(
    "文件没有写明年度，请确认是{year}年的", "The file does not state its year; confirm that it is {year}"
)
_OTHER_CODE: Final = Text(
    "文件写的机关代码是“{found}”，本单位是“{code}”", "The file has the office code “{found}”; this unit’s is “{code}”"
)
_NO_NAME: Final = Text(
    "文件没有写明机关，请确认是{name}的", "The file does not name its office; confirm that it is {name}"
)
_OTHER_NAME: Final = Text(
    "文件写的机关是“{found}”，本单位是“{name}”", "The file is of “{found}”; this unit is “{name}”"
)
_TWICE: Final = Text(
    "本系统里另有该单位本年的{count}件申请，收下以后只以文件为准，这些申请不计入合计",
    "The records hold {count} of its applications of that year; once the file is received they are left out of the sum",
)
_UNCONFIRMED: Final = Text("请先核实并确认：{doubts}。", "Check and confirm first: {doubts}.")
_NOT_STANDING: Final = Text(
    "只能撤回现在计入合计的报告；这一份已经撤回，或者已由后来的文件代替。请刷新页面。",
    "Only the report that counts now can be withdrawn; this one is withdrawn, or a later file has taken its place. "
    "Reload the page.",
)
_EXPIRED: Final = Text(
    "预览已经过期，文件没有保存。请重新选择文件。",
    "The preview has expired and nothing was stored. Choose the file again.",
)
