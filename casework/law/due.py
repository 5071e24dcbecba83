"""A due date that explains itself: the date, and every day on the way to it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from casework.law.calendar import Calendar, Day, DayKind
from casework.law.words import Text, said

ONE_DAY: Final = timedelta(days=1)


class Waiting(StrEnum):
    """What the applicant must do before a period runs again."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Pause:
    """A closed interval of days that do not count, because somebody's opinion is awaited (条例 33(3))."""

    first: date
    last: date
    party: Text

    @property
    def why(self) -> Text:
        interval = _INTERVAL.format(first=said(self.first), last=said(self.last))
        return _PAUSED.format(party=self.party, interval=interval)


class StepKind(StrEnum):
    """What a day is to the period; a strip draws each kind in its own way."""

    START = "start"
    COUNTED = "counted"
    MAKEUP = "makeup"
    EXTENDED = "extended"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    DELAYED = "delayed"
    ROLLED = "rolled"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the reckoning."""

    on: date
    counts: bool
    day: int | None
    """The number of the day within the period, where the day counts."""
    why: Text
    law: str
    edition: str = ""
    """Document number of the holiday notice that governs the day."""
    kind: StepKind = StepKind.COUNTED
    name: Text | None = None
    """The holiday, or the one for which the day is worked; of a pause, whose opinion is awaited."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the explanation of a due date needs beside the date; every period has one."""

    calendar: Calendar
    start_why: Text
    start_law: str
    law: str
    """The article that sets the period."""
    base_days: int | None = None
    """Working days before an extension; ``None`` for a period of calendar days or months."""
    extension_law: str = ""
    pauses: tuple[Pause, ...] = ()
    nominal_end: date | None = None
    """Where a period of calendar days or months ends before it rolls over rest days."""
    by_month: bool = False
    waiting_since: date | None = None
    delayed_from: date | None = None
    """The last day that was counted, where a reasonable delay ends the period later (条例 35)."""
    order_law: str = ""
    """The article of the order that ends the period earlier than counting would."""


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period; ``due_on`` is ``None`` while the applicant's act is awaited."""

    due_on: date | None
    provisional: bool
    """The date, or a day on the way to it, lies beyond the published holiday notices."""
    started_on: date
    """The day of receipt, of the supplement or of the payment; the first day counted is a later one."""
    working_days: int | None
    """Extension included; ``None`` for a period of calendar days or months."""
    excluded: tuple[tuple[date, date], ...]
    """Closed intervals, apart from each other, in order."""
    warnings: tuple[Text, ...]
    waiting_for: Waiting | None
    risk_on: date | None
    """The due date that holds if a late supplement notice restarts nothing; ``None`` without such a notice."""
    basis: Basis = field(repr=False, compare=False)

    def days_left(self, on: date) -> int | None:
        """Working days still to come after ``on``: 0 on the due date, negative after it, ``None`` while waiting."""
        if self.due_on is None:
            return None
        calendar = self.basis.calendar
        if on > self.due_on:
            return -calendar.workdays_between(self.due_on, on)
        left = calendar.workdays_between(on, self.due_on)
        if self.basis.delayed_from is not None or self.basis.order_law:
            return left  # a day that was named comes when it comes
        for first, last in self.excluded:
            left -= calendar.workdays_between(max(first - ONE_DAY, on), min(last, self.due_on))
        return left

    def steps(self) -> tuple[Step, ...]:
        """Every day from the start to the due date, with its reason; computed anew at each call."""
        if self.due_on is None:
            return (_waiting_step(self),)
        if self.basis.nominal_end is not None:
            return tuple(_calendar_period_steps(self, self.due_on, self.basis.nominal_end))
        return tuple(_working_day_steps(self, self.due_on))


def _waiting_step(due: Due) -> Step:
    since = due.basis.waiting_since or due.started_on
    if due.waiting_for is Waiting.PAYMENT:
        return Step(
            since, counts=False, day=None, why=_AWAITING_PAYMENT, law="国办函〔2020〕109号", kind=StepKind.WAITING
        )
    return Step(since, counts=False, day=None, why=_AWAITING_SUPPLEMENT, law="条例 30", kind=StepKind.WAITING)


