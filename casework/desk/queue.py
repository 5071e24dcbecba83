"""The queue: which cases lie in which tray, in what order, and one page of them at a time."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Case as Choice
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import Exact, GreaterThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.law.approval import Step
from casework.law.states import State
from casework.models import Case, Clearance, Delivery, Staff

PAGE: Final = 30
#: Counting stops here: a head with more open cases than this is told "at least".
COUNTED: Final = 2000
_FAR: Final = date(9999, 12, 31)
_CURSOR: Final = re.compile(r"(due|wait|new|day)\.(\d{4}-\d\d-\d\d)\.(\d{1,18})")


def _not_passed(step: Step) -> Q:
    """The draft on the table of a case has not passed this step."""
    passed = Clearance.objects.filter(decision__case=OuterRef("pk"), decision__returned_at=None, step=step)
    return ~Q(Exists(passed))


#: For which step the draft of a case waits (``law.approval.awaited``), asked of the rows themselves.
AWAITS: Final = Choice(
    When(~Q(state=State.IN_REVIEW), then=Value("")),
    When(_not_passed(Step.REVIEW), agency__reviews_drafts=True, then=Value(Step.REVIEW)),
    When(_not_passed(Step.SECRECY), then=Value(Step.SECRECY)),
    default=Value(Step.SIGNATURE),
)


@dataclass(frozen=True, slots=True)
class Tray:
    """One way to look at the cases. ``counted`` trays hold open cases only and show how many."""

    key: str
    words: Promise
    holds: Callable[[Staff, date], Q]
    empty: Promise
    counted: bool = True


TRAYS: Final[dict[str, Tray]] = {
    tray.key: tray
    for tray in (
        Tray(
            "mine",
            _("我承办的"),
            lambda user, on: Q(closed_on=None, clerk=user),
            _("您现在没有承办的申请。可以到“未交办”里看看有没有要接的。"),
        ),
        Tray(
            "open",
            _("全部在办"),
            lambda user, on: Q(closed_on=None),
            _("现在没有在办的申请。网上提交的会自动出现在这里，其他渠道收到的请点“登记申请”。"),
        ),
        Tray(
            "late",
            _("已逾期"),
            lambda user, on: Q(closed_on=None, due_on__lt=on),
            _("没有逾期的申请。"),
        ),
        Tray(
            "unassigned",
            _("未交办"),
            lambda user, on: Q(closed_on=None, clerk=None),
            _("在办的申请都有承办人。"),
        ),
        Tray(
            "waiting",
            _("等待申请人"),
            lambda user, on: Q(closed_on=None, state__in=[State.SUPPLEMENT_REQUESTED, State.FEE_NOTIFIED]),
            _("没有等待申请人补正或者缴费的申请。"),
        ),
        Tray(
            "to_review",
            _("待审核"),
            lambda user, on: Q(closed_on=None, awaits=Step.REVIEW),
            _("没有等待审核的答复。"),
        ),
        Tray(
            "to_clear",
            _("待保密审查"),
            lambda user, on: Q(closed_on=None, awaits=Step.SECRECY),
            _("没有等待保密审查的答复。"),
        ),
        Tray(
            "to_sign",
            _("待签发"),
            lambda user, on: Q(closed_on=None, awaits=Step.SIGNATURE),
            _("没有等待签发的答复。"),
        ),
        Tray(
            "to_dispatch",
            _("待送出"),
            lambda user, on: Q(closed_on=None, state=State.SIGNED),
            _("没有等待送出的答复。"),
        ),
        Tray(
            "closed",
            _("已办结"),
            lambda user, on: Q(closed_on__isnull=False),
            _("还没有办结的申请。"),
            counted=False,
        ),
        Tray(
            "returned",
            _("退回，需要重新送达"),
            lambda user, on: Q(pk__in=Delivery.objects.returned().values("case")),
            _("没有退回的文书。"),
            counted=False,
        ),
        Tray("all", _("全部"), lambda user, on: Q(), _("还没有申请。"), counted=False),
    )
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases lie in each counted tray; ``bounded`` says that there may be more."""

    of: dict[str, int]
    bounded: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a tray; ``next`` is the cursor of the page after it, empty on the last."""

    cases: list[Case]
    next: str


def counts(cases: QuerySet[Case], *, user: Staff, on: date) -> Counts:
    """All trays in one look at the most urgent open cases, never at more than ``COUNTED`` of them."""
    looked_at = cases.filter(closed_on=None).annotate(awaits=AWAITS).order_by("due_on", "pk")[:COUNTED]
    trays = [tray for tray in TRAYS.values() if tray.counted]
    found = looked_at.aggregate(
        seen=Count("pk"), **{tray.key: Count("pk", filter=tray.holds(user, on)) for tray in trays}
    )
    return Counts({tray.key: found[tray.key] for tray in trays}, bounded=found["seen"] >= COUNTED)


def search(cases: QuerySet[Case], sought: str) -> QuerySet[Case]:
    """Cases in which every word stands in the number, the applicant's name, or the text of the application."""
    for word in sought.split():
        cases = cases.filter(
            Q(number__icontains=word)
            | Q(applicant__name__icontains=word)
            | Q(subject__icontains=word)
            | Q(content__icontains=word)
        )
    return cases


