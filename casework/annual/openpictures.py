"""The pictures of the public statistics: what ``openfigures`` may show → what ``exports.pictures`` draws."""

from collections.abc import Sequence
from typing import Final

from casework.exports.pictures import MONTHS, Kind, Picture, Series
from casework.law.outcomes import OUTCOMES
from casework.law.smallnumbers import Stretch
from casework.law.words import Text

from .openfigures import OpenFigures, YearTotal

_CASES: Final = Text("件", "Applications")
_TOGETHER: Final = Text("件数少的相邻月份合并显示。", "Neighbouring months with few are shown together.")
_CLASSES_TOGETHER: Final = Text("件数少的相邻类别合并显示。", "Neighbouring classes with few are shown together.")


def pictures_of(figures: OpenFigures, years: Sequence[YearTotal]) -> list[Picture]:
    """Those for which something may be shown."""
    found: list[Picture] = []
    if figures.received_months:
        words = Text("收到的申请", "Applications received")
        found.append(_months("received-months", words, figures.received_months))
    if figures.closed_months:
        words = Text("办结的申请", "Applications closed")
        found.append(_months("closed-months", words, figures.closed_months))
    if figures.classes:
        found.append(_classes(figures))
    if figures.reasons:
        found.append(_reasons(figures))
    if len(years) > 1:
        found.append(_years(years))
    return found


def span(first: int, last: int) -> Text:
    """``3月`` or ``3–4月``."""
    if first == last:
        return MONTHS[first - 1]
    return Text(f"{first}–{last}月", f"{MONTHS[first - 1].en}–{MONTHS[last - 1].en}")


def _months(key: str, words: Text, months: Sequence[Stretch]) -> Picture:
    total = sum(each.number for each in months)
    return Picture(
        key,
        Text("{words}，按月", "{words} by month").format(words=words),
        Text("图上共{total}件。", "{total} in the picture.").format(total=total),
        Kind.COLUMNS,
        Text("月份", "Month"),
        tuple(span(each.first, each.last) for each in months),
        (Series(_CASES, tuple(each.number for each in months)),),
        remarks=(_TOGETHER,) if any(each.first != each.last for each in months) else (),
    )


def _classes(figures: OpenFigures) -> Picture:
    return Picture(
        "classes",
        Text("办理结果", "Outcomes"),
        Text("办结{n}件，按办理结果的类别。", "{n} closed, by class of outcome.").format(
            n=sum(each.number for each in figures.classes)
        ),
        Kind.BARS,
        Text("类别", "Class"),
        tuple(each.words for each in figures.classes),
        (Series(_CASES, tuple(each.number for each in figures.classes)),),
        remarks=(_CLASSES_TOGETHER,) if any(len(each.groups) > 1 for each in figures.classes) else (),
    )


def _reasons(figures: OpenFigures) -> Picture:
    return Picture(
        "reasons",
        Text("没有公开的主要原因", "Most frequent reasons for not disclosing"),
        Text("已公布的年度报告中件数最多的几项。", "The most frequent in the published annual report."),
        Kind.BARS,
        Text("原因", "Reason"),
        tuple(OUTCOMES[code].words for code, _number in figures.reasons),
        (Series(_CASES, tuple(number for _code, number in figures.reasons)),),
    )


def _years(years: Sequence[YearTotal]) -> Picture:
    return Picture(
        "years",
        Text("历年收到和办结", "Received and closed, year by year"),
        Text("按已公布的年度报告。", "As the published annual reports say."),
        Kind.COLUMNS,
        Text("年度", "Year"),
        tuple(Text(str(each.year), str(each.year)) for each in years),
        (
            Series(Text("收到", "Received"), tuple(each.received for each in years)),
            Series(Text("办结", "Closed"), tuple(each.closed for each in years)),
        ),
    )
