"""A workbook (XLSX), read as a stream: values as they are stored, formulas never computed.

Read with lxml rather than with openpyxl, which in its streaming mode tells neither merged areas nor hidden rows, keeps
a note of every row with a height of its own, and gives up on style sheets that WPS writes.
"""

import posixpath
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO, BinaryIO, Final, NamedTuple

from lxml import etree

from casework.law.refusals import Refused
from casework.law.words import Text

from .archive import WORKBOOK, opened, parser, readable, too_large
from .cells import Broken, Cell, Line, Number, place_of

LARGEST_UNPACKED: Final = 1024 * 1024 * 1024
LARGEST_STRINGS: Final = 256 * 1024 * 1024
WIDEST: Final = 512
"""Columns that are looked at; programs that format a whole sheet write 16,384."""


class _Area(NamedTuple):
    """Merged cells, by their first and last column and row."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def parse(cls, left: bytes, top: bytes, right: bytes, bottom: bytes) -> "_Area":
        return cls(place_of(left.decode()), int(top), place_of(right.decode()), int(bottom))

    def mark(self, line: Line) -> None:
        """Put a broken cell for every cell of the area but its first, which alone has a value."""
        last = min(self.right, WIDEST - 1)
        line.cells.extend([""] * (last + 1 - len(line.cells)))
        for place in range(self.left, last + 1):
            if (place, line.number) != (self.left, self.top):
                line.cells[place] = _MERGED_CELL


class Workbook:
    """The visible sheets of an XLSX file.

    A formula is a broken cell; with ``computed`` it is the value that the program which saved the file found for it.
    """

    def __init__(self, file: BinaryIO, *, computed: bool = False) -> None:
        self._computed = computed
        with readable(WORKBOOK):
            self._archive = opened(file, kind=WORKBOOK, largest=LARGEST_UNPACKED)
            main = self._related("", "/officeDocument").get("main")
            if main is None or main not in self._archive.namelist():
                raise Refused(_NOT_A_WORKBOOK)
            book = self._tree(main)
            parts = self._related(main, "")
            properties = book.find("{*}workbookPr")
            self._epoch = date(1904, 1, 1) if _is_true(properties, "date1904") else date(1899, 12, 30)
            self._date_styles = self._find_date_styles(parts.get("styles"))
            self._strings = self._find_strings(parts.get("sharedStrings"))
            self.sheets = [
                WorkbookSheet(self, sheet.get("name", ""), parts[_relation(sheet)])
                for sheet in book.iterfind("{*}sheets/{*}sheet")
                if sheet.get("state", "visible") == "visible" and _relation(sheet) in parts
            ]

    # -- parts -----------------------------------------------------------------------------------------------------

    def open(self, part: str) -> IO[bytes]:
        return self._archive.open(part)

    def _tree(self, part: str) -> etree._Element:
        with self.open(part) as stream:
            return etree.parse(stream, parser()).getroot()

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts that a part names: by their relation, and by the last word of their type.

        With ``kind`` only the one of that type, as ``main``.
        """
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations not in self._archive.namelist():
            return {}
        found: dict[str, str] = {}
        for relation in self._tree(relations).iterfind("{*}Relationship"):
            type_, target = relation.get("Type", ""), relation.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if kind and type_.endswith(kind):
                found["main"] = path
            found[relation.get("Id", "")] = path
            found.setdefault(type_.rpartition("/")[2], path)
        return found

    def _find_strings(self, part: str | None) -> list[str]:
        if part is None or part not in self._archive.namelist():
            return []
        if self._archive.getinfo(part).file_size > LARGEST_STRINGS:
            raise Refused(too_large(WORKBOOK))
        with self.open(part) as stream:
            return [_text_of(item) for item in _stream(stream, "{*}si")]

    def _find_date_styles(self, part: str | None) -> frozenset[int]:
        """Numbers of the cell styles that show a number as a date."""
        if part is None or part not in self._archive.namelist():
            return frozenset()
        styles = self._tree(part)
        formats = {
            int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in styles.iterfind("{*}numFmts/{*}numFmt")
        }
        return frozenset(
            number
            for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
            if _shows_date(int(style.get("numFmtId", 0)), formats)
        )

    # -- values ----------------------------------------------------------------------------------------------------

    def value(self, cell: etree._Element) -> Cell:
        """What a ``c`` element holds."""
        if cell.find("{*}f") is not None and not self._computed:
            return _FORMULA
        if cell.get("t") == "inlineStr":
            inline = cell.find("{*}is")
            return "" if inline is None else _text_of(inline)
        stored = cell.findtext("{*}v", default="")
        return self._stored(cell, stored) if stored else ""

    def _stored(self, cell: etree._Element, stored: str) -> Cell:
        match cell.get("t", "n"):
            case "n":
                return self._number(stored, int(cell.get("s", 0)))
            case "s":
                return self._strings[int(stored)]
            case "e":
                return Broken(_ERROR.format(what=stored))
            case "b":
                return "TRUE" if stored == "1" else "FALSE"
            case _:
                return _unescaped(stored)

    def _number(self, stored: str, style: int) -> Cell:
        try:
            value = Decimal(stored)
        except InvalidOperation:
            return Broken(_ERROR.format(what=stored))
        return Number(value, self._day(value), style in self._date_styles)

    def _day(self, value: Decimal) -> date | None:
        try:
            return self._epoch + timedelta(days=int(value)) if value >= 1 else None
        except (OverflowError, ValueError):
            return None


