"""公开的答复 at the desk: the register, the proposal on a case, and each step of a publication."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrOrPromise

from casework import access
from casework.access import MATERIAL_ACTS, MaterialAct, PublishAct
from casework.actions import publish as verbs
from casework.desk.forms.publishing import ClearForm, DecideForm, ProposalForm, ReturnForm, RevokeForm, StepForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, PublishedReply, PublishedVersion

A_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Deed:
    """One step: whose it is, its form and verb, and what the page says when it is done."""

    act: PublishAct
    form: type[StepForm]
    do: Callable[..., object]
    done: StrOrPromise
    grave: bool = False

    @property
    def words(self) -> Text:
        return access.PUBLISH_ACTS[self.act].words


DEEDS: Final[dict[str, Deed]] = {
    "clear": Deed(PublishAct.CLEAR, ClearForm, verbs.clear_publication, _("保密审查通过，等负责人决定。")),
    "decide": Deed(PublishAct.DECIDE, DecideForm, verbs.decide_publication, _("已经决定公开。")),
    "return": Deed(PublishAct.SEND_BACK, ReturnForm, verbs.send_publication_back, _("已经退回。"), grave=True),
    "revoke": Deed(PublishAct.REVOKE, RevokeForm, verbs.revoke_publication, _("已经撤下。"), grave=True),
}


@require_safe
@desk
def publications(request: DeskRequest) -> HttpResponseBase:
    """Every publication of the person's agencies, newest first, with where it stands."""
    agencies = list(access.publishing_agencies(request.user)[:200])
    if not agencies:
        raise PermissionDenied
    on = timezone.localdate()
    found = access.published_visible_to(request.user)
    code = request.GET.get("agency", "")
    if code in {agency.code for agency in agencies}:
        found = found.filter(agency__code=code)
    rows = found.select_related("agency", "case").prefetch_related("versions").order_by("-pk")
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "lines": [(reply, reply.waiting or reply.current or _last(reply), reply.standing(on)) for reply in shown],
        "agencies": agencies if len(agencies) > 1 else (),
        "code": code,
        "asked": f"agency={code}" if code else "",
    }
    return page(request, "desk/publications/list.html", context, section="publications")


