"""The page on which somebody consulted answers once, opened by the secret in its address (条例 32, 34)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework.actions.consult import record_opinion
from casework.law.clock import consultation_lapse
from casework.law.refusals import Refused
from casework.models import Consultation
from casework.portal import attempts
from casework.portal.forms.consultation import AnswerForm, ProofForm
from casework.portal.views.language import switched, switches

#: Wrong links are counted under one name, whatever stands in them.
_LINKS: Final = "consultation"


def by_link(
    view: Callable[[HttpRequest, Consultation], HttpResponseBase],
) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Hand the consultation of this link to the page; every link that opens nothing gets one and the same answer.

    Nothing of it is kept by browsers and proxies, found by search engines, or told to other sites.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponseBase:
        at = timezone.now()
        found = None
        if not attempts.seconds_to_wait(request, _LINKS, at=at):
            found = Consultation.by_token(token)
            if found is None:
                attempts.failed(request, _LINKS, at=at)
        if found is None:
            answer: HttpResponseBase = render(request, "portal/consultation/unknown.html", status=404)
        elif found.answered_on is None and not found.case.is_open:
            context = {"asked": found, "agency": found.case.agency, "row": found.kind.row}
            answer = render(request, "portal/consultation/over.html", context, status=410)
        else:
            answer = view(request, found)
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return answer

    return never_cache(guarded)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def answer(request: HttpRequest, found: Consultation) -> HttpResponse:
    """What is asked, the answer, a page to check it, and from then on that it has been given."""
    if found.answered_on is not None:
        return render(request, "portal/consultation/answered.html", {"asked": found})
    if switches(request):
        return _in_another_look(request, found)
    at = timezone.now()
    step = request.POST.get("step", "")
    form = AnswerForm(request.POST if step else None)
    proof = ProofForm(*((request.POST, request.FILES) if step == "send" else ()))
    context = _context(found, form=form, proof=proof)
    if not step or step == "change" or not form.is_valid():
        return render(request, "portal/consultation/answer.html", context)
    if step == "send" and proof.is_valid():
        facts = {**form.facts(), "uploads": proof.cleaned_data["uploads"]}
        try:
            record_opinion(found, **facts, answered_on=timezone.localdate(at), by=None, at=at)
        except Refused as refused:
            context["refusal"] = refused
        else:
            return redirect(request.path)
    return render(request, "portal/consultation/check.html", context)


@require_safe
@by_link
def letter(request: HttpRequest, found: Consultation) -> HttpResponseBase:
    """The letter as it was made."""
    if found.letter is None or found.letter.voided_at is not None:
        return render(request, "portal/consultation/unknown.html", status=404)
    return FileResponse(
        found.letter.pdf.open(), as_attachment=True, filename=f"{found.letter}.pdf", content_type="application/pdf"
    )


def _in_another_look(request: HttpRequest, found: Consultation) -> HttpResponse:
    """The page with what has been typed so far, in the language or print pressed; it is kept nowhere in between."""
    switch = switched(request, request.path)
    request.COOKIES |= {name: morsel.value for name, morsel in switch.cookies.items()}
    with translation.override(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or get_language()):
        form = AnswerForm(initial={name: request.POST.get(name, "") for name in AnswerForm.base_fields})
        page = render(request, "portal/consultation/answer.html", _context(found, form=form))
    page.cookies.update(switch.cookies)
    return page


def _context(found: Consultation, **more: Any) -> dict[str, Any]:
    on = timezone.localdate()
    standing = found.standing(on=on)
    return {
        "asked": found,
        "agency": found.case.agency,
        "row": found.kind.row,
        "standing": standing,
        "late": standing.lapse_on is not None and on > standing.lapse_on,
        # the day of service is not on file yet: whoever reads the letter here today has it today at the latest
        "at_most": consultation_lapse(on, calendar=found.case.agency.calendar),
        "keeping_form": "answer",
        **more,
    }
