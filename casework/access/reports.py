"""Who may do what to an annual report in which state, and who may read its pages."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, AnnualReport, Delegation, ReportState, Staff

from .roles import HEAD, REPORT_EDITOR, role_words
from .seen import figures_visible_to

_BOTH: Final = REPORT_EDITOR | HEAD


class ReportAct(StrEnum):
    """What is done to a report; each is a verb of ``actions.report``."""

    BEGIN = "begin"
    CHECK = "check"
    SEND_BACK = "send_back"
    SIGN = "sign"
    PUBLISH = "publish"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class ReportActRow:
    """Its words, the roles that may, the states in which it is possible, and the state that follows."""

    words: Text
    roles: frozenset[str]
    states: frozenset[ReportState]
    leads_to: ReportState


REPORT_ACTS: Final[dict[ReportAct, ReportActRow]] = {
    ReportAct.BEGIN: ReportActRow(
        Text("开始编写年度报告", "Begin the annual report"), _BOTH, frozenset(), ReportState.DRAFT
    ),
    ReportAct.CHECK: ReportActRow(
        Text("核对年度报告", "Check the annual report"), _BOTH, frozenset({ReportState.DRAFT}), ReportState.CHECKED
    ),
    ReportAct.SEND_BACK: ReportActRow(
        Text("退回年度报告", "Send the annual report back"),
        _BOTH,
        frozenset({ReportState.CHECKED, ReportState.SIGNED}),
        ReportState.DRAFT,
    ),
    ReportAct.SIGN: ReportActRow(
        Text("签发年度报告", "Sign the annual report"), HEAD, frozenset({ReportState.CHECKED}), ReportState.SIGNED
    ),
    ReportAct.PUBLISH: ReportActRow(
        Text("公布年度报告", "Publish the annual report"),
        _BOTH,
        frozenset({ReportState.SIGNED}),
        ReportState.PUBLISHED,
    ),
    ReportAct.REOPEN: ReportActRow(
        Text("更正年度报告，另编新版", "Reopen the annual report for a new edition"),
        HEAD,
        frozenset({ReportState.PUBLISHED}),
        ReportState.DRAFT,
    ),
}


#: What a deputy of the head may do: 31 January and 31 March come while a head is away too. To reopen what is published
#: has no such day, and stays with the head.
DEPUTISED_REPORT_ACTS: Final = frozenset({ReportAct.SIGN})


def may_report(by: Staff, act: ReportAct, agency: Agency, *, region: bool, on: date) -> bool:
    """Whether the person holds a role for it, or stands in on that day for who does.

    For a region they must themselves read the figures of every unit (law.md 7.8).
    """
    able = by.holds(agency.pk, *REPORT_ACTS[act].roles) or for_whom(by, act, agency, on=on) is not None
    return by.is_active and able and (not region or reads_region(by, agency))


def for_whom(by: Staff, act: ReportAct, agency: Agency, *, on: date) -> Staff | None:
    """The head in whose place the person acts; ``None`` for who acts in their own name or not at all."""
    row = REPORT_ACTS[act]
    if act not in DEPUTISED_REPORT_ACTS or by.holds(agency.pk, *row.roles):
        return None
    found = Delegation.objects.in_force(on).filter(agency=agency, role__in=row.roles, deputy=by)
    delegation = found.select_related("person").first()
    return delegation.person if delegation else None


def reads_region(by: Staff, agency: Agency) -> bool:
    """Whether the person may read the figures of the agency and of all below it."""
    return not Agency.objects.within(agency).exclude(pk__in=figures_visible_to(by)).exists()


def check_may_report(by: Staff, act: ReportAct, agency: Agency, *, region: bool, on: date) -> None:
    """Raise ``Refused`` with what is lacking."""
    row = REPORT_ACTS[act]
    if not may_report(by, act, agency, region=False, on=on):
        raise Refused(
            Text("不能{act}：需要的角色：{roles}。", "Not allowed – {act}: needs the role of {roles}.").format(
                act=row.words, roles=role_words(row.roles)
            )
        )
    if region and not reads_region(by, agency):
        raise Refused(
            Text(
                "不能{act}：含下级的报告，须能查看全部下级的统计。请机关管理员授予“区域主管部门”角色。",
                "Not allowed – {act}: for a region you must be able to read the figures of every unit in it. Ask the "
                "administrator for the role of region supervisor.",
            ).format(act=row.words)
        )


def report_acts_for(by: Staff, report: AnnualReport, *, on: date) -> list[ReportAct]:
    """What this person may do to the report as it stands, in the order of the table."""
    return [
        act
        for act, row in REPORT_ACTS.items()
        if ReportState(report.state) in row.states and may_report(by, act, report.agency, region=report.region, on=on)
    ]
