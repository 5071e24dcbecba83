"""A ledger as CSV in UTF-8, with or without a byte order mark."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final

from casework.grids.cells import Cell, Line
from casework.law.refusals import Refused
from casework.law.words import Text

from . import headings

_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT: Final = 65_536


class Delimited:
    """The one table of a CSV file. Its lines are counted as a spreadsheet shows them, not as they stand in the file."""

    def __init__(self, file: BinaryIO, name: str, wanted: headings.Wanted = headings.LEDGER) -> None:
        self._file, self.name = file, name
        _check_encoding(file, wanted)

    def lines(self) -> Iterator[Line]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, encoding="utf-8-sig", newline="")
        number = 0
        try:
            for number, cells in enumerate(csv.reader(text, strict=True), start=1):
                yield Line(number, list[Cell](cells))
        except csv.Error as error:
            raise Refused(_BROKEN.format(row=number + 1, why=error)) from None
        except UnicodeDecodeError:
            raise Refused(_not_utf8(self._file)) from None
        finally:
            text.detach()


def _check_encoding(file: BinaryIO, wanted: headings.Wanted) -> None:
    """Name the two encodings in which spreadsheet programs save Chinese text instead."""
    file.seek(0)
    start = file.read(_LOOKED_AT)
    if start.startswith(_WIDE):
        raise Refused(_UTF_16)
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may have been cut in two.
        if error.start < len(start) - 3 and _has_headings(start, "gb18030", wanted):
            raise Refused(_GB18030) from None


def _has_headings(start: bytes, encoding: str, wanted: headings.Wanted) -> bool:
    text = start.decode(encoding, errors="replace")
    try:
        rows = [Line(0, list[Cell](row)) for row in islice(csv.reader(io.StringIO(text)), headings.SEARCHED)]
    except csv.Error:
        return False
    return headings.find(rows, wanted) is not None


def _not_utf8(file: BinaryIO) -> Text:
    """Where the first bytes stand that are not UTF-8."""
    file.seek(0)
    for number, line in enumerate(file, start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return _NOT_UTF_8.format(line=number)
    return _NOT_UTF_8.format(line="?")


_SAVE_AS: Final = Text(
    "请在 Excel 或者 WPS 中另存为“CSV UTF-8（逗号分隔）”或者 XLSX，再导入。",
    "Save it as “CSV UTF-8 (comma delimited)” or as XLSX, and import that.",
)
_GB18030: Final = Text(
    "文件的编码是 GB18030（GBK），不是 UTF-8。{how}", "The file is in GB18030 (GBK), not UTF-8. {how}"
).format(how=_SAVE_AS)
_UTF_16: Final = Text("文件的编码是 UTF-16，不是 UTF-8。{how}", "The file is in UTF-16, not UTF-8. {how}").format(
    how=_SAVE_AS
)
_NOT_UTF_8: Final = Text(
    "文件不是 UTF-8 编码的文本（从第 {{line}} 行起）。{how}",
    "The file is not UTF-8 text (from line {{line}} on). {how}",
).format(how=_SAVE_AS)
_BROKEN: Final = Text(
    "第{row}行不能读取（{why}）。常见的原因是引号没有成对，或者一格超过 131072 个字。",
    "Row {row} can't be read ({why}). Usually a quotation mark is not closed, or a cell has over 131072 characters.",
)
