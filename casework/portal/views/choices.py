"""What an applicant decides about a case of their own: to give it up, by which ways to hear, what they think of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache

from casework.actions import contact, decide
from casework.actions.rate import rate_reply
from casework.law.refusals import Refused
from casework.models import Rating
from casework.portal import unsent
from casework.portal.forms.follow import NoticesForm, RatingForm, WithdrawForm
from casework.portal.opened import ask_again, opened


@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the application up."""
    if request.method == "POST":
        unsent.keep(request.session, pk, request.POST.get("statement", ""), "withdraw")
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request, kept=request.method == "POST")
    if not found.is_open:
        return redirect("portal:case", pk)
    initial = {"statement": unsent.kept(request.session, pk, "withdraw")}
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {"section": "follow", "case": found, "form": form, "back": reverse("portal:case", args=[pk])}
    if form.is_valid():
        statement = form.cleaned_data["statement"]
        try:
            decide.withdraw(found, on=timezone.localdate(at), by=None, at=at, statement=statement)
        except Refused as refused:
            context["refusal"] = refused
        else:
            unsent.forget(request.session, pk, "withdraw")
            messages.success(request, gettext("申请已经撤回。"))
            return redirect("portal:case", pk)
    return render(request, "portal/follow/withdraw.html", context)


@never_cache
def notices(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose by which ways to hear how the case goes."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    kept = {name: getattr(found.applicant, name) for name in NoticesForm.base_fields}
    form = NoticesForm(request.POST if request.method == "POST" else None, initial=kept)
    context = {"section": "follow", "case": found, "form": form, "back": reverse("portal:case", args=[pk])}
    if form.is_valid():
        try:
            contact.choose_notices(found, **form.cleaned_data, at=at)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence.read_in(get_language()))
        else:
            messages.success(request, gettext("已经保存。"))
            return redirect("portal:case", pk)
    return render(request, "portal/follow/notices.html", context)


@never_cache
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """What the applicant thinks of the reply; it changes nothing in the case."""
    if request.method == "POST":
        unsent.keep(request.session, pk, request.POST.get("comment", ""), "rate")
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request, kept=request.method == "POST")
    decision = found.current_decision
    if decision is None or decision.dispatched_on is None or found.is_open:
        raise Http404
    kept = Rating.objects.filter(decision=decision).first()
    typed = unsent.kept(request.session, pk, "rate")
    initial = {"satisfaction": kept.satisfaction if kept else None, "comment": typed or (kept.comment if kept else "")}
    form = RatingForm(request.POST if request.method == "POST" else None, initial=initial)
    context = {
        "section": "follow",
        "case": found,
        "form": form,
        "rating": kept,
        "closed": kept is not None and not kept.may_change(at),
        "back": reverse("portal:case", args=[pk]),
    }
    if form.is_valid():
        try:
            rate_reply(found, **form.cleaned_data, at=at)
        except Refused as refused:
            context["refusal"] = refused
        else:
            unsent.forget(request.session, pk, "rate")
            messages.success(request, gettext("谢谢您的评价。它不影响您的申请，也不影响您的权利。"))
            return redirect("portal:case", pk)
    return render(request, "portal/follow/rate.html", context)
