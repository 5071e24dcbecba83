"""Report → JSON, HTML, XLSX, Markdown. ``layout`` draws the printed form, ``sheets`` keeps spreadsheets harmless."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from casework.law.matrix import COLUMNS, RELATIONS, ROWS, Check, Relation, group_heads
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text

from .layout import CAPTION, LABELS, FormCell, draw
from .sheets import cell_text, harmless, original, workbook, write_xlsx

__all__ = ["FORMATS", "as_html", "as_json", "as_markdown", "as_xlsx", "export", "harmless", "original", "write_xlsx"]


def export(report: Report, form: str, *, language: str = "zh-hans") -> bytes:
    """The report in one of ``FORMATS``; ``Refused`` for a form that is not there."""
    writer = FORMATS.get(form)
    if writer is None:
        known = "、".join(FORMATS)
        raise Refused(
            Text(
                f"还不能输出{form}，可以选择：{known}。", f"{form} is not available yet; choose {', '.join(FORMATS)}."
            ),
            field="format",
        )
    with translation.override(language):
        return writer(report)


def as_json(report: Report) -> bytes:
    """The public form of section 2 of the formats: all rows, all columns, the checks."""
    return (json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n").encode()


def as_html(report: Report) -> bytes:
    """A page of its own with the table in the printed layout, clean enough to paste into a portal."""
    page = render_to_string("report/report.html", {"title": title(report), **table_context(report)})
    return "\n".join(line.strip() for line in page.splitlines() if line.strip()).encode()


def title(report: Report) -> Text:
    """The heading of the report."""
    return Text(
        f"{report.agency_name}{report.year or ''}年政府信息公开工作年度报告",
        f"{report.agency_name}: annual report on the disclosure of government information {report.year or ''}".strip(),
    )


def table_context(report: Report, link: Callable[[str, str], str] | None = None) -> dict[str, Any]:
    """What ``report/table3.html`` and ``report/checks.html`` want, on a page as in a file."""
    return {
        "caption": CAPTION,
        "drawing": draw(report.table3, link),
        "checks": summary(report.checks()),
    }


def summary(checks: list[Check]) -> list[dict[str, Any]]:
    """The checks relation by relation: its words, how many hold, and those that fail."""
    rows = []
    for relation in Relation:
        those = [check for check in checks if check.relation is relation]
        if those:
            failing = [check for check in those if not check.holds]
            held = len(those) - len(failing)
            rows.append(
                {"relation": relation, "words": RELATIONS[relation], "of": len(those), "held": held, "failing": failing}
            )
    return rows


def as_markdown(report: Report) -> bytes:
    """Table 三 with one label a row, and the relations that fail."""
    heads = [_read(head.words) for head in COLUMNS.values()]
    lines = [
        f"# {_plain(_read(title(report)))}",
        "",
        f"## {_read(CAPTION)}",
        "",
        "| " + " | ".join([_read(Text("项目", "Item")), *heads]) + " |",
        "|---" + "|---:" * len(heads) + "|",
    ]
    groups = {row: printed for printed, rows in group_heads() if len(rows) > 1 for row in rows}
    for row, head in ROWS.items():
        label = _read(Text(f"{groups.get(row, '')}{head.printed}", f"{head.number} {head.words.en}"))
        figures = ["" if figure is None else str(figure) for figure in report.table3.row(row)]
        lines.append(f"| {label} | " + " | ".join(figures) + " |")
    lines.append("")
    for row_ in summary(report.checks()):
        lines.append(f"- {row_['relation']} {_read(row_['words'])}: {row_['held']}/{row_['of']}")
        lines += [f"  - {_read(check.sentence)}" for check in row_["failing"]]
    return ("\n".join(lines) + "\n").encode()


def _plain(text: str) -> str:
    """A name in Markdown: on one line, without signs that would begin a table or markup."""
    return " ".join(text.replace("|", "/").split())


def _read(text: Text) -> str:
    return text.read_in(translation.get_language())


def as_xlsx(report: Report) -> bytes:
    """The printed form on the first sheet, with merged heads; the checks on the second. No cell is a live formula."""
    stream = BytesIO()
    book = workbook(stream, in_memory=True)
    _form_sheet(book, report)
    _check_sheet(book, report)
    book.close()
    return stream.getvalue()


def _form_sheet(book: Any, report: Report) -> None:
    page = book.add_worksheet(_read(Text("表三", "Table 3")))
    frame = {"border": 1, "text_wrap": True, "valign": "vcenter"}
    head = book.add_format({**frame, "align": "center", "bold": True})
    label = book.add_format({**frame, "align": "left"})
    figure = book.add_format({**frame, "align": "right", "num_format": "0"})
    heading = book.add_format({"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"})
    page.merge_range(0, 0, 0, LABELS + len(COLUMNS) - 1, "", heading)
    page.write_string(0, 0, cell_text(_read(title(report))), heading)
    page.set_column(0, 0, 6)
    page.set_column(1, 1, 14)
    page.set_column(2, 2, 42)
    page.set_column(LABELS, LABELS + len(COLUMNS) - 1, 12)
    for cell in draw(report.table3).cells():
        if cell.scope:
            _merged(page, cell, _read(cell.text), label if cell.scope in {"row", "note"} else head)
        elif cell.figure is None:
            page.write_blank(cell.line + 1, cell.place, None, figure)
        else:
            page.write_number(cell.line + 1, cell.place, cell.figure, figure)
    page.freeze_panes(4, LABELS)
    page.set_landscape()
    page.fit_to_pages(1, 1)


def _merged(page: Any, cell: FormCell, text: str, look: Any) -> None:
    top = cell.line + 1
    if cell.lines > 1 or cell.places > 1:
        page.merge_range(top, cell.place, top + cell.lines - 1, cell.place + cell.places - 1, "", look)
    page.write_string(top, cell.place, cell_text(text), look)


def _check_sheet(book: Any, report: Report) -> None:
    page = book.add_worksheet(_read(Text("勾稽关系", "Relations")))
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    heads = (
        Text("关系", "Relation"),
        Text("成立", "Holds"),
        Text("左边", "Left"),
        Text("右边", "Right"),
        Text("说明", "In words"),
    )
    for column, head in enumerate(heads):
        page.write_string(0, column, _read(head), bold)
    page.set_column(0, 3, 9)
    page.set_column(4, 4, 100)
    page.freeze_panes(1, 0)
    holds = Text("是", "yes"), Text("否", "no")
    for line, check in enumerate(report.checks(), start=1):
        page.write_string(line, 0, check.relation.value)
        page.write_string(line, 1, _read(holds[0] if check.holds else holds[1]))
        page.write_number(line, 2, check.left)
        page.write_number(line, 3, check.right)
        page.write_string(line, 4, cell_text(_read(check.sentence)), wrap)


FORMATS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "json": as_json,
    "html": as_html,
    "xlsx": as_xlsx,
    "md": as_markdown,
}
