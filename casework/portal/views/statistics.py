"""Statistics for everybody: pictures with their tables, and the same as open data."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from casework.annual import openfigures, openfiles, openpictures
from casework.annual.openfigures import OpenFigures
from casework.law.matrix import COLUMNS
from casework.law.outcomes import GROUPS, KINDS, OUTCOMES
from casework.models import Agency

FORMS: Final = {"json": (openfiles.as_json, "application/json"), "csv": (openfiles.as_csv, "text/csv; charset=utf-8")}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which agencies have statistics: those to which the Regulation applies."""
    agencies = Agency.objects.open_to_applications().order_by("path")
    parents = set(agencies.exclude(parent=None).values_list("parent", flat=True))
    context = {"section": "statistics", "agencies": [(each, each.pk in parents) for each in agencies]}
    return _public(render(request, "portal/statistics/index.html", context))


@require_safe
def newest(request: HttpRequest, code: str) -> HttpResponse:
    """The newest year of which something can be said."""
    agency, region = _agency(request, code)
    years = openfigures.years_open(agency, region=region, on=timezone.localdate())
    return redirect(_address("statistics_year", agency, region, year=years[0] if years else timezone.localdate().year))


@require_safe
def year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """One year of an agency, or with ``?region=1`` of it and all below."""
    agency, region = _agency(request, code)
    on = timezone.localdate()
    figures = _figures(agency, year, region=region)
    years = openfigures.filed_years(agency, region=region)
    context = {
        "section": "statistics",
        "figures": figures,
        "pictures": openpictures.pictures_of(figures, years),
        "years": [
            (each, _address("statistics_year", agency, region, year=each), each == year)
            for each in openfigures.years_open(agency, region=region, on=on)
        ],
        "region_page": _address("statistics_year", agency, not region, year=year) if _is_region(agency) else "",
        "parent_page": _parent_page(figures),
        "files": [(form, _address("statistics_file", agency, region, year=year, form=form)) for form in FORMS],
        "report": _report_page(figures),
        "licence": openfiles.LICENCE,
        "back": reverse("portal:statistics"),
    }
    return _public(render(request, "portal/statistics/year.html", context))


@require_safe
def file(request: HttpRequest, code: str, year: int, form: str) -> HttpResponse:
    """The same figures for machines; anybody's page may ask for them."""
    if form not in FORMS:
        raise Http404
    agency, region = _agency(request, code)
    write, media_type = FORMS[form]
    answer = HttpResponse(write(_figures(agency, year, region=region)), content_type=media_type)
    name = f"{agency.code}-{year}{'-region' if region else ''}-statistics.{form}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=form == "csv", filename=name) or "inline"
    answer["Access-Control-Allow-Origin"] = "*"
    return _public(answer)


@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    """What each field of the open data means."""
    context = {
        "section": "statistics",
        "measures": openfiles.MEASURES,
        "classes": [(group.value, row.words) for group, row in GROUPS.items()],
        "codes": [(code.value, row.words) for code, row in OUTCOMES.items()],
        "kinds": [(kind.value, row.words) for kind, row in KINDS.items() if kind.value in COLUMNS],
        "format": openfiles.FORMAT,
        "licence": openfiles.LICENCE,
        "back": reverse("portal:statistics"),
    }
    return _public(render(request, "portal/statistics/dictionary.html", context))


def _agency(request: HttpRequest, code: str) -> tuple[Agency, bool]:
    agency = get_object_or_404(Agency.objects.filter(applies_regulation=True), code=code)
    region = request.GET.get("region") == "1"
    if region and not _is_region(agency):
        raise Http404
    return agency, region


def _is_region(agency: Agency) -> bool:
    return agency.children.exists()


def _figures(agency: Agency, year: int, *, region: bool) -> OpenFigures:
    figures = openfigures.open_figures(agency, year, region=region, on=timezone.localdate())
    if figures is None:
        raise Http404
    return figures


def _address(name: str, agency: Agency, region: bool, **kwargs: Any) -> str:  # noqa: FBT001 - as it stands in the query
    return reverse(f"portal:{name}", kwargs={"code": agency.code, **kwargs}) + ("?region=1" if region else "")


def _parent_page(figures: OpenFigures) -> tuple[str, str] | None:
    """Where the months of a small agency are counted in."""
    top = figures.agency if _is_region(figures.agency) else figures.agency.parent
    if not figures.pooled or top is None:
        return None
    return top.name, _address("statistics_year", top, True, year=figures.year)


def _report_page(figures: OpenFigures) -> str:
    if figures.edition is None:
        return ""
    return _address("published_report", figures.agency, figures.region, year=figures.year)


def _public(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, no_cache=True)
    return answer
