"""Reconsideration and suits: those of an agency, one with its steps and its own deadline, and what is recorded."""

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from casework import access, annual
from casework.access import AgencyAct
from casework.actions import dispute as verbs
from casework.desk.disputes import line_of
from casework.desk.forms.acts import DeskForm
from casework.desk.forms.dispute import (
    CorrectStepForm,
    PlacesForm,
    RecordDisputeForm,
    ReopenForm,
    StageForm,
    StrikeOutForm,
)
from casework.desk.lookback import seen_of, suffix
from casework.desk.pages import DeskRequest, case_or_404, desk, page
from casework.desk.views.annual import table_or_404
from casework.law.disputes import Stage
from casework.law.refusals import Refused
from casework.law.report import DISPUTE_COLUMNS, DISPUTES
from casework.models import Case, Dispute, DisputeKind, DisputeStep, areas_given_with

A_PAGE: Final = 50
#: What the list can be narrowed to, beside the kind.
SHOWN: Final[dict[str, StrOrPromise]] = {
    "answer": _("等本机关答复"),
    "pending": _("尚未审结"),
    "decided": _("已有结果"),
    "all": _("全部"),
}


@require_safe
@desk
def disputes(request: DeskRequest) -> HttpResponseBase:
    """The disputes of this person's agencies: by what is owed, by standing and by kind."""
    if not access.agencies_for(request.user, AgencyAct.SEE_DISPUTES).exists():
        raise PermissionDenied
    on = timezone.localdate()
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else "all"
    kind = request.GET.get("kind", "")
    kind = kind if kind in DisputeKind.values else ""
    seen = access.disputes_visible_to(request.user)
    listed = _narrowed(seen.filter(kind=kind) if kind else seen, shown, on)
    paged = Paginator(_whole(listed.order_by("-pk")), A_PAGE).get_page(request.GET.get("page"))
    lines = sorted((line_of(each, on=on) for each in paged), key=lambda each: (each.left is None, each.left or 0))
    context = {
        "lines": lines,
        "paged": paged,
        "filters": [(words, "?" + _asked(key, kind), key == shown) for key, words in SHOWN.items()],
        "kinds": [
            (words, "?" + _asked(shown, key), key == kind) for key, words in [("", _("各类")), *DisputeKind.choices]
        ],
        "here": _asked(shown, kind),
        "narrowed": bool(kind) or shown != "all",
        "may_record": access.agencies_for(request.user, AgencyAct.RECORD_DISPUTES).exists(),
        "several_agencies": len(access.agencies_where(request.user, access.READS_CASES)) > 1,
    }
    return page(request, "desk/disputes/list.html", context, section="disputes")


