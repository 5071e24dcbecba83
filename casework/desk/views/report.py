"""The annual report under work: where it stands, what stands in its way, and each act with its confirmation."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from casework import access, annual
from casework.access import REPORT_ACTS, ReportAct
from casework.actions import report as verbs
from casework.desk.forms.report import ReportActForm
from casework.desk.forms.settings import in_words
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.stages import stages_of
from casework.desk.views.annual import Table, reads_region, table_or_404
from casework.law.filing import Weight
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, AnnualReport, ReportState, StepKind
from casework.models.awaited import awaited, due_of, is_governments
from casework.models.setting import SETTINGS

_DONE: Final[dict[ReportAct, StrOrPromise]] = {
    ReportAct.BEGIN: _("年度报告已经开始编写。"),
    ReportAct.CHECK: _("已经核对，等待签发。"),
    ReportAct.SEND_BACK: _("已经退回草稿。"),
    ReportAct.SIGN: _("已经签发，本版冻结。签发不是公布，请按时公布。"),
    ReportAct.PUBLISH: _("已经公布，任何人都可以查阅。"),
    ReportAct.REOPEN: _("可以编写新版了；已公布的版本仍然可以查阅。"),
}


@require_safe
@desk
def reports(request: DeskRequest) -> HttpResponseBase:
    """What this person's agencies owe on last year, and what is done."""
    on = timezone.localdate()
    visible = access.figures_visible_to(request.user)
    mine = visible.order_by("path")[:200]
    owed = [each for each in awaited(mine, on=on) if not each.region or reads_region(visible, each.agency)]
    found = AnnualReport.objects.filter(agency__in=list(mine), editions__published_at__isnull=False)
    context = {
        "year": on.year - 1,
        "owed": [(each, _address(each.agency, each.year, region=each.region), on > each.due.due_on) for each in owed],
        "published": [
            (work, _address(work.agency, work.year, region=work.region))
            for work in found.select_related("agency").distinct()[:200]
            if not work.region or reads_region(visible, work.agency)
        ],
    }
    return page(request, "desk/annual/reports.html", context, section="annual")


@require_safe
@desk
def report(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """Where the report stands, what hinders, and what this person may do now."""
    shown = table_or_404(request, code, year, timezone.localdate())
    work = _work(shown)
    steps = list(work.steps.select_related("by", "for_whom")) if work.pk else []
    open_state = ReportState(work.state) in (ReportState.DRAFT, ReportState.CHECKED)
    context = {
        "table": shown,
        "work": work if work.pk else None,
        "gone": _gone(shown),
        "state": verbs.STATE_WORDS[ReportState(work.state)],
        "stages": stages_of(work if work.pk else None, steps),
        "steps": steps[::-1],
        "obstacles": annual.obstacles(work) if open_state else [],
        "acts": [(act, REPORT_ACTS[act].words, _act_address(shown, act)) for act in _offered(request, work)],
        "editions": list(
            work.editions.select_related("signed_by", "signed_for", "published_by").defer("content", "packed_cases")
        )[::-1]
        if work.pk
        else [],
        "due": due_of(shown.agency, year, government=is_governments(shown.agency, region=shown.region)),
        "heavy": Weight.EXPLAIN,
    }
    return page(request, "desk/annual/report.html", context, section="annual")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def act(request: DeskRequest, code: str, year: int, deed: str) -> HttpResponseBase:
    """One act: what it does, what is asked, and a button; posted, it is done."""
    shown = table_or_404(request, code, year, timezone.localdate())
    if deed not in list(ReportAct):
        raise Http404
    work, act = _work(shown), ReportAct(deed)
    if not access.may_report(request.user, act, shown.agency, region=shown.region, on=timezone.localdate()):
        raise PermissionDenied
    if bool(work.pk) == (act is ReportAct.BEGIN) or _gone(shown):
        raise Http404
    obstacles = annual.obstacles(work) if act in (ReportAct.CHECK, ReportAct.SIGN) else []
    form = ReportActForm(
        request.POST if request.method == "POST" else None,
        act=act,
        version=work.version,
        explain=act is ReportAct.CHECK and any(each.weight is Weight.EXPLAIN for each in obstacles),
    )
    back = _address(shown.agency, year, region=shown.region)
    if form.is_valid():
        try:
            _do(act, shown, work, form.facts(), by=request.user)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, str(_DONE[act]))
            return redirect(back)
    elif request.method != "POST" and act is not ReportAct.BEGIN and act not in _offered(request, work):
        messages.warning(request, gettext("报告的状态已经改变，现在不能这样办。"))
        return redirect(back)
    checked = work.steps.filter(kind=StepKind.CHECKED).select_related("by").last() if work.pk else None
    context = {
        "table": shown,
        "act": act,
        "words": REPORT_ACTS[act].words,
        "form": form,
        "obstacles": obstacles,
        "heavy": Weight.EXPLAIN,
        "checked": checked if act is ReportAct.SIGN else None,
        "away": access.for_whom(request.user, act, shown.agency, on=timezone.localdate()),
        "back": back,
    }
    return page(request, "desk/annual/report_act.html", context, section="annual")


