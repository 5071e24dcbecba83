"""A filed edition: its table as it was frozen, the cases of each cell, its files, and what differs from now."""

from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casework import access, annual
from casework.annual import Line
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.queue import shown as shown_cases
from casework.desk.urgency import urgency_of
from casework.desk.views.annual import MEDIA_TYPES, OFFERED, Table, table_or_404
from casework.digits import whole
from casework.exports import FORMATS, export_edition, table_context
from casework.exports.parts import heading, parts_of
from casework.law.matrix import CARRIED_IN, COLUMNS, ROWS, row_name
from casework.law.report import SECTIONS, Report
from casework.models import Agency, Case, ReportEdition

#: Cases on one page of a cell.
_SHOWN: Final = 50


@require_safe
@desk
def edition(request: DeskRequest, code: str, year: int, number: int) -> HttpResponseBase:
    """The frozen report; every figure opens the cases that the edition counts in it."""
    shown, found = _edition_or_404(request, code, year, number)
    report = annual.report_of_edition(found)
    base = shown.address("edition_of", number=str(number))

    def link(row: str, column: str) -> str:
        return f"{base}{row}/{column}/{shown.suffix}" if report.table3.cell(row, column) else ""

    context = {
        "table": shown,
        "edition": found,
        "imprint": annual.imprint(found),
        "others": [each for each in _numbers(found) if each != number],
        "downloads": [
            (form, shown.address("edition_file", number=str(number), form=form) + shown.suffix) for form in OFFERED
        ],
        "parts": [part for part in parts_of(report) if part.number != "3"],
        "verified": annual.faults_of(found) if "verify" in request.GET else None,
        **table_context(report, link),
    }
    return page(request, "desk/annual/edition.html", context, section="annual")


@require_safe
@desk
def edition_file(request: DeskRequest, code: str, year: int, number: int, form: str) -> HttpResponseBase:
    """The frozen report as a file, the same bytes at every call."""
    shown, found = _edition_or_404(request, code, year, number)
    if form not in FORMATS:
        raise Http404
    content = export_edition(found.content, annual.report_of_edition(found), form, language=get_language() or "")
    answer = HttpResponse(content, content_type=MEDIA_TYPES[form])
    name = f"{shown.agency.code}-{year}{'-region' if shown.region else ''}-{number}.{form}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


@require_safe
@desk
def edition_cell(request: DeskRequest, code: str, year: int, number: int, row: str, column: str) -> HttpResponseBase:
    """The cases that a frozen figure counts, as far as this person may read them."""
    shown, found = _edition_or_404(request, code, year, number)
    if row not in ROWS or column not in COLUMNS:
        raise Http404
    lines = [line for text in found.case_lines() if (line := Line.read(text)).stands_in(row, column)]
    readable = set(
        Agency.objects.filter(pk__in=access.agencies_where(request.user, access.READS_CASES)).values_list(
            "code", flat=True
        )
    )
    mine = [line for line in lines if line.agency in readable]
    start = whole(request.GET.get("after", "")) or 0
    cases = _cases(mine[start : start + _SHOWN], year)
    on = timezone.localdate()
    context = {
        "table": shown,
        "edition": found,
        "row": ROWS[row],
        "column": COLUMNS[column],
        "count": len(lines),
        "hidden": len(lines) - len(mine),
        "lines": [(case, urgency_of(case, on=on)) for case in cases],
        "next": f"?after={start + _SHOWN}{'&region=1' if shown.region else ''}" if start + _SHOWN < len(mine) else "",
        "begun": start > 0,
        "several_agencies": shown.region,
        "back": shown.address("edition_of", number=str(number)) + shown.suffix,
    }
    return page(request, "desk/annual/edition_cell.html", context, section="annual")


def _cases(lines: list[Line], year: int) -> list[Case]:
    """The cases of some lines, in their order. A number alone may come again in another year of receipt."""
    # By number first, which has an index; the rest is a handful of rows.
    rows = Case.objects.filter(number__in={line.number for line in lines}).values_list(
        "pk", "agency__code", "number", "received_on"
    )
    keys = {(code, number, received_on.year < year): pk for pk, code, number, received_on in rows}
    wanted = [keys.get((line.agency, line.number, line.row_in == CARRIED_IN)) for line in lines]
    return shown_cases([pk for pk in wanted if pk is not None])


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell in which two reports differ, with the cases behind either side."""

    name: object
    column: object
    left: int | None
    right: int | None
    left_link: str
    right_link: str


@require_safe
@desk
def compare(request: DeskRequest, code: str, year: int, number: int) -> HttpResponseBase:
    """What differs between an edition and the records now, or another edition."""
    shown, found = _edition_or_404(request, code, year, number)
    against = request.GET.get("with", "")
    left, base = annual.report_of_edition(found), shown.address("edition_of", number=str(number))
    if against:
        other = get_object_or_404(found.report.editions, number=whole(against) or 0)
        right, other_base = annual.report_of_edition(other), shown.address("edition_of", number=str(other.number))
    else:
        right, other_base = annual.live(found.report), shown.address()
    changed = [
        Changed(
            row_name(each.row),
            COLUMNS[each.column].words,
            each.left,
            each.right,
            f"{base}{each.row}/{each.column}/{shown.suffix}" if each.left else "",
            f"{other_base}{each.row}/{each.column}/{shown.suffix}" if each.right else "",
        )
        for each in left.table3.differences(right.table3)
    ]
    context = {
        "table": shown,
        "edition": found,
        "against": against,
        "changed": changed,
        "sections": [heading(part) for part in _differing(left, right)],
        "others": [each for each in _numbers(found) if each != number],
        "back": base + shown.suffix,
    }
    return page(request, "desk/annual/compare.html", context, section="annual")


def _differing(left: Report, right: Report) -> list[str]:
    """The sections, beside table 三, of which text or table is not the same."""

    def of(report: Report, number: str) -> object:
        table = {"2": report.table2, "4": report.table4}.get(number)
        return (report.sections.get(number, ""), table and table.as_dict())

    return [number for number in SECTIONS if of(left, number) != of(right, number)]


def _numbers(found: ReportEdition) -> list[int]:
    return list(found.report.editions.values_list("number", flat=True)[:200])


def _edition_or_404(request: DeskRequest, code: str, year: int, number: int) -> tuple[Table, ReportEdition]:
    shown = table_or_404(request, code, year, timezone.localdate())
    editions = (
        ReportEdition.objects.filter(report__agency=shown.agency, report__year=year, report__region=shown.region)
        .select_related("report__agency", "signed_by", "signed_for", "published_by")
        .defer("packed_cases")
    )
    return shown, get_object_or_404(editions, number=number)
