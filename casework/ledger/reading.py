"""A file → histories, judged row by row; it is read once, and nothing is stored meanwhile."""

import io
import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import PurePath
from typing import Any, BinaryIO, Final, Self

from casework.grids.cells import Line, Sheet, is_blank
from casework.grids.workbook import Workbook
from casework.law.history import HEADINGS, Fault, History, doubts, faults
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency

from . import headings, values
from .delimited import Delimited
from .headings import Headings, Wanted

LARGEST: Final = 128 * 1024 * 1024
CHUNK: Final = 1000
SHOWN: Final = 50
"""So many faults are said; the rest is counted."""
_ROWS_AT_MOST: Final = 1_048_576

Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault or a doubt with its place: ``row 17, 答复日期: earlier than 收到日期``."""

    row: int
    fault: Fault
    heading: str

    def said(self, language: str) -> str:
        place = Text("第{row}行，{heading}：{text}", "row {row}, {heading}: {text}")
        return place.format(row=self.row, heading=self.heading, text=self.fault.text).read_in(language)

    def as_dict(self, language: str) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.fault.field,
            "heading": self.heading,
            "text": self.fault.text.read_in(language),
        }


@dataclass(slots=True)
class Report:
    """Entries in the order in which they were found: the first ones, and how many there are."""

    shown: list[Entry] = field(default_factory=list)
    count: int = 0
    headings: Mapping[str, str] = field(default_factory=lambda: HEADINGS)

    def add(self, row: int, fault: Fault) -> None:
        self.count += 1
        if len(self.shown) < SHOWN:
            self.shown.append(Entry(row, fault, self.headings[fault.field]))

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


class Reading:
    """What a file says. The histories wait on disk, so that memory does not grow with the length of their texts."""

    def __init__(self, columns: frozenset[str], unknown: tuple[str, ...]) -> None:
        self.columns, self.unknown = columns, unknown
        self.faults, self.doubts = Report(), Report()
        self.rows = self.without_number = self.hidden = 0
        self.numbers: dict[tuple[int, str], int] = {}
        """Year and number → the row that has it."""
        # Nobody else can open it, and it is gone when the reading is: personal data is in it.
        self._spool = tempfile.TemporaryFile(prefix="ledger-")  # noqa: SIM115 - closed by ``close``

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._spool.close()

    def keep(self, histories: list[History]) -> None:
        pickle.dump(histories, self._spool, protocol=pickle.HIGHEST_PROTOCOL)

    def chunks(self) -> Iterator[list[History]]:
        """The histories in the order of the file."""
        self._spool.seek(0)
        while True:
            try:
                yield pickle.load(self._spool)  # noqa: S301 - written by this process, readable by no other # nosec B301
            except EOFError:
                return


def read(file: BinaryIO, name: str, *, agency: Agency, on: date, progress: Progress = lambda rows: None) -> Reading:
    """Read and judge a ledger, seen from the day ``on``; raises ``Refused`` for a file that is none.

    ``name`` is what the file is called; ``progress`` hears how many rows were read since it was last told.
    """
    sheet, found = find_sheet(file, name, headings.LEDGER)
    reading = Reading(frozenset(found.places), found.unknown)
    try:
        _read_rows(reading, sheet, found, agency, on, progress)
    except BaseException:
        reading.close()
        raise
    return reading


# -- the file ----------------------------------------------------------------------------------------------------------


def find_sheet(file: BinaryIO, name: str, wanted: Wanted) -> tuple[Sheet, Headings]:
    """The first sheet that has the headings, in a file whose content must be what its name says."""
    return _choose(_sheets(file, name, wanted), wanted)


def _sheets(file: BinaryIO, name: str, wanted: Wanted) -> list[Sheet]:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    ending = PurePath(name).suffix.lower()
    if not size:
        raise Refused(_EMPTY)
    if size > LARGEST:
        raise Refused(_TOO_LARGE.format(size=size // 2**20, largest=LARGEST // 2**20))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(_PROTECTED if _is_encrypted(file) else _OLD_EXCEL)
    if ending not in {".csv", ".xlsx"}:
        raise Refused(_OTHER_ENDING.format(ending=ending or "–"))
    if start.startswith(b"PK") != (ending == ".xlsx"):
        raise Refused(_WRONG_ENDING.format(is_="XLSX" if ending == ".csv" else "CSV", ending=ending))
    return [*Workbook(file).sheets] if ending == ".xlsx" else [Delimited(file, name, wanted)]


def _is_encrypted(file: BinaryIO) -> bool:
    """A protected workbook stands inside a container of the old form, whose folder names its one stream."""
    file.seek(0)
    return "EncryptedPackage".encode("utf-16-le") in file.read()


def _choose(sheets: list[Sheet], wanted: Wanted) -> tuple[Sheet, Headings]:
    looked_at: list[Line] = []
    for sheet in sheets:
        lines = list(islice(sheet.lines(), headings.SEARCHED))
        found = headings.find(lines, wanted)
        if found is not None:
            return sheet, found
        looked_at += lines
    lacking = headings.lacking(looked_at, wanted)
    raise Refused(_NO_HEADINGS.format(lacking=Text("、".join(lacking), ", ".join(lacking))))


# -- the rows ----------------------------------------------------------------------------------------------------------


def _read_rows(reading: Reading, sheet: Sheet, found: Headings, agency: Agency, on: date, progress: Progress) -> None:
    chunk: list[History] = []
    for line in sheet.lines():
        if line.number <= found.row or all(map(is_blank, line.cells)):
            continue
        reading.rows += 1
        if reading.rows > _ROWS_AT_MOST:
            raise Refused(_TOO_MANY_ROWS.format(most=_ROWS_AT_MOST))
        reading.hidden += line.hidden
        history = _read_row(reading, line, found, on)
        if history is not None and _judge(reading, history, agency, on):
            chunk.append(history)
        if reading.rows % CHUNK == 0:
            progress(CHUNK)
        if len(chunk) == CHUNK:
            reading.keep(chunk)
            chunk = []
    if chunk:
        reading.keep(chunk)
    progress(reading.rows % CHUNK)
    if not reading.rows:
        raise Refused(_NO_ROWS)


def _read_row(reading: Reading, line: Line, found: Headings, on: date) -> History | None:
    """The row as facts; ``None`` when a cell can't be read, which is reported for every such cell."""
    cells, sound = line.cells, True
    facts: dict[str, Any] = {}
    for name, reader in values.READERS.items():
        place = found.places.get(name, -1)
        try:
            facts[name] = reader(cells[place] if 0 <= place < len(cells) else "", on)
        except values.Unreadable as unreadable:
            reading.faults.add(line.number, Fault(name, unreadable.text))
            sound = False
    if not all(map(is_blank, cells[found.width :])):
        # A comma in a text without quotation marks moves all that follows by one column.
        reading.faults.add(line.number, Fault("content", _TOO_MANY_CELLS.format(n=len(cells), width=found.width)))
        sound = False
    return History(row=line.number, **facts) if sound else None


