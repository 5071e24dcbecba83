"""Mergers of organs: those on record, a new one with what follows from it, and one taken back."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from casework import access, annual
from casework.actions import merge as verbs
from casework.desk.forms.merge import ConfirmMergeForm, MergeForm, UndoMergeForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import Agency


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def mergers(request: DeskRequest) -> HttpResponseBase:
    """What is on record, and the form: posted, what follows is shown; posted again with a tick, it is recorded."""
    mine = _mine_or_403(request)
    form = MergeForm(request.POST if request.method == "POST" else None, agencies=mine)
    if form.is_valid():
        try:
            return _confirmed(request, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "recorded": mine.exclude(succeeded_on=None).select_related("successor").order_by("path")}
    return page(request, "desk/mergers/list.html", context, section="annual")


def _confirmed(request: DeskRequest, *, old: Agency, new: Agency, on: date) -> HttpResponseBase:
    """Recorded, if somebody has seen what follows and ticked it; else what follows."""
    at = timezone.now()
    verbs.check_merger(old, new, on=on, at=at)
    seen = request.POST if "seen" in request.POST else None
    form = ConfirmMergeForm(seen, initial={"old": old.code, "new": new.code, "on": on.isoformat()})
    if form.is_valid():
        verbs.merge_agency(old, new, on=on, by=request.user, at=at)
        messages.success(request, gettext("已经登记：%(old)s并入%(new)s。") % {"old": old.name, "new": new.name})
        return redirect("desk:mergers")
    context = {"form": form, "old": old, "new": new, "on": on, "follows": annual.what_follows(old, new, on)}
    return page(request, "desk/mergers/confirm.html", context | _back(), section="annual")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def undo(request: DeskRequest, code: str) -> HttpResponseBase:
    """A merger that was recorded by mistake is taken back, as long as nobody has reported by it."""
    old = get_object_or_404(_mine_or_403(request).exclude(succeeded_on=None).select_related("successor"), code=code)
    form = UndoMergeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.undo_merger(old, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("合并已经撤销，%(name)s自己编写年度报告。") % {"name": old.name})
            return redirect("desk:mergers")
    return page(request, "desk/mergers/undo.html", {"form": form, "old": old} | _back(), section="annual")


def _mine_or_403(request: DeskRequest) -> QuerySet[Agency]:
    mine = access.mergeable_by(request.user)
    if not mine.exists():
        raise PermissionDenied
    return mine


def _back() -> dict[str, str]:
    return {"back": reverse("desk:mergers")}
