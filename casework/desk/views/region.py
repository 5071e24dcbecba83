"""A region's year unit by unit: what each sent, what is still to come, which relation fails where, and the sum."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any, Final

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import access, annual
from casework.access import AgencyAct
from casework.actions import receive as verbs
from casework.annual import SOURCES, Region, Source, Unit
from casework.desk.forms.region import ConfirmForm, ReportUploadForm, WithdrawForm
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.views.annual import MEDIA_TYPES
from casework.exports import table_context, write_csv, write_xlsx
from casework.law.matrix import CARRIED_OUT, COLUMNS, NEW, ROWS, TOTAL
from casework.law.refusals import Refused
from casework.law.summing import blanks
from casework.law.words import Text
from casework.models import Agency, ReceivedReport
from casework.published import Reading, read_one

#: What the overview shows of each unit.
SHOWN: Final = (NEW, TOTAL, CARRIED_OUT)
_WRITERS: Final[dict[str, Callable[..., int]]] = {"csv": write_csv, "xlsx": partial(write_xlsx, sheet="汇总")}
_SALT: Final = "received-report"
_MOST_FAULTS: Final = 20


@dataclass(frozen=True, slots=True)
class Place:
    """What an address of this part names: the agency at the top, and a year."""

    agency: Agency
    year: int
    may_sum: bool

    def address(self, name: str = "region", **more: Any) -> str:
        return reverse(f"desk:{name}", kwargs={"code": self.agency.code, "year": self.year, **more})


@require_safe
@desk
def overview(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """All units in a table, the sum below, and what is still to be done."""
    place = _place_or_404(request, code, year)
    region = annual.region_of(place.agency, year)
    figures = [(row, ROWS[row].words) for row in SHOWN]

    def link(row: str, column: str) -> str:
        nothing = region.report.table3.cell(row, column) == 0
        return "" if nothing else place.address("region_cell", row=row, column=column)

    context = {
        "place": place,
        "region": region,
        "back": place.address("table"),
        "may_merge": access.mergeable_by(request.user).filter(pk=place.agency.pk).exists(),
        "heads": figures,
        "lines": [_line(place, unit) for unit in region.units],
        "sum": [
            (words, region.report.table3.cell(row, TOTAL), place.address("region_cell", row=row, column=TOTAL))
            for row, words in figures
        ],
        "sum_failing": [check for check in region.report.checks() if not check.holds],
        "links_failing": [check for check in (*region.links, *region.filed_links) if not check.holds],
        "faults": [_faults(place, unit) for unit in region.failing],
        "downloads": [(form, place.address("export_region", form=form)) for form in ("xlsx", "csv")],
        "live": year == timezone.localdate().year,
        **table_context(region.report, link),
    }
    return page(request, "desk/region/overview.html", context, section="annual")


@require_safe
@desk
def cell(request: DeskRequest, code: str, year: int, row: str, column: str) -> HttpResponseBase:
    """A cell of the sum: each unit with its figure, and from there to its cases or its file."""
    place = _place_or_404(request, code, year)
    if row not in ROWS or column not in COLUMNS:
        raise Http404
    region = annual.region_of(place.agency, year)
    readable = set(access.figures_visible_to(request.user).values_list("pk", flat=True))
    lines = []
    for unit in region.units:
        if unit.figure(row, column) == 0:
            continue
        address = place.address("region_unit", unit=unit.agency.code)
        if unit.source is Source.RECORDS and unit.agency.pk in readable and unit.figure(row, column):
            address = reverse("desk:cell", args=[unit.agency.code, year, row, column])
        lines.append((unit, unit.figure(row, column), SOURCES[unit.source], address))
    context = {
        "place": place,
        "row": ROWS[row],
        "column": COLUMNS[column],
        "figure": region.report.table3.cell(row, column),
        "lines": lines,
        "back": place.address(),
    }
    return page(request, "desk/region/cell.html", context, section="annual")


@require_safe
@desk
def unit(request: DeskRequest, code: str, year: int, unit: str) -> HttpResponseBase:
    """One unit: its tables and relations, the files that came from it, and what can be done."""
    place = _place_or_404(request, code, year)
    found = _unit_or_404(annual.region_of(place.agency, year), unit)
    received = found.received
    context = {
        "place": place,
        "unit": found,
        "source": SOURCES[found.source],
        "back": place.address(),
        "reader_remarks": [Text(each["zh"], each["en"]) for each in received.remarks] if received else [],
        "links_failing": found.failing_links,
        "history": ReceivedReport.objects.filter(agency=found.agency, year=year)
        .select_related("by", "withdrawn_by")
        .defer("content", "remarks")
        .order_by("-number"),
        "cases_page": access.figures_visible_to(request.user).filter(pk=found.agency.pk).exists(),
        **(table_context(found.report) if found.report else {}),
    }
    return page(request, "desk/region/unit.html", context, section="annual")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def receive(request: DeskRequest, code: str, year: int, unit: str) -> HttpResponseBase:
    """Two steps: the file is read and shown; only what was confirmed is stored."""
    place = _place_or_404(request, code, year, to_sum=True)
    agency = _agency_or_404(place, unit)
    if request.method == "POST" and "waiting" in request.POST:
        return _confirm(request, place, agency)
    form = ReportUploadForm(*((request.POST, request.FILES) if request.method == "POST" else (None, None)))
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            reading = read_one(upload.content, upload.name, code=agency.code, year=year)
            open_questions = verbs.doubts(agency, year, reading.report())
        except Refused as refused:
            form.refuse(refused)
        else:
            token = {"path": verbs.hold(upload, at=timezone.now()), "name": upload.name, "for": [agency.code, year]}
            confirm = ConfirmForm(
                initial={"waiting": signing.dumps(token, salt=_SALT)},
                doubtful=bool(open_questions),
                blank=bool(blanks(reading.report())),
            )
            return _preview(request, place, agency, reading, open_questions, confirm)
    context = {
        "place": place,
        "agency": agency,
        "form": form,
        "back": place.address("region_unit", unit=agency.code),
    }
    return page(request, "desk/region/receive.html", context, section="annual")


def _preview(
    request: DeskRequest, place: Place, agency: Agency, reading: Reading, open_questions: list[Text], form: ConfirmForm
) -> HttpResponseBase:
    report = reading.report()
    context = {
        "place": place,
        "agency": agency,
        "reading": reading,
        "open_questions": open_questions,
        "blanks": blanks(report),
        "form": form,
        "failing": sum(1 for check in report.checks() if not check.holds),
        "remarks": reading.remarks(),
        "back": place.address("receive_report", unit=agency.code),
        **table_context(report),
    }
    return page(request, "desk/region/preview.html", context, section="annual")


def _confirm(request: DeskRequest, place: Place, agency: Agency) -> HttpResponseBase:
    """The file that was shown is read again and stored; whatever was signed for another unit or year is no file."""
    again = place.address("receive_report", unit=agency.code)
    try:
        token = _token(request.POST["waiting"], agency, place.year)
        upload = verbs.held(token["path"], token["name"])
        reading = read_one(upload.content, upload.name, code=agency.code, year=place.year)
        open_questions = verbs.doubts(agency, place.year, reading.report())
        form = ConfirmForm(request.POST, doubtful=bool(open_questions), blank=bool(blanks(reading.report())))
        if not form.is_valid():
            return _preview(request, place, agency, reading, open_questions, form)
        receipt = verbs.receive_report(
            agency,
            place.year,
            reading.report(),
            upload,
            remarks=reading.remarks(),
            confirmed=form.cleaned_data.get("confirmed", False),
            explanation=form.cleaned_data.get("explanation", ""),
            by=request.user,
            at=timezone.now(),
        )
    except signing.BadSignature:
        messages.error(request, gettext("预览已经过期，文件没有保存。请重新选择文件。"))
        return redirect(again)
    except Refused as refused:
        messages.error(request, refused.sentence.read_in(get_language()))
        return redirect(again)
    verbs.release(token["path"])
    saved = gettext("已收下%(unit)s的报告。") if receipt.is_new else gettext("%(unit)s的报告就是这一份，没有改变。")
    messages.success(request, saved % {"unit": agency.name})
    return redirect(place.address("region_unit", unit=agency.code))


def _token(text: str, agency: Agency, year: int) -> dict[str, Any]:
    token: dict[str, Any] = signing.loads(text, salt=_SALT, max_age=24 * 3600)
    if token["for"] != [agency.code, year]:
        raise signing.BadSignature
    return token


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def withdraw(request: DeskRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """The report that counts shall not; file and reason stay on record."""
    place = _place_or_404(request, code, year, to_sum=True)
    received = _received_or_404(place, pk)
    back = place.address("region_unit", unit=received.agency.code)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.withdraw_received(received, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("报告已经撤回，不再计入合计。"))
            return redirect(back)
    context = {"place": place, "received": received, "form": form, "back": back}
    return page(request, "desk/region/withdraw.html", context, section="annual")


@require_safe
@desk
def file(request: DeskRequest, code: str, year: int, pk: int) -> HttpResponseBase:
    """The file as the unit sent it, always as a download."""
    place = _place_or_404(request, code, year)
    received = _received_or_404(place, pk)
    try:
        stream = received.file.open("rb")
    except FileNotFoundError:
        back = place.address("region_unit", unit=received.agency.code)
        context = {"file": received, "back": back}
        return page(request, "desk/file_missing.html", context, section="annual", status=404)
    return FileResponse(stream, as_attachment=True, filename=received.name, content_type="application/octet-stream")


@require_POST
@desk
def remind(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """Ask the units of this system that have not signed theirs."""
    place = _place_or_404(request, code, year, to_sum=True)
    units = [each.agency for each in annual.region_of(place.agency, year).unfiled if each.agency != place.agency]
    told = verbs.remind_units(place.agency, year, units, by=request.user, at=timezone.now())
    messages.success(request, gettext("已提醒%(count)s人。同一单位一天只提醒一次。") % {"count": told})
    return redirect(place.address())


@require_POST
@desk
def outside(request: DeskRequest, code: str, year: int, unit: str) -> HttpResponseBase:
    """A unit begins to work with this system, or sends files from now on."""
    place = _place_or_404(request, code, year, to_sum=True)
    agency = _agency_or_404(place, unit)
    verbs.set_outside(agency, outside=request.POST.get("outside") == "yes", by=request.user, at=timezone.now())
    messages.success(request, gettext("已经保存。"))
    return redirect(place.address("region_unit", unit=agency.code))


@require_safe
@desk
def export(request: DeskRequest, code: str, year: int, form: str) -> HttpResponseBase:
    """The overview as a table: what came from whom, its main figures, and what fails."""
    place = _place_or_404(request, code, year)
    if form not in _WRITERS:
        raise Http404
    region = annual.region_of(place.agency, year)
    stream = BytesIO()
    _WRITERS[form](stream, [_read(head) for head in _HEADINGS], map(_row, region.units))
    answer = HttpResponse(stream.getvalue(), content_type=MEDIA_TYPES.get(form, "text/csv; charset=utf-8"))
    name = f"{place.agency.code}-{year}-units.{form}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


# What the pages show -------------------------------------------------------------------------------------------------


def _line(place: Place, unit: Unit) -> dict[str, Any]:
    return {
        "unit": unit,
        "source": SOURCES[unit.source],
        "figures": [(ROWS[row].words, unit.figure(row, TOTAL)) for row in SHOWN],
        "relations": sorted({check.relation.value for check in unit.failing}),
        "links": sum(1 for check in unit.links if not check.holds),
        "address": place.address("region_unit", unit=unit.agency.code),
        "receive": place.address("receive_report", unit=unit.agency.code),
    }


def _faults(place: Place, unit: Unit) -> dict[str, Any]:
    checks = [*unit.failing, *unit.failing_links]
    return {
        "unit": unit,
        "checks": checks[:_MOST_FAULTS],
        "more": max(0, len(checks) - _MOST_FAULTS),
        "address": place.address("region_unit", unit=unit.agency.code),
    }


_HEADINGS: Final = (
    Text("单位代码", "Unit code"),
    Text("单位", "Unit"),
    Text("数字来源", "Source"),
    *(ROWS[row].words for row in SHOWN),
    Text("不成立的关系", "Relations that fail"),
    Text("上年结转不符的列", "Columns in which last year’s carry-over differs"),
    Text("说明", "Remarks"),
    Text("联系方式", "Contact"),
)


def _row(unit: Unit) -> list[str | int | None]:
    fails = "；".join(f"{check.relation} {_read(check.sentence)}" for check in unit.failing)
    links = "、".join(_read(COLUMNS[check.column].words) for check in unit.failing_links if check.column)
    return [
        unit.agency.code,
        unit.agency.name,
        _read(SOURCES[unit.source]),
        *(unit.figure(row, TOTAL) for row in SHOWN),
        fails,
        links,
        "；".join(_read(remark) for remark in unit.remarks),
        unit.agency.contact,
    ]


def _read(text: Text) -> str:
    return text.read_in(get_language())


# Who may come --------------------------------------------------------------------------------------------------------


def _place_or_404(request: DeskRequest, code: str, year: int, *, to_sum: bool = False) -> Place:
    """A region whose sum this person may read; one agency alone is no region. ``to_sum``: and may work on."""
    agency = get_object_or_404(access.regions_visible_to(request.user), code=code)
    try:
        annual.check_year(year, on=timezone.localdate())
    except Refused as refused:
        raise Http404 from refused
    may_sum = access.may_from_above(request.user, AgencyAct.SUM_REGION, agency)
    if len(annual.agencies_of(agency, region=True)[:2]) < 2 or (to_sum and not may_sum):
        raise Http404
    return Place(agency, year, may_sum)


def _agency_or_404(place: Place, code: str) -> Agency:
    return get_object_or_404(annual.agencies_of(place.agency, region=True), code=code)


def _unit_or_404(region: Region, code: str) -> Unit:
    found = region.unit(code)
    if found is None:
        raise Http404
    return found


def _received_or_404(place: Place, pk: int) -> ReceivedReport:
    units = annual.agencies_of(place.agency, region=True)
    return get_object_or_404(ReceivedReport.objects.select_related("agency"), pk=pk, year=place.year, agency__in=units)
