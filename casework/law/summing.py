"""A region's report as the sum of its units' (law.md 7.8), cell by cell; a blank stays one unless it is explained."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from .matrix import CARRIED_OUT, COLUMNS, ROWS, Matrix, plus, sum_of
from .report import (
    DECISIONS,
    DISPUTE_COLUMNS,
    DISPUTES,
    STOCK_COLUMNS,
    STOCKS,
    DisputeTable,
    PublicationTable,
    Report,
)
from .words import Text


def summed(code: str, name: str, year: int, reports: Sequence[Report]) -> Report:
    """The report of ``name`` with the tables of all ``reports`` summed, each once; prose is nobody's sum.

    A report without a table 二 or 四 adds nothing to it: whoever calls says which units those are. No reports give
    the empty table 三.
    """
    publications = [report.table2 for report in reports if report.table2 is not None]
    disputes = [report.table4 for report in reports if report.table4 is not None]
    return Report(
        code,
        name,
        year,
        sum_of(year, (replace(report.table3, year=year) for report in reports)),
        _publications(publications) if publications else None,
        _disputes(disputes) if disputes else None,
    )


def _publications(tables: Sequence[PublicationTable]) -> PublicationTable:
    fees = [table.fees for table in tables]
    return PublicationTable(
        {
            row: {column: plus(table.stock(row, column) for table in tables) for column in STOCK_COLUMNS}
            for row in STOCKS
        },
        {row: plus(table.decisions.get(row) for table in tables) for row in DECISIONS},
        None if None in fees else str(sum((Decimal(fee or 0) for fee in fees), Decimal(0))),
    )


def _disputes(tables: Sequence[DisputeTable]) -> DisputeTable:
    return DisputeTable(
        {
            group: {result: plus(table.figure(group, result) for table in tables) for result in DISPUTE_COLUMNS}
            for group in DISPUTES
        }
    )


def blanks_filled(report: Report) -> Report:
    """The report with every blank as nothing, for a unit whose blanks were explained."""
    table2, table4 = report.table2, report.table4
    return replace(
        report,
        table3=Matrix.from_cells(report.table3.year, report.table3.figure),
        table2=PublicationTable(
            {row: {column: table2.stock(row, column) or 0 for column in STOCK_COLUMNS} for row in STOCKS},
            {row: table2.decisions.get(row) or 0 for row in DECISIONS},
            table2.fees or "0",
        )
        if table2 is not None
        else None,
        table4=DisputeTable(
            {group: {result: table4.figure(group, result) or 0 for result in DISPUTE_COLUMNS} for group in DISPUTES}
        )
        if table4 is not None
        else None,
    )


def blanks(report: Report) -> list[Text]:
    """Where a report is blank, table by table, each with the number of its blank cells."""
    return [
        Text("{table}有{count}格空白", "{table} has {count} blank cells").format(table=table, count=count)
        for table, count in _blanks(report)
        if count
    ]


def _blanks(report: Report) -> Iterator[tuple[Text, int]]:
    if report.table2 is not None:
        table = report.table2
        cells = [*(table.stock(row, column) for row in STOCKS for column in STOCK_COLUMNS), table.fees]
        yield _TABLE_2, [*cells, *(table.decisions.get(row) for row in DECISIONS)].count(None)
    yield _TABLE_3, [report.table3.cell(row, column) for row in ROWS for column in COLUMNS].count(None)
    if report.table4 is not None:
        results = [report.table4.figure(group, result) for group in DISPUTES for result in DISPUTE_COLUMNS]
        yield _TABLE_4, results.count(None)


def carried(year: int, columns: dict[str, int]) -> Matrix:
    """A year of which only item 4 is known, for R5."""
    return Matrix.from_cells(year, lambda row, column: columns.get(column, 0) if row == CARRIED_OUT else 0)


_TABLE_2 = Text("表二", "Table 2")
_TABLE_3 = Text("表三", "Table 3")
_TABLE_4 = Text("表四", "Table 4")
