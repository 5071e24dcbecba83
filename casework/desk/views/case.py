"""The page of a case, its files, and the identity number in clear."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from casework import access, annual
from casework.access import AgencyAct, PublishAct, Verb
from casework.actions.intake import read_identity
from casework.actions.likereplies import taken_by
from casework.actions.publish import why_not_publishable
from casework.approvers import turn_of
from casework.desk.acts import next_verb
from casework.desk.chain import chain_of
from casework.desk.disputes import line_of
from casework.desk.file import asked_of, read_letters
from casework.desk.habits import Habits
from casework.desk.likeness import likely_same
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.desk.precedents import precedents_of
from casework.desk.proposed import proposal_of_case
from casework.desk.undelivered import lines
from casework.desk.urgency import urgency_of
from casework.desk.views.letter import letter_of
from casework.desk.views.notes import notes_of
from casework.law import receipt, remedies, whatif
from casework.law.consultation import Standing
from casework.law.matrix import COLUMNS, ROWS
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    Agent,
    Case,
    CoApplicant,
    Consultation,
    Document,
    DocumentKind,
    Event,
    disputes_about,
    frequency,
    links_of,
    overturned,
)
from casework.models.document import OF_THE_APPLICANT
from casework.notices import undelivered_about


@require_safe
@desk
def case(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Everything on one page: where it stands, why, what can be done now, and what happened."""
    return case_page(request, case_or_404(request, pk), on=timezone.localdate())


def case_page(request: DeskRequest, found: Case, *, on: date, status: int = 200, **more: Any) -> TemplateResponse:
    """The page of a case as it stands; ``more`` is what an act that was refused wants to say above it."""
    due, turn = found.due(), turn_of(found, on=on)
    read_letters(found)
    prefetch_related_objects(
        [found], Prefetch("events", Event.objects.select_related("by", "for_whom").order_by("-pk"))
    )
    answers = [a for a in access.offered(request.user, found, on=on, turn=turn) if a.verb is not Verb.READ_IDENTITY]
    allowed = [a for a in answers if a.allowed]
    first = next_verb(found, answers, on=on)
    decision = found.current_decision
    documents, made, asked = list(found.documents.all()), list(found.letters.all()), asked_of(found)
    known = precedents_of(found)
    context = {
        "case": found,
        "due": due,
        "left": due.days_left(on) if found.is_open else None,
        "answers": answers_of(found, on=on),
        "urgency": urgency_of(found, on=on),
        "undelivered": lines(undelivered_about(found), request.user),
        "last_today": [each for each in found.last_days() if each.on == on],
        "receipt_warnings": receipt.receipt_warnings(found.receipt()) if found.is_open else (),
        "next_act": next((a for a in allowed if a.verb is first), None),
        "acts": [a for a in allowed if a.verb is not first],
        "not_now": [a for a in answers if not a.allowed],
        "may_read_identity": access.may(request.user, Verb.READ_IDENTITY, found).allowed,
        "sent_documents": [d for d in documents if d.kind in OF_THE_APPLICANT],
        "reply_documents": [d for d in documents if decision is not None and d.decision_id == decision.pk],
        "record_count": sum(d.kind == DocumentKind.MATERIAL for d in documents),
        "sees_records": access.may_material(request.user, access.MaterialAct.SEE, found),
        "decision": decision,
        "chain": chain_of(found, decision, turn),
        "returned": [d for d in found.decisions.all() if d.returned_at],
        "routes": routes_of(found, on=on),
        "consulted": consulted_of(asked, on=on),
        "cancelled": [each for each in asked if each.cancelled_at is not None],
        **letter_of(found, on=on),
        "habits": Habits(frequency.frequency(found, on=on, share=False)),
        "letters": made,
        "may_void": access.may_for_agency(request.user, AgencyAct.VOID_LETTERS, found.agency),
        "came_back": [sent for letter in made if (sent := letter.last_delivery) and sent.came_back],
        "counted": [
            (standing, ROWS[standing.way_in], ROWS[standing.way_out], COLUMNS[standing.column])
            for standing in reversed(annual.years_of_case(found, until=on.year))
        ],
        "links": _linked(request, found),
        **disputes_of_case(request, found, on=on),
        "likely": likely_same(found) if found.is_open else [],
        "lacks_authority": lacks_authority(found, documents, on=on),
        "events": [(event, event.for_office()) for event in found.events.all()],
        "known": known,
        **proposal_of_case(request.user, found),
        "overturned": overturned(found.agency, known.row.code, on=on) if known.row else None,
        "notes": notes_of(request, found),
        "may_write_notes": access.may_for_agency(request.user, AgencyAct.WRITE_NOTES, found.agency),
        **publications_of(request, found, on=on),
        **more,
    }
    return page(request, "desk/case.html", context, section="queue", status=status)