@require_safe
@desk
def dispute(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One dispute: where it stands, until when the agency has to answer, and everything on file."""
    found = _or_404(request, pk)
    return _dispute_page(request, found, on=timezone.localdate())


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def record(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """A notice has come: about the case ``pk``, or about none."""
    case = case_or_404(request, pk) if pk is not None else None
    _check_may(request, case)
    at = timezone.now()
    posted = (request.POST,) if request.method == "POST" else ()
    form = RecordDisputeForm(*posted, by=request.user, on=timezone.localdate(at), case=case)
    if form.is_valid():
        try:
            made = verbs.record_dispute(**form.facts(), by=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经登记，系统会告知承办人和负责人。"))
            return redirect("desk:dispute", made.pk)
    back = reverse("desk:case", args=[pk]) if case else reverse("desk:disputes")
    context = {"form": form, "case": case, "notes": form.notes(), "back": back}
    return page(request, "desk/disputes/record.html", context, section="disputes")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def stage(request: DeskRequest, pk: int) -> HttpResponseBase:
    """What happened next."""
    found, on = _mine_or_404(request, pk), timezone.localdate()
    form = StageForm(*_posted(request), dispute=found, on=on)
    title = gettext("登记进展")
    return _do(
        request, form, found, title, lambda facts, at: verbs.record_stage(found, **facts, by=request.user, at=at)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def places(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Which withheld places of the reply it is about, and how each fared."""
    found = _mine_or_404(request, pk)
    areas = areas_given_with(found.decision)
    if not areas or found.is_struck_out:
        return _dispute_page(request, found, on=timezone.localdate(), status=409 if request.method == "POST" else 200)
    form = PlacesForm(*_posted(request), dispute=found, areas=areas)
    title = gettext("登记针对哪几处不予公开的内容")
    return _do(
        request, form, found, title, lambda facts, at: verbs.record_items(found, **facts, by=request.user, at=at)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def correct(request: DeskRequest, pk: int, step_pk: int) -> HttpResponseBase:
    """One step as it should have been recorded."""
    found = _mine_or_404(request, pk)
    step = _step_or_404(found, step_pk)
    form = CorrectStepForm(*_posted(request), step=step)
    title = gettext("更正登记")
    return _do(
        request, form, found, title, lambda facts, at: verbs.correct_stage(step, **facts, by=request.user, at=at)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def strike_out(request: DeskRequest, pk: int, step_pk: int) -> HttpResponseBase:
    """One step never happened, or the whole dispute."""
    found = _mine_or_404(request, pk)
    step = _step_or_404(found, step_pk)
    title = gettext("整件作废") if step.stage == Stage.RECEIVED else gettext("作废登记")
    form = StrikeOutForm(*_posted(request))
    return _do(request, form, found, title, lambda facts, at: verbs.strike_out(step, **facts, by=request.user, at=at))


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def reopen(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Decide again under a linked file."""
    found, on = _mine_or_404(request, pk), timezone.localdate()
    if not found.may_reopen:
        return _dispute_page(request, found, on=on, status=409 if request.method == "POST" else 200)
    form = ReopenForm(*_posted(request), dispute=found, on=on)
    title = gettext("另立案卷重新办理")
    return _do(
        request,
        form,
        found,
        title,
        lambda facts, at: verbs.reopen(found, **facts, by=request.user, at=at),
        notes=form.notes(),
    )


@require_safe
@desk
def cell(request: DeskRequest, code: str, year: int, group: str, column: str) -> HttpResponseBase:
    """The disputes that a figure of table 四 counts, as far as this person may read them."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    try:
        seen = seen_of(request.GET, year, on)
        as_of, known_at = (seen.as_of, seen.known_at) if seen else (None, None)
        counted = annual.disputes_of_cell(shown.those(seen), year, group, column, as_of=as_of, known_at=known_at)
    except Refused as refused:
        raise Http404 from refused
    readable = counted.filter(agency__in=access.agencies_where(request.user, access.READS_CASES))
    count = counted.count()
    paged = Paginator(_whole(readable), A_PAGE).get_page(request.GET.get("page"))
    asked = suffix(region=shown.region, seen=seen)
    context = {
        "table": shown,
        "seen": seen,
        "group": DISPUTES[group],
        "column": DISPUTE_COLUMNS[column],
        "count": count,
        "hidden": count - readable.count(),
        "lines": [line_of(each, on=on) for each in paged],
        "paged": paged,
        "here": asked.removeprefix("?"),
        "several_agencies": shown.region,
        "back": shown.address() + asked,
    }
    return page(request, "desk/disputes/cell.html", context, section="annual")


# What they share -----------------------------------------------------------------------------------------------------


def _narrowed(seen: Any, shown: str, on: date) -> Any:
    if shown == "answer":
        return seen.awaiting_answer()
    if shown == "pending":
        return seen.stood(until=on).filter(stands="")
    if shown == "decided":
        return seen.stood(until=on).exclude(stands="")
    return seen


def _whole(listed: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """With everything that a line shows, in a fixed number of queries."""
    return listed.select_related("agency", "case", "decision").prefetch_related("steps")


def _asked(shown: str, kind: str) -> str:
    return urlencode({"show": shown, **({"kind": kind} if kind else {})})


def _or_404(request: DeskRequest, pk: int) -> Dispute:
    seen = access.disputes_visible_to(request.user)
    whole = seen.select_related("agency", "case__clerk", "decision", "after__agency", "recorded_by")
    return get_object_or_404(whole.prefetch_related("steps__by", "steps__file", "after__steps", "suits__steps"), pk=pk)


def _mine_or_404(request: DeskRequest, pk: int) -> Dispute:
    found = _or_404(request, pk)
    if not access.may_for_agency(request.user, AgencyAct.RECORD_DISPUTES, found.agency):
        raise PermissionDenied
    return found


def _check_may(request: DeskRequest, case: Case | None) -> None:
    act = AgencyAct.RECORD_DISPUTES
    if case is None and access.agencies_for(request.user, act).exists():
        return
    if case is None or not access.may_for_agency(request.user, act, case.agency):
        raise PermissionDenied


def _step_or_404(found: Dispute, pk: int) -> DisputeStep:
    step = next((each for each in found.steps_in_order if each.pk == pk and each.stage != Stage.REOPENED), None)
    if step is None:
        raise Http404
    step.dispute = found
    return step


def _posted(request: DeskRequest) -> tuple[Any, ...]:
    return (request.POST,) if request.method == "POST" else ()


def _do(request: DeskRequest, form: Any, found: Dispute, title: str, verb: Any, *, notes: Any = ()) -> HttpResponseBase:
    """Show a form of this dispute, or do what it says."""
    assert isinstance(form, DeskForm)
    at = timezone.now()
    if form.is_valid():
        try:
            verb(form.facts(), at)  # type: ignore[attr-defined]
        except Refused as refused:
            form.refuse(refused)
            found = _or_404(request, found.pk)
        else:
            messages.success(request, gettext("已经登记。"))
            return redirect("desk:dispute", found.pk)
    back = reverse("desk:dispute", args=[found.pk])
    context = {"form": form, "dispute": found, "title": title, "notes": notes, "back": back}
    return page(request, "desk/disputes/form.html", context, section="disputes")


def _dispute_page(request: DeskRequest, found: Dispute, *, on: date, status: int = 200) -> HttpResponseBase:
    every = list(found.steps.all())
    reasons = {step.corrects_id: step.reason for step in every if step.corrects_id}
    may_record = access.may_for_agency(request.user, AgencyAct.RECORD_DISPUTES, found.agency)
    context = {
        "dispute": found,
        "line": line_of(found, on=on),
        "steps": [(step, step.stage != Stage.REOPENED) for step in found.steps_in_order],
        "former": [(step, reasons[step.pk]) for step in every if step.pk in reasons],
        "may_record": may_record and not found.is_struck_out,
        "items": found.items.select_related("area__material__document", "dispute").prefetch_related("dispute__steps"),
        "has_places": bool(areas_given_with(found.decision)),
        "reads_case": found.case is not None and access.visible_to(request.user).filter(pk=found.case.pk).exists(),
        "suits": [suit for suit in found.suits.all() if not suit.is_struck_out],
    }
    return page(request, "desk/disputes/one.html", context, section="disputes", status=status)
