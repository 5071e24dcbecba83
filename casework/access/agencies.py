"""What is done for an agency, or for all, and not to one of its cases."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Role, Staff

from .roles import (
    ADMINISTRATOR,
    DESK,
    HEAD,
    READS_CASES,
    REGION_SUPERVISOR,
    REPORT_EDITOR,
    SYSTEM,
    agencies_where,
    role_words,
)

# Calendar editions hold for every agency of the deployment, so they are nobody's case and have a table of their own.


class EditionAct(StrEnum):
    """What can be done about calendar editions."""

    SEE = "see_editions"
    APPLY = "apply_edition"


@dataclass(frozen=True, slots=True)
class ActRow:
    """Something that is done to no case: its words, and the roles that may."""

    words: Text
    roles: frozenset[str]


ADMINISTRATORS: Final = SYSTEM | ADMINISTRATOR
EDITION_ACTS: Final[dict[EditionAct, ActRow]] = {
    EditionAct.SEE: ActRow(Text("查看放假安排", "See calendar editions"), ADMINISTRATORS),
    EditionAct.APPLY: ActRow(Text("启用放假安排", "Apply a calendar edition"), SYSTEM),
}


def may_about_editions(user: Staff | AnonymousUser, act: EditionAct) -> bool:
    """Whether the person holds a role for it in any agency."""
    return bool(agencies_where(user, EDITION_ACTS[act].roles))


def check_may_apply_editions(by: Staff) -> None:
    """Raise ``Refused`` for everybody but a system administrator."""
    if not may_about_editions(by, EditionAct.APPLY):
        row = EDITION_ACTS[EditionAct.APPLY]
        raise Refused(
            Text("不能{act}：需要的角色：{roles}。", "Not allowed – {act}: needs the role of {roles}.").format(
                act=row.words, roles=role_words(row.roles)
            )
        )


# What is done for an agency and not for one of its cases.


class AgencyAct(StrEnum):
    """What can be done about an agency's own paper, its settings and its mail."""

    CHANGE_SETTINGS = "change_settings"
    CHANGE_TEMPLATES = "change_templates"
    SEE_LETTERS = "see_letters"
    VOID_LETTERS = "void_letters"
    SEE_MAIL = "see_mail"
    LOG_MAIL = "log_mail"
    TAKE_MAIL = "take_mail"
    CLOSE_MAIL = "close_mail"
    SEE_UNDELIVERED = "see_undelivered"
    SET_WEBHOOKS = "set_webhooks"
    SET_TOKENS = "set_tokens"
    EDIT_REPORT = "edit_report"
    SUM_REGION = "sum_region"
    MERGE_AGENCIES = "merge_agencies"
    KEEP_REGISTERS = "keep_registers"
    SEE_DISPUTES = "see_disputes"
    RECORD_DISPUTES = "record_disputes"
    SEE_RATINGS = "see_ratings"
    MANAGE_PEOPLE = "manage_people"
    GUARD_DOOR = "guard_door"
    MANAGE_AGENCIES = "manage_agencies"
    WRITE_NOTES = "write_notes"
    SEE_WORKLOAD = "see_workload"
    SEE_CORRECTIONS = "see_corrections"
    REGISTER_CORRECTIONS = "register_corrections"
    SEE_PROPOSALS = "see_proposals"
    PROPOSE_PUBLICATION = "propose_publication"
    DECIDE_PROPOSALS = "decide_proposals"
    SEE_AUDIT = "see_audit"
    ERASE_PERSONAL = "erase_personal"
    CHANGE_NUMBERING = "change_numbering"
    CHANGE_TEXTS = "change_texts"


def may_for_agency(by: Staff, act: AgencyAct, agency: Agency) -> bool:
    """Whether the person holds a role for it in this agency."""
    return by.holds(agency.pk, *AGENCY_ACTS[act].roles)


