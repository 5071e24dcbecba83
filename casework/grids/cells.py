"""A cell and a line as a sheet gives them, whatever kind of file it stands in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from casework.law.words import Text


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a value of its own: a formula, an error, a part of a merged area."""

    why: Text
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A cell that a workbook stores as a number."""

    value: Decimal
    day: date | None
    """The day that the number stands for if it is a date."""
    shown_as_day: bool

    def __str__(self) -> str:
        if self.shown_as_day and self.day is not None:
            return self.day.isoformat()
        text = format(self.value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


Cell = str | Number | Broken


class Line(NamedTuple):
    """A row of a sheet with the number that spreadsheet programs show beside it."""

    number: int
    cells: list[Cell]
    hidden: bool = False


class Sheet(Protocol):
    """A table that can be read more than once."""

    @property
    def name(self) -> str: ...
    def lines(self) -> Iterator[Line]: ...


def is_blank(cell: Cell) -> bool:
    """Nothing in it; of a merged area only the first cell holds something."""
    return cell.merged if isinstance(cell, Broken) else isinstance(cell, str) and not cell.strip()


def letters(place: int) -> str:
    """The name of a column, counted from 0, as spreadsheet programs show it."""
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def place_of(name: str) -> int:
    """The inverse of ``letters``."""
    place = 0
    for letter in name:
        place = place * 26 + ord(letter) - 64
    return place - 1
