"""建议主动公开 (条例 44): what has been proposed and decided, for everybody, and the presses that propose."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from casework.access import address_of
from casework.actions import proposals as verbs
from casework.law.refusals import Refused
from casework.models import Proposal
from casework.portal.opened import WANTED, ask_again, opened

A_PAGE: Final = 30


@require_safe
@never_cache
def proposals(request: HttpRequest) -> HttpResponse:
    """Topics under the office's own words: what is examined, and what became of the others."""
    listed = Proposal.objects.public().select_related("agency")
    waiting = listed.waiting().counted().order_by("-id")
    decided = listed.exclude(verdict="").order_by("-decided_on", "-id")
    context = {
        "section": "proposals",
        "waiting": waiting[: 2 * A_PAGE],
        "decided": Paginator(decided, A_PAGE).get_page(request.GET.get("page")),
        "on": timezone.localdate(),
        "back": reverse("portal:home"),
    }
    return render(request, "portal/proposals.html", context)


@require_POST
def support(request: HttpRequest, pk: int) -> HttpResponse:
    """I want this published, too; pressed again it is counted once."""
    found = get_object_or_404(Proposal.objects.public(), pk=pk)
    try:
        said = verbs.support(found, visitor=address_of(request), at=timezone.now())
    except Refused as refused:
        messages.info(request, refused.sentence.read_in(get_language()))
    else:
        if said:
            messages.success(request, gettext("已经记下，谢谢您的建议。"))
        else:
            messages.info(request, gettext("从这个网络已经提过，同一处只计一次。"))
    return redirect("portal:proposals")


@require_POST
@never_cache
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant of a case that was replied to presses once."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        answer = ask_again(request)
        request.session[WANTED] = reverse("portal:case", args=[pk])  # a press has no page of its own
        return answer
    try:
        proposal = verbs.propose_by_applicant(found, at=at)
    except Refused as refused:
        messages.info(request, refused.sentence.read_in(get_language()))
    else:
        joined = proposal.voices.count() > 1
        messages.success(
            request,
            gettext("已经提出。相同的建议合并计数，审核的结果会告知您。")
            if joined
            else gettext("已经提出，审核的结果会告知您。"),
        )
    return redirect(reverse("portal:case", args=[pk]) + "#publication")


def of_case(case_pk: int) -> Proposal | None:
    """The newest proposal that was made by this case."""
    return Proposal.objects.filter(voices__case=case_pk).order_by("-pk").first()
