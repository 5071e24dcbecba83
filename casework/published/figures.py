"""Figures in a stretch of text: numbers with what is written beside them, blanks in their several signs, cells."""

import csv
import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from .reading import BLANK, Cell, whole, wrong
from .wording import is_of_the_form


class Layout(Enum):
    """How a text keeps its cells apart."""

    LINES = "rows of cells on lines of their own, with a sign between cells"
    STREAM = "one cell after the other, with a sign between cells"
    SPACED = "numbers with spaces and line ends between them"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The layout of a table with the sign between its cells; ``fenced`` lines begin and end with that sign."""

    layout: Layout
    sign: str = ""
    fenced: bool = False


_BLANK_SIGNS: Final = frozenset(
    {"", "/", "//", "\\", "-", "--", "---", "----", "无", "空", "○", "*", ".", "·", "~", "N/A", "null"}
)
_REMARK: Final = re.compile(r"\([^()\n]{0,80}\)|\[[^\[\]\n]{0,80}\]|\*+$|<[^<>\n]{0,40}>")
_UNIT: Final = re.compile(r"\s*(?:件次|件|条|宗|份|个|项|人次|次|起|万元|元)$")
_WHOLE: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})")
_DECIMAL: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})\.\d{1,9}")
_WORDS: Final = re.compile(r"[^\W\d_]")
_LINE_SIGNS: Final = ("|", "\t", ",", ";")

TEXT: Final = Cell(None)
"""A cell of words: a label, a heading, a repetition of either."""


def arrangement_of(text: str, columns: int = 7) -> Arrangement:
    """Find out how the cells of a table's text are kept apart."""
    lines = [line for line in text.splitlines() if line.strip()]
    for sign in _LINE_SIGNS:
        ruled = [line for line in lines if line.count(sign) >= columns - 1 and len(_WORDS.findall(line)) > 1]
        if len(ruled) >= 6 and len(ruled) * 3 >= sum(1 for line in lines if any(char.isdigit() for char in line)):
            fenced = sum(1 for line in ruled if line.lstrip().startswith(sign)) * 2 > len(ruled) and sign == "|"
            return Arrangement(Layout.LINES, sign, fenced)
    for sign in ("|", "\t"):
        if text.count(sign) >= columns * 8:
            return Arrangement(Layout.STREAM, sign)
    return Arrangement(Layout.SPACED)


def cells_of(text: str, arrangement: Arrangement) -> list[Cell]:
    """The cells of a stretch of text, words among them as ``TEXT``."""
    if arrangement.layout is Layout.STREAM:
        return [cell for piece in text.split(arrangement.sign) for cell in _cell_or_cells(piece)]
    return [cell for line in text.splitlines() for cell in _line_cells(line, arrangement)]


def _cell_or_cells(piece: str) -> list[Cell]:
    """A piece between two signs; a page number on a line of its own in it is no cell."""
    return [cell_of(without_page_numbers(piece))]


def _line_cells(line: str, arrangement: Arrangement) -> list[Cell]:
    if not line.strip() or set(line) <= set("|-: +=\t"):
        # An empty line, or the rule under a heading of Markdown; a row of blank cells always has a label beside them.
        return (
            [] if arrangement.fenced or not line.strip() else [cell_of(part) for part in line.split(arrangement.sign)]
        )
    if arrangement.sign == ",":
        # A stretch that begins at a label begins inside the quotes of its cell.
        whole_line = '"' + line if line.count('"') % 2 else line
        return [cell_of(part) for part in next(csv.reader([whole_line]), [])]
    if arrangement.fenced:
        line = line.strip()
        line = line[1:] if line.startswith(arrangement.sign) else line
        line = line[:-1] if line.endswith(arrangement.sign) else line
    return [cell_of(part.strip('"')) for part in line.split(arrangement.sign)]


def cell_of(raw: str) -> Cell:
    """One cell: a whole number, a blank, words, or a fault that quotes what stands there."""
    text = " ".join(raw.split())
    if text.replace(" ", "") in _BLANK_SIGNS:
        return BLANK
    bare = text
    if not _WHOLE.fullmatch(bare):
        bare = _UNIT.sub("", _REMARK.sub("", text).strip()).strip().strip("*'`")
    if _WHOLE.fullmatch(bare):
        return whole(int(bare.replace(",", "")), text)
    if re.fullmatch(r"\d{1,3}(?: \d{3})+", bare):
        return whole(int(bare.replace(" ", "")), text)
    return TEXT if is_of_the_form(text) else wrong(text)


# ── Spaced text ──────────────────────────────────────────────────────────────────────────────────────────────────────

_PAGE_NUMBER: Final = re.compile(
    r"^[ \t]*(?:-+[ ]?\d{1,4}[ ]?-+|第?[ ]?\d{1,4}[ ]?页(?:[ ,、/]*共?[ ]?\d{1,4}[ ]?页?)?|第[ ]?\d{1,4}[ ]?页.{0,12}"
    r"|[Pp]age[ ]?\d{1,4}.{0,8}|\d{1,3}[ ]?/[ ]?\d{1,3})[ \t]*$",
    re.MULTILINE,
)
_ITEM: Final = re.compile(r"(?<![\d.,-])\(?\d{1,2}[ ]?[.、:)](?=\s*[^\s\d|,.])")
_ARTICLE: Final = re.compile(r"第\s*\(?\s*\d+\s*\)?\s*(?:条|项|款)")
_FIGURE: Final = re.compile(
    r"(?<![\w.,])[+-]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<=[^\W\d_])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
    r"|(?<!\S)(?:/|\\|-{1,4}|无|○)(?!\S)"
)


_LAST_WORDS: Final = re.compile(r"[\u4e00-\u9fff]+$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in spaced text: its cell, as written, the line on which it stands, and where in the line it ends."""

    cell: Cell
    raw: str
    line: int
    end: int
    on: str


def without_page_numbers(text: str) -> str:
    """Lines that hold a page number and nothing else become empty."""
    return _PAGE_NUMBER.sub("", text)


def figures_of(text: str, lead: str = "") -> list[Figure]:
    """The figures of a stretch of spaced text, without item numbers, articles, remarks and page numbers.

    ``lead`` is what stands before the stretch on its first line: places in the line are counted with it.
    """
    blanked = _ARTICLE.sub(_spaces, without_page_numbers(text))
    blanked = _REMARK.sub(lambda match: _spaces(match) if any(c.isdigit() for c in match[0]) else match[0], blanked)
    blanked = _ITEM.sub(_spaces, blanked)
    found = []
    for number, line in enumerate(blanked.split("\n")):
        for match in _FIGURE.finditer(line):
            if _glued_to_a_remark(line, match.start()):
                continue
            raw = match[0].rstrip(",.")
            before = lead if number == 0 else ""
            found.append(Figure(cell_of(raw), raw, number, len(before) + match.end(), before + line))
    return found


def _glued_to_a_remark(line: str, start: int) -> bool:
    """Whether a figure follows words without a space, and the words are none of the form: 详见附件2."""
    words = _LAST_WORDS.search(line[max(0, start - 12) : start])
    return words is not None and not is_of_the_form(words[0])


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
