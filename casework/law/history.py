"""What a ledger says of one application, whether it can be so, and what the clock makes of it.

A history is judged whole, after the event: by the order of its days and by the same replay as a living case.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from casework.law import clock
from casework.law.calendar import Calendar
from casework.law.citation import cited
from casework.law.due import ONE_DAY, Due
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Outcome, Requirement
from casework.law.receipt import CONSERVATIVE, Channel, Readings, Receipt
from casework.law.refusals import Refused
from casework.law.states import State
from casework.law.words import Text

#: The facts of a ledger by the headings under which offices keep them, in the order of the sheet.
HEADINGS: Final[dict[str, str]] = {
    "number": "登记编号",
    "received_on": "收到日期",
    "channel": "申请渠道",
    "applicant_kind": "申请人类型",
    "applicant_name": "申请人",
    "identity_number": "证件号码",
    "contact": "联系方式",
    "content": "申请内容",
    "supplement_requested_on": "补正告知日期",
    "supplement_received_on": "补正收到日期",
    "extension_days": "延期天数",
    "outcome": "办理结果",
    "closed_on": "答复日期",
    "document_number": "答复文号",
    "note": "备注",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One row of a ledger. Codes are the keys of their tables; an empty text or ``None`` is a cell left blank."""

    row: int
    """Where it stands in its ledger; no fact of the case."""
    number: str
    received_on: date
    channel: str
    applicant_kind: str
    applicant_name: str
    identity_number: str
    contact: str
    content: str
    supplement_requested_on: date | None
    supplement_received_on: date | None
    extension_days: int | None
    outcome: str
    closed_on: date | None
    document_number: str
    note: str

    def receipt(self) -> Receipt:
        """A ledger keeps the day of receipt alone: where both sides must confirm, that is the day they did."""
        channel = Channel(self.channel)
        return Receipt(channel, self.received_on, self.received_on if channel.needs_confirmation else None)

    @property
    def state(self) -> State:
        """Where a case with these facts stands."""
        if self.outcome:
            return OUTCOMES[Outcome(self.outcome)].closes_as
        if self.supplement_requested_on and not self.supplement_received_on:
            return State.SUPPLEMENT_REQUESTED
        return State.RECEIVED


FACTS: Final = tuple(field.name for field in fields(History) if field.name != "row")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a fact, or worth a look, said without its name."""

    field: str
    text: Text


# -- whether it can be so ----------------------------------------------------------------------------------------------

#: A day, and another that it can't be earlier than.
_ORDER: Final = (
    ("supplement_requested_on", "received_on"),
    ("supplement_received_on", "supplement_requested_on"),
    ("closed_on", "received_on"),
)
#: Days that a careful office would look at once more: a supplement after the reply moves nothing.
_ODD_ORDER: Final = (("closed_on", "supplement_requested_on"), ("closed_on", "supplement_received_on"))
#: Two facts of which each must be there with the other.
PAIRS: Final = (("closed_on", "outcome"), ("outcome", "closed_on"))
#: A fact, and another without which it makes no sense.
NEEDS: Final = (("supplement_received_on", "supplement_requested_on"), ("document_number", "outcome"))
_DAYS: Final = ("received_on", "supplement_requested_on", "supplement_received_on", "closed_on")


def faults(history: History, *, on: date, calendar: Calendar, readings: Readings = CONSERVATIVE) -> Iterator[Fault]:
    """Everything that can't be so, seen from the day ``on``; nothing when the history can be stored."""
    found = False
    for fault in _contradictions(history, on, calendar):
        found = True
        yield fault
    # Most rows hold nothing that the clock could refuse, and days out of order would be refused twice.
    if history.extension_days and not found:
        try:
            timeline(history, on=on, calendar=calendar, readings=readings)
        except Refused as refused:
            yield Fault("extension_days", _cited(refused))


def _contradictions(history: History, on: date, calendar: Calendar) -> Iterator[Fault]:
    if history.received_on < calendar.first_day:
        yield Fault("received_on", _BEFORE_CALENDAR.format(first=calendar.first_day))
    for name in _DAYS:
        day = getattr(history, name)
        if day is not None and day > on:
            yield Fault(name, _FUTURE)
    for name, other in PAIRS:
        if getattr(history, name) and not getattr(history, other):
            yield Fault(other, _REQUIRED_WITH.format(other=HEADINGS[name]))
    for name, other in NEEDS:
        if getattr(history, name) and not getattr(history, other):
            yield Fault(name, _WITHOUT.format(other=HEADINGS[other]))
    yield from _misplaced(history, _ORDER)


