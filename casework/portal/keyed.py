"""Pages of a draft, whose key in the address is all that opens it; a key that opens nothing is answered kindly."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from casework.models import Draft

P = ParamSpec("P")


def keyed(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that no cache keeps. Where the draft is gone, what was just typed is given back to be copied."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Draft.DoesNotExist:
            typed = [text for name in ("subject", "content") if (text := request.POST.get(name, "").strip())]
            context = {"section": "apply", "typed": "\n\n".join(typed)}
            return render(request, "portal/apply/gone.html", context, status=404)

    return never_cache(guarded)


def draft_of(key: str) -> Draft:
    """The draft with its office; raises ``Draft.DoesNotExist``."""
    return Draft.objects.select_related("agency").get(key=key)
