"""Filters of the queue that somebody keeps under a name."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from casework import access
from casework.actions import filters as kept
from casework.desk.forms.queue import NameForm, SaveForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused

_KNOWN = frozenset(
    {"show", "sort", "q", "haste", "state", "clerk", "division", "channel", "kind"}
    | {"received_from", "received_to", "due_from", "due_to"}
)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def saved(request: DeskRequest) -> HttpResponseBase:
    """One's own filters, those that were deleted of late, and the form for the one that one has just used."""
    at = timezone.now()
    query = _query(request.POST.get("query", request.GET.get("query", "")))
    form = SaveForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        try:
            kept.save_filter(
                form.cleaned_data["name"], query, shared_with=form.cleaned_data["shared"], by=request.user, at=at
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("筛选“%(name)s”已经保存。") % {"name": form.cleaned_data["name"]})
            return redirect(f"{reverse('desk:queue')}?{query}")
    mine = access.filters_of(request.user).select_related("shared_with")
    context = {
        "form": form,
        "query": query,
        "mine": mine.filter(deleted_at=None),
        "deleted": mine.filter(deleted_at__gte=at - kept.UNDO).order_by("-deleted_at"),
        "back": f"{reverse('desk:queue')}?{query}",
    }
    return page(request, "desk/filters.html", context, section="queue")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def rename(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Another name for one's own filter."""
    found = get_object_or_404(access.filters_of(request.user), pk=pk, deleted_at=None)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_valid():
        try:
            kept.rename_filter(found, form.cleaned_data["name"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
            found.refresh_from_db()
        else:
            return redirect("desk:filters")
    context = {"form": form, "filter": found, "back": reverse("desk:filters")}
    return page(request, "desk/filter_rename.html", context, section="queue")


@require_POST
@desk
def delete(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Take a filter away; the page says how it can be had back."""
    found = get_object_or_404(access.filters_of(request.user), pk=pk)
    kept.delete_filter(found, by=request.user, at=timezone.now())
    messages.success(request, gettext("筛选“%(name)s”已经删除，可以在下面撤销。") % {"name": found})
    return redirect("desk:filters")


@require_POST
@desk
def restore(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Undo."""
    found = get_object_or_404(access.filters_of(request.user), pk=pk)
    try:
        kept.restore_filter(found, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence.read_in(request.LANGUAGE_CODE))
    else:
        messages.success(request, gettext("筛选“%(name)s”已经恢复。") % {"name": found})
    return redirect("desk:filters")


def _query(text: str) -> str:
    """An address of the queue in one spelling: what it does not know is left out."""
    return urlencode([(name, value) for name, value in parse_qsl(text[:2000]) if name in _KNOWN])[:1000]
