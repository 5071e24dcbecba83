"""Spreadsheets: the one way in which text may enter a cell, and lists as workbooks."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO, Final

import xlsxwriter

_FORMULA: Final = re.compile(r"'*(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NOT_ALLOWED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_CELL: Final = 32_767

Value = str | int | date | None


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return "'" + text if _FORMULA.match(text) else text


def original(text: str) -> str:
    """The text that ``harmless`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def cell_text(text: str) -> str:
    """What a cell of a workbook can hold: no control characters, at most 32,767 signs, nothing that is a formula."""
    return harmless(_NOT_ALLOWED.sub("", text))[:_LONGEST_CELL]


def workbook(stream: BinaryIO, **options: Any) -> Any:
    """A workbook that takes text for text; the same content gives the same bytes."""
    book = xlsxwriter.Workbook(
        stream,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, **options},
    )
    book.set_properties({"created": datetime(2021, 9, 26)})  # noqa: DTZ001 - a fixed mark, no moment
    return book


def write_csv(stream: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """A list as CSV in UTF-8, row by row; returns the rows written.

    With a byte order mark, without which Excel takes Chinese for something else.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    sheet = csv.writer(text)
    sheet.writerow(headings)
    written = 0
    for row in rows:
        sheet.writerow([harmless(value) if isinstance(value, str) else value for value in row])
        written += 1
    text.flush()
    text.detach()
    return written


def write_xlsx(
    stream: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str, width: int = 18
) -> int:
    """A list as a workbook with a frozen head; row by row, so that memory stays flat. Returns the rows written.

    A date becomes an Excel date, a number a number, ``None`` an empty cell.
    """
    book = workbook(stream, constant_memory=True)
    page = book.add_worksheet(sheet)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    page.freeze_panes(1, 0)
    page.set_column(0, len(headings) - 1, width)
    for column, heading in enumerate(headings):
        page.write_string(0, column, cell_text(heading), head)
    line = 0
    for row in rows:
        line += 1
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(line, column, cell_text(value))
            elif isinstance(value, date):
                page.write_datetime(line, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif value is not None:
                page.write_number(line, column, value)
    book.close()
    return line
