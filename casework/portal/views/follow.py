"""An applicant's own case: opened by number and query code, read, supplemented, withdrawn."""

from datetime import date, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from casework import access
from casework.actions import clock as verbs
from casework.actions import contact, decide, deliver
from casework.law import clock, remedies
from casework.law.refusals import Refused
from casework.models import Case, LinkKind, links_of
from casework.models.document import OF_THE_APPLICANT
from casework.portal import attempts, unsent
from casework.portal.forms.follow import FollowForm, NoticesForm, SupplementForm, WithdrawForm
from casework.portal.given import given_with
from casework.portal.views.language import switched

#: Without a page being opened for so long, number and code are asked for again.
OPEN_FOR: Final = timedelta(minutes=30)
OPENED: Final = "opened_cases"
WANTED: Final = "wanted_page"


@never_cache
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for number and code. A wrong code and an unknown number get the same answer."""
    if request.method != "POST":
        form = FollowForm(initial={"number": request.GET.get("number", "")[:80]})
        return render(request, "portal/follow/find.html", {"section": "follow", "form": form})
    at = timezone.now()
    form = FollowForm(request.POST)
    if form.is_valid():
        number = form.cleaned_data["number"]
        if wait := attempts.seconds_to_wait(request, number, at=at):
            form.add_error(
                None, gettext("连续输错多次，请等 %(seconds)s 秒再试。您的申请不受影响。") % {"seconds": wait}
            )
        elif case := access.follow(number, form.cleaned_data["code"]):
            attempts.forget(request, number)
            request.session.cycle_key()
            _remember(request, case.pk, at=at)
            page = reverse("portal:case", args=[case.pk])
            wanted = str(request.session.pop(WANTED, ""))
            return redirect(wanted if wanted.startswith(page) else page)
        else:
            attempts.failed(request, number, at=at)
            form.add_error(
                None, gettext("登记编号和查询码对不上。请对照回执检查这两项；确实找不到的，请联系受理机关。")
            )
    return render(request, "portal/follow/find.html", {"section": "follow", "form": form})


@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the application stands, why, and what can be done next."""
    found = _opened(request, pk)
    if found is None:
        return _ask_again(request)
    at = timezone.now()
    today = timezone.localdate(at)
    deliver.record_opening(found, at=at)
    due = found.due()
    decision = found.current_decision if found.closed_on else None
    overdue = found.is_open and due.due_on is not None and due.due_on < today
    context = {
        "section": "follow",
        "case": found,
        "due": due,
        "left": due.days_left(today) if found.is_open else None,
        "supplement": found.awaited_supplement,
        "supplements": [s for s in found.supplements.all() if s.received_on],
        "fee": found.unpaid_fee,
        "reasons": found.reasons_requests.filter(answered_on=None).first(),
        "decision": decision,
        "letter": decision.letters.filter(voided_at=None).first() if decision else None,
        "routes": _routes(found),
        "silence": remedies.silence(found.agency.review_organ, found.agency.court) if overdue else None,
        "events": [(event, text) for event in found.events.all() if (text := event.for_applicant())],
        "links": [words for link, _other, words in links_of(found) if link.kind == LinkKind.SPLIT_FROM],
        "given": given_with(decision),
        "replies": decision.attachments.filter(release=None) if decision and decision.dispatched_on else (),
        "letters": found.letters.sent_to_applicant().filter(decision=None).prefetch_related("deliveries"),
        "sent_files": found.documents.filter(kind__in=OF_THE_APPLICANT),
    }
    return render(request, "portal/follow/case.html", context)


