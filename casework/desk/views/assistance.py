"""Requests inside, for those who were asked: the list, one request with its answer, its files, and the paper."""

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.actions.assist import answer_assistance
from casework.desk.forms.assist import AnswerForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import Assistance, Document

#: Lines of each list; more than that nobody reads.
SHOWN = 200


@require_safe
@desk
def requests(request: DeskRequest) -> HttpResponseBase:
    """What this person, or their office, was asked, and what their own office waits for."""
    asked = access.asked_of(request.user).select_related("case__agency", "addressee")
    house = access.agencies_where(request.user, access.READS_CASES)
    waited_for = Assistance.objects.awaited().filter(case__agency__in=house).select_related("case__agency", "addressee")
    context = {
        "on": timezone.localdate(),
        "lists": [
            ("waiting", gettext("等我们答复的"), asked.awaited().order_by("due_on", "pk")[:SHOWN]),
            ("ours", gettext("我们请求的，还没有答复"), waited_for.order_by("due_on", "pk")[:SHOWN]),
            ("done", gettext("我们答复过的"), asked.exclude(answered_on=None).order_by("-answered_on", "-pk")[:SHOWN]),
        ],
    }
    return page(request, "desk/assistance/list.html", context, section="assistance")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def assistance(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One request as whoever was asked sees it: the question and what came with it; nothing of the applicant."""
    at = timezone.now()
    found = _or_404(request, pk)
    may_answer = found.is_open and found.case.is_open and access.may_answer(request.user, found)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AnswerForm(*posted, case=found.case, by=request.user, on=timezone.localdate(at))
    if form.is_valid():
        try:
            answer_assistance(found, **form.facts(), by=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
            found = _or_404(request, pk)
        else:
            messages.success(request, gettext("已经答复，系统会告知承办人。"))
            return redirect("desk:assistance", pk)
    context = {
        "asked": found,
        "form": form if may_answer or form.is_bound else None,
        "reads_case": access.visible_to(request.user).filter(pk=found.case_id).exists(),
        "on": timezone.localdate(at),
    }
    return page(request, "desk/assistance/one.html", context, section="assistance")


@require_safe
@desk
def paper(request: DeskRequest, pk: int) -> HttpResponseBase:
    """The request as a letter to print (协办函)."""
    return page(request, "desk/assistance/paper.html", {"asked": _or_404(request, pk)}, section="assistance")


@require_safe
@desk
def file(request: DeskRequest, pk: int, document_pk: int) -> HttpResponseBase:
    """A file that went out with the question or came with the answer; always as a download."""
    found = _or_404(request, pk)
    documents = (Document.objects.filter(asked_with=found) | Document.objects.filter(answered_with=found)).distinct()
    document = get_object_or_404(documents, pk=document_pk)
    if not document.may_be_opened:
        context = {"file": document, "back": reverse("desk:assistance", args=[pk])}
        return page(request, "desk/file_locked.html", context, section="assistance", status=409)
    try:
        stream = document.file.open("rb")
    except FileNotFoundError:
        context = {"file": document, "back": reverse("desk:assistance", args=[pk])}
        return page(request, "desk/file_missing.html", context, section="assistance", status=404)
    return FileResponse(stream, as_attachment=True, filename=document.name, content_type=document.media_type)


def _or_404(request: DeskRequest, pk: int) -> Assistance:
    seen = access.assistance_visible_to(request.user).select_related("case__agency", "asked_by", "answered_by")
    return get_object_or_404(seen.prefetch_related("attached", "received"), pk=pk)
