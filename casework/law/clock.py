"""The clock: facts are replayed in order, and the due date follows from them.

Four verbs, kept apart: *start* (receipt, by channel), *restart* (supplement received, fee paid), *suspend*
(consultation) and *extend*. Nothing else moves the date, and nobody sets it by hand, but for two days that are named:
the reasonable delay of art. 35, by the office and never earlier than without it; and the day that a court or a
reconsideration body orders for a new reply, which is never later than without it.
"""

from collections.abc import Iterable
from datetime import date

from casework.law import clock_sentences as sentences
from casework.law.calendar import Calendar
from casework.law.clockfacts import (
    Consultation,
    Delayed,
    Extended,
    Fact,
    FeeNotified,
    FeePaid,
    Ordered,
    Party,
    SupplementReceived,
    SupplementRequested,
)
from casework.law.due import ONE_DAY, Basis, Due, Pause, Step, Waiting, provisional_warning
from casework.law.periods import EXTENSIONS, FEE_MEASURES, PERIODS, PeriodKind, in_force
from casework.law.receipt import (
    CONSERVATIVE,
    Channel,
    Readings,
    Receipt,
    receipt_date,
    receipt_warnings,
)
from casework.law.refusals import Refused
from casework.law.words import Text, said

__all__ = [
    "CONSERVATIVE",
    "Channel",
    "Consultation",
    "Delayed",
    "Due",
    "Extended",
    "Fact",
    "FeeNotified",
    "FeePaid",
    "Ordered",
    "Party",
    "Readings",
    "Receipt",
    "Step",
    "SupplementReceived",
    "SupplementRequested",
    "Waiting",
    "consultation_lapse",
    "receipt_date",
    "replay",
    "supplement_notice_due",
]


def replay(
    receipt: Receipt, facts: Iterable[Fact] = (), *, calendar: Calendar, readings: Readings = CONSERVATIVE
) -> Due:
    """The due date that follows from the facts, given in the order in which they took effect.

    Raises ``Refused``, with the article, for a fact that the law does not allow where it stands.
    """
    clock = _Clock(receipt, calendar, readings)
    for fact in facts:
        clock.take(fact)
    return clock.due()


def supplement_notice_due(received_on: date, *, calendar: Calendar) -> date:
    """The last day for a notice asking for a supplement: the 7th working day after receipt (条例 30)."""
    return calendar.add_workdays(received_on, PERIODS[PeriodKind.SUPPLEMENT_NOTICE][0].length)


def consultation_lapse(delivered_on: date, *, calendar: Calendar) -> date:
    """The last day for an opinion: the 15th working day after the letter was received (条例 32, 34)."""
    return calendar.add_workdays(delivered_on, PERIODS[PeriodKind.THIRD_PARTY_REPLY][0].length)