def check_may_for_agency(by: Staff, act: AgencyAct, agency: Agency) -> None:
    """Raise ``Refused`` with the roles that may."""
    _check(may_for_agency(by, act, agency), act)


def may_from_above(by: Staff | AnonymousUser, act: AgencyAct, agency: Agency) -> bool:
    """Whether the person holds a role for it in this agency or in one above it."""
    return agencies_for(by, act).filter(code__in=agency.path.split("/")).exists()


def check_may_from_above(by: Staff, act: AgencyAct, agency: Agency) -> None:
    """Raise ``Refused`` with the roles that may."""
    _check(may_from_above(by, act, agency), act)


def check_may_anywhere(by: Staff, act: AgencyAct) -> None:
    """Raise ``Refused`` for whoever holds a role for it in no agency at all."""
    _check(bool(agencies_where(by, AGENCY_ACTS[act].roles)), act)


def mergeable_by(by: Staff | AnonymousUser) -> QuerySet[Agency]:
    """The agencies whose merger the person may record: all, or those of the region that they supervise."""
    if agencies_where(by, SYSTEM):
        return Agency.objects.all()
    found = Agency.objects.none()
    for top in Agency.objects.filter(pk__in=agencies_where(by, REGION_SUPERVISOR)):
        found = found | Agency.objects.within(top)
    return found


def check_may_merge(by: Staff, *agencies: Agency) -> None:
    """Raise ``Refused`` unless the person may record mergers of every one of them."""
    wanted = {agency.pk for agency in agencies}
    _check(mergeable_by(by).filter(pk__in=wanted).count() == len(wanted), AgencyAct.MERGE_AGENCIES)


def _check(allowed: bool, act: AgencyAct) -> None:  # noqa: FBT001 - an answer, no switch
    if not allowed:
        row = AGENCY_ACTS[act]
        raise Refused(
            Text("不能{act}：需要的角色：{roles}。", "Not allowed – {act}: needs the role of {roles}.").format(
                act=row.words, roles=role_words(row.roles)
            )
        )


def agencies_for(user: Staff | AnonymousUser, act: AgencyAct) -> QuerySet[Agency]:
    """The agencies for which the person may do it, in the order of the tree; any other does not exist for them."""
    return Agency.objects.filter(pk__in=agencies_where(user, AGENCY_ACTS[act].roles)).order_by("path")


