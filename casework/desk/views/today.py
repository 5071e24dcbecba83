"""Today's page, where a clerk's and a head's day begins, and the whole list under each of its rows."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from casework import access
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.queue import by_receipt
from casework.desk.today import Seat, has_day, look, rows_for
from casework.desk.urgency import urgency_of


@require_safe
@desk
def today(request: DeskRequest) -> HttpResponseBase:
    """What must leave, what must be told, what came back, what waits, what fell through; else the queue."""
    if not has_day(request.user):
        return redirect("desk:queue")
    on = timezone.localdate()
    sections = look(request.user, on=on)
    context = {
        "on": on,
        "sections": sections,
        "quiet": not any(section.all for section in sections),
        "several_agencies": _several(request),
    }
    return page(request, "desk/today.html", context, section="today")


@require_safe
@desk
def today_row(request: DeskRequest, key: str) -> HttpResponseBase:
    """Every case of one row, oldest receipt first."""
    row = next((row for row in rows_for(request.user) if row.key == key), None)
    if row is None:
        raise Http404
    on = timezone.localdate()
    found = by_receipt(row.cases(Seat(request.user, on=on)), request.GET.get("after", ""))
    context = {
        "row": row,
        "lines": [(case, urgency_of(case, on=on)) for case in found.cases],
        "next": f"?after={found.next}" if found.next else "",
        "begun": "after" in request.GET,
        "several_agencies": _several(request),
    }
    return page(request, "desk/today_row.html", context, section="today")


def _several(request: DeskRequest) -> bool:
    return len(access.agencies_where(request.user, access.READS_CASES)) > 1
