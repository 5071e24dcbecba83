"""Pages of an applicant's account: who gets in, where they come back to, and what they are asked before grave acts."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from casework.doors import APPLICANTS, proved_lately, signed_in
from casework.models import Staff

P = ParamSpec("P")
#: Where somebody goes on who was asked to sign in.
AFTER: Final = "after_sign_in"


class OwnRequest(HttpRequest):
    """A request of an applicant who has signed in."""

    user: Staff


def own(
    view: Callable[Concatenate[OwnRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A page for the applicant of the session alone, kept by no cache; others sign in first and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if signed_in(request) is None:
            return redirect(to_sign_in(request.path))
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return never_cache(guarded)


def fresh(
    view: Callable[Concatenate[OwnRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For what is grave: whoever did not sign in a moment ago proves once more who they are."""

    @wraps(view)
    def guarded(request: OwnRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not proved_lately(request, at=timezone.now()):
            asked = request.method in ("GET", "HEAD")
            request.session[AFTER] = request.path if asked else reverse("portal:settings")
            return redirect("portal:again")
        return view(request, *args, **kwargs)

    return own(guarded)


def to_sign_in(back: str) -> str:
    return f"{reverse('portal:sign_in')}?{urlencode({'next': back})}"


def remember_where(request: HttpRequest) -> None:
    """Keep the page to come back to, if it is one of an applicant."""
    back = request.GET.get("next", "")[:500]
    if back.startswith(APPLICANTS) and "\\" not in back and url_has_allowed_host_and_scheme(back, None):
        request.session[AFTER] = back


def where_to(request: HttpRequest) -> str:
    """The page to come back to, once."""
    back: Any = request.session.pop(AFTER, "")
    return str(back) or reverse("portal:account")
