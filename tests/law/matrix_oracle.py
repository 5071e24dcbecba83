"""A second, plodding way to table 三: every case is asked, for every cell, whether it belongs there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casework.law.outcomes import ApplicantKind, Outcome


@dataclass(frozen=True)
class History:
    """A case as the table sees it."""

    kind: ApplicantKind
    received_on: date
    closed_on: date | None = None
    outcome: Outcome | None = None


def belongs(case: History, year: int, row: str) -> bool:
    """Whether the case is counted in a row of the year, spelled out row by row."""
    received, closed = case.received_on.year, case.closed_on.year if case.closed_on else 9999
    if row == "new":
        return received == year
    if row == "carried_in":
        return received < year and closed >= year
    if row == "carried_out":
        return received <= year and closed > year
    if row == "total":
        return closed == year
    return closed == year and case.outcome == row


def count(cases: Iterable[History], year: int, row: str, column: str) -> int:
    """The figure of one cell."""
    return sum(1 for case in cases if belongs(case, year, row) and column in {"total", case.kind.value})
