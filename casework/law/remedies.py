"""What an applicant can do next, before which body and until when (law.md section 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.law.calendar import Calendar
from casework.law.due import Due
from casework.law.outcomes import Outcome, OutcomeRow, Remedy
from casework.law.periods import PeriodKind, period_due
from casework.law.words import Text

#: 复议法 23(1)(4) with 90: decisions made from this day on must be reviewed before they can be sued.
REVIEW_FIRST_SINCE: Final = date(2024, 1, 1)


class Way(StrEnum):
    """The two lawful ways against a decision."""

    RECONSIDERATION = "reconsideration"
    SUIT = "suit"


@dataclass(frozen=True, slots=True)
class Route:
    """One lawful step. ``until`` is ``None`` while the day on which the applicant received the decision is unknown."""

    way: Way
    words: Text
    sentence: Text
    law: str
    until: Due | None


def remedy_of(row: OutcomeRow, *, decided_on: date) -> Remedy | None:
    """Which way is open; ``None`` where the applicant ended the case."""
    if row.code is Outcome.OTHER_3:
        return None
    return Remedy.EITHER if decided_on < REVIEW_FIRST_SINCE else row.remedy


def routes(
    row: OutcomeRow,
    *,
    decided_on: date,
    known_on: date | None,
    review_organ: str,
    court: str,
    calendar: Calendar,
) -> tuple[Route, ...]:
    """The lawful steps against a decision, in the order in which they have to be taken.

    ``known_on``: the day on which the applicant received it; the periods run from it (复议法 20(1), 行诉法 46).
    """
    remedy = remedy_of(row, decided_on=decided_on)
    if remedy is None:
        return ()
    return tuple(_routes(remedy, known_on, _organ(review_organ), _court(court), calendar))


def _routes(
    remedy: Remedy, known_on: date | None, organ: str | Text, court: str | Text, calendar: Calendar
) -> Iterator[Route]:
    def until(kind: PeriodKind) -> Due | None:
        return period_due(kind, known_on, calendar) if known_on else None

    review = _REVIEW_FIRST if remedy is Remedy.REVIEW_FIRST else _REVIEW
    law = "行政复议法 20(1)、23(1)(4)" if remedy is Remedy.REVIEW_FIRST else "行政复议法 20(1)"
    yield Route(
        Way.RECONSIDERATION, _RECONSIDERATION, review.format(organ=organ), law, until(PeriodKind.RECONSIDERATION_60D)
    )
    if remedy is Remedy.REVIEW_FIRST:
        yield Route(Way.SUIT, _SUIT, _SUIT_AFTER.format(court=court), "行政诉讼法 45", None)
        return
    sentence = _SUIT_ON_THE_PART_GIVEN if remedy is Remedy.COMBINED else _SUIT_AT_ONCE
    yield Route(Way.SUIT, _SUIT, sentence.format(court=court), "行政诉讼法 46(1)", until(PeriodKind.SUIT_6M))


def silence(review_organ: str, court: str) -> Text:
    """What to do when the period has run out without a reply (条例 51, 法释〔2025〕8号 2(2))."""
    return _SILENCE.format(organ=_organ(review_organ), court=_court(court))


def _organ(name: str) -> str | Text:
    return name or _SOME_ORGAN


def _court(name: str) -> str | Text:
    return name or _SOME_COURT


_RECONSIDERATION: Final = Text("申请行政复议", "Apply for reconsideration")
_SUIT: Final = Text("提起行政诉讼", "Sue in court")
_SOME_ORGAN: Final = Text("有管辖权的行政复议机关", "the competent reconsideration body")
_SOME_COURT: Final = Text("有管辖权的人民法院", "the competent people’s court")
_REVIEW: Final = Text(
    "自收到答复之日起 60 日内，向{organ}申请行政复议。",
    "Within 60 days of receiving the reply, apply to {organ} for reconsideration.",
)
_REVIEW_FIRST: Final = Text(
    "对不予公开不服的，应当先申请行政复议：自收到答复之日起 60 日内，向{organ}提出。",
    "Against a refusal you must first apply for reconsideration: within 60 days of receiving the reply, to {organ}.",
)
_SUIT_AFTER: Final = Text(
    "对行政复议决定不服的，自收到行政复议决定书之日起 15 日内，向{court}提起行政诉讼。",
    "Against the reconsideration decision, sue in {court} within 15 days of receiving it.",
)
_SUIT_AT_ONCE: Final = Text(
    "也可以不经复议，自收到答复之日起 6 个月内，向{court}提起行政诉讼。",
    "Or sue in {court} without reconsideration, within 6 months of receiving the reply.",
)
_SUIT_ON_THE_PART_GIVEN: Final = Text(
    "认为已公开的部分有误的，也可以自收到答复之日起 6 个月内，直接向{court}提起行政诉讼；"
    "对不予公开的部分不服的，应当先申请行政复议。",
    "If you think the part given is wrong, you may also sue in {court} directly within 6 months of receiving "
    "the reply; against the part withheld you must first apply for reconsideration.",
)
_SILENCE: Final = Text(
    "答复期限已经届满，行政机关还没有答复。您可以向{organ}申请行政复议，或者向{court}提起行政诉讼。",
    "The period has run out and the office has not replied. You may apply to {organ} for reconsideration, "
    "or sue in {court}.",
)
