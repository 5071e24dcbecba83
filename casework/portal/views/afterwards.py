"""After a reply, or after silence: the next lawful step with its draft, and where the case is counted."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework import annual
from casework.exports.layout import draw
from casework.law.matrix import COLUMNS, ROWS
from casework.models import ReportEdition
from casework.portal import remedy
from casework.portal.calendar_file import last_days
from casework.portal.given import holds_back
from casework.portal.opened import ask_again, opened


@require_safe
@never_cache
def next_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Each lawful step with its last day, organ and online channel, and the draft with the facts filled in."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    on = timezone.localdate(at)
    routes = remedy.steps(found, on=on)
    if not routes:
        raise Http404
    context = {
        "section": "follow",
        "case": found,
        "routes": routes,
        "overdue": remedy.is_overdue(found, on=on),
        "decision": found.current_decision if found.closed_on else None,
        "draft": remedy.draft(found, on=on),
        "dates": last_days(found, found.due(), on=on),
        "may_contest_part": remedy.may_be_reviewed(routes) and holds_back(found.current_decision),
        "back": reverse("portal:case", args=[pk]),
    }
    return render(request, "portal/follow/next.html", context)


@require_safe
@never_cache
def counted(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the annual tables count the case and why; the published table with its two figures marked."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    years = []
    for year in annual.reasons_of(found, on=timezone.localdate(at)):
        published = [each for each in year.filed if each.edition.published_at is not None]
        newest = published[-1] if published else None
        rows = (newest.way_in, newest.way_out) if newest else (year.standing.way_in, year.standing.way_out)
        column = newest.column if newest else year.standing.column
        years.append(
            {
                "year": year.standing.year,
                "why": (year.way_in, year.way_out, year.column),
                "rows": [ROWS[row] for row in rows],
                "column": COLUMNS[column],
                "differs": newest is not None and not year.as_filed,
                "edition": newest.edition if newest else None,
                "drawing": _marked(newest.edition, rows, column, pk) if newest else None,
            }
        )
    if not years:
        raise Http404
    context = {"section": "follow", "case": found, "years": years, "back": reverse("portal:case", args=[pk])}
    return render(request, "portal/follow/counted.html", context)


def _marked(edition: ReportEdition, rows: tuple[str, str], column: str, pk: int) -> object:
    """The table as published; the figures that count the case lead back to it."""
    here = reverse("portal:case", args=[pk])
    report = annual.report_of_edition(edition)
    return draw(report.table3, lambda row, each: here if row in rows and each == column else "")
