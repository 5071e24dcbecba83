"""What could not be delivered: seen by whoever is responsible, and sent again once the cause is mended."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from casework import access
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.undelivered import lines, seen_by
from notifications.outbox import send_again

PAGE: Final = 50


@require_safe
@desk
def undeliverable(request: DeskRequest) -> HttpResponseBase:
    """Newest first; one page at a time. Cases that the person may read are linked."""
    _check(request)
    found = seen_by(request.user).select_related("recipient")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) <= 18:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    context = {
        "lines": lines(rows[:PAGE], request.user),
        "next": f"?before={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        "begun": bool(before),
    }
    return page(request, "desk/undeliverable.html", context, section="undeliverable")


@require_POST
@desk
def send(request: DeskRequest) -> HttpResponseBase:
    """Send those that were ticked again; others' stay as they are."""
    _check(request)
    ids = [int(value) for value in request.POST.getlist("message") if value.isdecimal() and len(value) <= 18]
    mine = seen_by(request.user).filter(pk__in=ids).values_list("pk", flat=True)
    many = send_again(mine, at=timezone.now())
    if many:
        told = ngettext("%(n)d条消息将重新发送。", "%(n)d条消息将重新发送。", many) % {"n": many}
        messages.success(request, told)
    else:
        messages.error(request, gettext("没有选择消息。请勾选要重新发送的。"))
    return redirect("desk:undeliverable")


def _check(request: DeskRequest) -> None:
    if not access.agencies_for(request.user, access.AgencyAct.SEE_UNDELIVERED):
        raise Http404
