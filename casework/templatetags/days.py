"""A due date drawn as a strip of days: ``{% load days %}``, ``due|months``, ``due|stretches``, ``due|meanings``."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django import template
from django.utils.translation import get_language

from casework.law import strip
from casework.law.due import Due, Step, StepKind
from casework.law.words import Text

register = template.Library()

START = Text("起", "start")
END = Text("届满", "end")
REST = Text("休", "rest")
HOLIDAY = Text("假", "hol.")
PAUSED = Text("停", "held")
DELAYED = Text("延", "delay")


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
def stretches(due: Due) -> list[strip.Stretch]:
    """The same way in sentences, alike days together."""
    return strip.stretches(due)


@register.filter
def meanings(due: Due) -> list[strip.Meaning]:
    """The kinds of days that occur, so that the legend explains no others."""
    return strip.meanings(due)


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
    if first:
        return "from", START
    if step.on == due.due_on:
        return "due", counted if number else END
    if step.counts:
        return step.kind.value, counted
    marks = {StepKind.PAUSED: PAUSED, StepKind.DELAYED: DELAYED, StepKind.WEEKEND: REST}
    return step.kind.value, marks.get(step.kind) or _holiday(step)


def _holiday(step: Step) -> Text:
    """Its name where the square has room for it; the stretches below name every holiday in full."""
    if step.name is None:
        return REST
    name = step.name.zh.split("、")[0]
    return Text(name if len(name) <= 3 else HOLIDAY.zh, HOLIDAY.en)
