"""A year as the package ``chinesecalendar`` knows it, for an office that has not typed the notice yet.

The product runs without the package; whoever wants a year of it installs it beside.
"""

from datetime import date
from importlib import import_module
from typing import Any, Final

from casework.law.edition_file import FORMAT, EditionFile, from_document
from casework.law.refusals import Refused
from casework.law.words import Text

_NAMES: Final = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def from_package(year: int, number: str, published_on: date) -> EditionFile:
    """The days of the year; the number and day of the notice are not in the package and have to be given."""
    try:
        chinese_calendar = import_module("chinese_calendar")
    except ImportError:
        raise Refused(_NOT_INSTALLED) from None
    off: list[dict[str, Any]] = []
    for day, name in sorted(chinese_calendar.holidays.items()):
        if _year_of(day, name) == year:
            off.append({"from": day.isoformat(), "to": day.isoformat(), "name": _NAMES.get(name, name)})
    if not off:
        raise Refused(_UNKNOWN.format(year=year), field="year")
    names = {entry["name"] for entry in off}
    make_up = [
        {"on": day.isoformat(), "for": _NAMES.get(name, name)}
        for day, name in sorted(chinese_calendar.workdays.items())
        if _year_of(day, name) == year and _NAMES.get(name, name) in names
    ]
    document = {
        "format": FORMAT,
        "year": year,
        "document_number": number,
        "published_on": published_on.isoformat(),
        "off": off,
        "make_up": make_up,
    }
    return from_document(document)


def _year_of(day: date, name: str) -> int:
    """A New Year's holiday that begins in December is part of the notice for the new year."""
    return day.year + (name == "New Year's Day" and day.month == 12)


_UNKNOWN: Final = Text(
    "软件包chinesecalendar还没有{year}年的放假安排，请升级软件包，或者按通知填写文件。",
    "The package chinesecalendar does not know {year} yet: upgrade it, or write the file after the notice.",
)
_NOT_INSTALLED: Final = Text(
    "没有安装软件包chinesecalendar，请先安装（pip install chinesecalendar），或者按通知填写文件。",
    "The package chinesecalendar is not installed: install it (pip install chinesecalendar), or write the file "
    "after the notice.",
)
