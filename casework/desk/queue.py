"""The queue: in what order cases stand, one page of them at a time, and how many lie in each tray."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import Exact, GreaterThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.desk.trays import AWAITS, TRAYS, Tray
from casework.law.states import State
from casework.models import Case, Staff

PAGE: Final = 30
#: Counting stops here: a head with more open cases than this is told "at least".
COUNTED: Final = 2000
_FAR: Final = date(9999, 12, 31)
_CURSOR: Final = re.compile(r"(-?[a-z]{1,12})\.(.{0,200})\.(\d{1,18})", re.DOTALL)

# Orders --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Order:
    """A column by which the queue can stand, either way round; where it is the same, the case that came first."""

    key: str
    words: Promise
    by: str
    #: How a value is read from a cursor.
    read: Any = str
    #: The cases in parts that stand one after the other, each read in its order from an index.
    parts: Callable[[QuerySet[Case]], list[QuerySet[Any]]] = lambda cases: [cases]


def _state_by_state(cases: QuerySet[Case]) -> list[QuerySet[Any]]:
    return [cases.filter(state=state).annotate(column=Value(place)) for place, state in enumerate(State)]


def _nobody_first(cases: QuerySet[Case]) -> list[QuerySet[Any]]:
    """Those without a clerk are no row of an inner join, by which alone the others come in the order of an index."""
    taken = cases.filter(clerk__isnull=False)
    return [cases.filter(clerk=None).annotate(column=Value("")), taken.annotate(column=F("clerk__name"))]


#: ``due`` has an order of its own: those without a date stand behind, whichever way round (``_by_due``).
ORDERS: Final[dict[str, Order]] = {
    order.key: order
    for order in (
        Order("due", _("期限"), "due_on", date.fromisoformat),
        Order("number", _("编号"), "number"),
        Order("applicant", _("申请人"), "applicant__name"),
        Order("state", _("状态"), "", int, _state_by_state),
        Order("clerk", _("承办人"), "", str, _nobody_first),
        Order("received", _("收到"), "received_on", date.fromisoformat),
    )
}


class Cursor(NamedTuple):
    """Behind which case a page begins: the order, the value of its column there, and its key."""

    kind: str
    value: str
    pk: int

    @property
    def day(self) -> date:
        return date.fromisoformat(self.value)


_NONE: Final = Cursor("", "", 0)


def read_cursor(cursor: str) -> Cursor:
    """The parts of a cursor; what is none begins at the first page."""
    parts = _CURSOR.fullmatch(cursor)
    if not parts:
        return _NONE
    found = Cursor(parts[1], parts[2], int(parts[3]))
    try:
        order = ORDERS.get(found.kind.removeprefix("-"))
        (order.read if order else date.fromisoformat)(found.value)
    except ValueError:
        return _NONE
    return found


# Counting ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases lie in each counted tray; ``bounded`` says that there may be more."""

    of: dict[str, int]
    bounded: bool


def counts(cases: QuerySet[Case], *, user: Staff, on: date) -> Counts:
    """All trays in one look at the most urgent open cases, never at more than ``COUNTED`` of them."""
    looked_at = cases.filter(closed_on=None).annotate(awaits=AWAITS).order_by("due_on", "pk")[:COUNTED]
    trays = [tray for tray in TRAYS.values() if tray.counted]
    found = looked_at.aggregate(
        seen=Count("pk"), **{tray.key: Count("pk", filter=tray.holds(user, on)) for tray in trays}
    )
    return Counts({tray.key: found[tray.key] for tray in trays}, bounded=found["seen"] >= COUNTED)


# Pages ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a tray; ``next`` is the cursor of the page after it, empty on the last."""

    cases: list[Case]
    next: str


