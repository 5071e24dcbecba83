"""The answer to the one request to make an application clear (条例 30)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from casework.actions import clock as verbs
from casework.law.refusals import Refused
from casework.law.whatif import Awaited
from casework.portal import unsent
from casework.portal.forms.follow import SupplementForm
from casework.portal.opened import ask_again, opened
from casework.portal.views.case import answers_of
from casework.portal.views.language import switched, switches


@never_cache
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own text with the unclear words marked, the answer beside it, the old date and the new."""
    if request.method == "POST":
        # kept before anything can go wrong: a session that has ended, a mistake, a lost connection
        unsent.keep(request.session, pk, request.POST.get("answer", ""))
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request, kept=request.method == "POST")
    if "keep_only" in request.POST:
        return HttpResponse(status=204)
    if switches(request):
        return switched(request, request.path)
    if found.awaited_supplement is None:
        messages.info(request, gettext("这件申请现在不需要补正。"))
        return redirect("portal:case", pk)
    if request.method == "POST":
        form = SupplementForm(request.POST, request.FILES)
    else:
        form = SupplementForm(initial={"answer": unsent.kept(request.session, pk)})
    refusal, on = None, timezone.localdate(at)
    if form.is_valid():
        try:
            answer, files = form.cleaned_data["answer"], form.cleaned_data["attachments"]
            verbs.receive_supplement(found, answer=answer, uploads=files, on=on, by=None, at=at)
        except Refused as refused:
            refusal = refused
        else:
            unsent.forget(request.session, pk)
            messages.success(request, gettext("补正已经收到。"))
            return redirect("portal:case", pk)
    context = {
        "section": "follow",
        "case": found,
        "form": form,
        "refusal": refusal,
        "asked": found.awaited_supplement,
        "answer": next((a for a in answers_of(found, on=on) if a.awaited is Awaited.SUPPLEMENT), None),
        "keeping_form": "supplement",
        "back": reverse("portal:case", args=[pk]),
    }
    return render(request, "portal/follow/supplement.html", context)
