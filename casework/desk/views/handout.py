"""Many cases to one clerk: what was ticked, what can be moved and what not, and what became of it."""

import re
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from casework import access
from casework.access import Verb
from casework.actions.intake import assign
from casework.desk.forms.queue import MOST_AT_ONCE, HandOutForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Case, Conflict, Staff

_TICKED: Final = re.compile(r"(\d{1,18})(?::(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Judged:
    """One case that was ticked, and why it can't be moved."""

    case: Case
    why_not: Text | None = None


@require_POST
@desk
def hand_out(request: DeskRequest) -> HttpResponseBase:
    """First what will be moved and what can't; then, confirmed, each case by itself, and what became of each."""
    ticked = _ticked(request)
    found = access.visible_to(request.user).filter(pk__in=ticked).select_related("agency", "applicant", "clerk")
    cases = list(found.order_by("due_on", "pk"))
    if not cases:
        messages.warning(request, gettext("请先勾选要交办的办件。"))
        return redirect("desk:queue")
    judged = [Judged(case, _why_not(request.user, case)) for case in cases]
    unable = [each for each in judged if each.why_not is not None]
    able = [each.case for each in judged if each.why_not is None]
    confirmed = "confirmed" in request.POST
    form = HandOutForm(request.POST if confirmed else None, agencies={case.agency_id for case in able})
    context = {
        "form": form,
        "able": able,
        "unable": unable,
        "most": MOST_AT_ONCE,
        "too_many": len(ticked) >= MOST_AT_ONCE,
    }
    if not confirmed or not form.is_valid():
        return page(request, "desk/handout.html", context, section="queue")
    clerk, division = form.cleaned_data["clerk"], form.cleaned_data["division"]
    done, refused = [], list(unable)
    for case in able:
        if (why := _moved(case, clerk, division, ticked[case.pk], by=request.user)) is None:
            done.append(case)
        else:
            refused.append(Judged(case, why))
    result = {"done": done, "refused": refused, "clerk": clerk, "division": division}
    if done:
        said = ngettext("已经把 %(n)s 件交给%(name)s。", "已经把 %(n)s 件交给%(name)s。", len(done))
        messages.success(request, said % {"n": len(done), "name": clerk})
    return page(request, "desk/handed_out.html", result, section="queue")


def _ticked(request: DeskRequest) -> dict[int, int | None]:
    """Keys of the cases with the version that the page showed, no more than can be looked through."""
    found: dict[int, int | None] = {}
    for value in request.POST.getlist("case")[:MOST_AT_ONCE]:
        if parts := _TICKED.fullmatch(value):
            found[int(parts[1])] = int(parts[2]) if parts[2] else None
    return found


def _why_not(by: Staff, case: Case) -> Text | None:
    answer = access.may(by, Verb.ASSIGN, case)
    return None if answer.allowed else answer.reason


def _moved(case: Case, clerk: Staff, division: str, version: int | None, *, by: Staff) -> Text | None:
    """Hand over one case in a transaction of its own; why it was not, where it was not."""
    if case.clerk_id == clerk.pk and division in ("", case.division):
        return Text("本来就由{name}承办。", "{name} has it already.").format(name=clerk.get_full_name())
    try:
        if version is not None:
            case.expect(version)
        assign(case, clerk=clerk, division=division or case.division, by=by, at=timezone.now())
    except (Conflict, Refused) as refused:
        case.refresh_from_db()
        return refused.sentence
    return None
