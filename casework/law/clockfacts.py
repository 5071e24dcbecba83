"""The facts that start, restart, suspend or extend the clock, as plain dates."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.law.words import Text


class Party(StrEnum):
    """Who is consulted; a division of the same agency is neither."""

    THIRD_PARTY = "third_party"
    OTHER_AGENCY = "other_agency"

    @property
    def words(self) -> Text:
        return _PARTY_WORDS[self]

    @property
    def law(self) -> str:
        """The article that gives the party 15 working days."""
        return "条例 32" if self is Party.THIRD_PARTY else "条例 34"


_PARTY_WORDS: Final = {
    Party.THIRD_PARTY: Text("第三方", "third party"),
    Party.OTHER_AGENCY: Text("其他机关", "other agency"),
}


@dataclass(frozen=True, slots=True)
class SupplementRequested:
    """The one notice that asks the applicant to make the request clear (条例 30)."""

    on: date


@dataclass(frozen=True, slots=True)
class SupplementReceived:
    """The applicant's answer to that notice; the day follows the channel like any receipt (条例 30, 31)."""

    on: date


@dataclass(frozen=True, slots=True)
class Consultation:
    """A written request for the opinion of a third party or of another agency (条例 32, 33(3), 34)."""

    party: Party
    sent_on: date
    delivered_on: date | None = None
    answered_on: date | None = None

    @property
    def on(self) -> date:
        return self.sent_on


@dataclass(frozen=True, slots=True)
class Extended:
    """An extension approved by the head of the disclosure office and notified to the applicant (条例 33(2))."""

    on: date
    working_days: int


@dataclass(frozen=True, slots=True)
class Delayed:
    """A reasonable delay until a day, told to an applicant whose many applications have good reasons (条例 35)."""

    on: date
    until: date


@dataclass(frozen=True, slots=True)
class Ordered:
    """A court or a reconsideration body has set the last day for a new reply (行政复议法 64, 66; 行政诉讼法 72).

    ``law``: the article under which it decided.
    """

    on: date
    until: date
    law: str


@dataclass(frozen=True, slots=True)
class FeeNotified:
    """A fee notice (国办函〔2020〕109号)."""

    on: date


@dataclass(frozen=True, slots=True)
class FeePaid:
    """The applicant has paid the fee."""

    on: date


Fact = SupplementRequested | SupplementReceived | Consultation | Extended | Delayed | Ordered | FeeNotified | FeePaid
