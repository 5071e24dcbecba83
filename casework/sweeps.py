"""What time alone causes. A sweep selects and loops; the verbs of ``actions.watch`` act.

It asks "not yet done?", never "since yesterday?", so it may run twice, late, twice at once, or not at all for a week.
A case carries the day on which to look at it next (``watch_on``, one partial index): the cost follows what is due.
"""

import itertools
import logging
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction

from casework.actions import watch
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.watch import milestones, reached, untaken_on, working_days_left
from casework.models import Agency, Case, Channel, Event
from casework.notices import Due

log = logging.getLogger(__name__)

#: Cases in one transaction: locks are short, and a sweep that dies loses little.
BATCH: Final = 1000


@dataclass(slots=True)
class Swept:
    """What a sweep did."""

    looked_at: int = 0
    reminded: int = 0
    escalated: int = 0
    lapsed: int = 0
    untaken: int = 0


def sweep(*, at: datetime) -> Swept:
    """Tell everybody what has become due and has not been told, and set the day of the next look at each case."""
    swept, on, agencies = Swept(), day_of(at), _Agencies(day_of(at))
    # Ordered so that what one person has to hear falls into one batch and becomes one message.
    waiting = Case.objects.filter(watch_on__lte=on).order_by("agency_id", "clerk_id", "id").values_list("pk", flat=True)
    keys = array("q", waiting.iterator(chunk_size=10_000))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            _sweep(_claimed(keys[start : start + BATCH].tolist(), on), agencies, swept, at=at)
    return swept


class _Watched(NamedTuple):
    pk: int
    number: str
    agency: int
    clerk: int | None
    channel: str
    received_on: date
    due_on: date | None
    period_ends_on: date | None
    closed_on: date | None


def _claimed(keys: list[int], on: date) -> list[_Watched]:
    """The cases that no other sweep has or is at. SQLite's immediate transaction is a lock already."""
    cases = Case.objects.filter(pk__in=keys, watch_on__lte=on).order_by()
    if connection.features.has_select_for_update_skip_locked:
        cases = cases.select_for_update(skip_locked=True)
    rows = cases.values_list(
        *("pk", "number", "agency_id", "clerk_id", "channel"),
        *("received_on", "due_on", "period_ends_on", "closed_on"),
    )
    return list(itertools.starmap(_Watched, rows))


def _sweep(cases: list[_Watched], agencies: "_Agencies", swept: Swept, *, at: datetime) -> None:
    told = _told([case.pk for case in cases])
    found = _Found()
    next_look: dict[date | None, list[int]] = defaultdict(list)
    for case in cases:
        next_look[agencies.look_at(case, told.get(case.pk, ()), found)].append(case.pk)
    watch.remind(found.reminders, at=at)
    watch.escalate(found.escalations, at=at)
    watch.lapse(found.lapses, at=at)
    watch.miss_clerk(found.untaken, at=at)
    watch.look_again(next_look)
    swept.looked_at += len(cases)
    swept.reminded += len(found.reminders)
    swept.escalated += len(found.escalations)
    swept.lapsed += len(found.lapses)
    swept.untaken += len(found.untaken)


def _told(keys: list[int]) -> dict[int, list[str]]:
    """What each of these cases has been told before."""
    told: dict[int, list[str]] = defaultdict(list)
    done = Event.objects.filter(case__in=keys, once__isnull=False).order_by()
    for case, once in done.values_list("case_id", "once"):
        told[case].append(once or "")
    return told


@dataclass(slots=True)
class _Found:
    reminders: list[Due] = field(default_factory=list)
    escalations: list[Due] = field(default_factory=list)
    lapses: list[Due] = field(default_factory=list)
    untaken: list[Due] = field(default_factory=list)


class _Call(NamedTuple):
    """What a due date calls for on a day: the names of reminder and escalation, and the day after which to look."""

    remind: str
    escalate: str
    days_left: int
    next_on: date | None