@require_safe
@desk
def counted(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Why the annual tables count the case where they do, how it was filed, and what was corrected."""
    found = case_or_404(request, pk)
    context = {
        "case": found,
        "years": [
            (
                each,
                [
                    (
                        ROWS[row],
                        reverse("desk:cell", args=[found.agency.code, each.standing.year, row, each.standing.column]),
                    )
                    for row in each.standing.rows
                ],
                COLUMNS[each.standing.column],
                [(one, ROWS[one.way_in], ROWS[one.way_out], COLUMNS[one.column]) for one in each.filed],
            )
            for each in annual.reasons_of(found, on=timezone.localdate())
            for cell in [(found.agency.code, each.standing.year)]
        ],
        "changes": list(annual.corrections_of(found)),
        "back": reverse("desk:case", args=[pk]),
    }
    return page(request, "desk/counted.html", context, section="queue")


def publications_of(request: DeskRequest, found: Case, *, on: date) -> dict[str, Any]:
    """Whether the reply is public, or may be; and which published reply the applicant takes as the answer."""
    if found.is_open:
        return {"taken": taken_by(found, on=on)}
    made = list(found.publications.prefetch_related("versions"))
    lines = [(each, each.current or each.versions.all()[0], each.standing(on)) for each in made]
    free = all(each.revoked_at is not None for each in made)
    may = free and access.may_publish(request.user, PublishAct.PROPOSE, found.agency)
    return {"publications": lines, "may_propose_publication": may and why_not_publishable(found) is None}


def disputes_of_case(request: DeskRequest, found: Case, *, on: date) -> dict[str, Any]:
    """Reconsideration and suits about the case, and the one from which a linked file came."""
    about, opened_by = disputes_about(found)
    return {
        "disputes": [line_of(each, on=on) for each in about],
        "opened_by": opened_by,
        "records_disputes": access.may_for_agency(request.user, AgencyAct.RECORD_DISPUTES, found.agency),
    }


def answers_of(found: Case, *, on: date) -> list[whatif.WhatIf]:
    """What the due date becomes if what is awaited comes today."""
    if not found.is_open:
        return []
    return whatif.if_answered(
        found.receipt(), found.clock_facts(), on, calendar=found.agency.calendar, readings=found.readings
    )


def consulted_of(asked: list[Consultation], *, on: date) -> list[tuple[Consultation, Standing]]:
    """Everybody outside who was asked, with what it means on that day."""
    return [(each, each.standing(on=on)) for each in asked if each.cancelled_at is None]


def _linked(request: DeskRequest, found: Case) -> list[tuple[Case, Text, bool]]:
    """The cases tied to this one, in its words, and whether this person may open them."""
    tied = [(other, words) for _link, other, words in links_of(found)]
    seen = set(access.visible_to(request.user).filter(pk__in=[c.pk for c, _w in tied]).values_list("pk", flat=True))
    return [(other, words, other.pk in seen) for other, words in tied]


def lacks_authority(found: Case, documents: list[Document], *, on: date) -> bool:
    """An agent whose power of attorney is missing or has run out: a supplement can be asked for (law.md 1.5)."""
    agent = found.applicant.acting
    if agent is None or not found.is_open:
        return False
    return agent.expired(on) or not any(d.kind == DocumentKind.AUTHORITY for d in documents)


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
    if file.kind == DocumentKind.MATERIAL:
        raise Http404  # an original is read where its reading is put on record
    if not file.may_be_opened:
        context = {"file": file, "back": reverse("desk:case", args=[pk])}
        return page(request, "desk/file_locked.html", context, section="queue", status=409)
    try:
        stream = file.file.open("rb")
    except FileNotFoundError:
        return page(
            request,
            "desk/file_missing.html",
            {"file": file, "back": reverse("desk:case", args=[pk])},
            section="queue",
            status=404,
        )
    return FileResponse(stream, as_attachment=True, filename=file.name, content_type=file.media_type)


@require_POST
@desk
def identity(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The identity number in clear, once, against an event; the page with it is kept nowhere."""
    found = case_or_404(request, pk)
    at = timezone.now()
    whose = request.POST.get("whose", "")
    around: list[Agent | CoApplicant] = [*found.applicant.agents.all(), *found.applicant.others.all()]
    person = next((one for one in around if f"{type(one).__name__}-{one.pk}".lower() == whose), None)
    try:
        number, _event = read_identity(found, person=person, by=request.user, at=at)
    except Refused as refused:
        return case_page(request, case_or_404(request, pk), on=timezone.localdate(at), status=403, refusal=refused)
    return page(request, "desk/identity.html", {"case": found, "person": person, "number": number}, section="queue")
