"""主动公开建议 (条例 44) at the desk: what is proposed, how often it is asked for, and the decision."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from casework import access
from casework.access import AgencyAct
from casework.actions import proposals as verbs
from casework.desk.asked_often import asked_often
from casework.desk.forms.acts import DeskForm
from casework.desk.forms.proposals import AcceptForm, DeclineForm, WordForm
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.law.refusals import Refused
from casework.models import Proposal
from casework.templatetags.words import read

A_PAGE: Final = 30
#: What can be done with a proposal: the form, the verb, and who may.
DEEDS: Final[dict[str, tuple[type[DeskForm], Callable[..., Proposal], AgencyAct]]] = {
    "word": (WordForm, verbs.word, AgencyAct.PROPOSE_PUBLICATION),
    "accept": (AcceptForm, verbs.accept, AgencyAct.DECIDE_PROPOSALS),
    "decline": (DeclineForm, verbs.decline, AgencyAct.DECIDE_PROPOSALS),
}


@require_safe
@desk
def proposals(request: DeskRequest) -> HttpResponseBase:
    """What waits, with the number of those who want it; all on request."""
    if not access.agencies_for(request.user, AgencyAct.SEE_PROPOSALS).exists():
        raise PermissionDenied
    seen = access.proposals_visible_to(request.user).select_related("agency")
    everything = "all" in request.GET
    listed = seen if everything else seen.waiting()
    shown = Paginator(listed.counted().order_by("-id"), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "proposals": shown,
        "rows": [(each, asked_often(each)) for each in shown],
        "waiting": seen.waiting().count(),
        "everything": everything,
    }
    return page(request, "desk/proposals/list.html", context, section="proposals")


@require_safe
@desk
def proposal(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One topic: who wants it, which applications ask for the like, and what can be decided."""
    return _page(request, _found(request, pk))


@require_POST
@desk
def decide_proposal(request: DeskRequest, pk: int, deed: str) -> HttpResponseBase:
    """Word, accept or decline it."""
    found = _found(request, pk)
    if deed not in DEEDS:
        raise Http404
    asked, verb, act = DEEDS[deed]
    if not access.may_for_agency(request.user, act, found.agency):
        raise PermissionDenied
    form: DeskForm = asked(request.POST)
    if form.is_valid():
        try:
            verb(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, gettext("已经保存。") if deed == "word" else gettext("已经审核，结果会告知提出的人。")
            )
            return redirect("desk:proposal", pk)
    return _page(request, found, deed=deed, form=form)


@require_POST
@desk
def propose_publication(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One press on the page of a case."""
    found = case_or_404(request, pk)
    if not access.may_for_agency(request.user, AgencyAct.PROPOSE_PUBLICATION, found.agency):
        raise PermissionDenied
    try:
        made = verbs.propose_by_officer(found, by=request.user, at=timezone.now())
    except Refused as refused:
        messages.warning(request, read(refused.sentence))
        return redirect("desk:case", pk)
    messages.success(request, gettext("已经建议主动公开；相同的建议合并计数。"))
    return redirect("desk:proposal", made.pk)


def _found(request: DeskRequest, pk: int) -> Proposal:
    seen = access.proposals_visible_to(request.user).select_related("agency", "decided_by")
    return get_object_or_404(seen.counted(), pk=pk)


def _page(request: DeskRequest, found: Proposal, *, deed: str = "", form: DeskForm | None = None) -> HttpResponseBase:
    def form_of(name: str, **initial: Any) -> DeskForm | None:
        asked, _verb, act = DEEDS[name]
        if found.verdict or not access.may_for_agency(request.user, act, found.agency):
            return None
        return form if name == deed and form is not None else asked(initial=initial, prefix=None, auto_id=f"{name}_%s")

    context = {
        "proposal": found,
        "asked": asked_often(found),
        "voices": found.voices.select_related("case", "staff"),
        "word_form": form_of("word", title=found.title),
        "accept_form": form_of("accept", title=found.title, public_on=timezone.localdate().isoformat()),
        "decline_form": form_of("decline"),
        "deed": deed,
        "form": form,
        "back": reverse("desk:proposals"),
    }
    return page(request, "desk/proposals/one.html", context, section="proposals")
