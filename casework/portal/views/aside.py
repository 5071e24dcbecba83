"""A draft on other ways: taken up on another device, printed, erased."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.actions import draft as verbs
from casework.doors import signed_in
from casework.portal import attempts, journey
from casework.portal.forms.aside import ResumeForm
from casework.portal.keyed import draft_of, keyed
from casework.portal.twin import paper_form


@require_safe
@keyed
def ways(request: HttpRequest, key: str) -> HttpResponse:
    """All that can be done with a draft beside answering the next question."""
    draft = draft_of(key)
    if draft.case_id:
        return redirect("portal:receipt", key)
    context = {"section": "apply", "draft": draft, "back": _onward(request, key)}
    return render(request, "portal/apply/ways.html", context)


@keyed
def pause(request: HttpRequest, key: str) -> HttpResponse:
    """The code for another device, shown once; with ``leave`` nothing on this computer opens the draft any more."""
    if request.method != "POST":  # who changes the language of that page comes back here
        return redirect("portal:ways", key)
    draft, at = draft_of(key), timezone.now()
    leave = "leave" in request.POST
    code = verbs.offer_resume(draft, leave=leave, at=at)
    if not code:
        return redirect("portal:receipt", key)
    context = {"section": "apply", "code": code, "until": timezone.localdate(at + verbs.RESUMED_FOR), "left": leave}
    answer = render(request, "portal/apply/paused.html", context | ({} if leave else {"draft": draft}))
    return _without_trace(request, answer) if leave else answer


@keyed
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """Nothing of the draft stays, here or with the office."""
    if request.method != "POST":
        return redirect("portal:ways", key)
    draft = draft_of(key)
    if draft.case_id:
        return redirect("portal:receipt", key)
    verbs.erase(draft)
    return _without_trace(request, render(request, "portal/apply/erased.html", {"section": "apply"}))


@require_safe
@keyed
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The paper twin: the same application to be signed, handed in or posted."""
    draft = draft_of(key)
    if draft.case_id:
        return redirect("portal:receipt", key)
    if draft.agency is None:
        return redirect("portal:office", key)
    content = paper_form(draft, verbs.give_reference(draft), on=timezone.localdate())
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="application.pdf"'
    return answer


@never_cache
def resume(request: HttpRequest) -> HttpResponse:
    """Take up on this device what was begun on another."""
    form = ResumeForm(request.POST or None)
    if form.is_valid():
        at, code = timezone.now(), form.cleaned_data["code"]
        if wait := attempts.seconds_to_wait(request, _TRIES, at=at):
            form.add_error(None, gettext("连续输错多次，请等 %(seconds)s 秒再试。") % {"seconds": wait})
        elif draft := verbs.resumed(code, at=at):
            attempts.forget(request, _TRIES)
            if account := signed_in(request):
                verbs.put_into_list(draft, account)
            return redirect(_place(draft.key, draft.answers))
        else:
            attempts.failed(request, _TRIES, at=at)
            form.add_error(None, gettext("这个接续码打不开草稿：写错了、过期了，或者申请已经提交。请逐位检查。"))
    return render(request, "portal/apply/resume.html", {"section": "apply", "form": form})


_TRIES = "resume"


def _place(key: str, answers: dict[str, object]) -> str:
    """Where whoever comes back goes on: the first question that is open."""
    step = journey.first_open(answers, on=timezone.localdate())
    return reverse("portal:page", args=[key, step]) if step else reverse("portal:check", args=[key])


def _onward(request: HttpRequest, key: str) -> str:
    from_step = request.GET.get("from", "")
    known = from_step in journey.ALL
    return reverse("portal:page", args=[key, from_step]) if known else reverse("portal:check", args=[key])


def _without_trace(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """What the browser keeps of this site goes as well; what was opened in the session is closed."""
    request.session.flush()
    answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
