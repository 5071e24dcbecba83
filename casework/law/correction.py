"""Correction of what an organ records about somebody (条例 41): how a request stands, how it ends, and until when.

It is no application for disclosure: it has a series of numbers and pages of its own, and table 三 never counts it
(law.md 1.9). Article 41 names no period. ``due`` reckons that of a reply by analogy (条例 33(2), 30); an agency may
choose another length.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from casework.law.calendar import Calendar
from casework.law.due import Due
from casework.law.outcomes import Remedy
from casework.law.periods import REGULATION_SINCE, Period, Unit
from casework.law.receipt import Channel, Receipt, receipt_date
from casework.law.refusals import Refused
from casework.law.remedies import Route, routes_of_remedy, silence_routes
from casework.law.words import Text

#: Working days of a reply where the agency chooses nothing else: those of an application (条例 33(2)).
USUAL_DAYS: Final = 20
#: 复议法实施条例 16(1)(2): where the law names no period, silence can be contested when so many days have passed.
SILENT_AFTER: Final = timedelta(days=60)


#: By what a request on paper comes. Article 41 is silent; the day of receipt is that of an application (条例 31).
ON_PAPER: Final = (Channel.IN_PERSON, Channel.SIGNED_MAIL, Channel.ORDINARY_MAIL)


def received_on_paper(receipt: Receipt) -> date:
    """The day from which the period runs; raises ``Refused`` for a channel that brings no paper, and for a day before
    anybody could ask for a correction by this article.
    """
    if receipt.channel not in ON_PAPER:
        raise Refused(
            Text("请选择书面请求是怎样收到的。", "Choose how the paper came."), law="条例 41", field="channel"
        )
    if receipt.arrived_on < REGULATION_SINCE:
        raise Refused(
            Text("修订后的条例自2019年5月15日起施行，请核对日期。", "Article 41 holds from 15 May 2019; please check."),
            law="条例 41",
            field="arrived_on",
        )
    return receipt_date(receipt)


_NAME: Final = Text("答复更正请求", "Reply to a request for correction")


class Standing(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    ASKED = "asked"
    CLOSED = "closed"


class Ending(StrEnum):
    """How it ended."""

    CORRECTED = "corrected"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    DIRECTED = "directed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class StandingRow:
    """Its words at the desk and for whoever asked, and what it means for them."""

    clerk: Text
    citizen: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class EndingRow:
    """One way to end: its words, what it means, and what has to be said with it.

    ``organ``: another one is named. ``remedy``: which way is open against it.
    """

    words: Text
    meaning: Text
    law: str
    organ: bool = False
    remedy: Remedy | None = None


STANDINGS: Final[dict[Standing, StandingRow]] = {
    Standing.RECEIVED: StandingRow(
        Text("正在办理", "In hand"),
        Text("正在办理", "In hand"),
        Text("行政机关正在核实您提供的证据和有关记录。", "The office is checking your evidence and the record."),
    ),
    Standing.ASKED: StandingRow(
        Text("等待补充材料", "Waiting for more"),
        Text("请您补充", "Something is asked of you"),
        Text("行政机关请您补充说明或者证据。", "The office asks you for more explanation or evidence."),
    ),
    Standing.CLOSED: StandingRow(
        Text("已办结", "Closed"),
        Text("已答复", "Replied to"),
        Text("行政机关已经办结。", "The office has closed the matter."),
    ),
}

ENDINGS: Final[dict[Ending, EndingRow]] = {
    Ending.CORRECTED: EndingRow(
        Text("予以更正", "Corrected"),
        Text("行政机关已经更正记录。", "The office has corrected the record."),
        "条例 41",
        remedy=Remedy.EITHER,
    ),
    Ending.REFUSED: EndingRow(
        Text("不予更正", "Not corrected"),
        Text(
            "行政机关审核以后认为记录没有不准确，或者证据不足，没有更正。",
            "The office found the record not inaccurate, or the evidence insufficient, and has not corrected it.",
        ),
        "条例 41",
        remedy=Remedy.EITHER,
    ),
    Ending.TRANSFERRED: EndingRow(
        Text("转送有权更正的机关", "Passed on to the competent organ"),
        Text(
            "本机关无权更正，已经转送有权更正的机关处理。",
            "This office may not correct the record and has passed the request on to the organ that may.",
        ),
        "条例 41",
        organ=True,
    ),
    Ending.DIRECTED: EndingRow(
        Text("告知向有权更正的机关提出", "Told to ask the competent organ"),
        Text(
            "本机关无权更正，请您向有权更正的机关提出。",
            "This office may not correct the record; please ask the organ that may.",
        ),
        "条例 41",
        organ=True,
        remedy=Remedy.EITHER,
    ),
    Ending.WITHDRAWN: EndingRow(
        Text("申请人撤回", "Withdrawn"),
        Text("您撤回了更正请求。", "You withdrew the request."),
        "",
    ),
}


def due(received_on: date, supplemented_on: date | None, *, days: int, calendar: Calendar) -> Due:
    """Until when the agency wants to have replied: from the receipt, or anew from what was asked for in addition.

    Article 41 sets no limit: the reading follows that of an application (条例 33(2), 30), see docs/law.md.
    """
    period = Period(days, Unit.WORKING_DAYS, "条例 33(2)", _NAME, REGULATION_SINCE)
    return period.due(supplemented_on or received_on, calendar)


def routes(
    ending: Ending, *, known_on: date | None, review_organ: str, court: str, calendar: Calendar
) -> tuple[Route, ...]:
    """The lawful steps against a reply. 复议法 23(1)(4) is about refusing disclosure, so no step has to come first."""
    remedy = ENDINGS[ending].remedy
    if remedy is None:
        return ()
    return routes_of_remedy(remedy, known_on=known_on, review_organ=review_organ, court=court, calendar=calendar)


def routes_of_silence(
    received_on: date, *, on: date, review_organ: str, court: str, calendar: Calendar
) -> tuple[Route, ...]:
    """The steps against silence: nothing before 60 days have passed (复议法实施条例 16(1)(2))."""
    silent_on = received_on + SILENT_AFTER
    if on <= silent_on:
        return ()
    return silence_routes(silent_on, review_organ=review_organ, court=court, calendar=calendar)
