"""Every statutory period, its length and its article. A changed rule gets a second row; the old one stays."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from casework.law.calendar import Calendar
from casework.law.citation import cited
from casework.law.due import Basis, Due, provisional_warning
from casework.law.refusals import Refused
from casework.law.words import Text, said


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"


class PeriodKind(StrEnum):
    """The periods that can be asked for (``manage.py clock --period``)."""

    REPLY = "reply"
    SUPPLEMENT_NOTICE = "supplement_notice"
    THIRD_PARTY_REPLY = "third_party_reply"
    JOINT_AGENCY_REPLY = "joint_agency_reply"
    FEE_PAYMENT = "fee_payment"
    RECONSIDERATION_60D = "reconsideration_60d"
    SUIT_6M = "suit_6m"
    SUIT_AFTER_RECONSIDERATION_15D = "suit_after_reconsideration_15d"
    RECONSIDERATION_ANSWER_10WD = "reconsideration_answer_10wd"
    RECONSIDERATION_ANSWER_5WD = "reconsideration_answer_5wd"
    DEFENCE_15D = "defence_15d"
    PUBLISH_20WD = "publish_20wd"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time set by law; the day on which it is triggered does not count (民法典 201)."""

    length: int
    unit: Unit
    law: str
    name: Text
    since: date

    def due(self, start: date, calendar: Calendar) -> Due:
        """The last day of the period triggered on ``start``."""
        calendar.check_covers(start)
        nominal_end = None
        if self.unit is Unit.WORKING_DAYS:
            due_on = calendar.add_workdays(start, self.length)
        else:
            nominal_end = self._nominal_end(start)
            due_on = calendar.roll_forward(nominal_end)
        provisional = not calendar.known(due_on)
        warnings: tuple[Text, ...] = (provisional_warning(due_on),) if provisional else ()
        if start < self.since:
            warnings += (_NOT_YET_LAW.format(law=cited(self.law), since=said(self.since)),)
        days = self.length if self.unit is Unit.WORKING_DAYS else None
        basis = Basis(
            calendar=calendar,
            start_why=_FIRST_DAY,
            start_law="民法典 201",
            law=self.law,
            base_days=days,
            nominal_end=nominal_end,
            by_month=self.unit is Unit.MONTHS,
        )
        return Due(due_on, provisional, start, days, (), warnings, None, None, basis)

    def _nominal_end(self, start: date) -> date:
        if self.unit is Unit.CALENDAR_DAYS:
            return start + timedelta(days=self.length)
        return add_months(start, self.length)


