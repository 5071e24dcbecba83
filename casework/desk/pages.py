"""What every page of the desk shares: who comes in, which case they may reach, and the frame around it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework import access
from casework.models import Case, Decision, Staff
from casework.models.edition import missing_year
from notifications.outbox import unread_by

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who has logged in."""

    user: Staff


def desk(
    view: Callable[Concatenate[DeskRequest, P], HttpResponseBase],
) -> Callable[Concatenate[DeskRequest, P], HttpResponseBase]:
    """A page for staff alone, never kept by a browser or a proxy: what it shows may be another's secret tomorrow."""

    @wraps(view)
    def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return never_cache(login_required(guarded))


def page(
    request: DeskRequest, template: str, context: dict[str, Any], *, section: str = "", status: int = 200
) -> TemplateResponse:
    """A page in the frame of the desk, with the count of unread messages and the way to each part."""
    sees_editions = access.may_about_editions(request.user, access.EditionAct.SEE)
    frame = {
        "sees_editions": sees_editions,
        "missing_year": missing_year(timezone.localdate()) if sees_editions else None,
        "section": section,
        "unread": unread_by(request.user),
        "has_mailbox": bool(getattr(settings, "EMAIL_FILE_PATH", None)),
        "reads_figures": bool(access.agencies_where(request.user, access.READS_FIGURES)),
        "reads_cases": bool(access.agencies_where(request.user, access.READS_CASES)),
        "may_register": bool(access.agencies_where(request.user, access.VERBS[access.Verb.REGISTER].roles)),
    }
    return TemplateResponse(request, template, frame | context, status=status)


def case_or_404(request: DeskRequest, pk: int) -> Case:
    """The case with everything that its page shows, in a fixed number of queries; another's does not exist."""
    cases = (
        access.visible_to(request.user)
        .with_clock_facts()
        .select_related("applicant", "clerk")
        .prefetch_related(
            "reasons_requests",
            Prefetch("decisions", Decision.objects.select_related("proposed_by", "signed_by", "returned_by")),
        )
    )
    return get_object_or_404(cases, pk=pk)
