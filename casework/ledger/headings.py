"""Which column of a sheet holds which fact: by the printed heading or the key, in any order."""

import unicodedata
from collections.abc import Sequence
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


_KNOWN: Final = {plain(name): key for key, heading in HEADINGS.items() for name in (key, heading)}


def find(lines: Sequence[Line]) -> Headings | None:
    """The headings among the first lines of a sheet: the first line that has all that are required."""
    line = next((line for line in lines if not _missing(line)), None)
    return None if line is None else _headings(line)


def lacking(lines: Sequence[Line]) -> list[str]:
    """What the line that looks most like headings lacks, by the printed names."""
    closest = max(lines, key=_count_known, default=Line(0, []))
    return _missing(closest)


def _key_of(heading: Cell) -> str | None:
    """The fact that a heading names; the mark of a required column after it does not matter."""
    return _KNOWN.get(plain(heading).rstrip("*:")) if isinstance(heading, str) else None


def _count_known(line: Line) -> int:
    return sum(_key_of(cell) is not None for cell in line.cells)


def _missing(line: Line) -> list[str]:
    known = {_key_of(cell) for cell in line.cells}
    return [HEADINGS[key] for key in REQUIRED if key not in known]


def _headings(line: Line) -> Headings:
    places: dict[str, int] = {}
    unknown: list[str] = []
    for place, cell in enumerate(line.cells):
        key = _key_of(cell)
        if key is None:
            if not is_blank(cell):
                unknown.append(_shown(cell))
        elif key in places:
            raise Refused(
                _TWICE.format(heading=HEADINGS[key], first=letters(places[key]), second=letters(place), row=line.number)
            )
        else:
            places[key] = place
    for name, other in (*PAIRS, *NEEDS):
        if name in places and other not in places:
            raise Refused(_ALONE.format(name=HEADINGS[name], other=HEADINGS[other]))
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
