"""Papers of an applicant's own case: the receipt, what was sent, letters, files, last days for a calendar."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casework.letters import address_of, render_acknowledgement, render_petition
from casework.models import Acknowledgement, Draft
from casework.models.document import OF_THE_APPLICANT
from casework.portal import calendar_file, remedy
from casework.portal.given import given_with, items_of
from casework.portal.opened import ask_again, opened

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@never_cache
def document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse | FileResponse:
    """A file of the case: the applicant's own, and the reply's once it has been sent."""
    found = opened(request, pk, at=timezone.now())
    if found is None:
        return ask_again(request)
    file = get_object_or_404(found.documents, pk=document_pk)
    if not file.may_be_opened:
        raise Http404
    if file.kind not in OF_THE_APPLICANT and (file.decision is None or file.decision.dispatched_on is None):
        raise Http404
    return FileResponse(file.file.open(), as_attachment=True, filename=file.name, content_type=file.media_type)


@never_cache
def letter(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The reply as it was signed, once it has been sent."""
    found = opened(request, pk, at=timezone.now())
    if found is None:
        return ask_again(request)
    decision = found.current_decision
    if decision is None or decision.dispatched_on is None:
        raise Http404
    signed = get_object_or_404(decision.letters, voided_at=None)
    return FileResponse(signed.pdf.open(), as_attachment=True, filename=f"{signed}.pdf", content_type="application/pdf")


@never_cache
def notice(request: HttpRequest, pk: int, letter_pk: int) -> HttpResponse | FileResponse:
    """A document that the applicant was sent before the reply: 补正, 延期, 收费 …; never what others were asked."""
    found = opened(request, pk, at=timezone.now())
    if found is None:
        return ask_again(request)
    sent = get_object_or_404(found.letters.sent_to_applicant().filter(decision=None), pk=letter_pk)
    return FileResponse(sent.pdf.open(), as_attachment=True, filename=f"{sent}.pdf", content_type="application/pdf")


@require_safe
@never_cache
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The receipt as PDF; it reads as on the day on which it was given."""
    found = opened(request, pk, at=timezone.now())
    if found is None:
        return ask_again(request)
    return printed_receipt(request, get_object_or_404(Acknowledgement, case=found))


@require_safe
@never_cache
def receipt_of_draft(request: HttpRequest, key: str) -> HttpResponse:
    """The same right after sending, when the address of the draft is what opens it."""
    draft = get_object_or_404(Draft.objects.exclude(case=None), key=key)
    return printed_receipt(request, get_object_or_404(Acknowledgement, case=draft.case))


def printed_receipt(request: HttpRequest, given: Acknowledgement) -> HttpResponse:
    address = address_of(given, request.build_absolute_uri("/"))
    content = render_acknowledgement(given, address=address, language=get_language())
    return _file(content, "application/pdf", f"回执 {given.number}.pdf")


@require_safe
@never_cache
def sent(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent, as the text whose digest stands on the receipt (docs/formats/application.md)."""
    found = opened(request, pk, at=timezone.now())
    if found is None:
        return ask_again(request)
    text = get_object_or_404(Acknowledgement, case=found).sent_text
    if text is None:
        raise Http404
    return _file(text.encode(), "text/plain; charset=utf-8", f"提交内容 {found.number}.txt")


@require_safe
@never_cache
def dates(request: HttpRequest, pk: int) -> HttpResponse:
    """The last days that are known now, for a calendar."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    days = calendar_file.last_days(found, found.due(), on=timezone.localdate(at))
    if not days:
        raise Http404
    address = request.build_absolute_uri(reverse("portal:follow"))
    content = calendar_file.written(found, days, address=address, language=get_language(), at=at)
    return _file(content, "text/calendar; charset=utf-8", f"{found.number}.ics")


@require_safe
@never_cache
def petition(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of the application for reconsideration, to be completed, printed and signed.

    ``?area=``, once or more: against these withheld places alone (views.contest).
    """
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return ask_again(request)
    chosen = request.GET.getlist("area")
    items = items_of(given_with(found.current_decision), chosen) if chosen else ()
    draft = remedy.draft(found, on=timezone.localdate(at), items=items)
    if draft is None or len(items) != len(set(chosen)):
        raise Http404  # what was chosen is not there: a draft against the whole reply is another one
    return _file(render_petition(draft), _WORD, f"行政复议申请书 {found.number}.docx")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer
