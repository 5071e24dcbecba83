"""Lines of a document: running text, and the cells of a table's row."""

from collections.abc import Iterable
from typing import Final, NamedTuple

SIGN: Final = "|"


class Row(NamedTuple):
    """The cells that begin on one line; text outside of tables is one cell and not ``ruled``.

    A merged cell stands once, where it begins: an empty cell is one that was left empty.
    """

    cells: tuple[str, ...]
    ruled: bool = False


def as_text(rows: Iterable[Row]) -> str:
    """One line each, with a bar between the cells of a table."""
    return "\n".join(SIGN.join(_bare(cell, ruled=row.ruled) for cell in row.cells) for row in rows)


def _bare(cell: str, *, ruled: bool) -> str:
    text = " ".join(cell.split())
    return text.replace(SIGN, "/") if ruled else text
