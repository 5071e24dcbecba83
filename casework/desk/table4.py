"""Table 四 on the page of a year: each figure with the address of the disputes that it counts."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.law.report import DISPUTE_COLUMNS, DISPUTES, DisputeTable
from casework.law.words import Text


@dataclass(frozen=True, slots=True)
class Drawn:
    """Heads and rows; ``sued_too_soon``: of the direct suits, those that had to be reviewed first."""

    heads: list[Text]
    rows: list[tuple[Text, list[tuple[int | None, str]]]]
    sued_too_soon: int


def draw(table: DisputeTable | None, address: Callable[[str, str], str], sued_too_soon: int) -> Drawn | None:
    """``address(group, column)`` leads to the disputes of a cell."""
    if table is None:
        return None
    rows = [
        (words, [(table.figure(group, column), address(group, column)) for column in DISPUTE_COLUMNS])
        for group, words in DISPUTES.items()
    ]
    return Drawn(list(DISPUTE_COLUMNS.values()), rows, sued_too_soon)
