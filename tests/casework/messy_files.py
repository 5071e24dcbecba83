"""Prints a report as the files in which offices publish it: web pages, Word documents, workbooks."""

import io
import re
from collections.abc import Callable, Iterator

import docx
import openpyxl
from docx.table import Table

from casework.law.matrix import Matrix

from .messy import CLOSING, HEADING_3, HEADING_4, HEADS, KINDS, NOTE, OPENING, RESULTS, Line, Mess, _dispute_rows, lines

_FIGURE = re.compile(r"\d[\d,，]*(?:\D{0,2}|（.*)$")
#: A cell: what it says, how many columns and rows it covers.
Spanned = tuple[str, int, int]


def grid(matrix: Matrix, mess: Mess) -> list[list[Spanned]]:
    """Table 三 as the printed form merges it, ten columns wide."""
    rows: list[list[Spanned]] = [
        [(NOTE, 3, 3), ("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [(kind, 1, 1) for kind in KINDS],
    ]
    printed = list(lines(matrix, mess))
    for at, line in enumerate(printed):
        rows.append([*_labels(printed, at, line), *((figure, 1, 1) for figure in line.figures)])
    return rows


def _labels(printed: list[Line], at: int, line: Line) -> Iterator[Spanned]:
    if at == 2:
        yield RESULTS, 1, sum(1 for each in printed if each.depth > 1)
    if _begins(line):
        reach = next((n for n, each in enumerate(printed[at + 1 :], 1) if each.depth < 3 or _begins(each)), 1)
        yield line.group, 1, reach
    yield line.label, {1: 3, 2: 2, 3: 1}[line.depth], 1


def _begins(line: Line) -> bool:
    """Whether a class begins here; an unseen sign may stand where none does."""
    return len(line.group.strip()) > 1


def disputes(mess: Mess) -> list[list[Spanned]]:
    first, second, third, figures = _dispute_rows(mess)
    return [
        [(first[0], 5, 1), (first[1], 10, 1)],
        [*((each, 1, 2) for each in second[:5]), (second[5], 5, 1), (second[6], 5, 1)],
        [(each, 1, 1) for each in third],
        [(figure, 1, 1) for figure in figures],
    ]


# ── Web pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _html_table(rows: list[list[Spanned]], *, broken: str) -> str:
    def cell(each: Spanned) -> str:
        text, across, down = each
        if len(text) > 6 and not _FIGURE.match(text):
            text = text[:2] + broken + text[2:]
        return f'<td colspan="{across}" rowspan="{down}"><p style="margin:0">{text}</p></td>'

    return "<table border=1>" + "".join(f"<tr>{''.join(map(cell, row))}</tr>\n" for row in rows) + "</table>"


def page(matrix: Matrix, mess: Mess, *, broken: str = "") -> bytes:
    """A portal's page: a menu, a script, tables with merged cells."""
    opening = "".join(f"<p>{line}</p>" for line in OPENING.format(prose=mess.prose).split("\n"))
    body = (
        f"{opening}<h2>{HEADING_3}</h2>{_html_table(grid(matrix, mess), broken=broken)}"
        f"<h2>{HEADING_4}</h2>{_html_table(disputes(mess), broken=broken)}"
        + "".join(f"<p>{line}</p>" for line in CLOSING.split("\n"))
    )
    menu = "<ul><li>首页</li><li>政务公开</li><li>2019年年报</li></ul><script>var total = 9999;</script>"
    return f"<!DOCTYPE html><html><head><title>年报</title></head><body>{menu}{body}</body></html>".encode()


def page_with_breaks(matrix: Matrix, mess: Mess) -> bytes:
    """Labels broken by a line end in the source and by one on the page."""
    return page(matrix, mess, broken="<br>\n")


def page_in_a_table(matrix: Matrix, mess: Mess) -> bytes:
    """The whole page laid out by tables within tables, in GBK without saying so, as older portals are."""
    text = page(matrix, mess).decode()
    begin, end = text.index("<body>") + len("<body>"), text.index("</body>")
    framed = f"<table><tr><td>栏目</td><td><table><tr><td>{text[begin:end]}</td></tr></table></td></tr></table>"
    return (text[:begin] + framed + text[end:]).encode("gb18030")


# ── Word documents and workbooks ─────────────────────────────────────────────────────────────────────────────────────


def _fill(table: Table, rows: list[list[Spanned]]) -> None:
    taken: set[tuple[int, int]] = set()
    for top, row in enumerate(rows):
        left = 0
        for text, across, down in row:
            while (top, left) in taken:
                left += 1
            taken |= {(y, x) for y in range(top, top + down) for x in range(left, left + across)}
            cell = table.cell(top, left)
            if across > 1 or down > 1:
                cell = cell.merge(table.cell(top + down - 1, left + across - 1))
            cell.text = text
            left += across


def document(matrix: Matrix, mess: Mess) -> bytes:
    """A report typed in Word, with merged cells."""
    made = docx.Document()
    for line in OPENING.format(prose=mess.prose).split("\n"):
        made.add_paragraph(line)
    made.add_paragraph(HEADING_3)
    rows = grid(matrix, mess)
    _fill(made.add_table(len(rows), 10), rows)
    made.add_paragraph(HEADING_4)
    _fill(made.add_table(4, 15), disputes(mess))
    for line in CLOSING.split("\n"):
        made.add_paragraph(line)
    return _saved(made)


def document_over_two_pages(matrix: Matrix, mess: Mess) -> bytes:
    """The table split in two, the head repeated over the second."""
    made = docx.Document()
    made.add_paragraph(OPENING.format(prose=mess.prose))
    made.add_paragraph(HEADING_3)
    printed = list(lines(matrix, mess))
    for part in (printed[:14], printed[14:]):
        table = made.add_table(len(part) + 1, 8)
        for at, head in enumerate(("项目", *HEADS)):
            table.cell(0, at).text = head
        for top, line in enumerate(part, 1):
            for at, text in enumerate((f"{line.group}{line.label}", *line.figures)):
                table.cell(top, at).text = text
        made.add_paragraph("")
    made.add_paragraph(HEADING_4)
    _fill(made.add_table(4, 15), disputes(mess))
    made.add_paragraph(CLOSING)
    return _saved(made)


def _saved(made: "docx.document.Document") -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def workbook(matrix: Matrix, mess: Mess) -> bytes:
    """A sheet each for the words and for either table, figures as numbers or as text, merged as printed."""
    book = openpyxl.Workbook()
    words = book.active
    assert words is not None
    for line in OPENING.format(prose=mess.prose).split("\n"):
        words.append([line])
    words.append([HEADING_3])
    for title, rows, after in (("表三", grid(matrix, mess), HEADING_4), ("表四", disputes(mess), CLOSING)):
        sheet = book.create_sheet(title)
        taken: set[tuple[int, int]] = set()
        for top, row in enumerate(rows, 1):
            left = 1
            for text, across, down in row:
                while (top, left) in taken:
                    left += 1
                taken |= {(y, x) for y in range(top, top + down) for x in range(left, left + across)}
                sheet.cell(top, left).value = int(text) if text.isascii() and text.isdigit() else text
                if across > 1 or down > 1:
                    sheet.merge_cells(
                        start_row=top, start_column=left, end_row=top + down - 1, end_column=left + across - 1
                    )
                left += across
        for line in after.split("\n"):
            sheet.append([line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


FileStyle = Callable[[Matrix, Mess], bytes]
FILES: tuple[FileStyle, ...] = (
    page,
    page_with_breaks,
    page_in_a_table,
    document,
    document_over_two_pages,
    workbook,
)
