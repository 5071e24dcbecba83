"""The pictures of a year in words and drawings: what ``statistics`` found → what ``exports.pictures`` draws."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from casework.exports.pictures import MONTHS, Kind, Limit, Picture, Series, shown
from casework.law.outcomes import GROUPS, KINDS, OUTCOMES
from casework.law.receipt import Channel
from casework.law.words import Text
from casework.models import Agency

from .statistics import (
    FEW,
    Rate,
    UnitLine,
    YearFigures,
    YearLine,
    figures_of_year,
    reply_limit,
    units_beside,
    years_beside,
)
from .table3 import Agencies

#: The first and the last working day of each column of the histogram; 15 and 20 are the limits that the law knew.
SPANS: Final = ((0, 5), (6, 10), (11, 15), (16, 20), (21, 30), (31, 40), (41, None))
_MONTH: Final = Text("月份", "Month")
_CASES: Final = Text("件数", "Cases")
_RECEIVED: Final = Text("收到", "Received")
_CLOSED: Final = Text("办结", "Closed")
_REPLIED: Final = Text("答复", "Replied to")
_ON_TIME: Final = Text("按期答复率", "Replied in time")
_REPLIES_ARE: Final = Text(
    "答复指按（一）至（五）办结的；（六）其他处理不计入。",
    "A reply is a case closed under (1) to (5); what ended under (6) is not counted.",
)


def pictures_of(agencies: Agencies, year: int, *, on: date, units: bool = False) -> list[Picture]:
    """All pictures of a year; ``units``: those that set the agencies beside each other as well.

    ``on``: months that begin later are left blank, since nothing can have happened in them.
    """
    agencies = list(agencies)
    found = [*of_year(agencies, year, on=on), *of_years(agencies, until=year)]
    return [*found, *of_units(agencies, year)] if units else found


def of_year(agencies: Iterable[Agency], year: int, *, on: date) -> list[Picture]:
    """The pictures of the year alone."""
    figures = figures_of_year(agencies, year)
    begun = 12 if year < on.year else on.month
    return [
        by_month(figures, begun),
        days_to_reply(figures),
        on_time_by_month(figures, begun),
        outcomes(figures),
        kinds(figures),
        channels(figures),
    ]


def by_month(figures: YearFigures, begun: int) -> Picture:
    """Received and closed, month by month."""
    return Picture(
        "months",
        Text("各月收到和办结", "Received and closed by month"),
        Text(
            f"{figures.year}年共收到{sum(figures.received)}件，办结{sum(figures.closed)}件，按月并列。",
            f"{figures.year}: {sum(figures.received)} received, {sum(figures.closed)} closed, side by side by month.",
        ),
        Kind.COLUMNS,
        _MONTH,
        MONTHS,
        (Series(_RECEIVED, _until(figures.received, begun)), Series(_CLOSED, _until(figures.closed, begun))),
    )


def days_to_reply(figures: YearFigures) -> Picture:
    """Replies by working days from receipt to dispatch, with the days that the law gives."""
    limit = reply_limit(figures.year)
    in_time = tuple(_within(figures, span, late=False) for span in SPANS)
    late = tuple(_within(figures, span, late=True) for span in SPANS)
    before = next((at for at, (first, _last) in enumerate(SPANS) if limit is not None and first > limit), 0)
    line = Limit(before, Text(f"法定{limit}个工作日", f"{limit} working days by law")) if before else None
    replied = sum(figures.days.values())
    median = shown(figures.median_days)
    return Picture(
        "days",
        Text("答复用时", "Days to the reply"),
        Text(
            f"答复{replied}件，从收到到送出用时的中位数是{median}个工作日，逾期{sum(late)}件。",
            f"{replied} replies; the median from receipt to dispatch is {median} working days; {sum(late)} were late.",
        ),
        Kind.STACKED,
        Text("工作日", "Working days"),
        tuple(_span_words(*span) for span in SPANS),
        (Series(Text("期限内", "In time"), in_time), Series(Text("逾期", "Late"), late)),
        limit=line,
        remarks=(_REPLIES_ARE, _about_the_limit(limit, sum(in_time[before:]))),
    )


def _about_the_limit(limit: int | None, moved: int) -> Text:
    """A reply right of the line need not be late, and one left of it is not always in time."""
    if limit is None:
        return Text(
            "这一年答复期限由15个工作日改为20个工作日，图上不画期限。",
            "The period for replies changed from 15 to 20 working days in this year, so no limit is drawn.",
        )
    own = Text("是否逾期以每件的答复期限为准。", "Whether a reply is late follows from its own due date.")
    if not moved:
        return own
    return Text(
        f"超过{limit}个工作日仍在期限内的有{moved}件：期限因补正、缴费重新计算，因征求意见扣除，或者经批准延长。{own.zh}",
        f"{moved} were in time after more than {limit} working days: their period had begun anew after a supplement "
        f"or a payment, stood still for a consultation, or was extended. {own.en}",
    )


def _within(figures: YearFigures, span: tuple[int, int | None], *, late: bool) -> int:
    first, last = span
    return sum(
        number
        for (days, was_late), number in figures.days.items()
        if was_late is late and first <= days and (last is None or days <= last)
    )


def _span_words(first: int, last: int | None) -> Text:
    words = f"{first}–{last}" if last is not None else f">{first - 1}"
    return Text(words, words)


def on_time_by_month(figures: YearFigures, begun: int) -> Picture:
    """The share of a month's replies that went out in time."""
    replied, late = sum(each.replied for each in figures.replies), sum(each.late for each in figures.replies)
    rate = shown(Rate(replied, late).on_time, percent=True)
    return Picture(
        "on-time",
        Text("各月按期答复率", "Replies in time by month"),
        Text(
            f"{figures.year}年答复{replied}件，按期答复率{rate}。",
            f"{figures.year}: {replied} replies, {rate} of them in time.",
        ),
        Kind.LINE,
        _MONTH,
        MONTHS,
        (Series(_ON_TIME, _until([each.on_time for each in figures.replies], begun)),),
        percent=True,
        remarks=(_REPLIES_ARE,),
    )


