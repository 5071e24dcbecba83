"""The page of a case, its files, and the identity number in clear."""

from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casework import access, annual
from casework.access import Verb
from casework.actions.intake import read_identity
from casework.desk.acts import next_verb
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.desk.urgency import urgency_of
from casework.desk.views.letter import letter_of
from casework.law import receipt, remedies
from casework.law.matrix import COLUMNS, ROWS
from casework.law.refusals import Refused
from casework.models import Case, DocumentKind


@require_safe
@desk
def case(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Everything on one page: where it stands, why, what can be done now, and what happened."""
    return case_page(request, case_or_404(request, pk), on=timezone.localdate())


def case_page(request: DeskRequest, found: Case, *, on: date, status: int = 200, **more: Any) -> TemplateResponse:
    """The page of a case as it stands; ``more`` is what an act that was refused wants to say above it."""
    due = found.due()
    answers = [a for a in access.offered(request.user, found) if a.verb is not Verb.READ_IDENTITY]
    allowed = [a for a in answers if a.allowed]
    first = next_verb(found, on=on)
    documents = list(found.documents.select_related("added_by"))
    context = {
        "case": found,
        "due": due,
        "left": due.days_left(on) if found.is_open else None,
        "urgency": urgency_of(found, on=on),
        "receipt_warnings": receipt.receipt_warnings(found.receipt()) if found.is_open else (),
        "next_act": next((a for a in allowed if a.verb is first), None),
        "acts": [a for a in allowed if a.verb is not first],
        "not_now": [a for a in answers if not a.allowed],
        "may_read_identity": access.may(request.user, Verb.READ_IDENTITY, found).allowed,
        "sent_documents": [d for d in documents if d.kind != DocumentKind.REPLY],
        "reply_documents": [d for d in documents if d.kind == DocumentKind.REPLY],
        "decision": found.current_decision,
        "returned": [d for d in found.decisions.all() if d.returned_at],
        "routes": routes_of(found, on=on),
        **letter_of(found, on=on),
        "counted": [
            (standing, ROWS[standing.way_in], ROWS[standing.way_out], COLUMNS[standing.column])
            for standing in reversed(annual.years_of_case(found, until=on.year))
        ],
        "events": [(event, event.for_office()) for event in found.events.select_related("by").order_by("-pk")],
        **more,
    }
    return page(request, "desk/case.html", context, section="queue", status=status)


def routes_of(found: Case, *, on: date) -> tuple[remedies.Route, ...]:
    """The remedies that stand, or would stand, in the reply on the table."""
    decision = found.current_decision
    if decision is None:
        return ()
    return remedies.routes(
        decision.row,
        decided_on=found.closed_on or on,
        known_on=decision.delivered_on,
        review_organ=found.agency.review_organ,
        court=found.agency.court,
        calendar=found.agency.calendar,
        inquiry_review_first=found.agency.inquiry_review_first,
    )


@require_safe
@desk
def document(request: DeskRequest, pk: int, document_pk: int) -> HttpResponseBase:
    """A file of the case, always as a download: what it says it is decides nothing."""
    file = get_object_or_404(case_or_404(request, pk).documents, pk=document_pk)
    try:
        stream = file.file.open("rb")
    except FileNotFoundError:
        return page(request, "desk/file_missing.html", {"file": file, "case_pk": pk}, section="queue", status=404)
    return FileResponse(stream, as_attachment=True, filename=file.name, content_type=file.media_type)


@require_POST
@desk
def identity(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The identity number in clear, once, against an event; the page with it is kept nowhere."""
    found = case_or_404(request, pk)
    at = timezone.now()
    try:
        number, _event = read_identity(found, by=request.user, at=at)
    except Refused as refused:
        return case_page(request, case_or_404(request, pk), on=timezone.localdate(at), status=403, refusal=refused)
    return page(request, "desk/identity.html", {"case": found, "number": number}, section="queue")