class _Clock:
    """The state between two facts."""

    __slots__ = (
        "calendar",
        "delayed_until",
        "extension",
        "fee_notices",
        "latest",
        "notice_is_late",
        "ordered",
        "pauses",
        "readings",
        "received_on",
        "reply",
        "risk_on",
        "start_law",
        "start_why",
        "started_on",
        "supplemented",
        "unpaid_since",
        "unsupplemented_since",
        "warnings",
    )

    def __init__(self, receipt: Receipt, calendar: Calendar, readings: Readings) -> None:
        calendar.check_covers(receipt.arrived_on)
        self.calendar = calendar
        self.readings = readings
        self.received_on = self.started_on = receipt_date(receipt, calendar=calendar, readings=readings)
        # A reading that moves the receipt to Monday must not refuse what was done on the Sunday.
        self.latest = min(self.received_on, receipt.confirmed_on or receipt.arrived_on)
        self.reply = in_force(PERIODS[PeriodKind.REPLY], self.received_on)
        self.start_why, self.start_law = sentences.RECEIVED, "条例 31"
        self.extension = 0
        self.delayed_until: date | None = None
        self.ordered: Ordered | None = None
        self.pauses: list[Pause] = []
        self.unsupplemented_since: date | None = None
        self.supplemented = False
        self.notice_is_late = False
        self.unpaid_since: date | None = None
        self.fee_notices = 0
        self.risk_on: date | None = None
        self.warnings = list(receipt_warnings(receipt))

    # -- the facts -----------------------------------------------------------------------------------------------

    def take(self, fact: Fact) -> None:
        if fact.on < self.latest:
            raise _refused(sentences.OUT_OF_ORDER, "", "on", on=fact.on, latest=self.latest)
        match fact:
            case SupplementRequested():
                self.request_supplement(fact.on)
            case SupplementReceived():
                self.receive_supplement(fact.on)
            case Consultation():
                self.suspend(fact)
            case Extended():
                self.extend(fact)
            case Delayed():
                self.delay(fact)
            case Ordered():
                self.ordered = fact
            case FeeNotified():
                self.notify_fee(fact.on)
            case FeePaid():
                self.receive_payment(fact.on)
        self.latest = fact.on

    def request_supplement(self, on: date) -> None:
        if self.supplemented or self.unsupplemented_since:
            raise _refused(sentences.SECOND_SUPPLEMENT, "条例 30", "on", on=on)
        limit = supplement_notice_due(self.received_on, calendar=self.calendar)
        # The time for the notice came with the Regulation of 2019; before it there was none to miss.
        if on > limit and self.received_on >= PERIODS[PeriodKind.SUPPLEMENT_NOTICE][0].since:
            self.risk_on = self.due_date()
            expired = self.risk_on is not None and on > self.risk_on
            self.notice_is_late = expired or not self.readings.late_notice_restarts
            warning = sentences.LATE_NOTICE if self.notice_is_late else sentences.LATE_NOTICE_RESTARTS
            self.warnings.append(_say(warning, on=on, limit=limit))
        self.unsupplemented_since = on

    def receive_supplement(self, on: date) -> None:
        if self.supplemented:
            raise _refused(sentences.SUPPLEMENTED_ALREADY, "条例 30", "on", on=on)
        if self.unsupplemented_since is None:
            raise _refused(sentences.SUPPLEMENT_NOT_REQUESTED, "条例 30", "on", on=on)
        self.supplemented = True
        if not self.notice_is_late:
            self.restart(on, sentences.SUPPLEMENTED, "条例 30")

    def suspend(self, fact: Consultation) -> None:
        first_day = fact.delivered_on or fact.sent_on
        if first_day < fact.sent_on:
            raise _refused(
                sentences.DELIVERED_TOO_EARLY, fact.party.law, "delivered_on", on=first_day, sent=fact.sent_on
            )
        if fact.answered_on is not None and fact.answered_on < first_day:
            raise _refused(
                sentences.ANSWERED_TOO_EARLY, fact.party.law, "answered_on", on=fact.answered_on, sent=first_day
            )
        running = self.due_date()
        if running is not None and fact.sent_on >= running:
            self.warnings.append(_say(sentences.CONSULTED_TOO_LATE, on=fact.sent_on, due=running))
        lapse = consultation_lapse(first_day, calendar=self.calendar)
        if fact.answered_on is None or fact.answered_on > lapse:
            self.warn_of_lapse(fact, lapse)
        last = lapse if fact.answered_on is None else min(fact.answered_on, lapse)
        first = fact.sent_on + ONE_DAY
        if first <= last:
            self.pauses.append(Pause(first, last, fact.party.words))

    def warn_of_lapse(self, fact: Consultation, lapse: date) -> None:
        if fact.delivered_on is None:
            self.warnings.append(_say(sentences.NOT_DELIVERED, on=fact.sent_on, lapse=lapse, party=fact.party.words))
        if fact.answered_on is not None:
            self.warnings.append(
                _say(sentences.ANSWERED_TOO_LATE, on=fact.answered_on, lapse=lapse, party=fact.party.words)
            )

    def extend(self, fact: Extended) -> None:
        limit = in_force(EXTENSIONS, self.received_on)
        if self.extension:
            raise _refused(sentences.SECOND_EXTENSION, limit.law, "on", on=fact.on)
        if not 1 <= fact.working_days <= limit.length:
            raise Refused(
                sentences.EXTENSION_LENGTH.format(days=fact.working_days, limit=limit.length),
                law=limit.law,
                field="working_days",
            )
        running = self.due_date()
        if running is None:
            raise _refused(sentences.NOTHING_TO_EXTEND, limit.law, "on", on=fact.on)
        if fact.on > running:
            raise _refused(sentences.EXTENDED_TOO_LATE, limit.law, "on", on=fact.on, due=running)
        self.extension = fact.working_days

    def delay(self, fact: Delayed) -> None:
        if self.delayed_until is not None:
            raise _refused(sentences.SECOND_DELAY, "条例 35", "on", on=fact.on)
        running = self.due_date()
        if running is None:
            raise _refused(sentences.NOTHING_TO_DELAY, "条例 35", "on", on=fact.on)
        if fact.on > running:
            raise _refused(sentences.DELAYED_TOO_LATE, "条例 35", "on", on=fact.on, due=running)
        if fact.until <= running:
            raise _refused(sentences.NO_DELAY, "条例 35", "until", until=fact.until, due=running)
        self.calendar.check_covers(fact.until)
        self.delayed_until = fact.until

    def notify_fee(self, on: date) -> None:
        if self.unpaid_since is not None:
            raise _refused(sentences.SECOND_FEE_NOTICE, FEE_MEASURES, "on", on=on, since=self.unpaid_since)
        running = self.due_date()
        if running is None:
            raise _refused(sentences.FEE_WHILE_WAITING, FEE_MEASURES, "on", on=on)
        if on > running:
            raise _refused(sentences.FEE_TOO_LATE, FEE_MEASURES, "on", on=on, due=running)
        if self.fee_notices:
            self.warnings.append(_say(sentences.ANOTHER_FEE, on=on))
        if on < PERIODS[PeriodKind.FEE_PAYMENT][0].since:
            self.warnings.append(
                _say(sentences.FEE_BEFORE_MEASURES, on=on, since=PERIODS[PeriodKind.FEE_PAYMENT][0].since)
            )
        self.unpaid_since = on
        self.fee_notices += 1

    def receive_payment(self, on: date) -> None:
        if self.unpaid_since is None:
            raise _refused(sentences.NOTHING_TO_PAY, FEE_MEASURES, "on", on=on)
        limit = self.calendar.add_workdays(self.unpaid_since, PERIODS[PeriodKind.FEE_PAYMENT][0].length)
        if on > limit:
            self.warnings.append(_say(sentences.PAID_LATE, on=on, limit=limit))
        self.unpaid_since = None
        self.restart(on, sentences.PAID, FEE_MEASURES)

    # -- the date ------------------------------------------------------------------------------------------------

    def restart(self, on: date, why: Text, law: str) -> None:
        self.started_on, self.start_why, self.start_law = on, why, law

    @property
    def waiting_for(self) -> Waiting | None:
        if self.unsupplemented_since and not self.supplemented and not self.notice_is_late:
            return Waiting.SUPPLEMENT
        return Waiting.PAYMENT if self.unpaid_since else None

    def due_date(self) -> date | None:
        """The date as the facts taken so far give it; ``None`` while no period runs."""
        if self.waiting_for:
            return None
        statutory = self.statutory()
        return statutory if self.ordered is None else min(statutory, self.ordered_until(self.ordered))

    def statutory(self) -> date:
        """The date without an order."""
        counted = self.counted()
        return counted if self.delayed_until is None else max(counted, self.delayed_until)

    def ordered_until(self, order: Ordered) -> date:
        """The day of the order. What was received after it is late from the first day on."""
        return max(order.until, self.received_on)

    def counted(self) -> date:
        """The date that counting days gives; a reasonable delay may have set a later one."""
        return due(self.started_on, self.reply.length + self.extension, self.excluded(), self.calendar)

    def binding_order(self, due_on: date | None) -> Ordered | None:
        """The order, if the reply is due on its day and not on the statutory one; says so."""
        order = self.ordered
        if order is None:
            return None
        until = self.ordered_until(order)
        if due_on is None:
            self.warnings.append(_say(sentences.ORDERED_WHILE_WAITING, until=until))
            return None
        statutory = self.statutory()
        if until >= statutory:
            return None
        self.warnings.append(_say(sentences.ORDERED_EARLIER, until=until, statutory=statutory))
        return order

    def excluded(self) -> tuple[tuple[date, date], ...]:
        return union((pause.first, pause.last) for pause in self.pauses) if self.pauses else ()

    def due(self) -> Due:
        due_on = self.due_date()
        provisional = due_on is not None and not self.calendar.known(due_on)
        if due_on is not None and provisional:
            self.warnings.append(provisional_warning(due_on))
        binding = self.binding_order(due_on)
        waiting_for = self.waiting_for
        if waiting_for is not None:
            self.warnings.append(sentences.WAITING[waiting_for])
        basis = Basis(
            calendar=self.calendar,
            start_why=self.start_why,
            start_law=self.start_law,
            law=self.reply.law,
            base_days=self.reply.length,
            extension_law=in_force(EXTENSIONS, self.received_on).law,
            pauses=tuple(self.pauses),
            waiting_since=self.unsupplemented_since if waiting_for is Waiting.SUPPLEMENT else self.unpaid_since,
            delayed_from=self.counted() if due_on is not None and self.delayed_until == due_on else None,
            order_law=binding.law if binding else "",
        )
        return Due(
            due_on,
            provisional,
            self.started_on,
            self.reply.length + self.extension,
            self.excluded(),
            tuple(self.warnings),
            waiting_for,
            due_on if self.notice_is_late else self.risk_on,
            basis,
        )


def due(start: date, working_days: int, excluded: Iterable[tuple[date, date]], calendar: Calendar) -> date:
    """The ``working_days``-th working day after ``start`` that lies in none of the intervals.

    ``excluded`` holds closed intervals that lie apart, in order (see ``union``). No day is walked: the working days
    of each interval that the period reaches are added to it; an interval before ``start`` has none to add.
    """
    on = calendar.add_workdays(start, working_days)
    for first, last in excluded:
        if first > on:
            break
        working_days += calendar.workdays_between(max(start, first - ONE_DAY), last)
        on = calendar.add_workdays(start, working_days)
    return on


def union(intervals: Iterable[tuple[date, date]]) -> tuple[tuple[date, date], ...]:
    """Closed intervals merged where they overlap or touch, in order."""
    merged: list[tuple[date, date]] = []
    for first, last in sorted(intervals):
        if merged and first <= merged[-1][1] + ONE_DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _say(sentence: Text, **values: date | Text) -> Text:
    return sentence.format(**{key: said(v) if isinstance(v, date) else v for key, v in values.items()})


def _refused(sentence: Text, law: str, field: str, **values: date | Text) -> Refused:
    return Refused(_say(sentence, **values), law=law, field=field)
