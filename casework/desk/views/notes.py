"""Internal notes on a case."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from casework import access
from casework.access import AgencyAct
from casework.actions.notes import strike_note, write_note
from casework.desk.forms.notes import NoteForm, StrikeForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import Case, CaseNote


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def write(request: DeskRequest, pk: int) -> HttpResponseBase:
    """All notes of a case and a new one."""
    case = get_object_or_404(access.visible_to(request.user).select_related("agency", "applicant"), pk=pk)
    may_write = access.may_for_agency(request.user, AgencyAct.WRITE_NOTES, case.agency)
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = NoteForm(request.POST if request.method == "POST" else None, case=case, by=request.user)
    if form.is_valid():
        try:
            write_note(case, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("备注已经写上。"))
            return redirect(reverse("desk:case", args=[pk]) + "#notes")
    context = {
        "case": case,
        "form": form if may_write else None,
        "notes": notes_of(request, case),
        "back": reverse("desk:case", args=[pk]),
    }
    return page(request, "desk/notes.html", context, section="queue")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def strike(request: DeskRequest, pk: int, note_pk: int) -> HttpResponseBase:
    """Cross a note out, with the reason."""
    found = access.notes_visible_to(request.user).select_related("case__agency", "author", "struck_by")
    note = get_object_or_404(found, pk=note_pk)
    if note.case_id != pk:
        raise Http404
    if request.method == "POST" and not access.may_strike(request.user, note):
        raise PermissionDenied
    form = StrikeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            strike_note(note, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("备注已经划去。"))
            return redirect(reverse("desk:case", args=[pk]) + "#notes")
    context = {
        "case": note.case,
        "note": note,
        "may_strike": access.may_strike(request.user, note),
        "form": form,
        "back": reverse("desk:case", args=[pk]),
    }
    return page(request, "desk/note_strike.html", context, section="queue")


def notes_of(request: DeskRequest, case: Case) -> list[tuple[CaseNote, bool]]:
    """The notes on a case, newest first, and whether this person may strike each."""
    notes = list(
        access.notes_visible_to(request.user)
        .filter(case=case)
        .select_related("author", "struck_by")
        .prefetch_related("mentioned")
    )
    for note in notes:
        note.case = case
    return [(note, note.struck_at is None and access.may_strike(request.user, note)) for note in notes]
