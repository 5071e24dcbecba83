"""Against a part of what was withheld: the applicant chooses the places, and the draft speaks of them alone.

The choice stands in the address and nowhere else. What an applicant thinks of contesting is nobody's business until it
is lodged, so nothing is stored; and the page can be shown in the other language, printed and opened again all the same.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.portal import remedy
from casework.portal.given import given_with, items_of
from casework.portal.opened import ask_again, opened


@require_safe
@never_cache
def contest(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what is contested (行政复议法 22), then the draft with precisely this."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    on = timezone.localdate(at)
    given = [file for file in given_with(found.current_decision) if file.places]
    routes = remedy.steps(found, on=on)
    if not given or not remedy.may_be_reviewed(routes):
        raise Http404
    items = items_of(given, request.GET.getlist("area"))
    chosen = [key for file in given for key, _place in file.keyed_places if key in request.GET.getlist("area")]
    context = {
        "section": "follow",
        "case": found,
        "given": given,
        "chosen": chosen,
        "missing": "made" in request.GET and not items,
        "draft": remedy.draft(found, on=on, items=items) if items else None,
        "download": f"{reverse('portal:petition', args=[pk])}?{urlencode({'area': chosen}, doseq=True)}",
        "routes": [route for route in routes if route.way == "reconsideration"],
        "back": reverse("portal:next_step", args=[pk]),
    }
    return render(request, "portal/follow/contest.html", context)
