"""Table 三 of a year, live from the cases: each figure opens the cases behind it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casework import access, annual
from casework.desk.lookback import Seen, seen_of, suffix
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.queue import by_receipt
from casework.desk.table4 import Drawn
from casework.desk.table4 import draw as draw_table4
from casework.desk.urgency import urgency_of
from casework.exports import FORMATS, export, table_context
from casework.exports.layout import Drawing
from casework.exports.parts import draw_publications
from casework.law.matrix import COLUMNS, RELATIONS, ROWS, Check, Relation
from casework.law.refusals import Refused
from casework.law.report import DIRECT_SUIT, DISPUTE_TOTAL, STOCKS, Report
from casework.law.words import Text
from casework.models import Agency, Case

MEDIA_TYPES: Final = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
}
#: A figure without records behind it: nothing, no fees, or a blank.
_NOTHING: Final = (0, "0", None)
#: In the order in which people ask for them; Markdown is for machines and is had by its address.
OFFERED: Final = ("docx", "pdf", "xlsx", "html", "json")


@dataclass(frozen=True)
class Table:
    """What an address of this part names: an agency, a year, and whether all below it count too."""

    agency: Agency
    year: int
    region: bool
    may_region: bool

    @cached_property
    def agencies(self) -> list[Agency]:
        return list(annual.agencies_of(self.agency, region=self.region, year=self.year))

    def those(self, seen: Seen | None) -> list[Agency]:
        """The same on an earlier day; by what was on record then, a merger that was recorded since is not known."""
        if seen is None or seen.known_at is None:
            return self.agencies
        return list(annual.agencies_of(self.agency, region=self.region, year=self.year, known_at=seen.known_at))

    @property
    def suffix(self) -> str:
        return "?region=1" if self.region else ""

    def address(self, name: str = "table", *, year: int | None = None, **more: str) -> str:
        return reverse(f"desk:{name}", kwargs={"code": self.agency.code, "year": year or self.year, **more})


def doubts_shown(shown: Table, report: Report, *, on: date) -> list[tuple[Text, str, str]]:
    """The warnings of the page: sentence, source, and the address of their cases."""
    found = annual.doubts_of(shown.agencies, report.table3, shown.year, on=on)
    return [(each.said(n), each.law, shown.address("doubt", key=each.key) + shown.suffix) for each, n in found]


@require_safe
@desk
def figures(request: DeskRequest) -> HttpResponseBase:
    """To this year's table of the first agency whose figures the person may read."""
    agency = access.figures_visible_to(request.user).order_by("path").first()
    if agency is None:
        return page(request, "desk/annual/none.html", {}, section="annual")
    return redirect("desk:table", agency.code, timezone.localdate().year)


