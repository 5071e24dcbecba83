"""Before an application: what may answer it already, and how its words could be searched for better."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework.actions import draft as verbs
from casework.digits import whole
from casework.law.personal import spotted
from casework.law.wording import HINTS, hints
from casework.models import Searchable
from casework.portal import journey
from casework.portal.advice import advice_on
from casework.portal.forms.aside import WordingForm
from casework.portal.keyed import draft_of, keyed
from casework.wordsearch import Like
from casework.wordsearch.public import words_of


@keyed
def ahead(request: HttpRequest, key: str) -> HttpResponse:
    """What was found; whoever wants to go on follows a link."""
    draft = draft_of(key)
    if draft.case_id:
        return redirect("portal:receipt", key)
    if draft.agency is None:
        return redirect("portal:office", key)
    changing = "change" in request.GET
    after = journey.STEPS[journey.STEPS.index("what") + 1]
    advice = advice_on(draft.answers, draft.agency, on=timezone.localdate())
    context = {
        "section": "apply",
        "draft": draft,
        "advice": advice,
        "likes": [(like.found, words_of(like.found.source), _link(like)) for like in advice.likes],
        "back": reverse("portal:page", args=[key, "what"]) + ("?change" if changing else ""),
        "onward": reverse("portal:check", args=[key]) if changing else reverse("portal:page", args=[key, after]),
    }
    return render(request, "portal/apply/ahead.html", context)


@keyed
def answered(request: HttpRequest, key: str) -> HttpResponse:
    """“This answers me”: the draft goes, a number is counted, and that is all that stays."""
    draft = draft_of(key)
    if request.method != "POST":
        return redirect("portal:ahead", key)
    found = Searchable.objects.filter(
        source=request.POST.get("source", "")[:16],
        of=whole(request.POST.get("of", "")) or 0,
        on__lte=timezone.localdate(),
    ).first()
    if draft.case_id or found is None:
        return redirect("portal:ahead", key)
    verbs.spare(draft, found, at=timezone.now())
    context = {"section": "apply", "found": found, "link": _link(Like(found, 1.0))}
    return render(request, "portal/apply/answered.html", context)


@never_cache
def wording(request: HttpRequest) -> HttpResponse:
    """“Test my wording”, without an application."""
    form = WordingForm(request.POST or None)
    content = form.cleaned_data["content"] if form.is_valid() else None
    context = {
        "section": "apply",
        "form": form,
        "tried": content is not None,
        "hints": hints("", content) if content else [],
        "numbers": spotted(content, on=timezone.localdate()) if content else [],
        "rows": HINTS,
    }
    return render(request, "portal/wording.html", context)


def _link(like: Like) -> str:
    """Where it can be read: a page of this site, or an address of the web and no other."""
    address = like.found.address
    return address if address.startswith("/") or urlsplit(address).scheme in ("http", "https") else ""
