"""The pictures of a year: live from the cases, each with its table, and as part of the report as a file."""

from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from casework import annual
from casework.annual import pictures as drawn
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.views.annual import MEDIA_TYPES, Table, table_or_404
from casework.exports import PICTURED, export
from casework.exports.pictures import Picture
from casework.law.words import Text

#: What is set side by side, by the name of its address; a page each, since a page must not wait for all.
SIDES: Final = {
    "pictures": Text("本年", "This year"),
    "pictures_of_years": Text("历年", "Year by year"),
    "pictures_of_units": Text("各单位", "Unit by unit"),
}


@require_safe
@desk
def pictures(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """The year by month, by days to the reply, by outcome, kind and channel."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    context = _context(shown, "pictures", drawn.of_year(shown.agencies, year, on=on))
    context["years"] = [
        (each, shown.address("pictures", year=each) + shown.suffix)
        for each in range(min(year + 2, on.year), max(year - 3, annual.FIRST_YEAR - 1), -1)
    ]
    return page(request, "desk/annual/pictures.html", context, section="annual")


@require_safe
@desk
def of_years(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """Up to ten years side by side."""
    shown = table_or_404(request, code, year, timezone.localdate())
    context = _context(shown, "pictures_of_years", drawn.of_years(shown.agencies, until=year))
    return page(request, "desk/annual/pictures.html", context, section="annual")


@require_safe
@desk
def of_units(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """The agencies of a region side by side; one agency alone has nobody beside it."""
    shown = table_or_404(request, code, year, timezone.localdate())
    if not shown.region:
        raise Http404
    context = _context(shown, "pictures_of_units", drawn.of_units(shown.agencies, year))
    return page(request, "desk/annual/pictures.html", context, section="annual")


@require_safe
@desk
def report(request: DeskRequest, code: str, year: int, form: str) -> HttpResponseBase:
    """The report with its pictures behind section 六."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    if form not in PICTURED:
        raise Http404
    found = drawn.pictures_of(shown.agencies, year, on=on, units=shown.region)
    live = annual.report_of(shown.agency, year, region=shown.region)
    answer = HttpResponse(
        export(live, form, language=get_language() or "", pictures=found), content_type=MEDIA_TYPES[form]
    )
    name = f"{shown.agency.code}-{year}{'-region' if shown.region else ''}-pictures.{form}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def _context(shown: Table, here: str, found: list[Picture]) -> dict[str, object]:
    return {
        "table": shown,
        "pictures": found,
        "sides": [
            (words, shown.address(name) + shown.suffix, name == here)
            for name, words in SIDES.items()
            if shown.region or name != "pictures_of_units"
        ],
        "back": shown.address() + shown.suffix,
        "other": shown.address("pictures") + ("" if shown.region else "?region=1"),
        "downloads": [(form, shown.address("pictures_report", form=form) + shown.suffix) for form in PICTURED],
    }
