"""Registering what came by paper, at the counter, by mail or fax, and the receipt for it."""

import secrets
from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework.access import arrivals_visible_to
from casework.actions.intake import register as register_application
from casework.desk.codes import keep_code, shown_code
from casework.desk.forms.register import RegisterForm, registrable
from casework.desk.likeness import likely_same
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.law.receipt import FORWARDED_RULE, Channel
from casework.law.refusals import Refused
from casework.letters import address_of, render_acknowledgement
from casework.models import Acknowledgement, Arrival, Draft, LinkKind
from casework.models.document import OF_THE_APPLICANT
from casework.models.draft import reference_of

SENT: Final = "registered_forms"


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def register(request: DeskRequest) -> HttpResponseBase:
    """The channel first, because it decides the day of receipt; then the form."""
    if not registrable(request.user).exists():
        raise PermissionDenied
    key = request.POST.get("key", "")
    if key and (pk := request.session.get(SENT, {}).get(key)):
        return redirect("desk:receipt", pk)  # the same form sent again
    arrival = _arrival(request)
    if arrival is not None and not arrival.waits:
        return redirect("desk:arrival", arrival.pk)  # somebody was faster
    draft, lost = _draft(request, arrival)
    value = arrival.channel if arrival else request.POST.get("channel") or request.GET.get("channel", "")
    if value not in list(Channel):
        context = {
            "channels": list(Channel),
            "missing": "channel" in request.GET,
            "lost": lost,
            "reference": _reference(request),
        }
        return page(request, "desk/register/channel.html", context, section="register")
    channel = Channel(value)
    at = timezone.now()
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    on = timezone.localdate(at)
    form = RegisterForm(*posted, by=request.user, channel=channel, on=on, arrival=arrival, draft=draft)
    if not lost and form.is_valid():  # a draft that was sent meanwhile must not be registered beside its case
        try:
            done = register_application(
                form.cleaned_data["agency"],
                form.application(),
                form.receipt(),
                number=form.cleaned_data["number"],
                forwarding=form.forwarding(),
                arrival=arrival,
                draft=draft,
                key=key,
                by=request.user,
                at=at,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            request.session[SENT] = {**request.session.get(SENT, {}), key: done.case.pk}
            if done.query_code:  # the same form in the same moment has kept it already
                keep_code(request, str(done.case.pk), done.query_code, at=at)
            return redirect("desk:receipt", done.case.pk)
    context = {"form": form, "channel": channel, "key": key or secrets.token_urlsafe(12)}
    context |= {"arrival": arrival, "draft": draft, "lost": lost, "reference": _reference(request)}
    context["forwarded_rule"] = FORWARDED_RULE
    return page(request, "desk/register/form.html", context, section="register")


@require_safe
@desk
def receipt(request: DeskRequest, pk: int) -> HttpResponseBase:
    """What the applicant takes away: number, day of receipt, due date, and for a while the query code."""
    at = timezone.now()
    case = case_or_404(request, pk)
    context = {
        "case": case,
        "due": case.due(),
        "code": shown_code(request, str(pk), at=at),
        "printed_at": at,
        "documents": case.documents.filter(kind__in=OF_THE_APPLICANT),
        "acknowledged": Acknowledgement.objects.filter(case=case).exists(),
        "likely": likely_same(case) if case.is_open else [],
        "split_from": case.links_back.filter(kind=LinkKind.SPLIT_FROM).select_related("earlier").first(),
    }
    return page(request, "desk/register/receipt.html", context, section="register")


@require_safe
@desk
def receipt_pdf(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The same as a paper that anybody can verify; the query code is not on it."""
    given = get_object_or_404(Acknowledgement, case=case_or_404(request, pk))
    address = address_of(given, request.build_absolute_uri("/"))
    content = render_acknowledgement(given, address=address, language=given.case.language)
    answer = HttpResponse(content, content_type="application/pdf")
    name = content_disposition_header(as_attachment=True, filename=f"回执 {given.number}.pdf")
    answer.headers["Content-Disposition"] = name or "attachment"
    return answer


@require_safe
@desk
def paper(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The application as a form to be signed: an oral one that the office has written down (条例 29(1))."""
    case = case_or_404(request, pk)
    context = {"case": case, "people": case.applicant.others.all(), "agent": case.applicant.acting}
    return page(request, "desk/register/paper.html", context, section="register")


def _arrival(request: DeskRequest) -> Arrival | None:
    """The entry of the mail log from which this registration begins; another agency's does not exist."""
    key = request.POST.get("arrival") or request.GET.get("arrival", "")
    if not key:
        return None
    arrivals = arrivals_visible_to(request.user).select_related("agency", "source")
    return get_object_or_404(arrivals, pk=key if key.isdecimal() and len(key) < 19 else 0)


def _reference(request: DeskRequest) -> str:
    return (request.POST.get("draft") or request.GET.get("draft", "")).replace("\x00", "").strip()[:60]


def _draft(request: DeskRequest, arrival: Arrival | None) -> tuple[Draft | None, str]:
    """The draft whose printed form lies before the clerk, or what to say where there is none.

    A draft for another office does not exist here: its reference opens it to nobody else.
    """
    typed = _reference(request)
    if not typed:
        return None, ""
    reference = reference_of(typed)
    if not reference:
        return None, gettext(
            "草稿编号写错了：应当是 10 位字母和数字，其中有一位不对。请对照申请表逐位检查，或者扫描二维码。"
        )
    found = Draft.objects.filter(reference=reference, agency__in=registrable(request.user))
    draft = found.select_related("agency", "case").first()
    if draft is None or (arrival is not None and draft.agency_id != arrival.agency_id):
        return None, gettext("没有找到这份草稿：可能是写给别的机关的，或者已经删除。请照申请表录入。")
    if draft.case is not None:
        already = gettext("这份申请已经登记或者在网上提交过，登记编号%(number)s，不要再登记。")
        return None, already % {"number": draft.case.number}
    return draft, ""
