"""The annual reports that agencies have published, for everybody and for machines; nothing unpublished is shown.

A file of an edition never changes and may be kept for ever. Pages say by their ETag whether anything is new.
"""

import hashlib
import json
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import condition, require_safe

from casework import annual
from casework.exports import FORMATS, export_edition, title
from casework.exports.parts import parts_of
from casework.law.calendar import day_of
from casework.models import ReportEdition
from casework.portal import care

#: In the order in which people ask for them.
OFFERED: Final = ("html", "docx", "pdf", "xlsx", "json")
_TYPES: Final = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
}
_INDEX_FORMAT: Final = "gongkai.report-index/1"
#: A year, in seconds: what never changes need not be asked for again.
_FOR_EVER: Final = 365 * 24 * 3600
#: Editions in the list; a province of a thousand units has as many a year.
_MOST: Final = 20_000


def _newest() -> list[ReportEdition]:
    """Of each report its newest published edition, agencies in the order of the tree, years newest first."""
    published = ReportEdition.objects.published().select_related("report__agency").defer("content", "packed_cases")
    found: dict[int, ReportEdition] = {}
    for edition in published.order_by(F("report__agency__path"), "-report__year", "report__region", "-number")[:_MOST]:
        found.setdefault(edition.report_id, edition)
    return list(found.values())


def _tag(*parts: object) -> str:
    text = "|".join(map(str, parts))
    return quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which agency has published which years."""
    offices: dict[int, dict[str, Any]] = {}
    for edition in _newest():
        report = edition.report
        office = offices.setdefault(report.agency_id, {"agency": report.agency, "years": []})
        office["years"].append((report.year, report.region, _page(edition)))
    context = {"section": "reports", "offices": list(offices.values())}
    answer = render(request, "portal/reports/index.html", context)
    patch_cache_control(answer, no_cache=True)
    return answer


@require_safe
def index_json(request: HttpRequest) -> HttpResponse:
    """The same list for machines (``gongkai.report-index/1``): every published edition's newest state and address."""
    rows = [
        {
            "agency": {"code": edition.report.agency.code, "name": edition.report.agency.name},
            "year": edition.report.year,
            "region": edition.report.region,
            "edition": edition.number,
            "published_on": _published_on(edition).isoformat(),
            "reason": edition.reason,
            "digest": edition.digest,
            "page": request.build_absolute_uri(_page(edition)),
            "json": request.build_absolute_uri(_file(edition, "json")),
        }
        for edition in _newest()
    ]
    text = json.dumps({"format": _INDEX_FORMAT, "reports": rows}, ensure_ascii=False, indent=1)
    answer = HttpResponse(text + "\n", content_type="application/json")
    patch_cache_control(answer, no_cache=True)
    return answer


def _published(request: HttpRequest, code: str, year: int) -> list[ReportEdition]:
    """The published editions of a report, newest first, without what is heavy."""
    found = ReportEdition.objects.published().filter(
        report__agency__code=code, report__year=year, report__region=request.GET.get("region") == "1"
    )
    return list(found.select_related("report__agency").defer("content", "packed_cases").order_by("-number"))


def _state_of_report(request: HttpRequest, code: str, year: int, number: int | None = None) -> str | None:
    """Of a page, what it depends on: its editions, the one shown, the language, the print."""
    editions = _published(request, code, year)
    if not editions:
        return None
    # The page holds the token of the form that changes the language, so a reader without it needs a page anew.
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    return _tag(
        get_language(),
        care.wanted(request),
        code,
        year,
        number,
        [(each.number, each.digest) for each in editions],
        annual.code_version(),
        token,
    )


@require_safe
@condition(etag_func=_state_of_report)
def report(request: HttpRequest, code: str, year: int, number: int | None = None) -> HttpResponse:
    """The report of a year in the official layout: the newest published edition, or the one that is named."""
    editions = _published(request, code, year)
    named = [each for each in editions if number is None or each.number == number]
    if not named:
        raise Http404
    shown = named[0]
    shown.refresh_from_db(fields=["content"])
    value = annual.report_of_edition(shown)
    context = {
        "section": "reports",
        "edition": shown,
        "report": shown.report,
        "title": title(value),
        "imprint": annual.imprint(shown),
        "published_on": _published_on(shown),
        "parts": parts_of(value),
        "newest": editions[0] if editions[0].pk != shown.pk else None,
        "newest_page": _page(editions[0]),
        "others": [(each, _page(each, number=True)) for each in editions if each.pk != shown.pk],
        "downloads": [(form, _file(shown, form)) for form in OFFERED],
        "json": _file(shown, "json"),
    }
    answer = render(request, "portal/reports/report.html", context)
    patch_cache_control(answer, no_cache=True)
    return answer


def _state_of_file(request: HttpRequest, code: str, year: int, number: int, form: str) -> str | None:
    found = _edition(request, code, year, number).values_list("digest", flat=True).first()
    return _tag(found, form, _file_language(request)) if found else None


@require_safe
@condition(etag_func=_state_of_file)
def file(request: HttpRequest, code: str, year: int, number: int, form: str) -> HttpResponse:
    """A published edition as a file. Its address names all that it depends on, so it may be kept for ever."""
    if form not in FORMATS:
        raise Http404
    edition = get_object_or_404(_edition(request, code, year, number).select_related("report__agency"))
    content = export_edition(edition.content, annual.report_of_edition(edition), form, language=_file_language(request))
    answer = HttpResponse(content, content_type=_TYPES[form])
    name = f"{code}-{year}{'-region' if edition.report.region else ''}-{number}.{form}"
    attached = form not in ("json", "pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=attached, filename=name) or "inline"
    if form == "json":
        answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={_FOR_EVER}, immutable"
    return answer


def _file_language(request: HttpRequest) -> str:
    """By the address alone, not by the reader's cookie: whatever lies between may keep one copy for all."""
    return "en" if request.GET.get("lang") == "en" else "zh-hans"


def _edition(request: HttpRequest, code: str, year: int, number: int) -> Any:
    region = request.GET.get("region") == "1"
    return ReportEdition.objects.published().filter(
        report__agency__code=code, report__year=year, report__region=region, number=number
    )


def _page(edition: ReportEdition, *, number: bool = False) -> str:
    report = edition.report
    kwargs: dict[str, Any] = {"code": report.agency.code, "year": report.year}
    name = "published_edition" if number else "published_report"
    address = reverse(f"portal:{name}", kwargs=kwargs | ({"number": edition.number} if number else {}))
    return address + ("?region=1" if report.region else "")


def _file(edition: ReportEdition, form: str) -> str:
    report = edition.report
    kwargs = {"code": report.agency.code, "year": report.year, "number": edition.number, "form": form}
    asked = [word for word, wanted in (("region=1", report.region), ("lang=en", _reads_english(form))) if wanted]
    return reverse("portal:published_file", kwargs=kwargs) + (f"?{'&'.join(asked)}" if asked else "")


def _reads_english(form: str) -> bool:
    return form != "json" and (get_language() or "").startswith("en")


def _published_on(edition: ReportEdition) -> date:
    if edition.published_at is None:
        raise ValueError("the edition is not published")
    return day_of(edition.published_at)
