"""Rows with blanks in spaced text, as from a PDF: which column a figure stands under tells which one it is."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final
from unicodedata import east_asian_width

from casework.law.matrix import COLUMNS

from .figures import Figure
from .reading import BLANK, Cell

_HEADS: Final = ("自然人", "商业", "科研", "社会公", "法律服", "其他", "总计")
Span = tuple[float, float]
Measure = Callable[[str], int]


def _wide(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def placed_by_position(
    short: Mapping[str, Sequence[Figure]], complete: Sequence[Sequence[Figure]], head: str
) -> dict[str, tuple[Cell, ...]]:
    """The short rows with blanks put in, where the columns can be told; ``head`` is the text over the table.

    Texts count a Chinese character as one place or as two: both are tried.
    """
    best: dict[str, tuple[Cell, ...]] = {}
    for measure in (len, _wide):
        lines = [
            [_span(figure, measure) for figure in row] for row in (*short.values(), *complete) if _on_one_line(row)
        ]
        columns = _columns(lines, complete, head, measure)
        if not columns:
            continue
        placed = {
            row: cells
            for row, figures in short.items()
            if _on_one_line(figures) and (cells := _placed(figures, columns, measure))
        }
        best = placed if len(placed) > len(best) else best
    return best


def _on_one_line(row: Sequence[Figure]) -> bool:
    return len({figure.line for figure in row}) == 1


def _span(figure: Figure, measure: Measure) -> Span:
    end = measure(figure.on[: figure.end])
    return float(end - len(figure.raw)), float(end)


def _columns(
    lines: Sequence[Sequence[Span]], complete: Sequence[Sequence[Figure]], head: str, measure: Measure
) -> dict[Span, int]:
    """Stretches of the line that figures share, each with the number of its column; ``{}`` if they can't be told."""
    stretches = _stretches([span for line in lines for span in line])
    if len(stretches) == len(COLUMNS) and (complete or lines):
        return {stretch: column for column, stretch in enumerate(stretches)}
    middles = _head_middles(head, measure)
    if not middles:
        return {}
    nearest = [min(range(len(middles)), key=lambda at: abs(middles[at] - sum(stretch) / 2)) for stretch in stretches]
    if len(set(nearest)) < len(nearest):
        return {}
    return dict(zip(stretches, nearest, strict=True))


def _stretches(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((begin, end))
    return merged


def _head_middles(head: str, measure: Measure) -> list[float]:
    """The middles of the seven headings, if all are there and in printed order from left to right."""
    middles = []
    for words in _HEADS:
        places = [(line, at) for line in head.split("\n") if (at := line.rfind(words)) >= 0]
        if not places:
            return []
        line, at = places[-1]
        middles.append(measure(line[:at]) + measure(words) / 2)
    return middles if all(left < right for left, right in pairwise(middles)) else []


def _placed(figures: Sequence[Figure], columns: Mapping[Span, int], measure: Measure) -> tuple[Cell, ...] | None:
    row = [BLANK] * len(COLUMNS)
    for figure in figures:
        begin, end = _span(figure, measure)
        column = next((number for (left, right), number in columns.items() if left <= begin and end <= right), None)
        if column is None or row[column] is not BLANK:
            return None
        row[column] = figure.cell
    return tuple(row)