def sheet(cases: QuerySet[Case], tray: Tray, cursor: str, *, user: Staff, on: date, sort: str = "") -> Sheet:
    """The page that begins after ``cursor``: by due date, then those that wait; where all lie together, newest first.

    ``sort``: a key of ``ORDERS``, with a minus for the other way round. A cursor instead of an offset, so that the
    tenth page costs what the first does; one of another order begins at the first page.
    """
    after, backwards = read_cursor(cursor), sort.startswith("-")
    order = ORDERS.get(sort.removeprefix("-"))
    cases = inside(cases, tray, user=user, on=on)
    if order is None and not tray.counted:
        keys = _keys((cases.filter(pk__lt=after.pk) if after.kind == "new" else cases).order_by("-pk"))
    elif order is None or order.key == "due":
        keys = _by_due(cases, after, backwards=backwards)
    else:
        return _by_column(cases, order, after, backwards=backwards)
    here = shown(keys[:PAGE])
    return Sheet(here, _cursor(tray, here[-1], order, backwards=backwards) if len(keys) > PAGE else "")


def inside(cases: QuerySet[Case], tray: Tray, *, user: Staff, on: date) -> QuerySet[Case]:
    """Those of the cases that lie in the tray."""
    return (cases.alias(awaits=AWAITS) if tray.awaited else cases).filter(tray.holds(user, on))


def by_receipt(cases: QuerySet[Case], cursor: str) -> Sheet:
    """A page of any set of cases, oldest receipt first."""
    after = read_cursor(cursor)
    if after.kind == "day":
        cases = cases.filter(received_on__gte=after.day).exclude(received_on=after.day, pk__lte=after.pk)
    keys = _keys(cases.order_by("received_on", "pk"))
    here = shown(keys[:PAGE])
    return Sheet(here, f"day.{here[-1].received_on}.{here[-1].pk}" if len(keys) > PAGE else "")


def _by_due(cases: QuerySet[Case], after: Cursor, *, backwards: bool) -> list[int]:
    """Two orders, each read from an index: cases whose period runs, and after them those without a due date."""
    keys: list[int] = []
    if after.kind != "wait":
        running = cases.filter(due_on__isnull=False)
        if after.kind == "due" and not backwards:
            running = running.filter(due_on__gte=after.day).exclude(due_on=after.day, pk__lte=after.pk)
        elif after.kind == "-due" and backwards:
            running = running.filter(due_on__lte=after.day).exclude(due_on=after.day, pk__gte=after.pk)
        keys = _keys(running.order_by(*(("-due_on", "-pk") if backwards else ("due_on", "pk"))))
    if len(keys) <= PAGE:
        until = Coalesce("period_ends_on", Value(_FAR))
        waiting = cases.filter(due_on=None)
        if after.kind == "wait":
            waiting = waiting.filter(Q(GreaterThan(until, after.day)) | Q(Exact(until, after.day), pk__gt=after.pk))
        keys += _keys(waiting.order_by(until, "pk"))[: PAGE + 1 - len(keys)]
    return keys


def _by_column(cases: QuerySet[Case], order: Order, after: Cursor, *, backwards: bool) -> Sheet:
    """By any other column. The value of the last line is read with its key, so that the next page begins behind it."""
    kind, sign, beyond = (f"-{order.key}", "-", "lt") if backwards else (order.key, "", "gt")
    found: list[tuple[int, Any]] = []
    parts = order.parts(cases.annotate(column=F(order.by)) if order.by else cases)
    for part in reversed(parts) if backwards else parts:
        behind = Q()
        if after.kind == kind:
            value = order.read(after.value)
            behind = Q(**{f"column__{beyond}": value}) | Q(**{"column": value, f"pk__{beyond}": after.pk})
        ordered = part.filter(behind).order_by(f"{sign}column", f"{sign}pk").values_list("pk", "column")
        found += ordered[: PAGE + 1 - len(found)]
        if len(found) > PAGE:
            break
    here = shown([key for key, _value in found[:PAGE]])
    if len(found) <= PAGE:
        return Sheet(here, "")
    pk, value = found[PAGE - 1]
    return Sheet(here, f"{kind}.{value}.{pk}")


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


def _cursor(tray: Tray, case: Case, order: Order | None, *, backwards: bool) -> str:
    if order is None and not tray.counted:
        return f"new.{_FAR}.{case.pk}"
    if case.due_on is not None:
        return f"{'-' if backwards else ''}due.{case.due_on}.{case.pk}"
    return f"wait.{case.period_ends_on or _FAR}.{case.pk}"
