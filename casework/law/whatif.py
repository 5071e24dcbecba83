"""What the due date becomes if the answer that is awaited comes today."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from casework.law.calendar import Calendar
from casework.law.clock import (
    CONSERVATIVE,
    Consultation,
    Due,
    Fact,
    FeeNotified,
    FeePaid,
    Readings,
    Receipt,
    SupplementReceived,
    SupplementRequested,
    consultation_lapse,
    replay,
)
from casework.law.words import Text


class Awaited(StrEnum):
    """Whose answer it is that moves the date."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``before``: the date without the answer; for what stops the clock, the one that ran until it was asked."""

    awaited: Awaited
    before: Due
    after: Due

    @property
    def words(self) -> Text:
        return _WORDS[self.awaited]

    @property
    def moves(self) -> bool:
        """Whether the answer changes the date: after a late notice it does not (条例 30)."""
        return self.before.due_on != self.after.due_on


def if_answered(
    receipt: Receipt,
    facts: Iterable[Fact],
    on: date,
    *,
    calendar: Calendar,
    readings: Readings = CONSERVATIVE,
) -> list[WhatIf]:
    """One row for each answer that is awaited on that day; facts in the order in which they took effect."""
    told = list(facts)

    def run(given: list[Fact]) -> Due:
        return replay(receipt, given, calendar=calendar, readings=readings)

    found = []
    asked = _place(told, SupplementRequested)
    if asked is not None and _place(told, SupplementReceived) is None:
        found.append(WhatIf(Awaited.SUPPLEMENT, run(told[:asked]), run([*told, SupplementReceived(on)])))
    fee = _place(told, FeeNotified)
    if fee is not None and _place(told[fee:], FeePaid) is None:
        found.append(WhatIf(Awaited.PAYMENT, run(told[:fee]), run([*told, FeePaid(on)])))
    answered = [_answered(fact, on, calendar) for fact in told]
    if answered != told and not found:
        found.append(WhatIf(Awaited.OPINION, run(told), run(answered)))
    return found


def _place(facts: list[Fact], kind: type) -> int | None:
    """Where the last fact of a kind stands."""
    return next((at for at in reversed(range(len(facts))) if isinstance(facts[at], kind)), None)


def _answered(fact: Fact, on: date, calendar: Calendar) -> Fact:
    if not isinstance(fact, Consultation) or fact.answered_on is not None:
        return fact
    begun = fact.delivered_on or fact.sent_on
    if not begun <= on <= consultation_lapse(begun, calendar=calendar):
        return fact
    return replace(fact, answered_on=on)


_WORDS: Final = {
    Awaited.SUPPLEMENT: Text("如果今天收到您的补正", "If your supplement arrives today"),
    Awaited.PAYMENT: Text("如果您今天缴费", "If you pay today"),
    Awaited.OPINION: Text("如果今天收到征求的意见", "If the opinion that is awaited arrives today"),
}