def _judge(reading: Reading, history: History, agency: Agency, on: date) -> bool:
    """Whether the row can be so, by itself and beside the others."""
    sound = True
    readings = agency.readings_on(history.received_on)
    for fault in faults(history, on=on, calendar=agency.calendar, readings=readings):
        reading.faults.add(history.row, fault)
        sound = False
    for doubt in doubts(history):
        reading.doubts.add(history.row, doubt)
    if not history.number:
        reading.without_number += 1
        return sound
    first = reading.numbers.setdefault((history.received_on.year, history.number), history.row)
    if first != history.row:
        reading.faults.add(history.row, Fault("number", _SAME_NUMBER.format(row=first)))
        return False
    return sound


_EMPTY: Final = Text("文件是空的。", "The file is empty.")
_NO_ROWS: Final = Text("台账只有标题，没有一行申请。", "The ledger has headings but not one application.")
_TOO_LARGE: Final = Text(
    "文件有{size} MB，超过{largest} MB 的上限。请按年度拆分后分别导入。",
    "The file has {size} MB; the limit is {largest} MB. Split it by year and import the parts.",
)
_TOO_MANY_ROWS: Final = Text(
    "台账超过{most}行，请按年度拆分后分别导入。",
    "The ledger has more than {most} rows. Split it by year and import the parts.",
)
_PROTECTED: Final = Text(
    "工作簿有密码保护，请取消密码后再导入。", "The workbook is protected by a password; remove it and import again."
)
_OLD_EXCEL: Final = Text(
    "文件是旧版 Excel 格式（.xls），请另存为 XLSX 后再导入。",
    "The file is in the old Excel form (.xls). Save it as XLSX and import that.",
)
_OTHER_ENDING: Final = Text(
    "文件应当是 .csv 或者 .xlsx，不是 {ending}。", "The file has to be .csv or .xlsx, not {ending}."
)
_WRONG_ENDING: Final = Text(
    "文件的内容是 {is_}，扩展名却是 {ending}，请改正文件名后再导入。",
    "The file holds {is_} but is named {ending}. Correct its name and import it again.",
)
_NO_HEADINGS: Final = Text(
    "前30行中没有找到标题行，缺少：{lacking}。",
    "No row of headings was found among the first 30; missing: {lacking}.",
)
_SAME_NUMBER: Final = Text("与第{row}行相同", "the same as in row {row}")
_TOO_MANY_CELLS: Final = Text(
    "这一行有{n}格，标题只有{width}格；文字中的逗号要用引号括起来",
    "the row has {n} cells but there are {width} headings; text with commas needs quotation marks",
)
