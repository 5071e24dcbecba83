"""The prose of an annual report is written: by its editors, in a draft, never over another's work."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from casework.access import AgencyAct, check_may_for_agency
from casework.law.prose import PROSE
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, AnnualReport, ReportState, ReportStep, Staff, StepKind

from .record import clean
from .report import check_still_reports

LONGEST: Final = 20_000
"""Characters of a section, its marks included."""


def write_sections(
    agency: Agency,
    year: int,
    sections: Mapping[str, str],
    *,
    version: int,
    region: bool = False,
    by: Staff,
    at: datetime,
) -> AnnualReport:
    """Store the sections given; those not given stay. The report is begun if nobody has begun it.

    ``version`` is the report's as the page was drawn, 0 for one that was not begun. Raises ``Refused`` when somebody
    else has written since, and once the report is no draft any more; then nothing is stored.
    """
    check_may_for_agency(by, AgencyAct.EDIT_REPORT, agency)
    check_still_reports(agency, year)
    if unknown := next((number for number in sections if number not in PROSE), None):
        raise Refused(_NO_SECTION.format(number=unknown))
    wanted = {n: clean(text, f"section_{n}", longest=LONGEST, required=False) for n, text in sections.items()}
    with transaction.atomic():
        report = AnnualReport.objects.begun(agency, year, region=region, by=by, at=at)
        if report.state != ReportState.DRAFT:
            raise Refused(_NO_DRAFT)
        if report.version != version:
            raise Refused(_OVERTAKEN)
        changed = report.sections | wanted
        if changed == report.sections:
            return report
        # Claimed and written in one statement: of two who save in the same moment one finds the version gone.
        draft = AnnualReport.objects.filter(pk=report.pk, version=version, state=ReportState.DRAFT)
        if not draft.update(sections=changed, version=F("version") + 1):
            raise Refused(_OVERTAKEN)
        ReportStep.objects.create(report=report, kind=StepKind.WRITTEN, by=by, at=at)
    report.refresh_from_db()
    return report


_OVERTAKEN: Final = Text(
    "正文刚刚被别人改过，您的修改没有保存。请看过现在的正文，再把您的修改写进去。",
    "Somebody else has just changed the text, so nothing of yours was saved. Look at it as it is now, then put your "
    "changes in again.",
)
_NO_DRAFT: Final = Text(
    "报告已经核对或者签发，正文不能修改。要修改的，请先退回或者另编新版。",
    "The report has been checked or signed, so its text can't be changed. Send it back, or begin a new edition.",
)
_NO_SECTION: Final = Text("正文没有“{number}”这一部分。", "There is no section “{number}” of prose.")
