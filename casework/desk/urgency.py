"""How urgent a case is, in a colour and in words that say the same."""

from dataclasses import dataclass
from datetime import date

from casework.law.words import Text, said
from casework.models import Case
from casework.models.event import days_left


@dataclass(frozen=True, slots=True)
class Urgency:
    """``look`` is the class of the mark: calm, soon, today, late, waiting or closed."""

    look: str
    words: Text
    due_on: date | None = None
    provisional: bool = False


def urgency_of(case: Case, *, on: date) -> Urgency:
    """Seen on a day; the clock is replayed, so that days of consultation do not count as days left."""
    if case.closed_on is not None:
        return Urgency("closed", _CLOSED.format(day=said(case.closed_on)))
    due = case.due()
    left = due.days_left(on)
    if due.due_on is None or left is None:
        return _waiting(case, on)
    if on > due.due_on:
        return Urgency("late", days_left(left) if left else _JUST_PASSED, due.due_on, due.provisional)
    look = "today" if left == 0 else "soon" if left <= max(case.agency.remind_days, default=0) else "calm"
    return Urgency(look, days_left(left), due.due_on, due.provisional)


def _waiting(case: Case, on: date) -> Urgency:
    supplement = case.open_supplement
    until = supplement.period_ends_on if supplement else case.period_ends_on
    ongoing, lapsed = (_SUPPLEMENT, _SUPPLEMENT_LAPSED) if supplement else (_PAYMENT, _PAYMENT_LAPSED)
    if until is None:
        return Urgency("waiting", case.standing.clerk)
    if until < on:
        return Urgency("late", lapsed.format(day=said(until)))
    return Urgency("waiting", ongoing.format(day=said(until)))


_CLOSED = Text("{day}办结", "closed on {day}")
_JUST_PASSED = Text("已逾期", "overdue")
_SUPPLEMENT = Text("待申请人补正至{day}", "waiting for the supplement until {day}")
_SUPPLEMENT_LAPSED = Text("补正期限已于{day}届满", "the period to supplement ran out on {day}")
_PAYMENT = Text("待申请人缴费至{day}", "waiting for payment until {day}")
_PAYMENT_LAPSED = Text("缴费期限已于{day}届满", "the period to pay ran out on {day}")
