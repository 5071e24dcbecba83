"""The figures of a report's tables by the Chinese names under which prose speaks of them."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from .matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, KIND_KEYS, NEW, ROWS, TOTAL, Matrix
from .outcomes import GROUPS, OUTCOMES
from .prose import Figure, by_key
from .report import (
    DECISIONS,
    DIRECT_SUIT,
    DISPUTE_COLUMNS,
    DISPUTE_TOTAL,
    DISPUTES,
    RECONSIDERATION,
    STOCK_COLUMNS,
    STOCKS,
    SUIT_AFTER_RECONSIDERATION,
    DisputeTable,
    PublicationTable,
    Report,
)
from .words import Text

LITIGATION: Final = Text("行政诉讼", "Litigation")
ORGANISATIONS: Final = Text("法人或其他组织", "Legal persons and other organisations")
FEES: Final = Text("行政事业性收费", "Administrative fees")
_JOINED: Final = Text("{first}·{second}", "{first}, {second}")
#: The rows of which the columns are named too; of all others the total is.
_BY_KIND: Final = (NEW, CARRIED_IN, TOTAL, CARRIED_OUT)


def figures_of_tables(report: Report) -> dict[str, Figure]:
    """Every figure of the tables that the report has, by key; blanks of others' reports are left out."""
    parts = [*_table3(report.table3)]
    if report.table2 is not None:
        parts += _table2(report.table2)
    if report.table4 is not None:
        parts += _table4(report.table4)
    return by_key(parts)


def _named(words: Text, value: int | None, *, link: str = "", measure: str = "件") -> Iterator[Figure]:
    if value is not None:
        yield Figure(words.zh, words, value, measure, link)


def _table3(matrix: Matrix) -> Iterator[Figure]:
    for row in (NEW, CARRIED_IN, TOTAL, CARRIED_OUT):
        yield from _named(ROWS[row].words, matrix.cell(row, TOTAL), link=f"{row}/{TOTAL}/")
    for group, head in GROUPS.items():
        rows = [code.value for code, each in OUTCOMES.items() if each.group is group]
        cells = [matrix.cell(row, TOTAL) for row in rows]
        link = f"{rows[0]}/{TOTAL}/" if len(rows) == 1 else ""
        yield from _named(head.words, _sum(cells), link=link)
        if len(rows) > 1:
            for row, cell in zip(rows, cells, strict=True):
                words = _JOINED.format(first=head.words, second=ROWS[row].words)
                yield from _named(words, cell, link=f"{row}/{TOTAL}/")
    for row in _BY_KIND:
        organisations = _sum([matrix.cell(row, kind) for kind in KIND_KEYS[1:]])
        yield from _named(_JOINED.format(first=ROWS[row].words, second=ORGANISATIONS), organisations)
        for kind in KIND_KEYS:
            words = _JOINED.format(first=ROWS[row].words, second=COLUMNS[kind].words)
            yield from _named(words, matrix.cell(row, kind), link=f"{row}/{kind}/")


def _table2(table: PublicationTable) -> Iterator[Figure]:
    for stock, words in STOCKS.items():
        for column, head in STOCK_COLUMNS.items():
            yield from _named(_JOINED.format(first=words, second=head), table.stock(stock, column))
    for decision, words in DECISIONS.items():
        yield from _named(words, table.decisions.get(decision))
    try:
        fees = Decimal(table.fees) if table.fees is not None else None
    except InvalidOperation:
        fees = None
    if fees is not None and fees.is_finite():
        yield Figure(FEES.zh, FEES, fees, "万元")


def _table4(table: DisputeTable) -> Iterator[Figure]:
    suits = (DIRECT_SUIT, SUIT_AFTER_RECONSIDERATION)
    for words, groups in (
        (DISPUTES[RECONSIDERATION], (RECONSIDERATION,)),
        (LITIGATION, suits),
        *((DISPUTES[suit], (suit,)) for suit in suits),
    ):
        for result, head in DISPUTE_COLUMNS.items():
            name = words if result == DISPUTE_TOTAL else _JOINED.format(first=words, second=head)
            yield from _named(name, _sum([table.figure(group, result) for group in groups]))


def _sum(cells: list[int | None]) -> int | None:
    """The sum of cells; a blank among them leaves a blank."""
    return None if any(cell is None for cell in cells) else sum(cell or 0 for cell in cells)
