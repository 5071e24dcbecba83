"""What time alone causes. A sweep selects and loops; the verbs of ``actions.watch`` act.

It asks "not yet done?", never "since yesterday?", so it may run twice, late, twice at once, or not at all for a week.
A case carries the day on which to look at it next (``watch_on``, one partial index): the cost follows what is due.
"""

import itertools
import logging
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.db.models import Case as Choice
from django.db.models import Exists, F, OuterRef, When

from casework import notices
from casework.access import Verb
from casework.actions import calendar, likereplies, materials, redact, watch
from casework.law.calendar import day_of
from casework.law.filing import LATE_LEFT, REMIND_LEFT
from casework.law.states import State
from casework.law.watch import (
    HEAD_HEARS_AFTER,
    answer_rung,
    chase_reached,
    milestones,
    next_chase,
    notice_days,
    reached,
    untaken_on,
    working_days_left,
)
from casework.models import (
    Agency,
    Assistance,
    Case,
    Channel,
    Dispute,
    Event,
    Kind,
    Letter,
    PublishedReply,
    edition,
)
from casework.models.awaited import awaited
from casework.models.replays import Replays
from casework.notices import Due, Watched
from casework.wordsearch.cases import index_all_waiting
from notifications import outbox

log = logging.getLogger(__name__)

#: Cases in one transaction: locks are short, and a sweep that dies loses little.
BATCH: Final = 1000


def handle_records(*, at: datetime) -> int:
    """Scan the files that wait for the scanner and make those that were asked for; how many were made."""
    materials.look_again(at=at)
    return redact.make_waiting(at=at)


@dataclass(slots=True)
class Swept:
    """What a sweep did."""

    looked_at: int = 0
    reminded: int = 0
    escalated: int = 0
    lapsed: int = 0
    untaken: int = 0
    untold: int = 0
    recalled: int = 0


def remind(*, at: datetime) -> Swept:
    """Tell everybody what has become due and has not been told, and set the day of the next look at each case."""
    swept, on, agencies = Swept(), day_of(at), _Agencies(day_of(at))
    # Ordered so that what one person has to hear falls into one batch and becomes one message.
    waiting = Case.objects.still_open().filter(watch_on__lte=on).order_by("agency_id", "clerk_id", "id")
    keys = array("q", waiting.values_list("pk", flat=True).iterator(chunk_size=10_000))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            _sweep(_claimed(keys[start : start + BATCH].tolist(), on), agencies, swept, at=at)
    return swept


def _claimed(keys: list[int], on: date) -> list[Watched]:
    """The cases that no other sweep has or is at. SQLite's immediate transaction is a lock already."""
    cases = Case.objects.among(keys).filter(watch_on__lte=on)
    if connection.features.has_select_for_update_skip_locked:
        cases = cases.select_for_update(skip_locked=True)
    since = Choice(When(clerk=None, channel=Channel.ONLINE, then=F("received_on")), default=None)
    unasked = Choice(When(state=State.RECEIVED, then=F("received_on")), default=None)
    untold = Exists(Letter.objects.not_sent().filter(case=OuterRef("pk"), act=Verb.EXTEND.value))
    rows = cases.annotate(untaken_since=since, unasked_since=unasked, untold=untold).values_list(
        *("pk", "number", "agency_id", "clerk_id", "due_on", "period_ends_on", "untaken_since", "due_is_provisional"),
        *("untold", "unasked_since"),
    )
    return list(itertools.starmap(Watched, rows))