def outcomes(figures: YearFigures) -> Picture:
    """Closed cases by the six classes of item 3."""
    counts = {
        group: sum(number for code, number in figures.outcomes.items() if OUTCOMES[code].group is group)
        for group in GROUPS
    }
    return _shares(
        "outcomes",
        Text("办理结果", "Outcomes"),
        Text("结果", "Outcome"),
        [(row.words, counts[group]) for group, row in GROUPS.items()],
        Text("办结{total}件，按结果分。", "{total} closed cases by outcome."),
    )


def kinds(figures: YearFigures) -> Picture:
    """Applications by who applied."""
    return _shares(
        "kinds",
        Text("申请人类型", "Applicants"),
        Text("申请人", "Applicant"),
        [(row.words, figures.kinds.get(kind, 0)) for kind, row in KINDS.items()],
        Text("收到{total}件，按申请人类型分。", "{total} applications by kind of applicant."),
    )


def channels(figures: YearFigures) -> Picture:
    """Applications by the way in which they came."""
    return _shares(
        "channels",
        Text("申请渠道", "Channels"),
        Text("渠道", "Channel"),
        [(channel.words, figures.channels.get(channel, 0)) for channel in Channel],
        Text("收到{total}件，按申请渠道分。", "{total} applications by channel."),
    )


def _shares(key: str, title: Text, axis: Text, parts: Sequence[tuple[Text, int]], says: Text) -> Picture:
    total = sum(number for _words, number in parts)
    return Picture(
        key,
        title,
        says.format(total=total),
        Kind.BARS,
        axis,
        tuple(words for words, _number in parts),
        (Series(_CASES, tuple(number for _words, number in parts)),),
    )


