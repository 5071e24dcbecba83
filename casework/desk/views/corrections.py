"""更正本人信息 (条例 41) at the desk: the queue, one request, its acts, its evidence, the identity number."""

import secrets
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import access
from casework.access import AgencyAct, CorrectionAct
from casework.actions import correction as verbs
from casework.desk.codes import keep_code, shown_code
from casework.desk.forms.correction import FORMS, PaperForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import CorrectionKind, RecordCorrection
from casework.models.querycode import matches, new_code

A_PAGE: Final = 50


@require_safe
@desk
def corrections(request: DeskRequest) -> HttpResponseBase:
    """What waits first; all on request."""
    if not access.agencies_for(request.user, AgencyAct.SEE_CORRECTIONS).exists():
        raise PermissionDenied
    on = timezone.localdate()
    seen = access.corrections_visible_to(request.user).select_related("agency", "clerk")
    everything = "all" in request.GET
    listed = seen.order_by("-received_on", "-pk") if everything else seen.still_open().order_by("received_on", "pk")
    shown = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "corrections": shown,
        "rows": [(each, each.due() if each.is_open else None, _left(each, on=on)) for each in shown],
        "waiting": seen.still_open().count(),
        "everything": everything,
        "may_register": access.agencies_where(request.user, access.AGENCY_ACTS[AgencyAct.REGISTER_CORRECTIONS].roles),
    }
    return page(request, "desk/corrections/list.html", context, section="corrections")


def _left(correction: RecordCorrection, *, on: Any) -> int | None:
    """Working days left; ``None`` where the person's answer is awaited or it is closed."""
    return correction.due().days_left(on) if correction.is_open and not correction.asked else None


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def register_correction(request: DeskRequest) -> HttpResponseBase:
    """What came by post or at the counter is written down; the same form sent twice makes one."""
    if not access.agencies_where(request.user, access.AGENCY_ACTS[AgencyAct.REGISTER_CORRECTIONS].roles):
        raise PermissionDenied
    at = timezone.now()
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"form_key": secrets.token_urlsafe(12)}
    form = PaperForm(*posted, by=request.user, on=timezone.localdate(at), initial=initial)
    if form.is_valid():
        code, key = new_code(), f"{request.user.pk}:{form.cleaned_data['form_key']}"
        try:
            made = verbs.register_request(
                form.cleaned_data["agency"],
                form.request(),
                form.receipt(),
                query_code=code,
                form_key=key,
                by=request.user,
                at=at,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            if matches(code, made.query_code_hash):  # the same form in the same moment has kept it already
                keep_code(request, f"correction:{made.pk}", code, at=at)
            return redirect("desk:correction_receipt", made.pk)
    groups = (
        (gettext("来件"), [form[name] for name in ("agency", "channel", "arrived_on", "confirmed_on")]),
        (gettext("要更正的记录"), [form[name] for name in ("record", "wrong", "right")]),
        (gettext("证据"), [form[name] for name in ("grounds", "evidence")]),
        (gettext("申请人"), [form[name] for name in ("name", "identity_kind", "identity_number")]),
        (gettext("联系方式"), [form[name] for name in ("phone", "email", "address")]),
    )
    context = {"form": form, "groups": groups, "back": reverse("desk:corrections")}
    return page(request, "desk/corrections/register.html", context, section="corrections")


@require_safe
@desk
def correction_receipt(request: DeskRequest, pk: int) -> HttpResponseBase:
    """What whoever asked takes away: number, day of receipt, and for a while the query code."""
    at = timezone.now()
    found = _found(request, pk)
    context = {
        "correction": found,
        "due": found.due() if found.is_open and not found.asked else None,
        "code": shown_code(request, f"correction:{pk}", at=at),
        "printed_at": at,
        "may_register": access.may_for_agency(request.user, AgencyAct.REGISTER_CORRECTIONS, found.agency),
    }
    return page(request, "desk/corrections/receipt.html", context, section="corrections")


@require_safe
@desk
def correction(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One request with all that was said, and what can be done with it now."""
    return _page(request, _found(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def correction_act(request: DeskRequest, pk: int, deed: str) -> HttpResponseBase:
    """The form of one act."""
    found = _found(request, pk)
    if deed not in [act.value for act in FORMS]:
        raise Http404
    act = CorrectionAct(deed)
    reason = access.why_not_correction(request.user, act, found)
    if reason is not None and not request.user.holds(found.agency_id, *access.CORRECTION_ACTS[act].roles):
        raise PermissionDenied
    asked, verb = FORMS[act]
    form = asked(*((request.POST, request.FILES) if request.method == "POST" else ()), correction=found)
    refusal = Refused(reason) if reason is not None else None
    if refusal is None and form.is_valid():
        found.version = form.cleaned_data["version"]
        try:
            verb(found, **form.facts(), by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
            found = _found(request, pk)
        else:
            messages.success(request, gettext("已经办理。"))
            return redirect("desk:correction", pk)
    context = {
        "correction": found,
        "form": form,
        "words": access.CORRECTION_ACTS[act].words,
        "refusal": refusal,
        "grave": act is CorrectionAct.REFUSE,
        "back": reverse("desk:correction", args=[pk]),
    }
    status = 409 if refusal is not None else 200
    return page(request, "desk/corrections/act.html", context, section="corrections", status=status)


@require_safe
@desk
def evidence(request: DeskRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """A file that came with the request; always as a download."""
    found = _found(request, pk)
    file = get_object_or_404(found.evidence, pk=file_pk)
    back = reverse("desk:correction", args=[pk])
    if not verbs.rescan(file):
        return page(request, "desk/file_locked.html", {"file": file, "back": back}, section="corrections", status=409)
    try:
        stream = file.file.open("rb")
    except FileNotFoundError:
        return page(request, "desk/file_missing.html", {"file": file, "back": back}, section="corrections", status=404)
    return FileResponse(stream, as_attachment=True, filename=file.name, content_type=file.media_type)


@require_POST
@desk
def correction_identity(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The number in clear, once, against an event."""
    found = _found(request, pk)
    try:
        number, _event = verbs.read_identity(found, by=request.user, at=timezone.now())
    except Refused as refused:
        raise PermissionDenied from refused
    return _page(request, found, number=number)


def _found(request: DeskRequest, pk: int) -> RecordCorrection:
    seen = access.corrections_visible_to(request.user).select_related("agency", "clerk", "source__agency", "passed_on")
    return get_object_or_404(seen, pk=pk)


def _page(request: DeskRequest, found: RecordCorrection, **more: Any) -> HttpResponseBase:
    on = timezone.localdate()
    acts = access.correction_acts_for(request.user, found)
    context = {
        "correction": found,
        "due": found.due() if found.is_open and not found.asked else None,
        "left": _left(found, on=on),
        "acts": [(act, row.words) for act, row, reason in acts if reason is None],
        "not_now": [(row.words, reason) for _act, row, reason in acts if reason is not None],
        "may_read_identity": access.why_not_correction(request.user, CorrectionAct.READ_IDENTITY, found) is None,
        "passed_on": getattr(found, "passed_on", None),
        "on_paper": found.events.filter(kind=CorrectionKind.REGISTERED).exists(),
        "events": [(event, event.for_office()) for event in found.events.select_related("by").order_by("-pk")],
        **more,
    }
    return page(request, "desk/corrections/one.html", context, section="corrections")
