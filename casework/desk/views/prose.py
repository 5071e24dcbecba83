"""The editor of the prose of an annual report: three sections, the figures they can name, and what is wrong in them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from casework import access, annual
from casework.access import AgencyAct
from casework.actions.prose import write_sections
from casework.desk.forms.prose import ProseForm, TemplateAgainForm
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.views.annual import Table, table_or_404
from casework.exports.parts import heading
from casework.law.prose import FAULTS, Figure, Rendered, SpanKind
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text
from casework.models import AnnualReport, ReportState

#: Under which heading a figure is listed, by the first part of its key; ``…·`` takes those with a second part.
_GROUPS = (
    (Text("表三", "Table 3"), ("本年新收", "上年结转", "办理结果总计", "结转下年度", "予以公开", "部分公开")),
    (Text("表三：申请人", "Table 3: applicants"), ("本年新收·", "上年结转·", "办理结果总计·", "结转下年度·")),
    (
        Text("表三：办理结果", "Table 3: results"),
        ("不予公开", "无法提供", "不予处理", "其他处理", "不予公开·", "无法提供·", "不予处理·", "其他处理·"),
    ),
    (
        Text("表二", "Table 2"),
        ("规章·", "行政规范性文件·", "行政许可", "行政处罚", "行政强制", "行政事业性收费"),
    ),
    (
        Text("表四", "Table 4"),
        tuple(
            f"{name}{dot}" for name in ("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉") for dot in ("", "·")
        ),
    ),
)
_ELSE = Text("其他", "Others")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def prose(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """Read the prose of a report with everything that is to be put right in it; its editors write it."""
    shown = table_or_404(request, code, year, timezone.localdate())
    may_edit = access.may_for_agency(request.user, AgencyAct.EDIT_REPORT, shown.agency)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    reports = AnnualReport.objects.filter(agency=shown.agency, year=year, region=shown.region)
    row = reports.first()
    version = row.version if row else 0
    report = annual.report_of(shown.agency, year, region=shown.region)
    figures = annual.figures_of(report, shown.agencies)
    draft, sections = row is None or row.state == ReportState.DRAFT, dict(row.sections) if row else {}
    if draft:  # what was signed without a text is not shown with that of the template
        sections = annual.begun_with(shown.agency, year, sections, figures, region=shown.region)
    doing = request.POST.get("do", "")
    writing = request.POST if doing in {"save", "preview"} else None
    form = ProseForm(writing, sections=sections, version=version)
    again = TemplateAgainForm(request.POST if doing == "template" else None, version=version)
    context: dict[str, Any] = {}
    try:
        if doing == "save" and form.is_valid():
            _write(request, shown, form.sections(), form.cleaned_data["version"])
            messages.success(request, gettext("正文已经保存。"))
            return redirect(shown.address("prose") + shown.suffix)
        if doing == "template" and again.is_valid():
            number = again.cleaned_data["section"]
            fresh = annual.begun_with(shown.agency, year, {}, figures, region=shown.region)[number]
            _write(request, shown, {number: fresh}, again.cleaned_data["version"])
            messages.success(request, gettext("这一部分已经换成模板。"))
            return redirect(shown.address("prose") + shown.suffix)
    except Refused as refused:
        if refused.field and refused.field in form.fields:
            form.refuse(refused)
        else:
            # What was typed stays on the page, beside what somebody else has stored: having seen it, one may save.
            row = reports.first()
            version = row.version if row else 0
            again = TemplateAgainForm(version=version)
            if writing is not None:
                form = ProseForm(_with_version(request.POST, version), sections=sections, version=version)
            context |= {"refusal": refused, "stored": _stored(row)}
    if writing and form.is_valid():
        sections = form.sections()
    context |= {
        "table": shown,
        "form": form,
        "again": again,
        "may_edit": may_edit and draft,
        "draft": draft,
        "without_text": not any(sections.values()),
        "begun": row is not None,
        "previewed": writing is not None and doing == "preview",
        "open": "{{",
        "close": "}}",
        "groups": list(_groups(figures)),
        "back": shown.address() + shown.suffix,
        **_checked(shown, report, sections, figures),
    }
    return page(request, "desk/annual/prose.html", context, section="annual")


def _with_version(posted: QueryDict, version: int) -> QueryDict:
    changed = posted.copy()
    changed["version"] = str(version)
    return changed


def _stored(row: AnnualReport | None) -> list[tuple[Text, str]]:
    return [(heading(number), text) for number, text in (row.sections if row else {}).items()]


def _write(request: DeskRequest, shown: Table, sections: Mapping[str, str], version: int) -> None:
    write_sections(
        shown.agency,
        shown.year,
        sections,
        version=version,
        region=shown.region,
        by=request.user,
        at=timezone.now(),
    )


def _checked(
    shown: Table, report: Report, sections: Mapping[str, str], figures: Mapping[str, Figure]
) -> dict[str, Any]:
    """The text as it reads, and each thing that is to be looked at."""
    found = annual.prose_of(report, shown.agencies, sections, figures=figures)
    texts = {number: rendered.text for number, rendered in found.rendered.items()}
    copied = annual.copied_paragraphs(shown.agency, shown.year, texts, figures, region=shown.region)
    return {
        "parts": [(heading(number), *_drawn(rendered)) for number, rendered in found.rendered.items()],
        "faults": [
            {"section": heading(number), "kind": FAULTS[span.kind], "quote": quote}
            for number, span, quote in found.faults
        ],
        "agreement": found.agreement,
        "left_over": [{"section": heading(each.section), "each": each} for each in found.left_over],
        "copied": [
            {"section": heading(each.section), "each": each, "percent": int(each.likeness * 100)} for each in copied
        ],
        "ready": found.ready,
        "base": shown.address(),
    }


def _drawn(rendered: Rendered) -> tuple[list[list[dict[str, Any]]], list[str]]:
    """The paragraphs in pieces, and the sources of typed numbers in their order, as footnotes."""
    sources: list[str] = []
    lines = []
    for line in rendered.lines():
        pieces: list[dict[str, Any]] = []
        for piece in line:
            drawn: dict[str, Any] = {"text": piece.text, "span": piece.span}
            if piece.span is not None and piece.span.kind is SpanKind.TYPED:
                if piece.span.says not in sources:
                    sources.append(piece.span.says)
                drawn["note"] = sources.index(piece.span.says) + 1
            pieces.append(drawn)
        lines.append(pieces)
    return lines, sources


def _groups(figures: Mapping[str, Figure]) -> Iterator[tuple[Text, list[Figure]]]:
    """The figures in the order of the form; noughts too, since they may be what is to be said."""
    left = dict(figures)
    for words, firsts in _GROUPS:
        found = [key for key in left if (key.split("·")[0] + "·" if "·" in key else key) in firsts]
        if found:
            yield words, [left.pop(key) for key in found]
    if left:
        yield _ELSE, list(left.values())