def _misplaced(history: History, order: tuple[tuple[str, str], ...]) -> Iterator[Fault]:
    for name, other in order:
        later, earlier = getattr(history, name), getattr(history, other)
        if later is not None and earlier is not None and later < earlier:
            yield Fault(name, _EARLIER.format(other=HEADINGS[other]))


def _cited(refused: Refused) -> Text:
    return _CITED.format(sentence=refused.sentence, law=cited(refused.law))


def doubts(history: History) -> Iterator[Fault]:
    """What can be so and is worth a look: days in an odd order, prerequisites of the outcome that are not shown.

    Old records often lack what the law wants; that is no reason to lose them.
    """
    if not history.outcome:
        return
    yield from _misplaced(history, _ODD_ORDER)
    shown = {
        Requirement.SUPPLEMENT_RECEIVED: history.supplement_received_on,
        Requirement.SUPPLEMENT_LAPSED: history.supplement_requested_on,
    }
    for requirement in OUTCOMES[Outcome(history.outcome)].needs:
        if requirement in shown and shown[requirement] is None:
            row = REQUIREMENTS[requirement]
            yield Fault("outcome", _NOT_SHOWN.format(what=row.words, law=cited(row.law)))


# -- what the clock makes of it ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """A fact that moved the clock: its column in the ledger, its day, and the due date before and after it."""

    field: str
    on: date
    due_before: date | None
    due_after: date | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The moves of a history in the order in which they took effect."""

    due: Due
    first_due_on: date | None
    """The due date that followed from the receipt alone."""
    moves: tuple[Move, ...]

    @property
    def extended_on(self) -> date | None:
        return next((move.on for move in self.moves if move.field == "extension_days"), None)


def timeline(history: History, *, on: date, calendar: Calendar, readings: Readings = CONSERVATIVE) -> Timeline:
    """Replay a history; raises ``Refused``, with the article, for what the law does not allow."""
    receipt = history.receipt()
    facts = _supplement(history)
    if history.extension_days is not None:
        extended_on = _extended_on(history, facts, on, calendar, readings)
        facts.append((extended_on, 2, "extension_days", clock.Extended(extended_on, history.extension_days)))
    first = clock.replay(receipt, calendar=calendar, readings=readings)
    if not facts:
        return Timeline(first, first.due_on, ())
    facts.sort(key=lambda fact: fact[:2])
    due, moves = first, []
    for number, (day, _, field, _fact) in enumerate(facts, start=1):
        before = due.due_on
        due = clock.replay(receipt, [fact[3] for fact in facts[:number]], calendar=calendar, readings=readings)
        moves.append(Move(field, day, before, due.due_on))
    return Timeline(due, first.due_on, tuple(moves))


def _supplement(history: History) -> list[tuple[date, int, str, clock.Fact]]:
    facts: list[tuple[date, int, str, clock.Fact]] = []
    if (asked := history.supplement_requested_on) is not None:
        facts.append((asked, 0, "supplement_requested_on", clock.SupplementRequested(asked)))
    if (answered := history.supplement_received_on) is not None:
        facts.append((answered, 0, "supplement_received_on", clock.SupplementReceived(answered)))
    return facts


def _extended_on(
    history: History,
    facts: list[tuple[date, int, str, clock.Fact]],
    on: date,
    calendar: Calendar,
    readings: Readings,
) -> date:
    """The day of an extension, which a ledger does not keep: the last on which it was still lawful (条例 33(2)).

    That is the due date without it, or the day the case was closed (or ``on``) if that came first. While the
    applicant's supplement is awaited nothing runs, so then it must have been before the notice.
    """
    due = clock.replay(history.receipt(), [fact[3] for fact in facts], calendar=calendar, readings=readings)
    if due.due_on is not None:
        return min(due.due_on, history.closed_on or on)
    asked = history.supplement_requested_on or history.received_on
    return max(asked - ONE_DAY, history.received_on)


# -- sentences, which follow the name of a column and a colon ----------------------------------------------------------

_CITED: Final = Text("{sentence}（{law}）", "{sentence} ({law})")
_FUTURE: Final = Text("日期还没有到", "in the future")
_EARLIER: Final = Text("早于{other}", "earlier than {other}")
_REQUIRED_WITH: Final = Text("填写了{other}就必须填写", "required with {other}")
_WITHOUT: Final = Text("没有填写{other}，不能填写", "given without {other}")
_NOT_SHOWN: Final = Text("台账中看不到“{what}”（{law}）", "the ledger does not show “{what}” ({law})")
_BEFORE_CALENDAR: Final = Text(
    "早于{first}，那时还没有政府信息公开条例", "before {first}, when there was no Regulation on disclosure yet"
)