@require_safe
@desk
def publication(request: DeskRequest, pk: int) -> HttpResponseBase:
    """A publication with all its versions, and what can be done now."""
    found = _reply_or_404(request, pk)
    on = timezone.localdate()
    context = {
        "reply": found,
        "standing": found.standing(on),
        "visible": found.is_visible(on),
        "current": found.current,
        "waiting": found.waiting,
        "versions": sorted(found.versions.all(), key=lambda version: -version.number),
        "deeds": [(name, deed, _reason(request, deed, found)) for name, deed in DEEDS.items() if _fits(deed, found)],
        "may_propose": access.may_publish(request.user, PublishAct.PROPOSE, found.agency) and found.is_open,
        "told": found.likes.count(),
        "taken": found.likes.filter(taken_at__isnull=False).count(),
        "back": reverse("desk:publications"),
    }
    return page(request, "desk/publications/publication.html", context, section="publications")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def propose(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Title, summary and files for everybody; of what is public already, a correction."""
    case = get_object_or_404(access.visible_to(request.user).select_related("agency", "applicant"), pk=pk)
    if not access.may_publish(request.user, PublishAct.PROPOSE, case.agency):
        raise PermissionDenied
    reply = PublishedReply.objects.filter(case=case, revoked_at=None).prefetch_related("versions").first()
    why_not = verbs.why_not_publishable(case)
    if why_not is None and reply is not None and not reply.is_open:
        return redirect("desk:publication", reply.pk)
    files = verbs.publishable(case)
    before = (reply.current or _last(reply)) if reply else None
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        files=files,
        correcting=bool(reply and reply.current),
        initial=_initial(case, before),
    )
    if why_not is None and form.is_valid():
        try:
            verbs.propose_publication(case, **form.facts(), by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已经提出，等保密审查。"))
            return redirect("desk:case", pk)
    context = {
        "case": case,
        "form": form,
        "why_not": why_not,
        "files": files,
        "before": before,
        "correcting": bool(reply and reply.current),
        "may_make": access.may_material(request.user, MaterialAct.ASK_PUBLIC, case),
        "unmade": [each for each in files if not each.ready],
        "plain": case.current_decision.attachments.filter(release=None).count() if case.current_decision else 0,
        "make_words": MATERIAL_ACTS[MaterialAct.ASK_PUBLIC].words,
        "first": verbs.earliest(case, on=timezone.localdate()),
        "back": reverse("desk:case", args=[pk]),
    }
    return page(request, "desk/publications/propose.html", context, section="queue")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def step(request: DeskRequest, pk: int, deed: str) -> HttpResponseBase:
    """The form of one step, or the step."""
    found, row = _reply_or_404(request, pk), DEEDS[deed]
    if not access.may_publish(request.user, row.act, found.agency):
        raise PermissionDenied
    at = timezone.now()
    waiting = found.waiting
    why_not = _reason(request, row, found) if _fits(row, found) else _NOTHING_TO_DO
    first = None
    if row.act is PublishAct.DECIDE and found.public_from is None:
        first = verbs.earliest(found.case, on=timezone.localdate(at))
    form = row.form(
        request.POST if request.method == "POST" else None, first=first, initial={"seen": waiting.pk if waiting else 0}
    )
    if form.is_valid() and (why_not is None or request.method == "POST"):
        try:
            row.do(_subject(row, found, form), **form.facts(), by=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, row.done)
            return redirect("desk:publication", pk)
    context = {
        "reply": found,
        "version": waiting if row.act is not PublishAct.REVOKE else found.current,
        "deed": row,
        "words": row.words,
        "form": form,
        "why_not": why_not,
        "back": reverse("desk:publication", args=[pk]),
    }
    return page(request, "desk/publications/step.html", context, section="publications")


def _subject(row: Deed, found: PublishedReply, form: StepForm) -> PublishedReply | PublishedVersion:
    """The publication, or the version that the page showed."""
    if row.act is PublishAct.REVOKE:
        return found
    version = next((v for v in found.versions.all() if v.pk == form.cleaned_data["seen"]), None)
    if version is None:
        raise Refused(_NOTHING_TO_DO)
    return version


def _fits(deed: Deed, found: PublishedReply) -> bool:
    """Whether there is anything to do it to."""
    waiting = found.waiting
    match deed.act:
        case PublishAct.CLEAR:
            return waiting is not None and waiting.cleared_at is None
        case PublishAct.DECIDE:
            return waiting is not None and waiting.cleared_at is not None
        case PublishAct.SEND_BACK:
            return waiting is not None
        case _:
            return found.public_from is not None and found.revoked_at is None


def _reason(request: DeskRequest, deed: Deed, found: PublishedReply) -> Text | None:
    return access.why_not_publish(request.user, deed.act, found.agency, found.waiting)


def _reply_or_404(request: DeskRequest, pk: int) -> PublishedReply:
    found = access.published_visible_to(request.user).select_related("agency", "case__agency", "revoked_by")
    rows = found.prefetch_related(
        "versions__files__release", "versions__proposed_by", "versions__cleared_by", "versions__decided_by"
    )
    return get_object_or_404(rows, pk=pk)


def _last(reply: PublishedReply) -> PublishedVersion | None:
    return max(reply.versions.all(), key=lambda version: version.number, default=None)


def _initial(case: Case, before: PublishedVersion | None) -> dict[str, Any]:
    """What stood there before; else the subject that was asked for, which is checked like everything."""
    if before is None:
        return {"title": case.subject}
    chosen = [str(pk) for pk in before.files.values_list("release", flat=True)]
    return {"title": before.title, "summary": before.summary, "topic": before.topic, "releases": chosen}


_NOTHING_TO_DO: Final = Text(
    "这一步刚刚被别人办过，或者现在没有要办的。请查看最新情况。",
    "Somebody else has just taken this step, or there is nothing to do now. Look at it as it stands.",
)
