"""Administration: one start page, the agencies and their doors, the organisation chart."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.actions import agencies as verbs
from casework.desk.forms.administration import AgencyForm, ChartForm, CloseAgencyForm, DoorForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.ledger.charts import CHART_COLUMNS, read_chart
from casework.models import Agency, NumberSeries
from casework.models.setting import FACTS, SETTINGS

_CHANGES_SHOWN = 50
#: Without these no reply can be written.
_WANTED = ("document_prefix", "review_organ", "court")


@require_safe
@desk
def start(request: DeskRequest) -> HttpResponseBase:
    """Everything that an administrator keeps, with how much there is of it."""
    mine = access.administered(request.user)
    if not mine.exists():
        raise PermissionDenied
    people = access.people_visible_to(request.user)
    context = {
        "agencies": list(mine[:500]),
        "own": access.agencies_for(request.user, access.AgencyAct.CHANGE_SETTINGS).first(),
        "people": people.filter(is_active=True).count(),
        "waiting": people.filter(is_active=True, initial_until__isnull=False).count(),
        "system": access.is_system_administrator(request.user),
        "is_new": not people.exclude(pk=request.user.pk).exists(),
    }
    return page(request, "desk/administration/start.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def new_agency(request: DeskRequest) -> HttpResponseBase:
    """An agency more."""
    _check_system(request)
    form = AgencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = verbs.create_agency(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("机关已经建立。请接着设置文书、救济途径和人员。"))
            return redirect("desk:agency", made.code)
    context = {"form": form, "title": gettext("建立机关"), "back": reverse("desk:administration")}
    return page(request, "desk/administration/form.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def agency(request: DeskRequest, code: str) -> HttpResponseBase:
    """One agency: what it is, what is set where, its numbers, and the record; a system administrator changes it."""
    found = get_object_or_404(access.administered(request.user), code=code)
    system = access.is_system_administrator(request.user)
    if request.method == "POST" and not system:
        raise PermissionDenied
    form = AgencyForm(request.POST if request.method == "POST" else None, agency=found)
    if form.is_valid():
        try:
            changed = verbs.change_agency(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("修改已经保存。") if changed else gettext("没有要保存的修改。"))
            return redirect("desk:agency", found.code)
    context = {
        "agency": found,
        "form": form if system else None,
        "own": access.agencies_for(request.user, access.AgencyAct.CHANGE_SETTINGS).filter(pk=found.pk).exists(),
        "people": access.people_visible_to(request.user).filter(appointments__agency=found).distinct().count(),
        "series": NumberSeries.objects.filter(agency=found).order_by("-year", "kind")[:20],
        "changes": [(row, _field_words(row.field)) for row in _changes(found)],
        "lacks": [
            SETTINGS[name].words for name in ("document_prefix", "review_organ", "court") if not getattr(found, name)
        ],
    }
    return page(request, "desk/administration/agency.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def close_agency(request: DeskRequest, code: str) -> HttpResponseBase:
    """Close an agency; one that is closed can be opened again."""
    _check_system(request)
    found = get_object_or_404(Agency, code=code)
    back = redirect("desk:agency", found.code)
    if found.closed_on is not None and request.method == "POST":
        verbs.reopen_agency(found, by=request.user, at=timezone.now())
        messages.success(request, gettext("机关已经恢复。"))
        return back
    form = CloseAgencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.close_agency(found, on=form.cleaned_data["on"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("机关已经停用。"))
            return back
    context = {"form": form, "title": gettext("停用机关"), "of": found.name, "grave": True}
    context["back"] = reverse("desk:agency", args=[found.code])
    return page(request, "desk/administration/form.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def door(request: DeskRequest, code: str) -> HttpResponseBase:
    """From where the roles of an agency are used, and which of them need a second factor."""
    found = get_object_or_404(access.administered(request.user), code=code)
    address = access.address_of(request)
    form = DoorForm(request.POST if request.method == "POST" else None, agency=found)
    if form.is_valid():
        try:
            verbs.guard_door(found, **form.facts(), address=address, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("登录的限制已经保存，立即生效。"))
            return redirect("desk:agency", found.code)
    context = {"form": form, "title": gettext("登录的限制"), "of": found.name, "address": address}
    context["back"] = reverse("desk:agency", args=[found.code])
    return page(request, "desk/administration/form.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def chart(request: DeskRequest) -> HttpResponseBase:
    """Take in an organisation chart: first what it would do, then, with the same file, do it."""
    _check_system(request)
    form = ChartForm(request.POST, request.FILES) if request.method == "POST" else ChartForm()
    context: dict[str, Any] = {"form": form, "back": reverse("desk:administration")}
    context["columns"] = "、".join(CHART_COLUMNS)
    if form.is_valid():
        file, dry_run = form.cleaned_data["file"], form.cleaned_data["dry_run"]
        try:
            boxes = read_chart(file, file.name)
            new, there = verbs.take_chart(boxes, by=request.user, at=timezone.now(), dry_run=dry_run)
        except verbs.UnfitChart as unfit:
            context |= {"faults": unfit.faults[:100], "more": max(0, len(unfit.faults) - 100), "refusal": unfit}
        except Refused as refused:
            form.refuse(refused)
        else:
            if not dry_run:
                messages.success(
                    request, gettext("已经建立%(new)s个机关，另有%(there)s个原来就有。") % {"new": new, "there": there}
                )
                return redirect("desk:administration")
            context |= {"boxes": boxes[:200], "new": new, "there": there}
    return page(request, "desk/administration/chart.html", context, section="administration")


def _check_system(request: DeskRequest) -> None:
    if not access.is_system_administrator(request.user):
        raise PermissionDenied


def _changes(agency: Agency) -> Any:
    return agency.setting_changes.select_related("by")[:_CHANGES_SHOWN]


def _field_words(name: str) -> Any:
    return SETTINGS[name].words if name in SETTINGS else FACTS.get(name, name)
