"""The clock by brute force: one day after the other, written from the rule book and not from the product.

A fact is a tuple of its kind and its values; days are asked of ``chinesecalendar``. Slow and simple on purpose.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from chinese_calendar import is_workday

DAY = timedelta(days=1)


class NotAllowed(Exception):
    """The rule book does not allow the fact."""


def nth_workday(start: date, number: int, skip: set[date] | frozenset[date] = frozenset()) -> date:
    """law.md 4: ``while c < n: d += 1 day; if calendar.is_workday(d) and d not in skip: c += 1``."""
    on, counted = start, 0
    while counted < number:
        on += DAY
        if is_workday(on) and on not in skip:
            counted += 1
    return on


def excluded_days(sent: date, delivered: date | None, answered: date | None) -> set[date]:
    """4.5, 4.7, 4.8: from the day after dispatch to the answer, at most to the 15th working day after delivery."""
    last = nth_workday(delivered or sent, 15)
    if answered is not None and answered < last:
        last = answered
    days = set()
    on = sent + DAY
    while on <= last:
        days.add(on)
        on += DAY
    return days


def due_date(received: date, facts: Sequence[tuple[Any, ...]]) -> date | None:  # noqa: C901, PLR0912 (one rule after the other)
    """The due date, ``None`` while the applicant is to act; raises ``NotAllowed``."""
    base = 20 if received >= date(2019, 5, 15) else 15
    length, start, skip = base, received, set[date]()
    supplement, late, fee, extended = "no", False, False, False
    named: date | None = None
    before = received

    def running() -> date | None:
        if (supplement == "asked" and not late) or fee:
            return None
        counted = nth_workday(start, length, skip)
        return named if named and named > counted else counted

    for kind, on, *values in facts:
        if on < before:
            raise NotAllowed("order")
        before = on
        end = running()
        if kind == "supplement_requested":
            if supplement != "no":
                raise NotAllowed("30: once")
            supplement = "asked"
            late = base == 20 and on > nth_workday(received, 7)
        elif kind == "supplement_received":
            if supplement != "asked":
                raise NotAllowed("30: not asked for")
            supplement = "received"
            if not late:
                start = on
        elif kind == "consultation":
            delivered, answered = values
            if (delivered or on) < on or (answered or delivered or on) < (delivered or on):
                raise NotAllowed("answered or delivered before")
            skip |= excluded_days(on, delivered, answered)
        elif kind == "extended":
            if extended or end is None or on > end or not 1 <= values[0] <= base:
                raise NotAllowed("33(2)")
            extended = True
            length += values[0]
        elif kind == "delayed":
            if named or end is None or on > end or values[0] <= end:
                raise NotAllowed("35: once, told in time, and later than without it")
            named = values[0]
        elif kind == "fee_notified":
            if fee or end is None or on > end:
                raise NotAllowed("5.6")
            fee = True
        elif kind == "fee_paid":
            if not fee:
                raise NotAllowed("nothing to pay")
            fee, start = False, on
    return running()
