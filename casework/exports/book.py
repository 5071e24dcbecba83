"""The report as a workbook: a sheet for each table in its printed layout, and one on which the relations are reckoned.

Only the formulas of that sheet are live, and none of them is made of anything that somebody typed.
"""

from io import BytesIO
from typing import Any, Final

from django.utils import translation
from xlsxwriter.utility import xl_col_to_name

from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, KIND_KEYS, NEW, RESULT_KEYS, ROWS, Check, Relation
from casework.law.matrix import TOTAL as ALL
from casework.law.report import DISPUTE_COLUMNS, DISPUTES, Report
from casework.law.words import Text

from .layout import LABELS, Drawing, FormCell
from .parts import parts_of
from .sheets import cell_text, workbook

NAMES: Final[dict[str, Text]] = {
    "2": Text("表二", "Table 2"),
    "3": Text("表三", "Table 3"),
    "4": Text("表四", "Table 4"),
}
CHECKED: Final = Text("勾稽关系", "Relations")
#: Lines above the drawing: the title of the report.
_ABOVE: Final = 1
_HEAD_3: Final = 3
_HEAD_4: Final = 3
#: Of each sheet the first and last column and how wide they are, in characters.
_WIDTHS: Final = {
    "2": ((0, 0, 24), (1, 3, 16)),
    "3": ((0, 0, 6), (1, 1, 14), (2, 2, 42), (LABELS, LABELS + len(COLUMNS) - 1, 12)),
    "4": ((0, 14, 10),),
}


def as_xlsx(report: Report, title: Text) -> bytes:
    """The tables that the report has in printed order, then their relations; it opens at table 三."""
    stream = BytesIO()
    book = workbook(stream, in_memory=True)
    drawings = {part.number: part.drawing for part in parts_of(report) if part.drawing}
    for number, drawing in drawings.items():
        page = _form_sheet(book, NAMES[number], drawing, title)
        for first, last, width in _WIDTHS[number]:
            page.set_column(first, last, width)
        if number == "3":
            page.freeze_panes(_ABOVE + _HEAD_3, LABELS)
            page.activate()
    _check_sheet(book, report)
    book.close()
    return stream.getvalue()


def _form_sheet(book: Any, name: Text, drawing: Drawing, title: Text) -> Any:
    page = book.add_worksheet(_read(name))
    frame = {"border": 1, "text_wrap": True, "valign": "vcenter"}
    head = book.add_format({**frame, "align": "center", "bold": True})
    label = book.add_format({**frame, "align": "left"})
    figure = book.add_format({**frame, "align": "right", "num_format": "0"})
    heading = book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
    width = max(cell.place + cell.places for cell in drawing.cells())
    page.merge_range(0, 0, 0, width - 1, "", heading)
    page.write_string(0, 0, cell_text(_read(title)), heading)
    for cell in drawing.cells():
        look = figure if not cell.scope else label if cell.scope in {"row", "note"} else head
        _write(page, cell, look)
    page.set_landscape()
    page.fit_to_pages(1, 1)
    return page


def _write(page: Any, cell: FormCell, look: Any) -> None:
    top, text = cell.line + _ABOVE, _read(cell.text)
    if cell.lines > 1 or cell.places > 1:
        page.merge_range(top, cell.place, top + cell.lines - 1, cell.place + cell.places - 1, "", look)
    if cell.figure is not None:
        page.write_number(top, cell.place, cell.figure, look)
    elif text:
        page.write_string(top, cell.place, cell_text(text), look)
    else:
        page.write_blank(top, cell.place, None, look)


def _check_sheet(book: Any, report: Report) -> None:
    """Each relation with both sides reckoned from the tables: whoever mends a figure sees at once what it changes."""
    page = book.add_worksheet(_read(CHECKED))
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    heads = (
        Text("关系", "Relation"),
        Text("成立", "Holds"),
        Text("左边", "Left"),
        Text("右边", "Right"),
        Text("说明（生成时）", "In words, when written"),
    )
    for column, head in enumerate(heads):
        page.write_string(0, column, _read(head), bold)
    page.set_column(0, 3, 9)
    page.set_column(4, 4, 100)
    page.freeze_panes(1, 0)
    yes, no = _read(Text("是", "yes")), _read(Text("否", "no"))
    for line, check in enumerate(report.checks(), start=1):
        page.write_string(line, 0, check.relation.value)
        sides = _sides(check)
        if sides is None:
            page.write_string(line, 1, yes if check.holds else no)
            page.write_number(line, 2, check.left)
            page.write_number(line, 3, check.right)
        else:
            page.write_formula(
                line, 1, f'=IF(C{line + 1}=D{line + 1},"{yes}","{no}")', None, yes if check.holds else no
            )
            page.write_formula(line, 2, f"={sides[0]}", None, check.left)
            page.write_formula(line, 3, f"={sides[1]}", None, check.right)
        page.write_string(line, 4, cell_text(_read(check.sentence)), wrap)
    if report.imprint is not None:
        page.write_string(len(report.checks()) + 2, 4, _read(report.imprint), wrap)


def _sides(check: Check) -> tuple[str, str] | None:
    """Both sides of a relation as formulas; ``None`` for one that is not about sums, such as that all are whole."""
    match check.relation:
        case Relation.R1 if check.column:
            c = check.column
            return f"{_at(NEW, c)}+{_at(CARRIED_IN, c)}", f"{_at(ALL, c)}+{_at(CARRIED_OUT, c)}"
        case Relation.R2 if check.column:
            first, last = _at(RESULT_KEYS[0], check.column), _at(RESULT_KEYS[-1], check.column)
            return _at(ALL, check.column), f"SUM({first}:{last.rpartition('!')[2]})"
        case Relation.R3 if check.row:
            first, last = _at(check.row, KIND_KEYS[0]), _at(check.row, KIND_KEYS[-1])
            return _at(check.row, ALL), f"SUM({first}:{last.rpartition('!')[2]})"
        case Relation.T4 if check.row:
            begin = len(DISPUTE_COLUMNS) * list(DISPUTES).index(check.row)
            line, sheet = _ABOVE + _HEAD_4 + 1, f"'{_read(NAMES['4'])}'!"
            first, last, total = (xl_col_to_name(begin + at) for at in (0, 3, 4))
            return f"{sheet}{total}{line}", f"SUM({sheet}{first}{line}:{last}{line})"
        case _:
            return None


def _at(row: str, column: str) -> str:
    """Where a figure of table 三 stands in the workbook."""
    line = _ABOVE + _HEAD_3 + list(ROWS).index(row) + 1
    return f"'{_read(NAMES['3'])}'!{xl_col_to_name(LABELS + list(COLUMNS).index(column))}{line}"


def _read(text: Text) -> str:
    return text.read_in(translation.get_language())
