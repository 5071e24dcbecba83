"""The queue as a list for a file: what a line of it says, row by row, so that memory stays flat."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.desk.urgency import urgency_of
from casework.models import Case
from casework.templatetags.words import read

_CHUNK = 1000

Value = str | int | date | None


def headings() -> list[str]:
    """The heads of the columns, in the language of the page."""
    return [
        _("登记编号"),
        _("行政机关"),
        _("收到日期"),
        _("申请渠道"),
        _("申请人类型"),
        _("申请人"),
        _("证件号码（隐去）"),
        _("信息名称、文号或者其他特征"),
        _("申请内容"),
        _("状态"),
        _("承办人"),
        _("承办科室"),
        _("期限"),
        _("暂定"),
        _("紧急程度"),
        _("办理结果"),
        _("办结日期"),
    ]


def rows(cases: QuerySet[Case], *, on: date) -> Iterator[list[Value]]:
    """One line a case, by number of the row: an order that the reading itself can hold to."""
    related = ("supplements", "consultations", "extensions", "delays", "fee_notices")
    ordered = cases.select_related("agency", "applicant", "clerk").prefetch_related(*related).order_by("pk")
    for case in ordered.iterator(chunk_size=_CHUNK):
        result = case.result
        yield [
            case.number,
            case.agency.name,
            case.received_on,
            case.get_channel_display(),
            read(case.kind_row),
            case.applicant.name,
            case.applicant.identity_masked,
            case.subject,
            case.content,
            read(case.standing.clerk),
            case.clerk.get_full_name() if case.clerk else "",
            case.division,
            case.due_on,
            _("暂定") if case.due_is_provisional and case.is_open else "",
            read(urgency_of(case, on=on).words),
            read(result.words) if result else "",
            case.closed_on,
        ]
