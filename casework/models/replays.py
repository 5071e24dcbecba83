"""The clocks of many cases at once: what ``Case.due`` says of one, without loading each as a model.

A replay depends on the agency, the receipt and the facts alone, so the cases without facts that were received on the
same day by the same channel share one. ``tests/casework/test_replays.py`` holds every answer against ``Case``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from casework.law import clock
from casework.law.calendar import Calendar
from casework.law.refusals import Refused
from casework.law.states import State

from .agency import Agency
from .case import CaseQuerySet, Channel, awaited_until, days_to_watch, facts_in_order, milestones_of
from .clockfacts import Delay, Extension, FeeNotice, Supplement
from .consultation import Consultation
from .dispute import orders_of
from .edition import Shelf, shelf


class Stored(NamedTuple):
    """As much of a case as its clock and its copies need."""

    pk: int
    number: str
    agency_id: int
    channel: str
    arrived_on: date
    confirmed_on: date | None
    forwarded_by: str
    received_on: date
    state: str
    clerk_id: int | None
    closed_on: date | None
    due_on: date | None
    due_is_provisional: bool
    period_ends_on: date | None
    watch_on: date | None
    is_redecision: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What the facts of a case give; ``refusal`` where the law does not allow them in this calendar."""

    case: Stored
    due_on: date | None
    provisional: bool
    period_ends_on: date | None
    watched: Sequence[date]
    refusal: Refused | None = None

    def differences(self, on: date) -> Iterator[tuple[str, object, object]]:
        """Name, stored value and right value of each copy that does not follow from the facts."""
        case = self.case
        if self.refusal is not None:
            yield "due_on", case.due_on, self.refusal.sentence.zh
            return
        if case.due_on != self.due_on:
            yield "due_on", case.due_on, self.due_on
        if case.due_is_provisional != self.provisional:
            yield "due_is_provisional", case.due_is_provisional, self.provisional
        if case.period_ends_on != self.period_ends_on:
            yield "period_ends_on", case.period_ends_on, self.period_ends_on
        # What is past may have been told; what is to come must not be slept through.
        wanted = min((day for day in self.watched if day > on), default=None)
        if wanted is not None and (case.watch_on is None or case.watch_on > wanted):
            yield "watch_on", case.watch_on, wanted


#: Texts of the facts move no clock.
_FACTS: Final[tuple[tuple[type[models.Model], tuple[str, ...]], ...]] = (
    (Consultation, ("case_id", "party", "sent_on", "delivered_on", "answered_on")),
    (Extension, ("case_id", "on", "working_days")),
    (Supplement, ("case_id", "requested_on", "period_ends_on", "received_on", "superseded")),
    (FeeNotice, ("case_id", "notified_on", "period_ends_on", "paid_on", "cancelled_on")),
    (Delay, ("case_id", "on", "until")),
)
#: The five tables of facts in their order, and the orders of decisions.
_Facts = tuple[list[Any], list[Any], list[Any], list[Any], list[Any], list[Any]]


class Replays:
    """One pass over many cases in one calendar: that of ``on_shelf``, by default the one in force."""

    def __init__(self, on_shelf: Shelf | None = None) -> None:
        self.shelf = on_shelf or shelf()
        self.agencies: dict[int, Agency] = {}
        self.calendars: dict[int, Calendar] = {}
        self.receipts: dict[tuple[int, str, date, date | None, bool], clock.Due | Refused] = {}
        self.milestones: dict[tuple[int, date], list[date]] = {}

    def of(self, cases: CaseQuerySet) -> list[Found]:
        """Each case of one batch with what its facts give, in a fixed number of queries."""
        rows = [Stored(*row) for row in cases.values_list(*Stored._fields)]
        if not rows:
            return []
        self._read_agencies({row.agency_id for row in rows})
        facts = _facts_of([row.pk for row in rows])
        files = {row.pk: row for row in rows if row.is_redecision}
        for pk, (until, law) in (orders_of(files) if files else {}).items():
            facts[pk][-1].append(clock.Ordered(files[pk].received_on, until, law))
        return [self._found(row, facts.get(row.pk)) for row in rows]

    def _read_agencies(self, keys: set[int]) -> None:
        if missing := keys - self.agencies.keys():
            for pk, agency in Agency.objects.in_bulk(missing).items():
                self.agencies[pk] = agency
                self.calendars[pk] = self.shelf.calendar(agency.places)

    def _found(self, row: Stored, facts: _Facts | None) -> Found:
        due = self._replayed(row, facts_in_order(*facts)) if facts else self._by_receipt(row)
        if isinstance(due, Refused):
            return Found(row, row.due_on, row.due_is_provisional, row.period_ends_on, (), due)
        period_ends_on = awaited_until(row.state, facts[2], facts[3]) if facts else None
        watched = self._watched(row, due.due_on, period_ends_on) if row.closed_on is None else ()
        return Found(row, due.due_on, due.provisional, period_ends_on, watched)

    def _by_receipt(self, row: Stored) -> clock.Due | Refused:
        key = row.agency_id, row.channel, row.arrived_on, row.confirmed_on, bool(row.forwarded_by)
        due = self.receipts.get(key)
        if due is None:
            due = self.receipts[key] = self._replayed(row, ())
        return due

    def _replayed(self, row: Stored, facts: Iterable[clock.Fact]) -> clock.Due | Refused:
        channel = clock.Channel(row.channel)
        receipt = clock.Receipt(channel, row.arrived_on, row.confirmed_on, forwarded=bool(row.forwarded_by))
        readings = self.agencies[row.agency_id].readings_on(row.arrived_on)
        try:
            return clock.replay(receipt, facts, calendar=self.calendars[row.agency_id], readings=readings)
        except Refused as refused:
            return refused

    def _watched(self, row: Stored, due_on: date | None, period_ends_on: date | None) -> Sequence[date]:
        calendar = self.calendars[row.agency_id]
        days: list[date] = []
        if due_on is not None:
            key = row.agency_id, due_on
            if key not in self.milestones:
                self.milestones[key] = milestones_of(self.agencies[row.agency_id], due_on, calendar)
            days = self.milestones[key]
        untaken = row.clerk_id is None and row.channel == Channel.ONLINE
        unasked = row.state == State.RECEIVED
        if period_ends_on is None and not untaken and not unasked:
            return days
        return days_to_watch(
            days,
            period_ends_on,
            untaken_since=row.received_on if untaken else None,
            unasked_since=row.received_on if unasked else None,
            calendar=calendar,
        )


def _facts_of(keys: Sequence[int]) -> dict[int, _Facts]:
    """The facts of those cases that have any. Keys close together are asked for as a range, which costs no more."""
    first, last = min(keys), max(keys)
    if last - first < 3 * len(keys):
        among = Q(case_id__gte=first, case_id__lte=last)
    else:
        written = ",".join(map(str, keys))  # as in ``CaseQuerySet.among``
        among = Q(RawSQL(f"case_id IN ({written})", (), models.BooleanField()))  # noqa: S611 - integers # nosec B611
    found: dict[int, _Facts] = defaultdict(lambda: ([], [], [], [], [], []))
    for place, (model, fields) in enumerate(_FACTS):
        for row in model._default_manager.filter(among).values_list(*fields):
            found[row[0]][place].append(_bare(model, fields, row))
    return found


def _bare(model: type[models.Model], fields: tuple[str, ...], row: tuple[Any, ...]) -> models.Model:
    """An instance for its reading methods alone: what makes one fit to be saved would take half the time of a pass."""
    fact = model.__new__(model)
    fact.__dict__.update(zip(fields, row, strict=True))
    return fact
