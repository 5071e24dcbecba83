"""From the choice of an office to the check page. What is typed lives in a draft; the draft's key is in the address."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from casework.actions import intake
from casework.annual.expectations import expected
from casework.doors import signed_in
from casework.law.refusals import Refused
from casework.models import Agency, Draft, KeptCase, Pairing, Staff
from casework.portal import advice, care, journey, receipts
from casework.portal.forms.apply import Page
from casework.portal.forms.together import AuthorityForm
from casework.portal.keyed import draft_of, keyed
from casework.portal.sending import application_of
from casework.portal.views.language import switched, switches

OFFICES_A_PAGE: Final = 20


@keyed
def office(request: HttpRequest, key: str | None = None) -> HttpResponse:
    """Which office is asked; the first choice opens the draft."""
    draft = Draft.objects.get(key=key) if key else None
    if draft and draft.case_id:
        return redirect("portal:receipt", draft.key)
    missing = False
    if request.method == "POST":
        code = request.POST.get("agency", "").replace("\x00", "")[:32]
        chosen = Agency.objects.open_to_applications().filter(code=code).first()
        if chosen:
            return _asked(request, draft, chosen)
        missing = True
    return render(request, "portal/apply/office.html", _offices(request, draft) | {"missing": missing})


def _asked(request: HttpRequest, draft: Draft | None, chosen: Agency) -> HttpResponse:
    at = timezone.now()
    if draft is None:
        account = signed_in(request)
        draft = Draft.open(agency=chosen, at=at, account=account)
        draft.keep(receipts.with_code(prefilled(account) if account else {}), at=at)
        return redirect(_address(request, draft, journey.STEPS[0]))
    draft.agency = chosen
    draft.keep(draft.answers, at=at)
    return redirect("portal:check", draft.key)


def prefilled(account: Staff) -> dict[str, object]:
    """What the account knows of its owner, to be changed at will; it never knows a number of identity."""
    known = {"name": account.name, "phone": account.phone, "email": account.email}
    return {field: value for field, value in known.items() if value}


def _offices(request: HttpRequest, draft: Draft | None) -> dict[str, Any]:
    """The offices whose names contain every word looked for, and those outside the Regulation that do."""
    sought = " ".join(request.GET.get("q", "")[:100].replace("\x00", "").split())
    wanted = Q()
    for word in sought.split():
        wanted &= Q(name__icontains=word)
    found = Agency.objects.open_to_applications().filter(wanted).select_related("parent")
    elsewhere = Agency.objects.filter(wanted, applies_regulation=False, successor=None)[:5] if sought else []
    listed = Paginator(found, OFFICES_A_PAGE).get_page(request.GET.get("page"))
    return {
        "section": "apply",
        "sought": sought,
        "page": listed,
        "searchable": bool(sought) or listed.paginator.num_pages > 1,
        "elsewhere": elsewhere,
        "chosen": draft.agency if draft else None,
        "back": reverse("portal:check", args=[draft.key]) if draft else reverse("portal:home"),
    }


@keyed
def page(request: HttpRequest, key: str, step: str, question: str = "") -> HttpResponse:
    """A question page, or in 关怀版 one question of it: keep what was typed, then judge it."""
    if request.method == "POST":
        return _typed(request, key, step, question)
    draft = draft_of(key)
    if draft.case_id:
        return redirect("portal:receipt", draft.key)
    on, answers, changing = timezone.localdate(), draft.answers, "change" in request.GET
    if _lies_elsewhere(request, step, question, answers, on=on):
        return redirect(_address(request, draft, step, changing=changing))
    # who comes from the check page is told at once what is wrong
    typed = journey.as_typed(answers) if changing else None
    form = _form(step, question, answers, on=on, typed=typed, changing=changing)
    return _show(request, draft, step, question, form)


def _lies_elsewhere(request: HttpRequest, step: str, question: str, answers: dict[str, Any], *, on: date) -> bool:
    """Whether this visitor answers the step on another page: all its questions together, or another question."""
    if care.wanted(request) != bool(question):
        return True
    return bool(question) and question not in journey.page(step, answers, on=on).fields


def _form(
    step: str, question: str, answers: dict[str, Any], *, on: date, typed: Mapping[str, Any] | None, changing: bool
) -> Page:
    if not question:
        return journey.page(step, answers, on=on, typed=typed)
    return journey.question(step, question, answers, on=on, typed=typed, alone=changing)


def _address(request: HttpRequest, draft: Draft, step: str, *, changing: bool = False, last: bool = False) -> str:
    """Where this visitor answers a step: on its page, or from its first question on (``last``: at its last)."""
    after = "?change" if changing else ""
    if not care.wanted(request):
        return reverse("portal:page", args=[draft.key, step]) + after
    on = timezone.localdate()
    if changing:
        name = journey.first_wrong(step, draft.answers, on=on)
    else:
        name = journey.questions(step, draft.answers, on=on)[-1 if last else 0]
    return reverse("portal:question", args=[draft.key, step, name]) + after


def _typed(request: HttpRequest, key: str, step: str, question: str) -> HttpResponse:
    at = timezone.now()
    on, leaving, changing = timezone.localdate(at), "keep_only" in request.POST, "change" in request.GET
    with transaction.atomic():
        # pages that arrive together must not overwrite each other's answers
        drafts = Draft.objects.select_for_update(of=("self",)).select_related("agency")
        draft = drafts.get(key=key)
        answers = draft.answers
        if question and question not in journey.page(step, answers, on=on).fields:
            return redirect("portal:page", key, step)
        form = _form(step, question, answers, on=on, typed=request.POST, changing=changing)
        kept = journey.taken(form, answers, request.POST, sent=not leaving)
        described = step == "what" and question in ("", "content")
        advised = described and not leaving and form.is_valid() and _advises(request, draft, kept, at)
        draft.keep(kept, at=at)
    if leaving:
        return HttpResponse(status=204)
    if draft.case_id:
        return redirect("portal:receipt", draft.key)
    return _answered(request, draft, step, question, form, advised=advised)


def _answered(
    request: HttpRequest, draft: Draft, step: str, question: str, form: Page, *, advised: bool
) -> HttpResponse:
    """What follows when the answer is kept: the page in another look, what is wrong, advice, or the next question."""
    changing = "change" in request.GET
    if switches(request):
        return switched(request, request.get_full_path())
    if not form.is_valid():
        return _show(request, draft, step, question, form)
    if advised:
        return redirect(reverse("portal:ahead", args=[draft.key]) + ("?change" if changing else ""))
    return _onward(request, draft, step, question, changing=changing)


def _advises(request: HttpRequest, draft: Draft, answers: dict[str, Any], at: datetime) -> bool:
    """Whether the page of advice comes next: on wish, and once for words for which there is something to show."""
    if draft.agency is None:
        return False
    if "advise" in request.POST:
        return True
    mark = advice.mark_of(answers, draft.agency)
    if (
        answers.get(advice.SHOWN) == mark
        or not advice.advice_on(answers, draft.agency, on=timezone.localdate(at)).stops
    ):
        return False
    answers[advice.SHOWN] = mark
    return True


def _onward(request: HttpRequest, draft: Draft, step: str, question: str, *, changing: bool) -> HttpResponse:
    if changing:
        return redirect("portal:check", draft.key)
    if question:
        _before, after = journey.around(step, question, draft.answers, on=timezone.localdate())
        if after:
            return redirect("portal:question", draft.key, step, after)
    if step not in journey.STEPS[:-1]:
        return redirect("portal:check", draft.key)
    return redirect(_address(request, draft, journey.STEPS[journey.STEPS.index(step) + 1]))


def _back(request: HttpRequest, draft: Draft, step: str, question: str) -> str:
    """The question before this one, or the page; before the first, the offices."""
    if "change" in request.GET:
        return reverse("portal:check", args=[draft.key])
    if question:
        before, _after = journey.around(step, question, draft.answers, on=timezone.localdate())
        if before:
            return reverse("portal:question", args=[draft.key, step, before])
    if step not in journey.STEPS:
        return reverse("portal:check", args=[draft.key])
    if place := journey.STEPS.index(step):
        return _address(request, draft, journey.STEPS[place - 1], last=True)
    return reverse("portal:office", args=[draft.key])


def _show(request: HttpRequest, draft: Draft, step: str, question: str, form: Page) -> HttpResponse:
    place = journey.STEPS.index(step) + 1 if step in journey.STEPS else None
    places = len(journey.STEPS)
    if question:
        place, places = journey.place_of(step, question, draft.answers, on=form.on)
    context = {
        "section": "apply",
        "draft": draft,
        "form": form,
        "step": step,
        "question": question,
        "place": place,
        "places": places,
        "back": _back(request, draft, step, question),
        "keeping_form": "question",
        "mended": advice.mended(draft.agency, on=form.on) if step == "what" and draft.agency else None,
    }
    return render(request, f"portal/apply/{'one' if question else step}.html", context)


@keyed
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Everything once more before it is sent; sending twice makes one application."""
    draft, at = draft_of(key), timezone.now()
    on, answers = timezone.localdate(at), draft.answers
    if elsewhere := _before_sending(draft, answers, on=on):
        return redirect(elsewhere)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form, refusal = AuthorityForm(*posted), None
    account = signed_in(request)
    if form.is_valid():
        application = application_of(answers, authority=form.cleaned_data["authority"], on=on)
        code, keeper = answers[receipts.ANSWER], account if "keep_in_account" in request.POST else None
        try:
            intake.submit(draft, application, query_code=code, seen=request.POST.get("seen"), account=keeper, at=at)
        except Refused as refused:
            refusal = refused
        else:
            return redirect("portal:receipt", draft.key)
    rows = journey.rows(answers, on=on)  # judged once more, so only where they are shown
    context = {
        "section": "apply",
        "draft": draft,
        "rows": rows,
        "filled": {row.step for row in rows},
        "back": _address(request, draft, journey.STEPS[-1], last=True),
        "form": form,
        "seen": draft.digest,
        "account": account,
        "refusal": refusal,
    }
    return render(request, "portal/apply/check.html", context)


