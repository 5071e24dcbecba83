"""Deputies while somebody is away: to name one, and to end it."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from casework import access
from casework.actions.delegate import delegate, end_delegation
from casework.desk.forms.delegation import DelegationForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import Delegation


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def delegations(request: DeskRequest) -> HttpResponseBase:
    """Who stands in for whom, as far as it concerns the reader, and the form for the next absence."""
    at = timezone.now()
    on = timezone.localdate(at)
    form = DelegationForm(request.POST if request.method == "POST" else None, by=request.user, on=on)
    if form.is_valid():
        facts = form.facts()
        try:
            delegate(facts.pop("agency"), **facts, by=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("代理已经设置，系统会告知代理人。"))
            return redirect("desk:delegations")
    rows = Delegation.objects.concerning(request.user).filter(until_on__gte=on, ended_at=None)
    context = {
        "form": form if form.seats else None,
        "rows": [
            {
                "delegation": row,
                "role": access.ROLE_WORDS[row.role],
                "now": row.from_on <= on,
                "may_end": access.may_arrange(request.user, row.person, row.agency),
            }
            for row in rows.select_related("person", "deputy", "agency", "made_by")
        ],
    }
    return page(request, "desk/delegations.html", context, section="roles")


@require_POST
@desk
def end(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Back at work."""
    found = get_object_or_404(Delegation.objects.concerning(request.user), pk=pk)
    try:
        end_delegation(found, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence.read_in(request.LANGUAGE_CODE))
    else:
        messages.success(request, gettext("代理已经终止。"))
    return redirect("desk:delegations")
