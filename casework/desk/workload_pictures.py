"""The pictures of the workload page: what ``workload`` found → what ``exports.pictures`` draws."""

from collections.abc import Sequence
from typing import Final

from casework.desk.filters import HASTE_WORDS, Haste
from casework.desk.workload import Load, MonthLine, StepTime
from casework.exports.pictures import MONTHS, Kind, Picture, Series
from casework.law.words import Text

#: Names that stand under columns and can still be read; all are in the table below.
_DRAWN: Final = 8
_NOBODY: Final = Text("未交办", "Nobody")
_NO_DIVISION: Final = Text("未填科室", "No division")


def open_by(by: str, loads: Sequence[Load]) -> Picture:
    """Open cases of each clerk or division, by urgency."""
    drawn = [load for load in loads if load.total][:_DRAWN]
    rest = (Haste.CALM, Haste.WAITING)
    series = [
        *(Series(HASTE_WORDS[haste], tuple(load.of[haste] for load in drawn)) for haste in _PRESSING),
        Series(Text("其余", "Others"), tuple(sum(load.of[haste] for haste in rest) for load in drawn)),
    ]
    clerks = by == "clerk"
    total, late = sum(load.total for load in loads), sum(load.of[Haste.LATE] for load in loads)
    beyond = len([load for load in loads if load.total]) - len(drawn)
    return Picture(
        f"open-{by}",
        Text("各承办人的在办件", "Open cases by clerk") if clerks else Text("各科室的在办件", "Open cases by division"),
        Text(f"在办{total}件，其中已逾期{late}件。", f"{total} open cases, {late} of them overdue."),
        Kind.STACKED,
        Text("承办人", "Clerk") if clerks else Text("科室", "Division"),
        tuple(label_of(by, load) for load in drawn),
        tuple(series),
        remarks=(_ONLY_FIRST.format(n=_DRAWN),) if beyond > 0 else (),
    )


_PRESSING: Final = (Haste.LATE, Haste.TODAY, Haste.SOON)
_ONLY_FIRST: Final = Text(
    "图上只有在办件最多的{n}个，全部在下表。", "The {n} with most are drawn; all are in the table below."
)


def label_of(by: str, load: Load) -> Text:
    """The name of a clerk or a division, or that there is none."""
    if load.name:
        return Text(load.name, load.name)
    return _NOBODY if by == "clerk" else _NO_DIVISION


def of_steps(steps: Sequence[StepTime]) -> Picture:
    """The median time of each step."""
    whole = next((each for each in steps if each.row.key == "all"), None)
    median = "–" if whole is None or whole.median is None else f"{whole.median:g}"
    n = whole.cases if whole else 0
    return Picture(
        "steps",
        Text("各环节用时", "Time in each step"),
        Text(
            f"本期办结{n}件，从收到到送出的中位数是{median}个工作日。",
            f"{n} replies in the period; the median from receipt to dispatch is {median} working days.",
        ),
        Kind.BARS,
        Text("环节", "Step"),
        tuple(each.row.words for each in steps),
        (Series(Text("中位数（工作日）", "Median (working days)"), tuple(each.median for each in steps)),),
    )


def by_month(months: Sequence[MonthLine]) -> Picture:
    """What came in and what was closed, month by month."""
    received, closed = (sum(getattr(month, name) for month in months) for name in ("received", "closed"))
    return Picture(
        "trend",
        Text("近12个月收到和办结", "Received and closed in the last 12 months"),
        Text(f"共收到{received}件，办结{closed}件。", f"{received} received, {closed} closed."),
        Kind.COLUMNS,
        Text("月份", "Month"),
        tuple(MONTHS[month.first.month - 1] for month in months),
        (
            Series(Text("收到", "Received"), tuple(month.received for month in months)),
            Series(Text("办结", "Closed"), tuple(month.closed for month in months)),
        ),
    )


def in_time(months: Sequence[MonthLine]) -> Picture:
    """The share of the replies that were in time, month by month."""
    replied = sum(month.rate.replied for month in months)
    late = sum(month.rate.late for month in months)
    return Picture(
        "in-time",
        Text("近12个月按期答复率", "Replied in time in the last 12 months"),
        Text(f"答复{replied}件，逾期{late}件。", f"{replied} replies, {late} of them late."),
        Kind.LINE,
        Text("月份", "Month"),
        tuple(MONTHS[month.first.month - 1] for month in months),
        (Series(Text("按期答复率", "Replied in time"), tuple(month.rate.on_time for month in months)),),
        percent=True,
    )
