"""Which column of a sheet holds which fact: by the printed heading or the key, in any order."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from casework.grids.cells import Cell, Line, is_blank, letters
from casework.law.history import HEADINGS, NEEDS, PAIRS
from casework.law.refusals import Refused
from casework.law.words import Text

#: A row can't be stored without these; the others may be missing, which says nothing of their facts.
REQUIRED: Final = ("received_on", "channel", "applicant_kind", "applicant_name", "content")
#: So many rows from the top are searched: above the headings a sheet may say whose it is and of which year.
SEARCHED: Final = 30


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a sheet: fact → place, and the names of those that it can't use."""

    row: int
    places: dict[str, int]
    unknown: tuple[str, ...]
    width: int


def plain(text: str) -> str:
    """Half-width, in lower case, without spaces: what remains of a word however it was typed."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sheet may have: printed heading by key, those it must have, and pairs that go together."""

    headings: Mapping[str, str]
    required: tuple[str, ...]
    together: tuple[tuple[str, str], ...] = ()

    def key_of(self, heading: Cell) -> str | None:
        """The fact that a heading names; the mark of a required column after it does not matter."""
        if not isinstance(heading, str):
            return None
        given = plain(heading).rstrip("*:")
        return next((key for key, name in self.headings.items() if given in (plain(key), plain(name))), None)

    def missing(self, line: Line) -> list[str]:
        """The required ones that a line lacks, by the printed names."""
        known = {self.key_of(cell) for cell in line.cells}
        return [self.headings[key] for key in self.required if key not in known]


LEDGER: Final = Wanted(HEADINGS, REQUIRED, (*PAIRS, *NEEDS))


def find(lines: Sequence[Line], wanted: Wanted = LEDGER) -> Headings | None:
    """The headings among the first lines of a sheet: the first line that has all that are required."""
    line = next((line for line in lines if not wanted.missing(line)), None)
    return None if line is None else _headings(line, wanted)


def lacking(lines: Sequence[Line], wanted: Wanted = LEDGER) -> list[str]:
    """What the line that looks most like headings lacks, by the printed names."""
    closest = max(lines, key=lambda line: sum(map(bool, map(wanted.key_of, line.cells))), default=Line(0, []))
    return wanted.missing(closest)


def _headings(line: Line, wanted: Wanted) -> Headings:
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(line.cells):
        key = wanted.key_of(cell)
        if key is None:
            if not is_blank(cell):
                unknown.append(_shown(cell))
        elif key in places:
            raise Refused(
                _TWICE.format(
                    heading=wanted.headings[key], first=letters(places[key]), second=letters(place), row=line.number
                )
            )
        else:
            places[key] = place
    for name, other in wanted.together:
        if name in places and other not in places:
            raise Refused(_ALONE.format(name=wanted.headings[name], other=wanted.headings[other]))
    return Headings(line.number, places, tuple(unknown), len(line.cells))


def _shown(cell: Cell) -> str:
    """The name of a column that is left out, short enough to be said."""
    text = " ".join("?" if not isinstance(cell, str) else cell.split())
    return text if len(text) <= 40 else text[:40] + "…"


_TWICE: Final = Text(
    "第{row}行有两列都是“{heading}”（{first}列和{second}列），请只留一列。",
    "Row {row} has two columns for {heading} ({first} and {second}); keep one of them.",
)
_ALONE: Final = Text(
    "台账有“{name}”列，却没有“{other}”列。", "The ledger has the column {name} but lacks {other}, which goes with it."
)