def sheet(cases: QuerySet[Case], tray: Tray, cursor: str, *, user: Staff, on: date) -> Sheet:
    """The page that begins after ``cursor``: by due date, then those that wait; where all lie together, newest first.

    A cursor instead of an offset, so that the tenth page costs what the first does.
    """
    kind, day, pk = read_cursor(cursor)
    cases = cases.alias(awaits=AWAITS).filter(tray.holds(user, on))
    if tray.counted:
        keys = _by_due(cases, kind, day, pk)
    else:
        keys = _keys((cases.filter(pk__lt=pk) if kind == "new" else cases).order_by("-pk"))
    here = shown(keys[:PAGE])
    return Sheet(here, _cursor(tray, here[-1]) if len(keys) > PAGE else "")


def by_receipt(cases: QuerySet[Case], cursor: str) -> Sheet:
    """A page of any set of cases, oldest receipt first."""
    kind, day, pk = read_cursor(cursor)
    if kind == "day":
        cases = cases.filter(received_on__gte=day).exclude(received_on=day, pk__lte=pk)
    keys = _keys(cases.order_by("received_on", "pk"))
    here = shown(keys[:PAGE])
    return Sheet(here, f"day.{here[-1].received_on}.{here[-1].pk}" if len(keys) > PAGE else "")


def _by_due(cases: QuerySet[Case], kind: str, day: date, pk: int) -> list[int]:
    """Two orders, each read from an index: cases whose period runs, and after them those without a due date."""
    keys: list[int] = []
    if kind != "wait":
        running = cases.filter(due_on__isnull=False)
        if kind == "due":
            running = running.filter(due_on__gte=day).exclude(due_on=day, pk__lte=pk)
        keys = _keys(running.order_by("due_on", "pk"))
    if len(keys) <= PAGE:
        until = Coalesce("period_ends_on", Value(_FAR))
        waiting = cases.filter(due_on=None)
        if kind == "wait":
            waiting = waiting.filter(Q(GreaterThan(until, day)) | Q(Exact(until, day), pk__gt=pk))
        keys += _keys(waiting.order_by(until, "pk"))[: PAGE + 1 - len(keys)]
    return keys


def _keys(ordered: QuerySet[Case]) -> list[int]:
    """One more than a page holds, which tells whether another follows."""
    return list(ordered.values_list("pk", flat=True)[: PAGE + 1])


def shown(keys: Collection[int]) -> list[Case]:
    """The cases, in the order of the keys, with what a line of the queue shows; of a long text only how it begins."""
    cases = (
        Case.objects.filter(pk__in=keys)
        .select_related("agency", "applicant", "clerk")
        .prefetch_related("supplements", "consultations", "extensions", "delays", "fee_notices")
        .annotate(opening=Substr("content", 1, 80))
        .defer("content", "note")
    )
    found = {case.pk: case for case in cases}
    return [found[key] for key in keys if key in found]


def _cursor(tray: Tray, case: Case) -> str:
    if not tray.counted:
        return f"new.{_FAR}.{case.pk}"
    if case.due_on is not None:
        return f"due.{case.due_on}.{case.pk}"
    return f"wait.{case.period_ends_on or _FAR}.{case.pk}"


def read_cursor(cursor: str) -> tuple[str, date, int]:
    """The parts of a cursor; what is none begins at the first page."""
    parts = _CURSOR.fullmatch(cursor)
    if parts:
        try:
            return parts[1], date.fromisoformat(parts[2]), int(parts[3])
        except ValueError:
            pass
    return "", date.min, 0