def _sweep(cases: list[Watched], agencies: "_Agencies", swept: Swept, *, at: datetime) -> None:
    agencies.read({case.agency for case in cases})
    told = _told([case.pk for case in cases])
    found = _Found()
    next_look: dict[date | None, list[int]] = defaultdict(list)
    for case in cases:
        next_look[agencies.look_at(case, told.get(case.pk, ()), found)].append(case.pk)
    found.keep_untouched()
    swept.looked_at += len(cases)
    swept.reminded += found.tell(watch.remind, Kind.REMINDED, at=at)
    swept.escalated += found.tell(watch.escalate, Kind.ESCALATED, at=at)
    swept.lapsed += found.tell(watch.lapse, Kind.LAPSE_FOUND, at=at)
    swept.untaken += found.tell(watch.miss_clerk, Kind.LEFT_UNTAKEN, at=at)
    swept.untold += found.tell(watch.miss_telling, Kind.EXTENSION_UNTOLD, at=at)
    swept.recalled += found.tell(watch.recall_notice, Kind.SUPPLEMENT_REMINDED, at=at)
    watch.look_again(next_look)


def _told(keys: list[int]) -> dict[int, list[str]]:
    """What each of these cases has been told before."""
    told: dict[int, list[str]] = defaultdict(list)
    done = Case.objects.among(keys).filter(events__once__isnull=False)
    for case, once in done.values_list("pk", "events__once"):
        told[case].append(once or "")
    return told


class _Found:
    """What is due and not told yet, gathered under what there is to say."""

    def __init__(self) -> None:
        self.due: dict[tuple[Kind, str, int | None], Due] = {}

    def add(
        self,
        kind: Kind,
        once: str,
        case: Watched,
        *,
        due_on: date | None = None,
        days_left: int | None = None,
        until: date | None = None,
    ) -> None:
        due = self.due.get((kind, once, days_left))
        if due is None:
            due = self.due[kind, once, days_left] = Due(once, due_on, days_left, until)
        due.cases.append(case)

    def keep_untouched(self) -> None:
        """Of the cases near the last day for a supplement notice, those in which nothing has been done."""
        near = [due for (kind, *_rest), due in self.due.items() if kind is Kind.SUPPLEMENT_REMINDED]
        keys = [case.pk for due in near for case in due.cases]
        untouched = set(Case.objects.among(keys).untouched().values_list("pk", flat=True)) if keys else set()
        for due in near:
            due.cases[:] = [case for case in due.cases if case.pk in untouched]

    def tell(self, verb: Callable[..., None], kind: Kind, *, at: datetime) -> int:
        """Let the verb act on everything of a kind; of how many cases."""
        due = [each for (its_kind, *_rest), each in self.due.items() if its_kind is kind and each.cases]
        verb(due, at=at)
        return sum(len(each.cases) for each in due)


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

    def read(self, keys: set[int]) -> None:
        if missing := keys - self.agencies.keys():
            self.agencies |= Agency.objects.in_bulk(missing)

    def look_at(self, case: Watched, told: Collection[str], found: _Found) -> date | None:
        """Add to ``found`` what is due and not told yet; when to look at the case again."""
        looks: list[date | None] = []
        if case.due_on is not None:
            call = self.call(case.agency, case.due_on)
            if call.remind and call.remind not in told:
                found.add(Kind.REMINDED, call.remind, case, due_on=case.due_on, days_left=call.days_left)
            if call.escalate and call.escalate not in told:
                found.add(Kind.ESCALATED, call.escalate, case, due_on=case.due_on, days_left=call.days_left)
            # After the day it is too late: the consent has come to nothing, and the case is overdue like any other.
            if case.untold and case.due_on == self.on and (once := f"untold:{case.due_on}") not in told:
                found.add(Kind.EXTENSION_UNTOLD, once, case, due_on=case.due_on, days_left=0)
            looks.append(call.next_on)
        if case.period_ends_on is not None:
            looks.append(self.look_at_period(case, case.period_ends_on, told, found))
        if case.untaken_since is not None:
            looks.append(self.look_for_clerk(case, case.untaken_since, told, found))
        if case.unasked_since is not None:
            looks.append(self.look_for_notice(case, case.unasked_since, told, found))
        return min((day for day in looks if day is not None), default=None)

    def look_at_period(self, case: Watched, ends_on: date, told: Collection[str], found: _Found) -> date | None:
        """The applicant's own period: its last day is still theirs."""
        if self.on <= ends_on:
            return ends_on + timedelta(days=1)
        once = f"lapse:{ends_on}"
        if once not in told:
            found.add(Kind.LAPSE_FOUND, once, case, until=ends_on)
        return None

    def look_for_clerk(self, case: Watched, since: date, told: Collection[str], found: _Found) -> date | None:
        day = untaken_on(since, self.agencies[case.agency].calendar)
        if self.on < day:
            return day
        if "untaken" not in told:
            left = None
            if case.due_on is not None:
                left = self.call(case.agency, case.due_on).days_left
            found.add(Kind.LEFT_UNTAKEN, "untaken", case, due_on=case.due_on, days_left=left)
        return None

    def look_for_notice(self, case: Watched, since: date, told: Collection[str], found: _Found) -> date | None:
        """The last day for a supplement notice and the one before; afterwards there is nothing left to recall."""
        before, last = notice_days(since, self.agencies[case.agency].calendar)
        if self.on < before:
            return before
        if self.on > last:
            return None
        once = f"notice:{last}:{int(self.on < last)}"
        if once not in told:
            found.add(Kind.SUPPLEMENT_REMINDED, once, case, until=last)
        return last if self.on < last else None

    def call(self, agency_id: int, due_on: date) -> _Call:
        call = self.calls.get((agency_id, due_on))
        if call is None:
            call = self.calls[agency_id, due_on] = self.reckoned(self.agencies[agency_id], due_on)
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
            next_on=min(
                (day for day in (due_on, *(m.on for m in reminders + escalations)) if day > self.on), default=None
            ),
        )


