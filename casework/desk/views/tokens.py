"""The tokens of an agency: given after a second look, shown once, revoked after a second look."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from casework import access
from casework.access import AgencyAct
from casework.access.machines import SCOPES
from casework.actions import tokens as verbs
from casework.desk.forms.tokens import TokenForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import ApiToken, Scope


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def tokens(request: DeskRequest) -> HttpResponseBase:
    """Those there are; a POST shows what would be given, and a second one gives it and shows it this once."""
    agencies = _agencies(request)
    posted = request.POST if request.method == "POST" else None
    form = TokenForm(posted, agencies=agencies, initial={"agency": agencies[0], "days": 365})
    if form.is_valid():
        given = form.cleaned_data
        try:
            if "sure" in request.POST:
                token, whole = verbs.give(**given, by=request.user, at=timezone.now())
                return _page(request, TokenForm(agencies=agencies, initial={"days": 365}), fresh=token, whole=whole)
            if "change" not in request.POST:
                verbs.check(**given, by=request.user)
                rows = [SCOPES[Scope(scope)] for scope in given["scopes"]]
                context = {"form": form, "given": given, "rows": rows, "back": reverse("desk:tokens")}
                return page(request, "desk/tokens/confirm.html", context, section="tokens")
        except Refused as refused:
            form.refuse(refused)
    return _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def revoke(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Take a token back: what uses it stops at once."""
    token = get_object_or_404(
        ApiToken.objects.select_related("agency", "made_by"), pk=pk, agency__in=_agencies(request)
    )
    if request.method == "POST":
        verbs.revoke(token, by=request.user, at=timezone.now())
        messages.success(request, gettext("令牌已经撤销。"))
        return redirect("desk:tokens")
    context = {"token": token, "rows": _rows(token), "back": reverse("desk:tokens")}
    return page(request, "desk/tokens/revoke.html", context, section="tokens")


def _agencies(request: DeskRequest) -> list[int]:
    agencies = [agency.pk for agency in access.agencies_for(request.user, AgencyAct.SET_TOKENS)]
    if not agencies:
        raise Http404
    return agencies


def _rows(token: ApiToken) -> list[Any]:
    return [SCOPES[Scope(scope)] for scope in token.scopes if scope in Scope.values]


def _page(request: DeskRequest, form: TokenForm, **more: Any) -> HttpResponseBase:
    found = ApiToken.objects.filter(agency__in=_agencies(request)).select_related("agency", "made_by", "revoked_by")
    at = timezone.now()
    rows = [(token, _rows(token), token.is_valid(at)) for token in found.order_by("revoked_at", "-pk")[:500]]
    return page(request, "desk/tokens/list.html", {"form": form, "rows": rows, "at": at, **more}, section="tokens")
