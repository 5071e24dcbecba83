"""Table 三 in a text: labels in printed order, and between a label and the next the seven figures of its row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from casework.law.matrix import CARRIED_OUT, COLUMNS, ROWS
from casework.law.outcomes import Outcome
from casework.law.words import Text

from .figures import TEXT, Arrangement, Figure, Layout, arrangement_of, cells_of, figures_of
from .labels import OTHER_AS_ONE, Label, find_labels, printed_item
from .plain import squeeze
from .positions import placed_by_position
from .reading import BLANK, MISSING, UNCLEAR, Cell, Form, Table3

_WIDTH: Final = len(COLUMNS)
_KINDS: Final = _WIDTH - 1
_FEWEST_LABELS: Final = 8
_TAIL: Final = 1_500
_HEAD: Final = 900
_SHORTEST_LAST: Final = "结转下年度"
_LONGEST_LINE: Final = 1_000
_OTHERS: Final = (Outcome.OTHER_1.value, Outcome.OTHER_2.value, Outcome.OTHER_3.value)

Row = tuple[Cell, ...]
_UNCLEAR_ROW: Final[Row] = (UNCLEAR,) * _WIDTH


@dataclass(frozen=True, slots=True)
class Found:
    """Table 三 and where it stands in the text."""

    table: Table3
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Segment:
    """The text from a label to the next one; ``rows`` are the rows it must hold: more than one if labels are lost."""

    rows: tuple[str, ...]
    text: str
    next_item: str
    lead: str


def find_table3(text: str) -> Found | None:
    """Read the first table 三 of the text; ``None`` if there is no run of its labels."""
    labels = find_labels(text)
    if len(labels) < _FEWEST_LABELS:
        return _by_order_alone(text)
    form = _form_of(labels)
    order = _order_of(form)
    labels = [label for label in labels if label.row in order]
    start = labels[0].number_start
    end = _end_of_table(text, labels[-1])
    segments = _segments(text, labels, order, end)
    arrangement = arrangement_of(text[start:end])
    head = text[max(0, start - _HEAD) : start]
    spaced = arrangement.layout is Layout.SPACED
    rows = _read_spaced(segments, head) if spaced else _read_cells(segments, arrangement)
    notes = []
    no_total = _total_column_missing(head, rows)
    if not no_total:
        rows = {row: _UNCLEAR_ROW if cells[-1] is MISSING else cells for row, cells in rows.items()}
    if no_total:
        notes.append(Text("表三没有“总计”列", "Table 3 has no column for the total"))
    if form is Form.OF_2019:
        rows = _as_2021(rows)
        notes.append(
            Text(
                "表三为2019年试行格式，“（六）其他处理”只有一行，记入三(六)3",
                "Table 3 is of the 2019 trial form, whose single row (6) is read as 3(6)3",
            )
        )
    if any(UNCLEAR in cells for cells in rows.values()):
        notes.append(
            Text(
                "有些行的空白格在文本里丢失了，看不出剩下的数字属于哪一列，这些格没有读入",
                "In some rows blank cells were lost in the text; what column the figures belong to can't be told, "
                "and they were left out",
            )
        )
    lost = [row for row in order if row not in {label.row for label in labels}]
    if lost:
        names = "、".join(ROWS[row].printed if row in ROWS else row for row in lost)
        notes.append(Text(f"没有认出这些行的名称：{names}", f"Labels not recognised: {names}"))
    return Found(Table3(_cells(rows), form, tuple(notes)), start, end)


def _form_of(labels: list[Label]) -> Form:
    seen = {label.row for label in labels}
    return Form.OF_2019 if OTHER_AS_ONE in seen and not seen & {*_OTHERS[:2]} else Form.OF_2021


def _order_of(form: Form) -> tuple[str, ...]:
    if form is Form.OF_2021:
        return tuple(ROWS)
    return tuple(OTHER_AS_ONE if row == _OTHERS[0] else row for row in ROWS if row not in _OTHERS[1:])


def _as_2021(rows: dict[str, Row]) -> dict[str, Row]:
    zeros = (Cell(0),) * _WIDTH
    as_one = rows.pop(OTHER_AS_ONE, (MISSING,) * _WIDTH)
    return {**rows, _OTHERS[0]: zeros, _OTHERS[1]: zeros, _OTHERS[2]: as_one}


def _end_of_table(text: str, last: Label) -> int:
    """Before the heading of section 四, or a note under the table, or a good way after the last label."""
    window = squeeze(text, last.start, last.start + _TAIL)
    stops = [
        window.text.find(words, len(_SHORTEST_LAST))
        for words in ("四、政府信息", "四、因政府", "政府信息公开行政复议", "行政复议", "五、", "注:", "备注", "说明:")
    ]
    nearest = min((stop for stop in stops if stop > 0), default=None)
    return min(last.start + _TAIL, len(text)) if nearest is None else window.place(nearest)


def _segments(text: str, labels: list[Label], order: tuple[str, ...], end: int) -> list[_Segment]:
    segments = []
    for at, label in enumerate(labels):
        following = labels[at + 1] if at + 1 < len(labels) else None
        first = order.index(label.row)
        until = order.index(following.row) if following else len(order)
        stop = following.number_start if following else end
        item = printed_item(following.row) if following else ""
        lead = text[text.rfind("\n", 0, label.start) + 1 : label.start]
        segments.append(_Segment(order[first:until], text[label.start : stop], item, lead))
    return segments


def _cells(rows: dict[str, Row]) -> dict[tuple[str, str], Cell]:
    return {(row, column): cell for row, cells in rows.items() for column, cell in zip(COLUMNS, cells, strict=True)}


def _shared(rows: Sequence[str], figures: Sequence[Cell]) -> dict[str, Row] | None:
    """Deal out figures to the rows of a segment in order, seven each, if that comes out even."""
    if len(figures) != _WIDTH * len(rows):
        return None
    return {row: tuple(figures[at * _WIDTH : (at + 1) * _WIDTH]) for at, row in enumerate(rows)}


# ── Cells kept apart by a sign ───────────────────────────────────────────────────────────────────────────────────────


def _read_cells(segments: list[_Segment], arrangement: Arrangement) -> dict[str, Row]:
    strips = {segment: _strip(segment, arrangement) for segment in segments}
    read = min((_pick(strips, first) for first in (True, False)), key=_losses)
    rows = {row: cells for picked in read for row, cells in picked.rows.items()}
    if _blanks_dropped(strips):
        rows.update(
            {segment.rows[0]: _only_total(strip) for segment, strip in strips.items() if len(segment.rows) == 1}
        )
    return rows


def _strip(segment: _Segment, arrangement: Arrangement) -> list[Cell]:
    """The cells after the label up to the next words; what stands before the next label on its line is left out."""
    text = segment.text
    if arrangement.layout is Layout.LINES and "\n" in text.rstrip(" "):
        text = text[: text.rindex("\n")]
    cells = cells_of(text, arrangement)[1:]
    begin = next((at for at, cell in enumerate(cells) if cell is not TEXT), len(cells))
    cells = cells[begin:]
    if len(segment.rows) > 1:
        return [cell for cell in cells if cell is not TEXT]
    stop = next((at for at, cell in enumerate(cells) if cell is TEXT), len(cells))
    return cells[:stop]


@dataclass(frozen=True, slots=True)
class _Picked:
    rows: dict[str, Row]
    lost: int
    unbalanced: int


def _pick(strips: dict[_Segment, list[Cell]], first: bool) -> list[_Picked]:  # noqa: FBT001 - two ways, tried in turn
    """Take the first or the last seven cells of each row: merged cells leave blanks behind or before the figures."""
    return [_picked(segment, strip, first=first) for segment, strip in strips.items()]


def _picked(segment: _Segment, strip: list[Cell], *, first: bool) -> _Picked:
    filled = [cell for cell in strip if cell is not BLANK]
    shared = _shared(segment.rows, filled) or _shared(segment.rows, strip)
    if shared is not None:
        return _Picked(shared, 0, 0)
    row = segment.rows[0]
    if len(segment.rows) > 1:
        return _Picked(dict.fromkeys(segment.rows, _UNCLEAR_ROW), 0, 0)
    if len(strip) == _KINDS:
        return _Picked({row: (*strip, MISSING)}, 0, 0)
    if len(strip) < _WIDTH:
        return _Picked({row: _UNCLEAR_ROW if filled else (BLANK,) * _WIDTH}, 0, 0)
    seven = tuple(strip[:_WIDTH] if first else strip[-_WIDTH:])
    lost = len(filled) - sum(1 for cell in seven if cell is not BLANK)
    return _Picked({row: seven}, lost, int(not _balanced(seven)))


def _losses(read: list[_Picked]) -> tuple[int, int]:
    return sum(picked.lost for picked in read), sum(picked.unbalanced for picked in read)


def _balanced(row: Row) -> bool:
    return sum(cell.value or 0 for cell in row[:-1]) == (row[-1].value or 0)


def _blanks_dropped(strips: dict[_Segment, list[Cell]]) -> bool:
    """Whether blank cells were lost in copying, so that figures moved to the left and columns can't be told.

    The sign: no row has a blank before a figure, and some short row ends with the sum of its other figures.
    """
    sums = 0
    for strip in strips.values():
        filled = [cell for cell in strip if cell is not BLANK]
        if strip[: len(filled)] != filled:
            return False
        values = [cell.value or 0 for cell in filled]
        if 2 <= len(filled) < _WIDTH and values[-1] > 0 and values[-1] == sum(values[:-1]):
            sums += 1
    return sums > 0


def _only_total(strip: Sequence[Cell]) -> Row:
    """What a row still tells when its blanks were lost: its last figure is the total if it sums the others."""
    filled = [cell for cell in strip if cell is not BLANK]
    if len(filled) == _WIDTH:
        return tuple(filled)
    if not filled:
        return (BLANK,) * _WIDTH
    values = [cell.value or 0 for cell in filled]
    total = filled[-1] if len(filled) > 1 and values[-1] == sum(values[:-1]) else UNCLEAR
    return (*_UNCLEAR_ROW[:-1], total)


# ── Figures with spaces between them ─────────────────────────────────────────────────────────────────────────────────


def _read_spaced(segments: list[_Segment], head: str) -> dict[str, Row]:
    drawn = {segment: _trimmed(segment, figures_of(segment.text, segment.lead)) for segment in segments}
    rows: dict[str, Row] = {}
    for segment, figures in drawn.items():
        shared = _shared(segment.rows, [figure.cell for figure in figures])
        if shared is None and len(segment.rows) == 1:
            shared = {segment.rows[0]: _lone_row(segment, figures)}
        rows.update(shared or dict.fromkeys(segment.rows, _UNCLEAR_ROW))
    short = {
        segment.rows[0]: figures
        for segment, figures in drawn.items()
        if rows[segment.rows[0]] is _UNCLEAR_ROW and 0 < len(figures) < _WIDTH
    }
    complete = [figures for figures in drawn.values() if len(figures) == _WIDTH]
    return {**rows, **placed_by_position(short, complete, head)}


def _trimmed(segment: _Segment, figures: list[Figure]) -> list[Figure]:
    """Without what is no figure of the row: the next label's item number, and a page number on a line of its own."""
    wanted = _WIDTH * len(segment.rows)
    if len(figures) > wanted and figures[-1].raw == segment.next_item:
        figures = figures[:-1]
    if len(figures) > wanted and segment.rows[-1] == CARRIED_OUT:
        figures = figures[:wanted]
    if len(figures) > wanted:
        crowded = {figure.line for figure in figures if _on_line(figures, figure.line) >= _WIDTH - 1}
        figures = [figure for figure in figures if figure.line in crowded] if crowded else figures
    return figures