class _Agencies:
    """The agencies' settings, and what each due date calls for today, worked out once and not once a case."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.agencies: dict[int, Agency] = {}
        self.calls: dict[tuple[int, date], _Call] = {}

    def look_at(self, case: _Watched, told: Collection[str], found: _Found) -> date | None:
        """Add to ``found`` what is due and not told yet; when to look at the case again."""
        if case.closed_on is not None:
            return None
        looks: list[date] = []
        if case.due_on is not None:
            call = self.call(case.agency, case.due_on)
            due = Due(case.pk, case.number, case.agency, case.clerk, call.remind, case.due_on, call.days_left)
            if call.remind and call.remind not in told:
                found.reminders.append(due)
            if call.escalate and call.escalate not in told:
                found.escalations.append(due._replace(once=call.escalate))
            if call.next_on is not None:
                looks.append(call.next_on)
        if case.period_ends_on is not None:
            self.look_at_period(case, case.period_ends_on, told, found, looks)
        if case.clerk is None and case.channel == Channel.ONLINE:
            self.look_for_clerk(case, told, found, looks)
        return min(looks, default=None)

    def look_at_period(
        self, case: _Watched, ends_on: date, told: Collection[str], found: _Found, looks: list[date]
    ) -> None:
        """The applicant's own period: its last day is still theirs."""
        once = f"lapse:{ends_on}"
        if self.on <= ends_on:
            looks.append(ends_on + timedelta(days=1))
        elif once not in told:
            found.lapses.append(Due(case.pk, case.number, case.agency, case.clerk, once, until=ends_on))

    def look_for_clerk(self, case: _Watched, told: Collection[str], found: _Found, looks: list[date]) -> None:
        day = untaken_on(case.received_on, self.agency(case.agency).calendar)
        if self.on < day:
            looks.append(day)
        elif "untaken" not in told:
            found.untaken.append(Due(case.pk, case.number, case.agency, case.clerk, "untaken", case.due_on))

    def call(self, agency_id: int, due_on: date) -> _Call:
        call = self.calls.get((agency_id, due_on))
        if call is None:
            call = self.calls[agency_id, due_on] = self.reckoned(self.agency(agency_id), due_on)
        return call

    def reckoned(self, agency: Agency, due_on: date) -> _Call:
        """The latest milestone of either kind: after a gap one message is enough, with the days left as of now."""
        reminders = milestones(due_on, agency.remind_days, agency.calendar)
        escalations = milestones(due_on, agency.escalate_days, agency.calendar)
        remind, escalate = reached(reminders, self.on), reached(escalations, self.on)
        return _Call(
            remind=f"remind:{due_on}:{remind.days_left}" if remind else "",
            escalate=f"escalate:{due_on}:{escalate.days_left}" if escalate else "",
            days_left=working_days_left(self.on, due_on, agency.calendar),
            next_on=min((m.on for m in reminders + escalations if m.on > self.on), default=None),
        )

    def agency(self, pk: int) -> Agency:
        if pk not in self.agencies:
            self.agencies[pk] = Agency.objects.get(pk=pk)
        return self.agencies[pk]


# Proof -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored copy that is not what the facts give; ``found`` is a sentence where the replay itself refuses."""

    case: str
    name: str
    stored: object
    found: object


def verify_clocks(*, on: date) -> Iterator[Difference]:
    """Replay the clock of every case and name each stored copy that differs (design idea 1). Changes nothing."""
    texts = ("subject", "content", "note", "query_code_hash")
    cases, last = Case.objects.with_clock_facts().defer(*texts).order_by("pk"), 0
    while batch := list(cases.filter(pk__gt=last)[:BATCH]):
        for case in batch:
            yield from _differences(case, on)
        last = batch[-1].pk


def log_differences(*, on: date) -> int:
    """What beat does every night: a line a difference, for whoever reads the log; how many."""
    differences = 0
    for found in verify_clocks(on=on):
        log.error("clock of %s: %s is %s but the facts give %s", found.case, found.name, found.stored, found.found)
        differences += 1
    return differences


def _differences(case: Case, on: date) -> Iterator[Difference]:
    try:
        copies = case.clock_copies(on=on)
    except Refused as refused:
        yield Difference(case.number, "due_on", case.due_on, refused.sentence.zh)
        return
    for name in ("due_on", "due_is_provisional", "period_ends_on"):
        if getattr(case, name) != copies[name]:
            yield Difference(case.number, name, getattr(case, name), copies[name])
    # What is past may have been told; what is to come must not be slept through.
    days = case.watched_days(copies["due_on"], copies["period_ends_on"])
    wanted = min((day for day in days if day > on), default=None)
    if wanted is not None and (case.watch_on is None or case.watch_on > wanted):
        yield Difference(case.number, "watch_on", case.watch_on, wanted)
