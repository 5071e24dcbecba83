"""What was read of a published report: its figures, where they are doubtful, and what could not be understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from casework.law.matrix import COLUMNS, ROWS, Matrix, row_name
from casework.law.report import (
    DECISIONS,
    FEES_WORDS,
    STOCK_COLUMNS,
    STOCKS,
    DisputeTable,
    PublicationTable,
    Report,
)
from casework.law.words import Text


class Form(StrEnum):
    """The edition of the printed form: 国办公开办函〔2021〕30号, or the trial form 〔2019〕60号 of 2019 and 2020."""

    OF_2021 = "2021"
    OF_2019 = "2019"


FORMS: Final[dict[Form, Text]] = {
    Form.OF_2021: Text("2021年格式", "the 2021 form"),
    Form.OF_2019: Text("2019年试行格式", "the 2019 trial form"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as printed; ``value`` is ``None`` where it is blank or not a whole number, and ``fault`` says why."""

    value: int | None
    fault: Text | None = None

    @property
    def blank(self) -> bool:
        return self is BLANK


BLANK: Final = Cell(None, Text("空白", "blank"))
MISSING: Final = Cell(None, Text("缺少", "missing"))
UNCLEAR: Final = Cell(None, Text("看不出属于哪一列", "column not recognisable"))


def wrong(raw: object) -> Cell:
    """A cell that holds something else than a whole number; what it holds is quoted, shortened."""
    shown = str(raw)
    shown = shown if len(shown) <= 24 else shown[:24] + "…"
    return Cell(None, Text(f"写的是“{shown}”，不是整数", f"holds “{shown}”, not a whole number"))


def whole(value: int, raw: object) -> Cell:
    """A whole number; below zero it keeps its value and gets a fault."""
    if value >= 0:
        return Cell(value)
    return Cell(value, Text(f"是负数（{raw}）", f"is below zero ({raw})"))


@dataclass(frozen=True, slots=True)
class Table3:
    """Table 三 cell by cell, with the form's edition and remarks on how it was read."""

    cells: Mapping[tuple[str, str], Cell]
    form: Form = Form.OF_2021
    notes: tuple[Text, ...] = ()

    def matrix(self, year: int | None) -> Matrix:
        return Matrix.from_cells(year, lambda row, column: self.cells.get((row, column), MISSING).value)

    def faults(self) -> list[Text]:
        """What is wrong with single cells, a sentence for each row and fault."""
        return [sentence for row in ROWS for sentence in self._faults_of(row)]

    def _faults_of(self, row: str) -> Iterator[Text]:
        columns: dict[Text, list[Text]] = {}
        for column, head in COLUMNS.items():
            fault = self._cell(row, column).fault
            if fault is not None:
                columns.setdefault(fault, []).append(head.words)
        for fault, heads in columns.items():
            if len(heads) == len(COLUMNS):
                where = Text("整行", "all cells")
            else:
                names = Text("、".join(head.zh for head in heads), "; ".join(head.en for head in heads))
                where = Text("“{names}”列", "column “{names}”").format(names=names)
            sentence = Text("“{row}”行{where}：{fault}", "Row “{row}”, {where}: {fault}")
            yield sentence.format(row=row_name(row), where=where, fault=fault)

    def _cell(self, row: str, column: str) -> Cell:
        return self.cells.get((row, column), MISSING)


@dataclass(frozen=True, slots=True)
class Reading:
    """A report as it was understood."""

    agency_code: str
    agency_name: str
    year: int | None
    table3: Table3
    table2: PublicationTable | None = None
    table4: DisputeTable | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[Text] = ()

    def report(self) -> Report:
        return Report(
            self.agency_code,
            self.agency_name,
            self.year,
            self.table3.matrix(self.year),
            self.table2,
            self.table4,
            self.sections,
        )

    def remarks(self) -> list[Text]:
        """How it was read, what is missing, and each cell that could not be taken as it stands."""
        absent = [Text(f"没有读到{name}", f"{english} was not found") for name, english in self._absent()]
        return [*self.table3.notes, *self.notes, *absent, *self._blanks_of_table2(), *self.table3.faults()]

    def _blanks_of_table2(self) -> Iterator[Text]:
        """Table 二 has no relation of its own, so its blanks are named here."""
        if self.table2 is None:
            return
        stocks = [(words, self.table2.stock(row, column)) for row, words in STOCKS.items() for column in STOCK_COLUMNS]
        decisions = [(words, self.table2.decisions.get(row)) for row, words in DECISIONS.items()]
        fees = (FEES_WORDS, self.table2.fees)
        blank = list(dict.fromkeys(words for words, figure in (*stocks, *decisions, fees) if figure is None))
        if blank:
            names = Text("、".join(words.zh for words in blank), "; ".join(words.en for words in blank))
            yield Text("表二有空白或者看不懂的数字：{names}", "Table 2 has blank or unclear figures: {names}").format(
                names=names
            )

    def _absent(self) -> list[tuple[str, str]]:
        tables = ((self.table2, "表二", "Table 2"), (self.table4, "表四", "Table 4"))
        return [(name, english) for table, name, english in tables if table is None]