# ── Side by side ─────────────────────────────────────────────────────────────────────────────────────────────────────


def of_years(agencies: Iterable[Agency], *, until: int) -> list[Picture]:
    """Up to ten years side by side."""
    lines = years_beside(agencies, until=until)
    labels = tuple(Text(str(line.year), str(line.year)) for line in lines)
    return [
        Picture(
            "years",
            Text("历年收到和答复", "Received and replied to by year"),
            _span(lines, Text("{first}年至{last}年收到和答复的件数。", "Received and replied to, {first} to {last}.")),
            Kind.COLUMNS,
            Text("年度", "Year"),
            labels,
            (
                Series(_RECEIVED, tuple(line.received for line in lines)),
                Series(_REPLIED, tuple(line.rate.replied for line in lines)),
            ),
            remarks=(_REPLIES_ARE,),
        ),
        Picture(
            "years-on-time",
            Text("历年按期答复率", "Replies in time by year"),
            _span(lines, Text("{first}年至{last}年的按期答复率。", "The share of replies in time, {first} to {last}.")),
            Kind.LINE,
            Text("年度", "Year"),
            labels,
            (Series(_ON_TIME, tuple(line.rate.on_time for line in lines)),),
            percent=True,
            remarks=(_REPLIES_ARE,),
        ),
    ]


def _span(lines: Sequence[YearLine], says: Text) -> Text:
    return says.format(first=lines[0].year, last=lines[-1].year)


def of_units(agencies: Iterable[Agency], year: int) -> list[Picture]:
    """The agencies of a region side by side; a rate of few replies is marked as such."""
    lines = units_beside(agencies, year)
    unit, names = Text("单位", "Unit"), tuple(_unit_words(line) for line in lines)
    about_few = Text(
        f"答复少于{FEW}件的单位，按期答复率和中位数只作参考。",
        f"With fewer than {FEW} replies the rate and the median of a unit say little.",
    )
    remarks = (_REPLIES_ARE, about_few) if any(line.rate.few for line in lines) else (_REPLIES_ARE,)
    return [
        Picture(
            "units",
            Text("各单位收到", "Received by unit"),
            Text(f"{year}年有申请的{len(lines)}个单位，按收到件数排列。", f"{len(lines)} units by what they received."),
            Kind.BARS,
            unit,
            tuple(Text(line.agency.name, line.agency.name) for line in lines),
            (
                Series(_RECEIVED, tuple(line.received for line in lines)),
                Series(_REPLIED, tuple(line.rate.replied for line in lines)),
                Series(Text("逾期", "Late"), tuple(line.rate.late for line in lines)),
            ),
        ),
        Picture(
            "units-on-time",
            Text("各单位按期答复率", "Replies in time by unit"),
            Text(f"{year}年各单位的按期答复率。", f"The share of each unit’s replies in time, {year}."),
            Kind.BARS,
            unit,
            names,
            (Series(_ON_TIME, tuple(line.rate.on_time for line in lines)),),
            percent=True,
            remarks=remarks,
        ),
        Picture(
            "units-days",
            Text("各单位答复用时中位数", "Median days to the reply by unit"),
            Text(
                f"{year}年各单位从收到到送出的工作日中位数。",
                f"The median of working days from receipt to dispatch by unit, {year}.",
            ),
            Kind.BARS,
            unit,
            names,
            (Series(Text("工作日", "Working days"), tuple(line.median_days for line in lines)),),
            remarks=remarks,
        ),
    ]


def _unit_words(line: UnitLine) -> Text:
    name = Text(line.agency.name, line.agency.name)
    few = Text("{name}（答复{number}件）", "{name} (replies: {number})")
    return few.format(name=name, number=line.rate.replied) if line.rate.few else name


def _until(figures: Sequence[float | None], begun: int) -> tuple[float | None, ...]:
    return tuple(figure if at < begun else None for at, figure in enumerate(figures))
