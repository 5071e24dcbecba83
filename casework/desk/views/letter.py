"""The document that carries the decision: as it would be, while the reply is a draft; as it was signed, afterwards."""

from datetime import date
from typing import Any, Final

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from casework import letters
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.law.letters import LetterKind
from casework.law.refusals import Refused
from casework.models import Case, Letter

_MEDIA: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def letter_of(found: Case, *, on: date) -> dict[str, Any]:
    """For the page of a case: the signed letter or the draft of one, and what is wrong with the draft."""
    decision = found.current_decision
    if decision is None:
        return {}
    signed = next((letter for letter in decision.letters.all() if letter.voided_at is None), None)
    if signed is not None:
        if not signed.content:
            return {}  # erased when its time was up
        return {"letter": signed, "letter_page": letters.LetterData.from_json(signed.content)}
    if decision.signed_at is not None:
        return {}  # decided before letters were kept, or in another system
    try:
        drafted = letters.draft_reply(found, decision, on=on)
    except Refused as refused:
        return {"letter_refusal": refused}
    return {"letter_page": drafted.page, "letter_warnings": drafted.warnings}


@require_safe
@desk
def letter(request: DeskRequest, pk: int, form: str) -> HttpResponseBase:
    """The file: the signed one as it is stored, or a draft drawn now."""
    found = case_or_404(request, pk)
    if form not in _MEDIA:
        raise Http404
    told = letter_of(found, on=timezone.localdate())
    if (signed := told.get("letter")) is not None:
        return _stored(signed, form)
    if "letter_refusal" in told:
        context = {"refusal": told["letter_refusal"], "case": found}
        return page(request, "desk/letter_missing.html", context, section="queue", status=409)
    if "letter_page" not in told:
        raise Http404
    drawn = letters.render_pdf if form == "pdf" else letters.render_docx
    name = content_disposition_header(as_attachment=True, filename=f"{found.number}.{form}") or "attachment"
    return HttpResponse(drawn(told["letter_page"]), content_type=_MEDIA[form], headers={"Content-Disposition": name})


@require_safe
@desk
def stored(request: DeskRequest, pk: int, letter_pk: int, form: str) -> HttpResponseBase:
    """A letter of the case as it was signed."""
    found = get_object_or_404(case_or_404(request, pk).letters, pk=letter_pk)
    if form not in _MEDIA:
        raise Http404
    return _stored(found, form)


@require_safe
@desk
def service_sheet(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The proof of service of the latest letter, to be signed by hand; what counts is the signed one, scanned."""
    found = case_or_404(request, pk)
    if not found.letters.to_applicant().exists():
        raise Http404
    drawn = letters.draft(found, LetterKind.SERVICE, on=timezone.localdate())
    name = content_disposition_header(as_attachment=True, filename=f"{found.number}.pdf") or "attachment"
    return HttpResponse(
        letters.render_pdf(drawn.page), content_type=_MEDIA["pdf"], headers={"Content-Disposition": name}
    )


def _stored(signed: Letter, form: str) -> FileResponse:
    if not signed.content:
        raise Http404  # erased when its time was up
    file = signed.pdf if form == "pdf" else signed.docx
    return FileResponse(file.open(), as_attachment=True, filename=f"{signed}.{form}", content_type=_MEDIA[form])
