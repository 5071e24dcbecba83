"""Table 四 in a text: fifteen figures in three groups of five, after the headings."""

from typing import Final

from casework.law.report import DISPUTE_COLUMNS, DISPUTES, DisputeTable

from .figures import TEXT, Layout, arrangement_of, cells_of, figures_of
from .plain import squeeze
from .reading import BLANK, Cell

_WIDTH: Final = len(DISPUTES) * len(DISPUTE_COLUMNS)
_REACH: Final = 6_000


def find_table4(text: str, start: int) -> DisputeTable | None:
    """Read table 四 after ``start``, where table 三 ends; ``None`` without its headings or its fifteen figures."""
    window = squeeze(text, start, start + _REACH)
    head = window.text.find("复议后起诉", max(window.text.find("行政诉讼"), 0))
    if head < 0:
        return None
    stops = [window.text.find(words, head) for words in ("五、", "存在的主要问题", "存在的问题", "存在问题")]
    stop = min((place for place in stops if place > 0), default=len(window.text) - 1)
    region = text[window.place(head) : window.place(stop)]
    figures = figures_of(region)
    cells = [figure.cell for figure in figures] if len(figures) >= _WIDTH else _cells_after_heads(region)
    if len(cells) < _WIDTH:
        return None
    return _table(cells[:_WIDTH])


def _table(cells: list[Cell]) -> DisputeTable:
    values = iter(cells)
    return DisputeTable({group: {result: next(values).value for result in DISPUTE_COLUMNS} for group in DISPUTES})


def _cells_after_heads(region: str) -> list[Cell]:
    """The cells after the last heading, blanks included; merged headings may leave blanks before the figures."""
    arrangement = arrangement_of(region, 5)
    if arrangement.layout is Layout.SPACED:
        return []
    cells = cells_of(region, arrangement)
    last_words = max((at for at, cell in enumerate(cells) if cell is TEXT), default=-1)
    run = cells[last_words + 1 :]
    if len(run) < _WIDTH or all(cell is BLANK for cell in run):
        return []
    filled = [at for at, cell in enumerate(run) if cell is not BLANK]
    windows = [
        run[begin : begin + _WIDTH]
        for begin in range(len(run) - _WIDTH + 1)
        if begin <= filled[0] and filled[-1] < begin + _WIDTH
    ]
    balanced = [window for window in windows if all(check.left == check.right for check in _table(window).checks())]
    # Blanks before and behind: only a single place at which the sums come out says where the table begins.
    return (balanced or windows)[0] if len(windows) == 1 or len(balanced) == 1 else []