def report_undelivered(*, at: datetime) -> int:
    """Tell the office of each notice to an applicant that was given up, once; how many."""
    told = 0
    for message in outbox.unreported()[:BATCH]:
        with transaction.atomic():
            if outbox.take_note(message, at=at) and (case := notices.case_of_applicant(message)):
                watch.miss_applicant(case, way=message.channel, at=at)
                told += 1
    return told


def tell_of_published(*, at: datetime) -> int:
    """Of each reply whose day has come, tell those who wait for the like, once; how many people."""
    index_all_waiting()  # what came in just now is to be found as well
    waiting = PublishedReply.objects.visible(day_of(at)).filter(told_at=None).order_by("pk")
    return sum(likereplies.tell_the_like(reply, at=at) for reply in list(waiting))


# Requests inside -----------------------------------------------------------------------------------------------------


def chase(*, at: datetime) -> int:
    """Recall every request inside whose day is near or past, and report it to the head; of how many."""
    on, recalled = day_of(at), 0
    while True:
        with transaction.atomic():
            requests = _silent_requests(on)
            if not requests:
                return recalled
            recalled += _recall(requests, on, at=at)


def _silent_requests(on: date) -> list[Assistance]:
    """A batch that no other sweep has; each is given a later day, so that the next batch holds others."""
    waiting = Assistance.objects.filter(chase_on__lte=on).select_related("case__agency").order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True, of=("self",))
    return list(waiting[:BATCH])


def _recall(requests: list[Assistance], on: date, *, at: datetime) -> int:
    told = set(
        Event.objects.filter(case__in={each.case_id for each in requests}, once__startswith="assist:").values_list(
            "once", flat=True
        )
    )
    due, late, again = [], [], defaultdict[date | None, list[int]](list)
    for asked in requests:
        if not asked.case.is_open:
            again[None].append(asked.pk)  # nobody waits for the answer any more
            continue
        calendar = asked.case.agency.calendar
        left, rung = working_days_left(on, asked.due_on, calendar), chase_reached(asked.due_on, on, calendar)
        if rung is not None and (once := f"assist:{asked.pk}:{rung}") not in told:
            due.append(watch.Silence(asked, left, once))
        if left <= -HEAD_HEARS_AFTER and (once := f"assist:{asked.pk}:head") not in told:
            late.append(watch.Silence(asked, left, once))
        again[next_chase(asked.due_on, on, calendar)].append(asked.pk)
    watch.recall(due, at=at)
    watch.report_silence(late, at=at)
    watch.chase_again(again)
    return len(due)