def _before_sending(draft: Draft, answers: dict[str, Any], *, on: date) -> str:
    """Where the check page leads instead of being shown; empty where the draft can be sent from it."""
    if draft.case_id:
        return reverse("portal:receipt", args=[draft.key])
    if draft.agency is None:
        return reverse("portal:office", args=[draft.key])
    if step := journey.first_open(answers, on=on):
        return f"{reverse('portal:page', args=[draft.key, step])}?change"
    if Pairing.objects.filter(draft=draft).exists():  # somebody else types, so the applicant sends
        return reverse("portal:helper", args=[draft.key])
    return ""


@keyed
def receipt(request: HttpRequest, key: str) -> HttpResponse:
    """Number, query code, the day of receipt and what follows from it."""
    draft = Draft.objects.select_related("case__agency").get(key=key)
    if draft.case is None:
        return redirect("portal:check", draft.key)
    at = timezone.now()
    due = draft.case.due()
    context = {
        "section": "apply",
        "draft": draft,
        "case": draft.case,
        "expected": expected(draft.case, on=timezone.localdate(at)),
        "code": receipts.code_to_show(draft, at=at),
        "kept": KeptCase.objects.filter(account=signed_in(request), case=draft.case).exists(),
        "due": due,
        "left": due.days_left(timezone.localdate(at)),
    }
    return render(request, "portal/apply/receipt.html", context)
