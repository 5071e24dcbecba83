"""Applications that were not needed: how often somebody about to apply found their answer among what is public."""

from django.db.models import Max, Sum
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from casework import access
from casework.desk.pages import DeskRequest, desk, page
from casework.models import Spared
from casework.wordsearch.public import words_of

_MOST = 100


@require_safe
@desk
def spared(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """The figure of a year, by what answered; nothing of the people is on record."""
    agency = get_object_or_404(access.figures_visible_to(request.user), code=code)
    rows = Spared.objects.filter(agency=agency, on__year=year)
    things = rows.values("source", "of").annotate(times=Sum("times"), last_on=Max("on"), name=Max("title"))
    context = {
        "agency": agency,
        "year": year,
        "total": rows.aggregate(total=Sum("times"))["total"] or 0,
        "things": [(words_of(thing["source"]), thing) for thing in things.order_by("-times", "-last_on")[:_MOST]],
    }
    return page(request, "desk/registers/spared.html", context, section="registers")
