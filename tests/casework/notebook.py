"""What an attentive person would note of one case: facts and days, and what the rule book makes of them.

Written from law.md and design section 4, with the brute-force clock of ``tests/law/oracle.py``; nothing of the product.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, permutations, product
from typing import Any

from tests.law import oracle

Row = tuple[Any, ...]
OPEN = {"received", "supplement_requested", "fee_notified", "in_review", "signed"}
WAITING = {"supplement_requested": "other_1", "fee_notified": "other_2"}
CLASSES = {
    "granted": "disclosed",
    "partial": "partially_disclosed",
    "refused_4": "refused",
    "unavailable_2": "unavailable",
    "unavailable_3": "unavailable",
    "not_processed_4": "not_processed",
    "other_1": "terminated",
    "other_2": "terminated",
    "other_3": "terminated",
}


@dataclass
class Consulted:
    """A letter to somebody outside, and what came of it."""

    third_party: bool
    sent: date
    delivered: date | None
    answered: date | None = None
    cancelled: bool = False
    refuses: bool = False

    def over(self, on: date) -> bool:
        """4.7: answered, or its 15 working days are past; from dispatch where nobody knows when it arrived."""
        return self.answered is not None or on > oracle.nth_workday(self.delivered or self.sent, 15)

    def row(self) -> Row:
        return ("consultation", self.sent, self.delivered, self.answered)


@dataclass
class Notebook:
    """One case as written down from outside, act by act."""

    received: date
    state: str = "received"
    supplement: tuple[date, date] | None = None
    """When it was asked for, and until when."""
    supplemented: date | None = None
    letters: list[Consulted] = field(default_factory=list)
    extension: tuple[date, int] | None = None
    fee: tuple[date, date | None] | None = None
    """When it was asked for, and until when, once it has arrived."""
    paid: date | None = None
    reasons: tuple[date, date | None] | None = None
    reasons_until: date | None = None
    reasonable: bool | None = None
    judged: date | None = None
    delay: tuple[date, date] | None = None
    """When it was told, and the day that was named."""
    draft: str | None = None
    drafter: str = ""
    step: str = ""
    """For which the draft waits: review, secrecy, signature."""
    signed: date | None = None
    dispatched: date | None = None
    outcome: str = ""
    closed: date | None = None

    def facts(self) -> list[Row]:
        """Everything that moves the clock, each with its day."""
        rows = [letter.row() for letter in self.letters if not letter.cancelled]
        if self.extension:
            rows.append(("extended", *self.extension))
        if self.delay:
            rows.append(("delayed", *self.delay))
        for asked, answered, kinds in (
            (self.supplement, self.supplemented, ("supplement_requested", "supplement_received")),
            (self.fee, self.paid, ("fee_notified", "fee_paid")),
        ):
            if asked:
                rows.append((kinds[0], asked[0]))
            if answered:
                rows.append((kinds[1], answered))
        return rows

    def due(self) -> date | None:
        return due_date(self.received, self.facts())

    def allows(self, new: Row | None, *, instead_of: Row | None = None) -> bool:
        """Whether the clock can take one more fact, or another, or none, in the place of one that it has."""
        rows = self.facts()
        if instead_of:
            rows.remove(instead_of)
        try:
            due_date(self.received, [*rows, new] if new else rows)
        except oracle.NotAllowed:
            return False
        return True

    @property
    def waits_until(self) -> date | None:
        """The last day of the applicant's own period."""
        if self.state == "supplement_requested" and self.supplement:
            return self.supplement[1]
        if self.state == "fee_notified" and self.fee:
            return self.fee[1]
        return None

    def resting(self) -> str:
        """Where the case rests when a draft comes back."""
        if self.supplement and not self.supplemented:
            return "supplement_requested"
        return "fee_notified" if self.fee and not self.paid else "received"

    def grounds_are_there(self, outcome: str, on: date) -> bool:
        """The fact without which the law does not allow the outcome."""
        match outcome:
            case "granted" | "partial":
                # 条例 32: nobody judges objections in these lives
                return not any(each.third_party and each.refuses and not each.cancelled for each in self.letters)
            case "refused_4":
                return any(each.over(on) for each in self.letters if each.third_party and not each.cancelled)
            case "unavailable_3":
                return self.supplemented is not None
            case "not_processed_4":
                return self.reasonable is False
            case "other_1":
                return self.supplement is not None and self.supplemented is None and on > self.supplement[1]
            case "other_2":
                return self.fee is not None and self.paid is None and self.fee[1] is not None and on > self.fee[1]
            case _:
                return True


def due_date(received: date, rows: Sequence[Row]) -> date | None:
    """The due date by day-by-day counting; the facts of one day in any order in which they can have happened."""
    refusal: oracle.NotAllowed | None = None
    for life in orders(rows):
        try:
            return oracle.due_date(received, life)
        except oracle.NotAllowed as reason:
            refusal = reason
    assert refusal is not None
    raise refusal


def orders(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """By day, with every order of the facts within each day; the letters of a day go together, anywhere."""
    days: list[list[tuple[Row, ...]]] = []
    for _, same_day in groupby(sorted(rows, key=lambda row: row[1]), key=lambda row: row[1]):
        together = list(same_day)
        letters = tuple(row for row in together if row[0] == "consultation")
        others = [row for row in together if row[0] != "consultation"]
        blocks = [(row,) for row in others] + ([letters] if letters else [])
        days.append([tuple(row for block in order for row in block) for order in permutations(blocks)])
    for choice in product(*days):
        yield [row for day in choice for row in day]