@require_safe
@desk
def table(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """The table in the printed layout, its relations, and the ways to take it away."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    base = shown.address()
    seen, mistake = None, None
    try:
        seen = seen_of(request.GET, year, on)
    except Refused as refused:
        mistake = refused.sentence
    as_of, known_at = (seen.as_of, seen.known_at) if seen else (None, None)
    agencies = shown.those(seen)
    report = annual.report_of(
        shown.agency, year, region=shown.region, as_of=as_of, known_at=known_at, agencies=agencies
    )

    unit_by_unit = shown.region and seen is None and not annual.of_records_alone(shown.agency, year)

    def link(row: str, column: str) -> str:
        if unit_by_unit:  # a figure that was sent is no number of cases here
            return shown.address("region_cell", row=row, column=column)
        if not report.table3.cell(row, column):
            return ""
        return f"{base}{row}/{column}/{suffix(region=shown.region, seen=seen)}"

    turn = None
    if seen is None:
        turn = annual.reconciliation(shown.agency, year, region=shown.region, this=report.table3, agencies=agencies)
    stocks = annual.stock_checks(agencies, year, this=report.table2, known_at=known_at)
    context = {
        "table": shown,
        "live": year == on.year,
        "seen": seen,
        "mistake": mistake,
        "begin_on": date(year, 1, 1),
        "turn": turn,
        "doubts": doubts_shown(shown, report, on=on) if seen is None else (),
        "years": [
            (each, shown.address(year=each) + shown.suffix) for each in annual.years_of(shown.agencies, until=on.year)
        ],
        "agencies": access.figures_visible_to(request.user).order_by("path")[:200],
        "downloads": [
            (form, shown.address("download", form=form) + shown.suffix)
            for form in ("docx", "pdf", "xlsx", "html", "json")
        ],
        "relations": list(_relations([*report.checks(), *(turn.checks if turn else ()), *stocks])),
        "table2": _table2(report, shown, seen, opens=not unit_by_unit),
        "table4": _table4(report, shown, seen),
        "fees": annual.fees_of(agencies, year, as_of=as_of),
        "fees_link": shown.address("fees") + shown.suffix,
        "one_agency": base,
        **table_context(report, link),
    }
    return page(request, "desk/annual/table.html", context, section="annual")


@require_safe
@desk
def cell(request: DeskRequest, code: str, year: int, row: str, column: str) -> HttpResponseBase:
    """The cases that a figure counts, as far as this person may read them; the figure itself for all who come here."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    try:
        seen = seen_of(request.GET, year, on)
        as_of, known_at = (seen.as_of, seen.known_at) if seen else (None, None)
        counted = annual.cases_of_cell(shown.those(seen), year, row, column, as_of=as_of, known_at=known_at)
    except Refused as refused:
        raise Http404 from refused
    context = {"row": ROWS[row], "column": COLUMNS[column], "seen": seen}
    return _listed(request, shown, counted, "desk/annual/cell.html", context, seen=seen, on=on)


@require_safe
@desk
def doubt(request: DeskRequest, code: str, year: int, key: str) -> HttpResponseBase:
    """The cases behind a warning, as far as this person may read them."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    if key not in annual.DOUBTS:
        raise Http404
    counted = annual.cases_in_doubt(shown.agencies, key, year, on=on)
    context = {"sentence": annual.DOUBTS[key].said(counted.count()), "law": annual.DOUBTS[key].law}
    return _listed(request, shown, counted, "desk/annual/doubt.html", context, on=on)


@require_safe
@desk
def fees(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """The cases behind the line on fees, as far as this person may read them."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    counted = annual.cases_with_fees(shown.agencies, year)
    context = {"fees": annual.fees_of(shown.agencies, year)}
    return _listed(request, shown, counted, "desk/annual/fees.html", context, on=on)


@require_safe
@desk
def download(request: DeskRequest, code: str, year: int, form: str) -> HttpResponseBase:
    """The table as a file."""
    shown = table_or_404(request, code, year, timezone.localdate())
    if form not in FORMATS:
        raise Http404
    report = annual.report_of(shown.agency, year, region=shown.region)
    answer = HttpResponse(export(report, form, language=get_language() or ""), content_type=MEDIA_TYPES[form])
    name = f"{shown.agency.code}-{year}{'-region' if shown.region else ''}.{form}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def table_or_404(request: DeskRequest, code: str, year: int, on: date) -> Table:
    """An agency and a year that this person may read; a region only if every agency in it may be read."""
    visible = access.figures_visible_to(request.user)
    agency = get_object_or_404(visible, code=code)
    try:
        annual.check_year(year, on=on)
    except Refused as refused:
        raise Http404 from refused
    may_region = reads_region(visible, agency)
    region = request.GET.get("region") == "1"
    if region and not may_region:
        raise Http404
    return Table(agency, year, region, may_region)


def reads_region(visible: QuerySet[Agency], agency: Agency) -> bool:
    """Whether there is anything below the agency, and all of it is among what this person may read."""
    below = annual.agencies_of(agency, region=True)
    return len(below[:2]) > 1 and not below.exclude(pk__in=visible).exists()


def _table2(report: Report, shown: Table, seen: Seen | None, *, opens: bool) -> Drawing | None:
    """Each figure with the address of its records, unless some of them were sent and are not here (``opens``)."""
    table = report.table2
    if table is None:
        return None
    asked = suffix(region=shown.region, seen=seen)

    def link(row: str, column: str) -> str:
        figure = table.stock(row, column) if row in STOCKS else table.decisions.get(row, table.fees)
        return shown.address("table2_cell", row=row, column=column) + asked if opens and figure not in _NOTHING else ""

    return draw_publications(table, link)


def _table4(report: Report, shown: Table, seen: Seen | None) -> Drawn | None:
    if report.table4 is None:
        return None
    too_soon, asked = 0, suffix(region=shown.region, seen=seen)
    if report.table4.figure(DIRECT_SUIT, DISPUTE_TOTAL):
        as_of, known_at = (seen.as_of, seen.known_at) if seen else (None, None)
        sued = annual.disputes_of_cell(
            shown.those(seen), shown.year, DIRECT_SUIT, DISPUTE_TOTAL, as_of=as_of, known_at=known_at
        )
        too_soon = sum(each.warning() is not None for each in sued.select_related("agency", "case", "decision"))
    return draw_table4(
        report.table4,
        lambda group, column: shown.address("dispute_cell", group=group, column=column) + asked,
        too_soon,
    )


def _relations(checks: list[Check]) -> list[tuple[Relation, Text, list[Check], bool]]:
    """Each relation with its checks and whether all of them hold."""
    found = []
    for relation in Relation:
        those = [check for check in checks if check.relation is relation]
        if those:
            found.append((relation, RELATIONS[relation], those, all(check.holds for check in those)))
    return found


def _listed(
    request: DeskRequest,
    shown: Table,
    counted: QuerySet[Case],
    template: str,
    context: dict[str, Any],
    *,
    on: date,
    seen: Seen | None = None,
) -> HttpResponseBase:
    """A page of the cases behind a figure, and how many of them this person may only count."""
    readable = counted.filter(agency__in=access.agencies_where(request.user, access.READS_CASES))
    found = by_receipt(readable, request.GET.get("after", ""))
    count = counted.count()
    address = suffix(region=shown.region, seen=seen)
    context |= {
        "table": shown,
        "count": count,
        "hidden": count - readable.count(),
        "lines": [(case, urgency_of(case, on=on)) for case in found.cases],
        "next": f"?after={found.next}{address.replace('?', '&')}" if found.next else "",
        "begun": "after" in request.GET,
        "several_agencies": shown.region,
        "first": request.path + address,
        "back": shown.address() + address,
    }
    return page(request, template, context, section="annual")
