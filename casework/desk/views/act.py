"""One page for each act on a case: the form, the verb, and what to do when somebody was faster."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from casework import access
from casework.access import Verb
from casework.actions.decide import propose as propose_reply
from casework.actions.guards import guards_of
from casework.approvers import turn_of
from casework.desk.acts import ACTS
from casework.desk.chain import chain_of
from casework.desk.file import asked_of
from casework.desk.forms.acts import ActForm
from casework.desk.forms.decision import DecisionForm, code_row, codes
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.desk.views.case import case_page, consulted_of, routes_of
from casework.desk.views.letter import letter_of
from casework.desk.withheld import withheld_with
from casework.law.outcomes import Outcome
from casework.law.refusals import Refused
from casework.models import Case, Conflict, overturned

#: Whoever takes one of these sees how replies under the code fared when they were attacked.
_OF_THE_APPROVAL = frozenset({Verb.REVIEW, Verb.SIGN})


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def act(request: DeskRequest, pk: int, verb: str) -> HttpResponseBase:
    """Show the form of an act, or do it."""
    at = timezone.now()
    found, kind = case_or_404(request, pk), Verb(verb)
    if answer := not_now(request, found, kind):
        return answer
    form = ACTS[kind].form(*posted(request), case=found, by=request.user, on=timezone.localdate(at), asked=request.GET)
    if form.is_valid():
        try:
            found.expect(version(request))
            ACTS[kind].do(found, **form.facts(), by=request.user, at=at)
        except Conflict as conflict:
            return overtaken(request, pk, form, conflict)
        except Refused as refused:
            form.refuse(refused)
            found = case_or_404(request, pk)  # the refused verb has left its marks on the instance
        else:
            messages.success(request, form.done() or ACTS[kind].done)
            return redirect("desk:case", pk)
    return _act_page(request, ACTS[kind].template, found, kind, form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def propose(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A reply in two steps: which of the codes, then what the law wants said under it."""
    at = timezone.now()
    on = timezone.localdate(at)
    found = case_or_404(request, pk)
    if answer := not_now(request, found, Verb.PROPOSE):
        return answer
    given = request.POST if request.method == "POST" else request.GET
    row = code_row(given.get("outcome", ""), on=on)
    if row is None:
        context = {"case": found, "groups": codes(found, on=on), "missing": "outcome" in given}
        context["returned"] = next((d for d in found.decisions.all() if d.returned_at), None)
        return page(request, "desk/propose/code.html", _with_back(context, pk), section="queue")
    form = DecisionForm(*posted(request), row=row, case=found, by=request.user, on=on)
    if form.is_valid():
        try:
            found.expect(version(request))
            propose_reply(found, **form.facts(), by=request.user, at=at)
        except Conflict as conflict:
            return overtaken(request, pk, form, conflict)
        except Refused as refused:
            form.refuse(refused)
            found = case_or_404(request, pk)
        else:
            messages.success(request, gettext("答复已经送审。"))
            return redirect("desk:case", pk)
    context = {"case": found, "form": form, "row": row, "consulted": consulted_of(asked_of(found), on=on)}
    return page(request, "desk/propose/form.html", _with_back(context, pk), section="queue")


def _act_page(request: DeskRequest, template: str, found: Case, kind: Verb, form: ActForm) -> HttpResponseBase:
    decision = found.current_decision
    context = {
        "case": found,
        "form": form,
        "act": ACTS[kind],
        "words": access.VERBS[kind].words,
        "notes": form.notes(),
        "decision": decision,
        "guards": guards_of(found, decision, on=form.today) if decision else (),
        "chain": chain_of(found, decision, turn_of(found, on=form.today)),
        "routes": routes_of(found, on=form.today),
        "consulted": consulted_of(asked_of(found), on=form.today),
        **letter_of(found, on=form.today),
        "overturned": overturned(found.agency, Outcome(decision.outcome), on=form.today)
        if decision and kind in _OF_THE_APPROVAL
        else None,
        "reply_documents": decision.attachments.all() if decision else (),
        "withheld": withheld_with(decision, on=form.today) if decision else (),
    }
    return page(request, template, _with_back(context, found.pk), section="queue")


def not_now(request: DeskRequest, found: Case, kind: Verb) -> HttpResponseBase | None:
    """The page that says why this act is not open to this person now; ``None`` if it is."""
    answer = next(a for a in access.offered(request.user, found, on=timezone.localdate()) if a.verb is kind)
    if answer.allowed:
        return None
    if request.method == "POST" and version(request) != found.version:
        # the form was open while somebody else acted: that is what the clerk has to hear
        return overtaken(request, found.pk, None, Conflict())
    context = {"case": found, "answer": answer}
    return page(request, "desk/not_now.html", _with_back(context, found.pk), section="queue", status=403)


def overtaken(request: DeskRequest, pk: int, form: ActForm | None, conflict: Conflict) -> HttpResponseBase:
    """The case as it stands now, the one message, and what was typed, so that nothing is lost."""
    typed = list(_typed(form)) if form is not None else list(_typed_raw(request))
    fresh = case_or_404(request, pk)
    return case_page(request, fresh, on=timezone.localdate(), status=409, refusal=conflict, typed=typed)


def _typed(form: ActForm) -> Any:
    for field in form:
        value = form.data.get(field.html_name, "")
        if value and field.html_name in form.fields and isinstance(value, str) and len(value) > 3:
            yield field.label, value


def _typed_raw(request: DeskRequest) -> Any:
    for name, value in request.POST.items():
        if name not in ("csrfmiddlewaretoken", "version") and isinstance(value, str) and len(value) > 3:
            yield "", value


def posted(request: DeskRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def version(request: DeskRequest) -> int:
    """The version that the form was drawn for; a form without one was never drawn by us and conflicts."""
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return -1


def _with_back(context: dict[str, Any], pk: int) -> dict[str, Any]:
    return context | {"back": reverse("desk:case", args=[pk])}
