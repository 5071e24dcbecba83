"""A due date drawn as months of days: ``{% load days %}{% for month in due|months %}``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import template
from django.utils.translation import get_language

from casework.law.calendar import DayKind
from casework.law.due import Due, Step
from casework.law.words import Text

register = template.Library()

START = Text("起", "start")
END = Text("届满", "end")
REST = Text("休", "off")
PAUSED = Text("停", "held")


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the drawing; ``look`` is its class, ``mark`` the word that says the same as the colour."""

    on: date
    look: str = ""
    mark: str = ""
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a month that the reckoning touches, Monday first; ``None`` outside the month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


@register.filter
def months(due: Due) -> list[Month]:
    """The months on the way from the start to the due date."""
    cells = {step.on: _cell(due, step, first=index == 0) for index, step in enumerate(due.steps())}
    firsts = sorted({on.replace(day=1) for on in cells})
    return [Month(first, tuple(_weeks(first, cells))) for first in firsts]


@register.filter
def looks(drawn: list[Month]) -> set[str]:
    """Which kinds of days occur, so that the legend explains no others."""
    return {cell.look for month in drawn for week in month.weeks for cell in week if cell}


def _weeks(first: date, cells: dict[date, Cell]) -> Iterator[tuple[Cell | None, ...]]:
    monday = first - timedelta(days=first.weekday())
    while monday < first or monday.month == first.month:
        days = [monday + timedelta(days=n) for n in range(7)]
        week = tuple(cells.get(d, Cell(d)) if d.month == first.month else None for d in days)
        if any(cell and cell.step for cell in week):
            yield week
        monday += timedelta(days=7)


def _cell(due: Due, step: Step, *, first: bool) -> Cell:
    look, mark = _look(due, step, first=first)
    return Cell(step.on, look, mark.read_in(get_language()), step)


def _look(due: Due, step: Step, *, first: bool) -> tuple[str, Text]:
    number = str(step.day or "")
    counted = Text(number, number)
    kind = due.basis.calendar.day(step.on).kind
    if first:
        return "from", START
    if step.on == due.due_on:
        return "due", counted if number else END
    if step.counts:
        return ("swapped" if kind is DayKind.MAKEUP else "counted"), counted
    if any(p.first <= step.on <= p.last for p in due.basis.pauses):
        return "paused", PAUSED
    name = due.basis.calendar.day(step.on).name
    return "rest", name if name and kind is DayKind.HOLIDAY and len(name.zh) <= 3 and _chinese() else REST


def _chinese() -> bool:
    return not (get_language() or "").startswith("en")
