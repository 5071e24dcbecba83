"""The last day on which an act still has its effect: what must be done or told today, or can't be any more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.law.calendar import Calendar
from casework.law.clock import supplement_notice_due
from casework.law.due import ONE_DAY
from casework.law.periods import EXTENSIONS, FEE_MEASURES, PERIODS, PeriodKind, in_force
from casework.law.words import Text


class Timely(StrEnum):
    """What has to happen by a day."""

    SUPPLEMENT_NOTICE = "supplement_notice"
    EXTENSION = "extension"
    FEE_NOTICE = "fee_notice"
    REPLY = "reply"


TIMELY_WORDS: Final[dict[Timely, Text]] = {
    Timely.SUPPLEMENT_NOTICE: Text("告知补正", "asking for a supplement"),
    Timely.EXTENSION: Text("告知延长期限", "telling an extension"),
    Timely.FEE_NOTICE: Text("通知缴费", "asking for the fee"),
    Timely.REPLY: Text("送出答复", "sending the reply"),
}


@dataclass(frozen=True, slots=True)
class LastDay:
    """One act and the last day for it. A supplement notice may go out later, but then it restarts nothing."""

    act: Timely
    on: date
    law: str

    @property
    def words(self) -> Text:
        return TIMELY_WORDS[self.act]


def last_days(
    received_on: date, due_on: date | None, *, settled: Collection[Timely], calendar: Calendar
) -> list[LastDay]:
    """The last day for each act that is not ``settled``, soonest first. ``due_on`` ``None``: no period runs.

    An extension is told, and the fee asked for, before the reply period expires (条例 33(2), 国办函〔2020〕109号).
    """
    notice = PERIODS[PeriodKind.SUPPLEMENT_NOTICE][0]
    found = []
    if received_on >= notice.since:  # before the Regulation of 2019 there was no time to miss
        due = supplement_notice_due(received_on, calendar=calendar)
        found.append(LastDay(Timely.SUPPLEMENT_NOTICE, due, notice.law))
    if due_on is not None:
        found += [
            LastDay(Timely.EXTENSION, due_on, in_force(EXTENSIONS, received_on).law),
            LastDay(Timely.FEE_NOTICE, due_on, FEE_MEASURES),
            LastDay(Timely.REPLY, due_on, in_force(PERIODS[PeriodKind.REPLY], received_on).law),
        ]
    return sorted((each for each in found if each.act not in settled), key=lambda each: each.on)


def received_for(last: date, calendar: Calendar) -> tuple[date, date] | None:
    """First and last day of receipt whose supplement notice is due on ``last``; none where that is no working day."""
    if not calendar.is_workday(last):
        return None
    first = calendar.subtract_workdays(last, PERIODS[PeriodKind.SUPPLEMENT_NOTICE][0].length)
    return first, calendar.add_workdays(first, 1) - ONE_DAY
