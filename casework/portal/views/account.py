"""My applications: the cases and drafts of an account, of all agencies; into the list and out of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.actions import applicants
from casework.actions.deliver import OPENED
from casework.law.calendar import day_of
from casework.law.states import STATES, Turn
from casework.law.words import Text
from casework.models import Case, Draft, Event, KeptBy, KeptCase, Staff
from casework.models.case import CaseQuerySet
from casework.models.draft import UNSENT_KEPT
from casework.portal import attempts, receipts
from casework.portal.calendar_file import last_days
from casework.portal.forms.follow import FollowForm
from casework.portal.keyed import keyed
from casework.portal.opened import ask_again, opened_by_code
from casework.portal.own import OwnRequest, own

_ASKED: Final = require_http_methods(["GET", "HEAD", "POST"])
A_PAGE: Final = 20
#: Characters of an application that stand for it in the list, where it names no document.
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class NextDay:
    """The next day on which something ends, and what."""

    on: date
    words: Text
    provisional: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A case as its applicant sees it in the list."""

    case: Case
    title: str
    #: What they have to do, in words and as the name of the page; the first is the most urgent.
    tasks: list[tuple[Text, str]]
    next: NextDay | None


@require_safe
@own
def mine(request: OwnRequest) -> HttpResponseBase:
    """All cases of the account, those first in which the applicant has something to do; and what was not sent yet."""
    at = timezone.now()
    today = timezone.localdate(at)
    listed = Paginator(_cases(request.user), A_PAGE).get_page(request.GET.get("page"))
    drafts = Draft.objects.filter(account=request.user, case=None).select_related("agency").order_by("-kept_at", "-pk")
    context = {
        "section": "account",
        "page": listed,
        "rows": [_row(case, today) for case in listed],
        "drafts": [(draft, _title_of(draft.answers), day_of(draft.kept_at + UNSENT_KEPT)) for draft in drafts[:A_PAGE]],
    }
    return render(request, "portal/account/mine.html", context)


def _cases(account: Staff) -> CaseQuerySet:
    waiting = [state.value for state, row in STATES.items() if row.turn is Turn.APPLICANT]
    read = Event.objects.filter(case=OuterRef("pk"), once=OPENED)
    found = Case.objects.with_clock_facts().filter(kept_in__account=account)
    return (
        found.select_related("applicant")
        .prefetch_related("decisions__deliveries", "reasons_requests")
        .annotate(
            place=Choice(When(state__in=waiting, then=Value(0)), When(closed_on=None, then=Value(1)), default=Value(2)),
            was_read=Exists(read),
        )
        .order_by("place", "-registered_at", "-pk")
    )


def _row(case: Case, today: date) -> Row:
    days = sorted((day for day in last_days(case, case.due(), on=today) if day.on >= today), key=lambda day: day.on)
    coming = NextDay(days[0].on, _DAYS[days[0].key], days[0].provisional) if days else None
    return Row(case, case.subject or _shortened(case.content), list(_tasks(case)), coming)


def _tasks(case: Case) -> list[tuple[Text, str]]:
    found = []
    if case.awaited_supplement is not None:
        found.append((_SUPPLEMENT, "portal:supplement"))
    if case.is_open and case.unpaid_fee is not None:
        found.append((_FEE, "portal:case"))
    if case.is_open and any(asked.answered_on is None for asked in case.reasons_requests.all()):
        found.append((_REASONS, "portal:case"))
    decision = case.current_decision
    if case.closed_on and decision and decision.dispatched_on and not case.was_read:  # type: ignore[attr-defined]
        found.append((_READ, "portal:case"))
    return found


def _title_of(answers: dict[str, Any]) -> str:
    return str(answers.get("subject") or "") or _shortened(str(answers.get("content") or ""))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"


_SUPPLEMENT: Final = Text("请补正", "Answer the supplement request")
_FEE: Final = Text("请缴费", "Pay the fee")
_REASONS: Final = Text("请说明理由", "Give your reasons")
_READ: Final = Text("有答复，请查看", "There is a reply: read it")
#: By the keys of ``calendar_file.last_days``.
_DAYS: Final[dict[str, Text]] = {
    "reply": Text("最迟答复日", "Reply due by"),
    "supplement": Text("补正的最后一天", "Last day to answer the supplement request"),
    "fee": Text("缴费的最后一天", "Last day to pay the fee"),
    "reconsideration": Text("申请行政复议的最后一天", "Last day to apply for reconsideration"),
    "suit": Text("提起行政诉讼的最后一天", "Last day to sue"),
}


# Into the list and out of it ------------------------------------------------------------------------------------------


@_ASKED
@own
def join(request: OwnRequest) -> HttpResponseBase:
    """An older case, by its number and query code; a wrong code and an unknown number get the same answer."""
    form = FollowForm(request.POST if request.method == "POST" else None)
    at = timezone.now()
    if form.is_valid():
        number = form.cleaned_data["number"]
        if wait := attempts.seconds_to_wait(request, number, at=at):
            form.add_error(
                None, gettext("连续输错多次，请等 %(seconds)s 秒再试。您的申请不受影响。") % {"seconds": wait}
            )
        elif case := access.follow(number, form.cleaned_data["code"]):
            attempts.forget(request, number)
            return _kept(request, case, KeptBy.CODE)
        else:
            attempts.failed(request, number, at=at)
            form.add_error(
                None, gettext("登记编号和查询码对不上。请对照回执检查这两项；确实找不到的，请联系受理机关。")
            )
    return render(request, "portal/account/join.html", {"section": "account", "form": form})


@_ASKED
@own
def keep(request: OwnRequest, pk: int) -> HttpResponseBase:
    """A case that this visitor has opened with its code just now."""
    found = opened_by_code(request, pk, at=timezone.now())
    if found is None:
        return ask_again(request)
    if request.method == "POST":
        return _kept(request, found, KeptBy.CODE)
    return render(request, "portal/account/keep.html", {"section": "account", "case": found})


@_ASKED
@keyed
def keep_receipt(request: HttpRequest, key: str) -> HttpResponse:
    """A case whose receipt still shows its query code."""
    draft = Draft.objects.select_related("case__agency").get(key=key)
    if draft.case is None or receipts.code_to_show(draft, at=timezone.now()) is None:
        return redirect("portal:receipt", key)
    case = draft.case

    @own
    def shown(request: OwnRequest) -> HttpResponseBase:
        if request.method == "POST":
            return _kept(request, case, KeptBy.RECEIPT)
        return render(request, "portal/account/keep.html", {"section": "account", "case": case})

    return shown(request)  # type: ignore[return-value]


def _kept(request: OwnRequest, case: Case, by: KeptBy) -> HttpResponse:
    if applicants.keep_case(request.user, case, by=by, at=timezone.now()) is None:
        messages.info(request, gettext("这件申请已经在您的账户里。"))
    else:
        messages.success(request, gettext("已经放入您的账户。以后登录就能打开，不用查询码。"))
    return redirect("portal:account")


@_ASKED
@own
def remove(request: OwnRequest, pk: int) -> HttpResponseBase:
    """Out of the list; another's case, and one that is not in it, do not exist here."""
    kept = get_object_or_404(KeptCase.objects.select_related("case__agency"), account=request.user, case=pk)
    if request.method == "POST":
        if applicants.let_go(request.user, kept.case, at=timezone.now()) is None:
            raise Http404
        messages.success(request, gettext("已经移出您的账户。申请照常办理，凭登记编号和查询码可以查看。"))
        return redirect("portal:account")
    return render(request, "portal/account/remove.html", {"section": "account", "case": kept.case})
