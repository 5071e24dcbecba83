"""Open data: the public figures of a year as JSON and CSV (docs/formats/statistics.md), and what each field means."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from casework.law.calendar import day_of
from casework.law.smallnumbers import Stretch
from casework.law.words import Text

from .openfigures import OpenFigures

FORMAT: Final = "gongkai.statistics/1"
LICENCE: Final = Text(
    "可以免费查阅、下载、利用；利用时请注明来源和截止日期。",
    "Free to read, download and use; please name the source and the day up to which it counts.",
)


@dataclass(frozen=True, slots=True)
class Field:
    """One measure of the data, under the name that it keeps: what it counts and of what unit."""

    key: str
    unit: Text
    words: Text


_CASES: Final = Text("件", "applications")
MEASURES: Final = (
    Field(
        "received",
        _CASES,
        Text("当年收到的申请（表三第一项）。", "Applications received in the year (table 3, item 1)."),
    ),
    Field(
        "received_by_month",
        _CASES,
        Text("收到的申请，按月或者相邻的几个月合计。", "Applications received, by month or by months taken together."),
    ),
    Field(
        "received_by_kind",
        _CASES,
        Text(
            "收到的申请，按申请人类型；只用已公布的年度报告。", "By kind of applicant, only as a report was published."
        ),
    ),
    Field(
        "closed",
        _CASES,
        Text("当年办结的申请（表三第三项（七））。", "Applications closed in the year (table 3, item 3(7))."),
    ),
    Field(
        "closed_by_month",
        _CASES,
        Text("办结的申请，按月或者相邻的几个月合计。", "Applications closed, by month or by months taken together."),
    ),
    Field(
        "closed_by_class",
        _CASES,
        Text(
            "办结的申请，按办理结果的六类；件数少的与相邻的类合计，类名以加号相连。",
            "Applications closed, by class of outcome; small ones with their neighbours, joined by plus signs.",
        ),
    ),
    Field(
        "closed_by_code",
        _CASES,
        Text("办结的申请，按表三的各项；只用已公布的年度报告。", "By row of table 3, only as a report was published."),
    ),
    Field(
        "on_time_percent",
        Text("%", "percent"),
        Text(
            "按期办结率，向下取一位小数；at_least 表示不低于这个数。",
            "Share closed in time, rounded down to a tenth; at_least: not below this.",
        ),
    ),
    Field(
        "median_working_days",
        Text("工作日", "working days"),
        Text("从收到到送出答复的工作日，中位数。", "Median of the working days from receipt to dispatch."),
    ),
)
COLUMNS: Final = (
    *("agency_code", "agency_name", "region", "year", "as_of", "basis"),
    *("measure", "category", "first_month", "last_month", "value", "qualifier"),
)


def as_json(figures: OpenFigures) -> str:
    """The figures as ``gongkai.statistics/1``; ``null`` and an empty list are what is not shown, never nought."""
    filed = figures.edition is not None
    content: dict[str, Any] = {
        "format": FORMAT,
        "licence": LICENCE.zh,
        "agency": {"code": figures.agency.code, "name": figures.agency.name},
        "region": figures.region,
        "year": figures.year,
        "as_of": figures.as_of.isoformat(),
        "complete": figures.complete,
        "basis": basis_of(figures),
        "edition": figures.edition.number if figures.edition else None,
        "published_on": _published_on(figures),
        "threshold": figures.threshold,
        "months_in_region": figures.pooled,
        "months_differ": figures.differs,
        "received": {
            "total": figures.received,
            "by_month": [_stretch(each) for each in figures.received_months],
            "by_kind": {kind.value: number for kind, number in figures.kinds.items()} if filed else None,
        },
        "closed": {
            "total": figures.closed,
            "by_month": [_stretch(each) for each in figures.closed_months],
            "by_class": [{"classes": list(each.groups), "number": each.number} for each in figures.classes],
            "by_code": {code.value: number for code, number in figures.codes.items()} if filed else None,
        },
        "on_time": (
            {"percent": float(figures.on_time.percent), "at_least": figures.on_time.at_least}
            if figures.on_time
            else None
        ),
        "median_working_days": figures.median_days,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_csv(figures: OpenFigures) -> str:
    """A line for each figure; with the mark by which spreadsheets know UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    whose = (figures.agency.code, figures.agency.name, int(figures.region), figures.year, figures.as_of.isoformat())
    for line in _lines(figures):
        writer.writerow((*whose, basis_of(figures), *line))
    return "\ufeff" + stream.getvalue()


def basis_of(figures: OpenFigures) -> str:
    return "report" if figures.edition else "records"


def _lines(figures: OpenFigures) -> Iterator[tuple[object, ...]]:
    for name, total, months in (
        ("received", figures.received, figures.received_months),
        ("closed", figures.closed, figures.closed_months),
    ):
        if total is not None:
            yield name, "", "", "", total, ""
        for each in months:
            yield f"{name}_by_month", "", each.first, each.last, each.number, ""
    for kind, number in figures.kinds.items():
        yield "received_by_kind", kind.value, "", "", number, ""
    for each_class in figures.classes:
        yield "closed_by_class", "+".join(each_class.groups), "", "", each_class.number, ""
    for code, number in figures.codes.items():
        yield "closed_by_code", code.value, "", "", number, ""
    if figures.on_time is not None:
        yield "on_time_percent", "", "", "", figures.on_time.percent, "at_least" if figures.on_time.at_least else ""
    if figures.median_days is not None:
        yield "median_working_days", "", "", "", f"{figures.median_days:g}", ""


def _stretch(each: Stretch) -> dict[str, int]:
    return {"first": each.first, "last": each.last, "number": each.number}


def _published_on(figures: OpenFigures) -> str | None:
    if figures.edition is None or figures.edition.published_at is None:
        return None
    return day_of(figures.edition.published_at).isoformat()