@require_safe
@desk
def papers(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """The working papers: how the law was read where it is unsettled, by which calendars and code, and who did what."""
    shown = table_or_404(request, code, year, timezone.localdate())
    work = _work(shown)
    now = annual.made_with(shown.agencies)
    context = {
        "table": shown,
        "made": now,
        "readings": [(shown.agency, _in_words(now["readings"][shown.agency.code]))],
        "calendars": now["calendars"] + now["applied_calendars"],
        "differing": _differing(shown, now),
        "steps": list(work.steps.select_related("by", "for_whom")) if work.pk else [],
        "editions": list(work.editions.defer("content", "packed_cases")) if work.pk else [],
        "back": _address(shown.agency, year, region=shown.region),
    }
    return page(request, "desk/annual/papers.html", context, section="annual")


def _in_words(readings: dict[str, Any]) -> list[tuple[str, str]]:
    """The settings by their names on the settings page, each with its value as that page says it."""
    return [(SETTINGS[name].words, in_words(name, value)) for name, value in readings.items() if name in SETTINGS]


def _differing(shown: Table, now: dict[str, Any]) -> list[tuple[Agency, list[str]]]:
    """Of a region, the units that read something otherwise than the agency on top."""
    own = now["readings"][shown.agency.code]
    found = []
    for agency in shown.agencies:
        theirs = now["readings"][agency.code]
        names = [SETTINGS[name].words for name in own if name in SETTINGS and own[name] != theirs[name]]
        if names:
            found.append((agency, names))
    return found


def _do(act: ReportAct, shown: Table, work: AnnualReport, facts: dict[str, Any], *, by: Any) -> None:
    done: dict[str, Any] = {"by": by, "at": timezone.now()}
    match act:
        case ReportAct.BEGIN:
            verbs.begin(shown.agency, shown.year, region=shown.region, **done)
        case ReportAct.CHECK:
            verbs.check(work, found=annual.obstacles, digest=annual.content_digest, **facts, **done)
        case ReportAct.SIGN:
            verbs.sign(work, make=annual.frozen, **facts, **done)
        case _:
            _PLAIN[act](work, **facts, **done)


_PLAIN: Final[dict[ReportAct, Callable[..., object]]] = {
    ReportAct.SEND_BACK: verbs.send_back,
    ReportAct.PUBLISH: verbs.publish,
    ReportAct.REOPEN: verbs.reopen,
}


def _work(shown: Table) -> AnnualReport:
    """The report of this address; an unsaved one where nobody has begun it."""
    whose: dict[str, Any] = {"agency": shown.agency, "year": shown.year, "region": shown.region}
    return AnnualReport.objects.filter(**whose).select_related("agency").first() or AnnualReport(**whose)


def _gone(shown: Table) -> Text | None:
    """Why the organ makes no report on the year: another makes it for both."""
    try:
        verbs.check_still_reports(shown.agency, shown.year)
    except Refused as refused:
        return refused.sentence
    return None


def _offered(request: DeskRequest, work: AnnualReport) -> list[ReportAct]:
    on = timezone.localdate()
    if not work.agency.reports_for(work.year):
        return []
    if not work.pk:
        may = access.may_report(request.user, ReportAct.BEGIN, work.agency, region=work.region, on=on)
        return [ReportAct.BEGIN] if may else []
    return access.report_acts_for(request.user, work, on=on)


def _address(agency: Agency, year: int, *, region: bool) -> str:
    return Table(agency, year, region, may_region=region).address("report") + ("?region=1" if region else "")


def _act_address(shown: Table, act: ReportAct) -> str:
    return shown.address("report_act", deed=act.value) + shown.suffix
