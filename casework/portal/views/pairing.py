"""Somebody else types; the applicant reads the whole on a telephone of their own, or on the spot, and alone sends."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from casework.actions import intake
from casework.actions import pairing as verbs
from casework.actions.pairing import SentBy
from casework.law.refusals import Refused
from casework.models import Draft, Helper, Pairing
from casework.portal import attempts, journey
from casework.portal.forms.aside import HelperForm, JoinForm, ReadForm
from casework.portal.keyed import draft_of, keyed
from casework.portal.receipts import ANSWER
from casework.portal.sending import application_of

#: So long the telephone may read before the six digits are asked for anew.
OPEN_FOR: Final = timedelta(minutes=30)
OPENED: Final = "paired_draft"
_TRIES: Final = "pairing"


@keyed
def helper(request: HttpRequest, key: str) -> HttpResponse:
    """The helper's screen: how the applicant gets to read and send."""
    draft = draft_of(key)
    if draft.case_id:
        return redirect("portal:receipt", key)
    if step := journey.first_open(draft.answers, on=timezone.localdate()):
        return redirect(f"{reverse('portal:page', args=[key, step])}?change")
    if draft.agency is None:
        return redirect("portal:office", key)
    pairing = Pairing.objects.filter(draft=draft).first()
    form = HelperForm(request.POST if request.method == "POST" and pairing is None else None)
    at, code = timezone.now(), ""
    if form.is_valid():
        answers = form.cleaned_data
        pairing = verbs.pair(draft, helper=Helper(answers["helper"]), name=answers["name"], at=at)
        return redirect("portal:helper", key)
    if request.method == "POST" and pairing is not None:
        code = verbs.offer_code(pairing, at=at)
    context = {
        "section": "apply",
        "draft": draft,
        "pairing": pairing,
        "form": form,
        "code": code,
        "until": timezone.localtime(at + verbs.VALID_FOR),
        "join": request.build_absolute_uri(reverse("portal:join")),
        "back": reverse("portal:check", args=[key]),
    }
    return render(request, "portal/pairing/helper.html", context)


@require_POST
@keyed
def unpair(_request: HttpRequest, key: str) -> HttpResponse:
    """It was the applicant who typed."""
    verbs.unpair(draft_of(key))
    return redirect("portal:check", key)


@keyed
def screen(request: HttpRequest, key: str) -> HttpResponse:
    """The whole in large print on the helper's screen, to be read or read out; the applicant presses the button."""
    draft = draft_of(key)
    pairing = Pairing.objects.filter(draft=draft).first()
    if draft.case_id or pairing is None:
        return redirect("portal:check", key)
    return _read(request, draft, pairing, SentBy.SCREEN, back=reverse("portal:helper", args=[key]))


@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """On the applicant's own telephone: six digits and the end of their document number."""
    form = JoinForm(request.POST or None)
    if form.is_valid():
        at = timezone.now()
        if wait := attempts.seconds_to_wait(request, _TRIES, at=at):
            form.add_error(None, gettext("连续输错多次，请等 %(seconds)s 秒再试。") % {"seconds": wait})
        elif pairing := verbs.joined(**form.cleaned_data, at=at):
            attempts.forget(request, _TRIES)
            request.session.cycle_key()
            request.session[OPENED] = [pairing.draft_id, at.timestamp()]
            return redirect("portal:paired")
        else:
            attempts.failed(request, _TRIES, at=at)
            form.add_error(
                None, gettext("配对码和证件号码的后四位对不上，或者配对码已经过期、用过。请协助您的人重新生成配对码。")
            )
    return render(request, "portal/pairing/join.html", {"section": "apply", "form": form})


@never_cache
def paired(request: HttpRequest) -> HttpResponse:
    """The whole application on the telephone of its applicant."""
    pk, since = request.session.get(OPENED, [0, 0.0])
    draft = Draft.objects.select_related("agency").filter(pk=pk).first()
    if draft is None or timezone.now().timestamp() - since > OPEN_FOR.total_seconds():
        request.session.pop(OPENED, None)
        return redirect("portal:join")
    if draft.case_id:
        return redirect("portal:receipt", draft.key)
    pairing = Pairing.objects.filter(draft=draft).first()
    if pairing is None:  # the helper has taken it back
        return redirect("portal:join")
    return _read(request, draft, pairing, SentBy.PHONE, back=reverse("portal:home"))


def _read(request: HttpRequest, draft: Draft, pairing: Pairing, sent_by: SentBy, *, back: str) -> HttpResponse:
    at = timezone.now()
    on, answers = timezone.localdate(at), draft.answers
    unfinished = draft.agency is None or journey.first_open(answers, on=on) is not None
    rows = [] if unfinished else journey.rows(answers, on=on)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReadForm(*posted)
    context: dict[str, Any] = {
        "section": "apply",
        "draft": draft,
        "pairing": pairing,
        "rows": rows,
        "unfinished": unfinished,
        "with_agent": any(row.step == "agent" for row in rows),
        "form": form,
        "seen": draft.digest,
        "back": back,
    }
    if not unfinished and form.is_valid():
        application = application_of(answers, authority=form.cleaned_data["authority"], on=on)
        try:
            intake.submit(
                draft,
                application,
                query_code=answers[ANSWER],
                seen=request.POST.get("seen", ""),
                helped=verbs.help_of(pairing, sent_by),
                at=at,
            )
        except Refused as refusal:
            return render(request, "portal/pairing/read.html", context | {"refusal": refusal})
        return redirect("portal:receipt", draft.key)
    return render(request, "portal/pairing/read.html", context)