# Answers in reconsideration and in court ------------------------------------------------------------------------------


def ask_for_answers(*, at: datetime) -> int:
    """Tell clerk and head of every answer that the agency owes and that is nearly due, or late; of how many.

    The dates are worked out as they are told, so that a new calendar edition needs no recomputation here; each rung
    of the ladder is one message a person, made impossible twice by its key.
    """
    on, told = day_of(at), 0
    edition.look_again()
    owed = Dispute.objects.awaiting_answer().select_related("agency", "case__clerk").prefetch_related("steps")
    for dispute in owed:
        due = dispute.answer_due()
        if due is None or due.due_on is None:
            continue
        rung = answer_rung(due.due_on, on, dispute.agency.calendar)
        if rung is None:
            continue
        with transaction.atomic():
            left = working_days_left(on, due.due_on, dispute.agency.calendar)
            once = f"{due.due_on}:{rung}"
            notices.tell_of_dispute(dispute, notices.DISPUTE_ANSWER_DUE, once, due=due, days_left=left, at=at)
        told += 1
    return told


# Calendar editions ---------------------------------------------------------------------------------------------------


def ask_for_edition(*, at: datetime) -> int:
    """From 1 November, once a week until it is there: the holidays of next year are missing. How many people heard.

    From 15 December every second day, and the message says what is at stake.
    """
    edition.look_again()
    on = day_of(at)
    year = edition.missing_year(on)
    if year is None:
        return 0
    urgent = edition.is_urgent(year, on)
    once = f"{on.toordinal() // 2}" if urgent else f"{on.isocalendar().year}w{on.isocalendar().week}"
    with transaction.atomic():
        return notices.ask_for_edition(year, urgent=urgent, once=once, at=at)


def carry_on_editions(*, at: datetime) -> int:
    """Take up each recomputation that was killed; how many."""
    found = list(calendar.unfinished())
    for applied in found:
        calendar.carry_on(applied, at=at)
    return len(found)


# Annual reports ------------------------------------------------------------------------------------------------------


def remind_reports(*, at: datetime) -> int:
    """Each report on last year that is due, or overdue, and not published: how many were spoken of.

    Each day on which so many working days are left is told once, by the keys of the messages.
    """
    edition.look_again()
    on, told = day_of(at), 0
    for report in awaited(Agency.objects.filter(outside=False), on=on):
        if not report.is_watched(on):
            continue
        planned_on, calendar = report.due.planned_on, report.agency.calendar
        milestone = reached(milestones(planned_on, (*REMIND_LEFT, *LATE_LEFT), calendar), on)
        if milestone is None:
            continue
        due = notices.AwaitedReport(
            report.agency,
            report.year,
            report.region,
            report.due.due_on,
            planned_on,
            days_left=working_days_left(on, planned_on, calendar),
            milestone=milestone.days_left,
        )
        with transaction.atomic():
            told += bool(notices.tell_awaited(due, at=at))
    return told


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
    replays, last = Replays(), 0
    cases = Case.objects.order_by("pk")
    while batch := replays.of(cases.filter(pk__gt=last)[:BATCH]):
        for found in batch:
            for name, stored, right in found.differences(on):
                yield Difference(found.case.number, name, stored, right)
        last = batch[-1].case.pk


def log_differences(*, on: date) -> int:
    """What beat does every night: a line a difference, for whoever reads the log; how many."""
    differences = 0
    for found in verify_clocks(on=on):
        log.error("clock of %s: %s is %s but the facts give %s", found.case, found.name, found.stored, found.found)
        differences += 1
    return differences