def _on_line(figures: list[Figure], line: int) -> int:
    return sum(1 for figure in figures if figure.line == line)


def _lone_row(segment: _Segment, figures: list[Figure]) -> Row:
    cells = tuple(figure.cell for figure in figures)
    if len(cells) == _KINDS:
        return (*cells, MISSING)
    if len(cells) == 1 and len(figures[0].raw) == _WIDTH:
        # Seven cells of one digit each, joined when a page was flattened; only if the last sums the others.
        digits = tuple(Cell(int(digit)) for digit in figures[0].raw)
        return digits if _balanced(digits) else _UNCLEAR_ROW
    if not cells:
        return (BLANK,) * _WIDTH
    by_line = _blank_lines(segment.text)
    return by_line if by_line is not None else _UNCLEAR_ROW


def _blank_lines(text: str) -> Row | None:
    """A row whose cells stand one on a line each, an empty line being a blank cell."""
    lines = text.split("\n")[1:]
    while lines and not lines[-1].strip():
        lines.pop()
    cells = [figures[0].cell if (figures := figures_of(line)) else BLANK for line in lines]
    return tuple(cells) if len(cells) == _WIDTH else None


# ── Without labels; without the total ────────────────────────────────────────────────────────────────────────────────


def _by_order_alone(text: str) -> Found | None:
    """25 lines of exactly seven figures, one after the other: the order of the form tells what they are."""
    lines = text.split("\n")
    found = [
        (number, figures)
        for number, line in enumerate(lines)
        if len(line) < _LONGEST_LINE and len(figures := figures_of(line)) == _WIDTH
    ]
    if len(found) != len(ROWS):
        return None
    rows = {row: tuple(figure.cell for figure in figures) for row, (_, figures) in zip(ROWS, found, strict=True)}
    places = [0]
    for line in lines:
        places.append(places[-1] + len(line) + 1)
    note = Text("没有认出行的名称，按25行的顺序读入", "No labels recognised; the 25 rows were read by their order")
    return Found(Table3(_cells(rows), notes=(note,)), places[found[0][0]], min(places[found[-1][0] + 1], len(text)))


def _total_column_missing(head: str, rows: dict[str, Row]) -> bool:
    six = sum(1 for row in rows.values() if row[-1] is MISSING)
    return six * 2 > len(rows) and "总计" not in squeeze(head).text
