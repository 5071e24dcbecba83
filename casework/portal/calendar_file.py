"""The last days of a case as an iCalendar file: lawful days alone, with alarms, and no word of what was asked."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from casework.law import remedies
from casework.law.due import Due
from casework.law.words import Text
from casework.models import Case

from . import remedy

#: So long before a last day its alarms sound: a week, and the day before at nine.
ALARMS = (timedelta(days=-7) + timedelta(hours=9), timedelta(days=-1) + timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class LastDay:
    """An entry: its name in the file, what ends, when, and by which article."""

    key: str
    words: Text
    on: date
    law: str
    provisional: bool = False


def last_days(case: Case, due: Due, *, on: date) -> list[LastDay]:
    """Every last day that is known; a period whose start is not on record has none."""
    return list(_last_days(case, due, on))


def _last_days(case: Case, due: Due, on: date) -> Iterator[LastDay]:
    if case.is_open and due.due_on is not None:
        yield LastDay("reply", _REPLY, due.due_on, "条例 33(2)", due.provisional)
    supplement = case.awaited_supplement
    if supplement is not None and supplement.period_ends_on is not None:
        yield LastDay("supplement", _SUPPLEMENT, supplement.period_ends_on, "条例 30")
    fee = case.unpaid_fee
    if case.is_open and fee is not None and fee.period_ends_on is not None:
        yield LastDay("fee", _FEE, fee.period_ends_on, "国办函〔2020〕109号")
    for step in remedy.steps(case, on=on):
        if step.until is not None and step.until.due_on is not None:
            yield LastDay(step.way.value, _REMEDIES[step.way], step.until.due_on, step.law, step.until.provisional)


def written(case: Case, days: list[LastDay], *, address: str, language: str | None, at: datetime) -> bytes:
    """The file. An entry keeps its name, so that a later file moves it in the reader's calendar."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gongkai//Last days//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for each in days:
        calendar.add_component(_entry(case, each, address=address, language=language, at=at))
    content: bytes = calendar.to_ical()
    return content


def _entry(case: Case, day: LastDay, *, address: str, language: str | None, at: datetime) -> Event:
    title = _PROVISIONAL.format(words=day.words) if day.provisional else day.words
    entry = Event()
    entry.add("uid", hashlib.sha256(f"gongkai {case.agency.code} {case.pk} {day.key}".encode()).hexdigest()[:40])
    entry.add("dtstamp", at)
    entry.add("sequence", int(at.timestamp()) // 60)
    entry.add("dtstart", day.on)
    entry.add("dtend", day.on + timedelta(days=1))
    entry.add("summary", title.read_in(language))
    entry.add("description", _ABOUT.format(number=case.number, law=day.law, address=address).read_in(language))
    entry.add("status", "TENTATIVE" if day.provisional else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title.read_in(language))
        alarm.add("trigger", before)
        entry.add_component(alarm)
    return entry


_REPLY = Text("政府信息公开：最迟答复日", "Disclosure: the office must reply by today")
_SUPPLEMENT = Text("政府信息公开：补正的最后一天", "Disclosure: last day to answer the supplement request")
_FEE = Text("政府信息公开：缴费的最后一天", "Disclosure: last day to pay the fee")
_REMEDIES = {
    remedies.Way.RECONSIDERATION: Text(
        "政府信息公开：申请行政复议的最后一天", "Disclosure: last day to apply for reconsideration"
    ),
    remedies.Way.SUIT: Text("政府信息公开：提起行政诉讼的最后一天", "Disclosure: last day to sue"),
}
_PROVISIONAL = Text("{words}（暂定）", "{words} (provisional)")
_ABOUT = Text("登记编号 {number}\n依据：{law}\n{address}", "Number {number}\nLaw: {law}\n{address}")