def _start_step(due: Due) -> Step:
    edition = due.basis.calendar.day(due.started_on).edition
    return Step(due.started_on, False, None, due.basis.start_why, due.basis.start_law, edition, StepKind.START)


def _working_day_steps(due: Due, due_on: date) -> Iterator[Step]:
    yield _start_step(due)
    number, on = 0, due.started_on
    counted_until = due.basis.delayed_from or due_on
    while on < due_on:
        on += ONE_DAY
        day = due.basis.calendar.day(on)
        if on == due_on and due.basis.order_law:
            yield _ordered(due, day)
            continue
        if on > counted_until:
            yield _delayed(day, last=on == due_on)
            continue
        pause = next((p for p in due.basis.pauses if p.first <= on <= p.last), None)
        if pause is not None:
            yield Step(on, False, None, pause.why, "条例 33(3)", day.edition, StepKind.PAUSED, pause.party)
        elif day.is_workday:
            number += 1
            yield _counted(due, day, number, last=on == due_on)
        else:
            yield _rest(day)


def _counted(due: Due, day: Day, number: int, *, last: bool) -> Step:
    basis = due.basis
    why, law = _worked(day), basis.law
    kind = StepKind.MAKEUP if day.kind is DayKind.MAKEUP else StepKind.COUNTED
    if basis.base_days is not None and number > basis.base_days:
        why = _EXTENDED.format(why=why, number=number - basis.base_days)
        law = basis.extension_law
        kind = StepKind.EXTENDED
    if last:
        why = _LAST.format(why=why)
    return Step(day.on, True, number, why, law, day.edition, kind, day.name)


def _ordered(due: Due, day: Day) -> Step:
    why = _ORDERED.format(weekday=WEEKDAYS[day.on.weekday()])
    return Step(day.on, False, None, _LAST.format(why=why), due.basis.order_law, day.edition)


def _delayed(day: Day, *, last: bool) -> Step:
    why = _DELAYED.format(weekday=WEEKDAYS[day.on.weekday()])
    return Step(day.on, False, None, _LAST.format(why=why) if last else why, "条例 35", day.edition, StepKind.DELAYED)


def _rest(day: Day) -> Step:
    is_holiday = day.kind is DayKind.HOLIDAY
    law, kind = (day.edition, StepKind.HOLIDAY) if is_holiday else (_WORKING_TIME, StepKind.WEEKEND)
    return Step(day.on, False, None, _NOT_COUNTED.format(why=_rested(day)), law, day.edition, kind, day.name)


def _worked(day: Day) -> Text:
    weekday = WEEKDAYS[day.on.weekday()]
    if day.kind is DayKind.MAKEUP:
        return _MAKE_UP.format(weekday=weekday, name=day.name, edition=day.edition)
    if day.provisional:
        return _PROVISIONAL.format(weekday=weekday, year=day.on.year)
    return _WORKDAY.format(weekday=weekday)


def _rested(day: Day) -> Text:
    weekday = WEEKDAYS[day.on.weekday()]
    if day.kind is DayKind.HOLIDAY:
        return _HOLIDAY.format(weekday=weekday, name=day.name, edition=day.edition)
    return (_PROVISIONAL_REST if day.provisional else _WEEKEND).format(weekday=weekday, year=day.on.year)


def _calendar_period_steps(due: Due, due_on: date, nominal_end: date) -> Iterator[Step]:
    """Each calendar day, or for months the day that ends them; then the days rolled over."""
    basis = due.basis
    yield _start_step(due)
    on, number = (nominal_end - ONE_DAY, 0) if basis.by_month else (due.started_on, 0)
    while on < nominal_end:
        on, number = on + ONE_DAY, number + 1
        day = basis.calendar.day(on)
        why = _CALENDAR_DAY.format(weekday=WEEKDAYS[on.weekday()])
        if on == nominal_end:
            why = _end_of_calendar_period(day, by_month=basis.by_month, rolls=on < due_on)
        yield Step(on, True, None if basis.by_month else number, why, basis.law, day.edition)
    while on < due_on:
        on += ONE_DAY
        day = basis.calendar.day(on)
        last = on == due_on
        why = _LAST.format(why=_worked(day)) if last else _ROLLS_ON.format(why=_rested(day))
        yield Step(on, last, None, why, _ROLL_OVER, day.edition, StepKind.ROLLED, day.name)


