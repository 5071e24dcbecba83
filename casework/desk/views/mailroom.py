"""What came into the house: logged on the day, handed over, registered or closed as no application."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from casework import access
from casework.access import AgencyAct
from casework.actions import mailroom
from casework.desk.forms.acts import DeskForm
from casework.desk.forms.mailroom import CloseForm, HandOverForm, LogForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import Arrival

A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def arrivals(request: DeskRequest) -> HttpResponseBase:
    """The log with what waits first, and the form of the next piece above it."""
    at = timezone.now()
    seen = access.arrivals_visible_to(request.user)
    if not access.agencies_for(request.user, AgencyAct.SEE_MAIL).exists():
        raise PermissionDenied
    posted = (request.POST,) if request.method == "POST" else ()
    form = LogForm(*posted, by=request.user, on=timezone.localdate(at))
    if form.is_valid():
        try:
            mailroom.log_arrival(**form.facts(), by=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经登记收件。"))
            return redirect("desk:arrivals")
    everything = "all" in request.GET
    listed = seen.order_by("-arrived_on", "-pk") if everything else seen.waiting().order_by("arrived_on", "pk")
    rows = listed.select_related("agency", "case", "handed_over_to")
    context = {
        "form": form,
        "may_log": form.fields["agency"].queryset.exists(),  # type: ignore[attr-defined]
        "arrivals": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "waiting": seen.waiting().count(),
        "everything": everything,
        "today": timezone.localdate(at),
    }
    return page(request, "desk/mailroom/arrivals.html", context, section="arrivals")


@require_http_methods(["GET", "HEAD"])
@desk
def arrival(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One piece: where it is, and what can be done with it."""
    return _arrival_page(request, _found(request, pk))


@require_POST
@desk
def hand_over(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The office takes the piece from the mail room."""
    found, form = _to_act_on(request, pk, AgencyAct.TAKE_MAIL), HandOverForm(request.POST)
    if form.is_valid():
        try:
            mailroom.hand_over(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经登记交接。"))
            return redirect("desk:arrival", pk)
    return _arrival_page(request, found, hand_over_form=form)


@require_POST
@desk
def close(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The piece is no application."""
    found, form = _to_act_on(request, pk, AgencyAct.CLOSE_MAIL), CloseForm(request.POST)
    if form.is_valid():
        try:
            mailroom.close_arrival(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经关闭，理由存入收件登记。"))
            return redirect("desk:arrivals")
    return _arrival_page(request, found, close_form=form)


def _to_act_on(request: DeskRequest, pk: int, act: AgencyAct) -> Arrival:
    """The piece for those who may do this with it; who only reads the log is told so before any form is judged."""
    found = _found(request, pk)
    if not access.may_for_agency(request.user, act, found.agency):
        raise PermissionDenied
    return found


def _found(request: DeskRequest, pk: int) -> Arrival:
    seen = access.arrivals_visible_to(request.user)
    return get_object_or_404(
        seen.select_related("agency", "case", "logged_by", "handed_over_to", "closed_by", "source__agency"), pk=pk
    )


def _arrival_page(request: DeskRequest, found: Arrival, **forms: DeskForm) -> HttpResponseBase:
    acting = access.may_for_agency(request.user, AgencyAct.CLOSE_MAIL, found.agency)
    context: dict[str, Any] = {
        "arrival": found,
        "acting": acting and found.waits,
        "hand_over_form": HandOverForm(),
        "close_form": CloseForm(),
        "form": next(iter(forms.values()), None),
        "given": found.handed_on,
        **forms,
    }
    return page(request, "desk/mailroom/arrival.html", context, section="arrivals")
