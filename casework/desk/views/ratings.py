"""What applicants think of an office's replies, for its head alone and by office alone."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from casework import access
from casework.access import AgencyAct
from casework.annual.ratings import FEWEST, ratings_of
from casework.desk.pages import DeskRequest, desk, page


@require_safe
@desk
def ratings(request: DeskRequest) -> HttpResponseBase:
    """The figures of the last year with their n; nothing where too few have rated."""
    agencies = access.agencies_for(request.user, AgencyAct.SEE_RATINGS)
    if not agencies:
        raise PermissionDenied
    on = timezone.localdate()
    context = {"offices": [ratings_of(agency, on=on) for agency in agencies[:20]], "fewest": FEWEST}
    return page(request, "desk/ratings.html", context, section="annual")