def _end_of_calendar_period(day: Day, *, by_month: bool, rolls: bool) -> Text:
    end = _MONTHS_END if by_month else _DAYS_END
    if rolls:
        return _ROLLS.format(end=end, why=_rested(day))
    return _LAST.format(why=_CALENDAR_END.format(weekday=WEEKDAYS[day.on.weekday()], end=end))


WEEKDAYS: Final = (
    Text("星期一", "Monday"),
    Text("星期二", "Tuesday"),
    Text("星期三", "Wednesday"),
    Text("星期四", "Thursday"),
    Text("星期五", "Friday"),
    Text("星期六", "Saturday"),
    Text("星期日", "Sunday"),
)

_INTERVAL: Final = Text("{first}至{last}", "{first} to {last}")
_PAUSED: Final = Text(
    "征求{party}意见期间（{interval}），不计入", "The opinion of the {party} is awaited ({interval}); does not count"
)
_WORKDAY: Final = Text("{weekday}，工作日", "{weekday}, a working day")
_MAKE_UP: Final = Text(
    "{weekday}，因{name}调休上班，计为工作日（{edition}）",
    "{weekday}, worked in exchange for {name}, so a working day ({edition})",
)
_WEEKEND: Final = Text("{weekday}，休息日", "{weekday}, a rest day")
_HOLIDAY: Final = Text("{weekday}，{name}放假（{edition}）", "{weekday}, off for {name} ({edition})")
_NOT_COUNTED: Final = Text("{why}，不计入", "{why}; does not count")
_PROVISIONAL: Final = Text(
    "{weekday}，{year}年放假安排尚未公布，暂按工作日计算",
    "{weekday}; the holidays of {year} are not announced yet, so for now it counts as a working day",
)
_PROVISIONAL_REST: Final = Text(
    "{weekday}，{year}年放假安排尚未公布，暂按休息日",
    "{weekday}; the holidays of {year} are not announced yet, so for now it is a rest day",
)
_EXTENDED: Final = Text("{why}；延长期限的第{number}个工作日", "{why}; working day {number} of the extension")
_DELAYED: Final = Text(
    "{weekday}，确定并告知的延迟答复期限内", "{weekday}, within the reasonable delay that was set and told"
)
_ORDERED: Final = Text(
    "{weekday}，决定、裁判限定重新答复的最后一日，早于法定期限",
    "{weekday}, the last day that the decision sets for the new reply, before the statutory one",
)
_LAST: Final = Text("{why}；期限届满之日", "{why}; the period ends on this day")
_CALENDAR_DAY: Final = Text("{weekday}，按自然日计算", "{weekday}; calendar days count")
_DAYS_END: Final = Text("按自然日计算的最后一日", "the last of the calendar days")
_MONTHS_END: Final = Text("按月计算的期间到期之日", "the day on which the months end")
_CALENDAR_END: Final = Text("{weekday}，{end}", "{weekday}, {end}")
_ROLLS: Final = Text(
    "{end}：{why}，期间顺延至其后第一个工作日", "{end}: {why}, so the period runs on to the next working day"
)
_ROLLS_ON: Final = Text("{why}，期间继续顺延", "{why}; the period runs on")
_WORKING_TIME: Final = "国务院关于职工工作时间的规定 7"
_ROLL_OVER: Final = "行政诉讼法解释 48"
_AWAITING_SUPPLEMENT: Final = Text(
    "已告知补正，等待申请人补正；答复期限自收到补正之日起重新计算",
    "A supplement has been asked for; the period for the reply starts anew when it is received",
)
_AWAITING_PAYMENT: Final = Text(
    "已发出收费通知，等待申请人缴费；办理期限自缴费次日起重新计算",
    "A fee notice has been sent; the period starts anew on the day after payment",
)

NOT_YET_ANNOUNCED: Final = Text(
    "期限届满日在{year}年，该年放假安排尚未公布，日期为暂定，公布后须重新计算。",
    "The due date lies in {year}, whose holidays are not announced yet; it is provisional and must be reckoned again.",
)


def provisional_warning(due_on: date) -> Text:
    """What to say beside a date that rests on days without a notice."""
    return NOT_YET_ANNOUNCED.format(year=due_on.year)