AGENCY_ACTS: Final[dict[AgencyAct, ActRow]] = {
    AgencyAct.CHANGE_SETTINGS: ActRow(Text("修改机关设置", "Change the agency’s settings"), ADMINISTRATOR),
    AgencyAct.CHANGE_TEMPLATES: ActRow(Text("修改文书模板", "Change letter templates"), ADMINISTRATOR),
    AgencyAct.CHANGE_NUMBERING: ActRow(Text("修改编号的写法", "Change how numbers are written"), ADMINISTRATOR),
    AgencyAct.CHANGE_TEXTS: ActRow(Text("修改给公众的说明文字", "Change the texts for the public"), ADMINISTRATOR),
    AgencyAct.SEE_LETTERS: ActRow(Text("查看文书登记簿", "See the register of letters"), READS_CASES),
    AgencyAct.VOID_LETTERS: ActRow(Text("作废文书", "Declare a letter void"), HEAD),
    AgencyAct.SEE_MAIL: ActRow(Text("查看收件登记", "See the mail log"), DESK | {Role.AUDITOR.value}),
    AgencyAct.LOG_MAIL: ActRow(Text("登记收件", "Log incoming mail"), DESK),
    AgencyAct.TAKE_MAIL: ActRow(Text("接收收件", "Take over mail"), DESK),
    AgencyAct.CLOSE_MAIL: ActRow(Text("不作为申请登记", "Close mail as no application"), DESK),
    AgencyAct.SEE_UNDELIVERED: ActRow(
        Text("查看、重新发送没有送到的消息", "See undelivered messages and send them again"), HEAD | ADMINISTRATOR
    ),
    AgencyAct.SET_WEBHOOKS: ActRow(Text("设置系统回调", "Set webhooks"), ADMINISTRATOR),
    AgencyAct.SET_TOKENS: ActRow(Text("设置接口令牌", "Set tokens of the interface"), ADMINISTRATOR),
    AgencyAct.EDIT_REPORT: ActRow(Text("编写年度报告", "Write the annual report"), REPORT_EDITOR | HEAD),
    # Held in an agency, it reaches all below it: see ``check_may_from_above``.
    AgencyAct.SUM_REGION: ActRow(
        Text("汇总下级的年度报告", "Sum the annual reports of a region"), REGION_SUPERVISOR | REPORT_EDITOR
    ),
    # A system administrator for every agency of the deployment, a supervisor for those of the region: ``mergeable_by``.
    AgencyAct.MERGE_AGENCIES: ActRow(Text("登记机关合并", "Record a merger of agencies"), SYSTEM | REGION_SUPERVISOR),
    AgencyAct.KEEP_REGISTERS: ActRow(
        Text("登记、更正公开登记簿", "Keep the registers of the annual report"), DESK | REPORT_EDITOR
    ),
    AgencyAct.SEE_DISPUTES: ActRow(Text("查看复议、诉讼", "See reconsideration and suits"), READS_CASES),
    AgencyAct.RECORD_DISPUTES: ActRow(Text("登记复议、诉讼", "Record reconsideration and suits"), DESK),
    AgencyAct.SEE_RATINGS: ActRow(Text("查看申请人的评价", "See what applicants think of replies"), HEAD),
    # Held as system administrator anywhere, these are for every agency of the deployment: see ``people``.
    AgencyAct.MANAGE_PEOPLE: ActRow(Text("管理账户和角色", "Manage accounts and roles"), ADMINISTRATORS),
    AgencyAct.GUARD_DOOR: ActRow(Text("设置登录网段和双因素登录", "Set networks and second factors"), ADMINISTRATORS),
    AgencyAct.MANAGE_AGENCIES: ActRow(Text("建立、变更、停用机关", "Create, change and close agencies"), SYSTEM),
    AgencyAct.WRITE_NOTES: ActRow(Text("写内部备注", "Write internal notes"), READS_CASES - {Role.AUDITOR.value}),
    # Of everybody; what they do themselves everybody sees who handles cases.
    AgencyAct.SEE_WORKLOAD: ActRow(
        Text("查看全机关的工作量", "See the workload of the whole agency"), HEAD | {Role.AUDITOR.value}
    ),
    AgencyAct.SEE_CORRECTIONS: ActRow(
        Text("查看更正本人信息的请求", "See requests to correct one’s own record"), READS_CASES
    ),
    AgencyAct.REGISTER_CORRECTIONS: ActRow(
        Text("登记书面的更正请求", "Register requests for correction that come on paper"), DESK
    ),
    AgencyAct.SEE_PROPOSALS: ActRow(Text("查看主动公开建议", "See proposals for publication"), READS_CASES),
    AgencyAct.PROPOSE_PUBLICATION: ActRow(Text("建议主动公开", "Propose publication"), DESK),
    AgencyAct.DECIDE_PROPOSALS: ActRow(Text("审核主动公开建议", "Decide on proposals for publication"), HEAD),
    AgencyAct.SEE_AUDIT: ActRow(Text("查阅审计记录", "Read the audit log"), frozenset({Role.AUDITOR.value})),
    AgencyAct.ERASE_PERSONAL: ActRow(Text("删除到期的个人信息", "Erase personal data whose time is up"), HEAD),
}


def may_arrange(by: Staff, person: Staff, agency: Agency) -> bool:
    """Whether somebody may say who stands in for that person: for oneself, or as administrator of the agency."""
    return by.pk == person.pk or by.holds(agency.pk, Role.AGENCY_ADMINISTRATOR)