class WorkbookSheet:
    """One sheet of a workbook."""

    def __init__(self, book: Workbook, name: str, part: str) -> None:
        self._book, self.name, self._part = book, name, part

    def lines(self) -> Iterator[Line]:
        with readable(WORKBOOK):
            coming = sorted(self._merged_areas(), key=lambda area: area.top, reverse=True)
            here: list[_Area] = []
            number = 0
            with self._book.open(self._part) as stream:
                for row in _stream(stream, "{*}row"):
                    number = int(row.get("r", number + 1))
                    line = Line(number, self._cells(row), _is_true(row, "hidden"))
                    while coming and coming[-1].top <= number:
                        here.append(coming.pop())
                    here = [area for area in here if area.bottom >= number]
                    for area in here:
                        area.mark(line)
                    yield line

    def _cells(self, row: etree._Element) -> list[Cell]:
        cells: list[Cell] = []
        for cell in row.iterfind("{*}c"):
            reference = cell.get("r")
            place = place_of(reference.rstrip("0123456789")) if reference else len(cells)
            if place >= WIDEST:
                break
            cells.extend([""] * (place - len(cells)))
            cells.append(self._book.value(cell))
        return cells

    def _merged_areas(self) -> list[_Area]:
        """They stand behind the rows that they concern, so they are looked for first, without taking the file apart."""
        areas: list[_Area] = []
        with self._book.open(self._part) as stream:
            rest = b""
            while block := stream.read(1 << 20):
                block = rest + block
                areas += [_Area.parse(*found) for found in _MERGED.findall(block)]
                # A tag may be cut in two; what is longer than a line is not this one.
                rest = block[max(block.rfind(b"<"), len(block) - 1000) :]
        return areas


_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


# -- XML ---------------------------------------------------------------------------------------------------------------


def _stream(stream: IO[bytes], tag: str) -> Iterator[etree._Element]:
    """Each element of this name when it is complete; what was read before is let go."""
    for _event, element in etree.iterparse(stream, tag=tag, resolve_entities=False, no_network=True, load_dtd=False):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _text_of(item: etree._Element) -> str:
    """The text of a string, its runs joined; how it is to be pronounced (``rPh``) is no part of it."""
    runs = (*item.iterfind("{*}t"), *item.iterfind("{*}r/{*}t"))
    return _unescaped("".join(run.text or "" for run in runs))


def _unescaped(text: str) -> str:
    """Characters that XML can't hold are stored as ``_x0007_``; text that looks like that as ``_x005F_x0007_``."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def _relation(sheet: etree._Element) -> str:
    """The attribute ``r:id``, whose namespace has two spellings."""
    return sheet.get(f"{{{_TRANSITIONAL}}}id") or sheet.get(f"{{{_STRICT}}}id") or ""


_TRANSITIONAL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def _is_true(element: etree._Element | None, attribute: str) -> bool:
    return element is not None and element.get(attribute) in {"1", "true", "on"}


def _shows_date(number: int, formats: dict[int, str]) -> bool:
    """Formats 14 to 17, 22, 27 to 36 and 50 to 58 are dates by their number, in Chinese editions too."""
    if number in formats:
        code = _LITERAL.sub("", formats[number]).lower()
        return "y" in code or "d" in code
    return 14 <= number <= 17 or number == 22 or 27 <= number <= 36 or 50 <= number <= 58


_LITERAL: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


# -- what can be wrong with the file -----------------------------------------------------------------------------------


_NOT_A_WORKBOOK: Final = Text(
    "文件不是 XLSX 工作簿。请用 Excel 或者 WPS 打开后另存为 XLSX。",
    "The file is not an XLSX workbook. Open it in Excel or WPS and save it as XLSX.",
)
_FORMULA: Final = Broken(
    Text("是公式，请粘贴为数值", "is a formula; replace it by its value"),
)
_MERGED_CELL: Final = Broken(
    Text("属于合并的单元格，请取消合并并逐格填写", "is part of a merged area; unmerge it and fill every cell"),
    merged=True,
)
_ERROR: Final = Text("是错误值（{what}）", "is an error ({what})")