@never_cache
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the one request to make the application clear (条例 30)."""
    if request.method == "POST":
        # kept before anything can go wrong: a session that has ended, a mistake, a lost connection
        unsent.keep(request.session, pk, request.POST.get("answer", ""))
    found = _opened(request, pk)
    if found is None:
        return _ask_again(request)
    if "keep_only" in request.POST:
        return HttpResponse(status=204)
    if "language" in request.POST:
        return switched(request, request.path)
    if found.awaited_supplement is None:
        messages.info(request, gettext("这件申请现在不需要补正。"))
        return redirect("portal:case", pk)
    at = timezone.now()
    if request.method == "POST":
        form = SupplementForm(request.POST, request.FILES)
    else:
        form = SupplementForm(initial={"answer": unsent.kept(request.session, pk)})
    refusal = None
    if form.is_valid():
        try:
            answer, files = form.cleaned_data["answer"], form.cleaned_data["attachments"]
            verbs.receive_supplement(found, answer=answer, uploads=files, on=timezone.localdate(at), by=None, at=at)
        except Refused as refused:
            refusal = refused
        else:
            unsent.forget(request.session, pk)
            messages.success(request, gettext("补正已经收到。"))
            return redirect("portal:case", pk)
    context = {
        "section": "follow",
        "case": found,
        "form": form,
        "refusal": refusal,
        "asked": found.awaited_supplement,
        "due_if_today": _due_if_supplemented(found, timezone.localdate(at)),
        "keeping_form": "supplement",
        "back": reverse("portal:case", args=[pk]),
    }
    return render(request, "portal/follow/supplement.html", context)


@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the application up."""
    found = _opened(request, pk)
    if found is None:
        return _ask_again(request)
    if not found.is_open:
        return redirect("portal:case", pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    context = {"section": "follow", "case": found, "form": form, "back": reverse("portal:case", args=[pk])}
    if form.is_valid():
        at = timezone.now()
        statement = form.cleaned_data["statement"]
        try:
            decide.withdraw(found, on=timezone.localdate(at), by=None, at=at, statement=statement)
        except Refused as refused:
            context["refusal"] = refused
        else:
            messages.success(request, gettext("申请已经撤回。"))
            return redirect("portal:case", pk)
    return render(request, "portal/follow/withdraw.html", context)


@never_cache
def notices(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose by which ways to hear how the case goes."""
    found = _opened(request, pk)
    if found is None:
        return _ask_again(request)
    kept = {name: getattr(found.applicant, name) for name in NoticesForm.base_fields}
    form = NoticesForm(request.POST if request.method == "POST" else None, initial=kept)
    context = {"section": "follow", "case": found, "form": form, "back": reverse("portal:case", args=[pk])}
    if form.is_valid():
        try:
            contact.choose_notices(found, **form.cleaned_data, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field, refused.sentence.read_in(get_language()))
        else:
            messages.success(request, gettext("已经保存。"))
            return redirect("portal:case", pk)
    return render(request, "portal/follow/notices.html", context)


@never_cache
def document(request: HttpRequest, pk: int, document_pk: int) -> HttpResponse | FileResponse:
    """A file of the case: the applicant's own, and the reply's once it has been sent."""
    found = _opened(request, pk)
    if found is None:
        return _ask_again(request)
    file = get_object_or_404(found.documents, pk=document_pk)
    if not file.may_be_opened:
        raise Http404
    if file.kind not in OF_THE_APPLICANT and (file.decision is None or file.decision.dispatched_on is None):
        raise Http404
    return FileResponse(file.file.open(), as_attachment=True, filename=file.name, content_type=file.media_type)


@never_cache
def letter(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The reply as it was signed, once it has been sent."""
    found = _opened(request, pk)
    if found is None:
        return _ask_again(request)
    decision = found.current_decision
    if decision is None or decision.dispatched_on is None:
        raise Http404
    signed = get_object_or_404(decision.letters, voided_at=None)
    return FileResponse(signed.pdf.open(), as_attachment=True, filename=f"{signed}.pdf", content_type="application/pdf")


@never_cache
def notice(request: HttpRequest, pk: int, letter_pk: int) -> HttpResponse | FileResponse:
    """A document that the applicant was sent before the reply: 补正, 延期, 收费 …; never what others were asked."""
    found = _opened(request, pk)
    if found is None:
        return _ask_again(request)
    sent = get_object_or_404(found.letters.sent_to_applicant().filter(decision=None), pk=letter_pk)
    return FileResponse(sent.pdf.open(), as_attachment=True, filename=f"{sent}.pdf", content_type="application/pdf")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget on this computer which cases were opened."""
    request.session.flush()
    messages.success(request, gettext("已经退出。这台电脑上不再保留您的申请。"))
    return redirect("portal:follow")


def _remember(request: HttpRequest, pk: int, *, at: datetime) -> None:
    opened = request.session.get(OPENED, {})
    request.session[OPENED] = {**opened, str(pk): at.timestamp()}


def _opened(request: HttpRequest, pk: int) -> Case | None:
    """The case, if this visitor opened it with its code not long ago."""
    at = timezone.now()
    since = request.session.get(OPENED, {}).get(str(pk))
    if since is None or at.timestamp() - since > OPEN_FOR.total_seconds():
        return None
    if at.timestamp() - since > 60:
        _remember(request, pk, at=at)
    return Case.objects.with_clock_facts().select_related("agency", "applicant").filter(pk=pk).first()


def _ask_again(request: HttpRequest) -> HttpResponse:
    """Number and code once more; then back to the page that was wanted. The same for every case that is not open."""
    request.session[WANTED] = request.path
    if request.method == "POST":
        messages.info(request, gettext("请输入登记编号和查询码。您刚才填写的内容已经保留。"))
    else:
        messages.info(request, gettext("请输入登记编号和查询码。"))
    return redirect("portal:follow")


def _due_if_supplemented(found: Case, today: date) -> clock.Due:
    """What the due date becomes if the answer comes today."""
    facts = [*found.clock_facts(), clock.SupplementReceived(today)]
    return clock.replay(found.receipt(), facts, calendar=found.agency.calendar, readings=found.readings)


def _routes(found: Case) -> tuple[remedies.Route, ...]:
    row, decision = found.result, found.current_decision
    if row is None or found.closed_on is None:
        return ()
    return remedies.routes(
        row,
        decided_on=found.closed_on,
        known_on=decision.delivered_on if decision else None,
        review_organ=found.agency.review_organ,
        court=found.agency.court,
        calendar=found.agency.calendar,
        inquiry_review_first=found.agency.inquiry_review_first,
    )