def add_months(start: date, months: int) -> date:
    """The same day number so many months later, or the month's last day where it has no such day (民法典 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


FEE_MEASURES: Final = "国办函〔2020〕109号"
OLD_REGULATION_SINCE: Final = date(2008, 5, 1)
REGULATION_SINCE: Final = date(2019, 5, 15)
_FEES_SINCE: Final = date(2021, 1, 1)
_RECONSIDERATION_LAW_SINCE: Final = date(2024, 1, 1)
_LITIGATION_LAW_SINCE: Final = date(2015, 5, 1)

_WD, _CD, _M = Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS
_REPLY_NAME = Text("答复期限", "Reply to the application")
_RECONSIDERATION_NAME = Text("申请行政复议", "Application for reconsideration")
_LATER_SUIT_NAME = Text("复议后提起行政诉讼", "Suit after reconsideration")
_PUBLISH_NAME = Text("主动公开", "Publication on the agency's own motion")
_EXTENSION_NAME = Text("延长答复期限的最长时间", "Longest extension of the reply period")

PERIODS: Final[Mapping[PeriodKind, tuple[Period, ...]]] = MappingProxyType(
    {
        PeriodKind.REPLY: (
            Period(15, _WD, "2007年条例 24(2)", _REPLY_NAME, OLD_REGULATION_SINCE),
            Period(20, _WD, "条例 33(2)", _REPLY_NAME, REGULATION_SINCE),
        ),
        PeriodKind.SUPPLEMENT_NOTICE: (
            Period(7, _WD, "条例 30", Text("告知补正", "Notice asking for a supplement"), REGULATION_SINCE),
        ),
        PeriodKind.THIRD_PARTY_REPLY: (
            Period(15, _WD, "条例 32", Text("第三方提出意见", "Third party's opinion"), REGULATION_SINCE),
        ),
        PeriodKind.JOINT_AGENCY_REPLY: (
            Period(15, _WD, "条例 34", Text("共同制作机关提出意见", "Joint agency's opinion"), REGULATION_SINCE),
        ),
        PeriodKind.FEE_PAYMENT: (
            Period(20, _WD, FEE_MEASURES, Text("缴纳信息处理费", "Payment of the processing fee"), _FEES_SINCE),
        ),
        PeriodKind.RECONSIDERATION_60D: (
            Period(60, _CD, "1999年行政复议法 9(1)", _RECONSIDERATION_NAME, date(1999, 10, 1)),
            Period(60, _CD, "行政复议法 20(1)", _RECONSIDERATION_NAME, _RECONSIDERATION_LAW_SINCE),
        ),
        PeriodKind.SUIT_6M: (
            Period(6, _M, "行政诉讼法 46(1)", Text("直接提起行政诉讼", "Direct suit"), _LITIGATION_LAW_SINCE),
        ),
        PeriodKind.SUIT_AFTER_RECONSIDERATION_15D: (
            Period(15, _CD, "1989年行政诉讼法 38(2)", _LATER_SUIT_NAME, date(1990, 10, 1)),
            Period(15, _CD, "行政诉讼法 45", _LATER_SUIT_NAME, _LITIGATION_LAW_SINCE),
        ),
        PeriodKind.RECONSIDERATION_ANSWER_10WD: (
            Period(
                10,
                _WD,
                "行政复议法 48、88",
                Text("行政复议答复（普通程序）", "Agency's answer in reconsideration, ordinary procedure"),
                _RECONSIDERATION_LAW_SINCE,
            ),
        ),
        PeriodKind.RECONSIDERATION_ANSWER_5WD: (
            Period(
                5,
                _WD,
                "行政复议法 54、88",
                Text("行政复议答复（简易程序）", "Agency's answer in reconsideration, simplified procedure"),
                _RECONSIDERATION_LAW_SINCE,
            ),
        ),
        PeriodKind.DEFENCE_15D: (
            Period(
                15,
                _CD,
                "行政诉讼法 67(1)",
                Text("提交证据和答辩状", "Evidence and defence to the court"),
                _LITIGATION_LAW_SINCE,
            ),
        ),
        PeriodKind.PUBLISH_20WD: (
            Period(20, _WD, "2007年条例 18", _PUBLISH_NAME, OLD_REGULATION_SINCE),
            Period(20, _WD, "条例 26", _PUBLISH_NAME, REGULATION_SINCE),
        ),
    }
)

EXTENSIONS: Final = (
    Period(15, _WD, "2007年条例 24(2)", _EXTENSION_NAME, OLD_REGULATION_SINCE),
    Period(20, _WD, "条例 33(2)", _EXTENSION_NAME, REGULATION_SINCE),
)
"""By how much a reply period may be extended at most."""


def in_force(rows: tuple[Period, ...], on: date) -> Period:
    """The row that governs what begins on ``on``; the first row where none was in force yet."""
    for row in reversed(rows):
        if row.since <= on:
            return row
    return rows[0]


def period_due(kind: PeriodKind, start: date, calendar: Calendar) -> Due:
    """The last day of a statutory period that is triggered on ``start``."""
    return in_force(PERIODS[kind], start).due(start, calendar)


def supplement_period(working_days: int) -> Period:
    """The reasonable time that the agency itself sets for the supplement (条例 30); the law gives no length."""
    if working_days < 1:
        raise Refused(_NO_TIME_FOR_SUPPLEMENT, law="条例 30", field="working_days")
    return Period(
        working_days, _WD, "条例 30", Text("申请人补正", "The applicant's supplement"), since=REGULATION_SINCE
    )


_FIRST_DAY: Final = Text("期间开始之日，不计算在内", "The day on which the period is triggered does not count")
_NOT_YET_LAW: Final = Text(
    "{law} 规定的期限自{since}起施行，此前适用其他规定，请核对。",
    "This period ({law}) is in force since {since}; an earlier case falls under other rules, please check.",
)
_NO_TIME_FOR_SUPPLEMENT: Final = Text(
    "补正期限至少为1个工作日。", "The time for a supplement must be at least one working day."
)
