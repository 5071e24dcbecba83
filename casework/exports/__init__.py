"""Report → JSON, HTML, XLSX, DOCX, PDF, Markdown.

``layout`` draws table 三, ``parts`` the whole report in its printed order; ``printed`` puts it on paper, ``book``
makes the workbook, ``sheets`` keeps spreadsheets harmless.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation

from casework.law.matrix import COLUMNS, RELATIONS, ROWS, Check, Relation, group_heads
from casework.law.refusals import Refused
from casework.law.report import DECISIONS, DISPUTE_COLUMNS, DISPUTES, FEES, STOCK_COLUMNS, STOCKS, Report
from casework.law.words import Text

from .book import CHECKED, as_xlsx
from .layout import CAPTION, Drawing, draw
from .parts import parts_of
from .pictures import HEADING, Picture
from .printed import as_docx, as_pdf
from .sheets import harmless, original, write_csv, write_xlsx

__all__ = [
    "FORMATS",
    "PICTURED",
    "as_html",
    "as_json",
    "as_json_kept",
    "as_markdown",
    "export",
    "export_edition",
    "harmless",
    "original",
    "write_csv",
    "write_xlsx",
]


def export(report: Report, form: str, *, language: str = "zh-hans", pictures: Sequence[Picture] | None = None) -> bytes:
    """The report in one of ``FORMATS``; ``Refused`` for a form that is not there.

    ``pictures``: to stand behind section 六, in the forms of ``PICTURED``; the official form has none.
    """
    writer = FORMATS.get(form)
    if writer is None:
        known = "、".join(FORMATS)
        raise Refused(
            Text(
                f"还不能输出{form}，可以选择：{known}。", f"{form} is not available yet; choose {', '.join(FORMATS)}."
            ),
            field="format",
        )
    if pictures is not None and form not in PICTURED:
        known = "、".join(PICTURED)
        raise Refused(
            Text(f"{form}里不能附图，可以选择：{known}。", f"{form} takes no pictures; choose {', '.join(PICTURED)}."),
            field="format",
        )
    with translation.override(language):
        return PICTURED[form](report, pictures) if pictures is not None else writer(report)


def export_edition(content: dict[str, Any], report: Report, form: str, *, language: str = "zh-hans") -> bytes:
    """A filed edition: ``content`` as it was stored, ``report`` the same as a value. The same bytes at every call."""
    return as_json_kept(content) if form == "json" else export(report, form, language=language)


def as_json(report: Report) -> bytes:
    """The public form of section 2 of the formats: all rows, all columns, the checks."""
    return (json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n").encode()


def as_json_kept(content: dict[str, Any]) -> bytes:
    """A filed edition's content as it was frozen, nothing reckoned again; keys in the order of the form."""
    return (json.dumps(_in_form_order(content), ensure_ascii=False, indent=1) + "\n").encode()


def _in_form_order(value: Any) -> Any:
    """A database may give keys back in an order of its own; the same content must give the same bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (_FORM_ORDER.get(key, len(_FORM_ORDER)), key))
        return {key: _in_form_order(value[key]) for key in keys}
    return [_in_form_order(each) for each in value] if isinstance(value, list) else value


def as_html(report: Report, pictures: Sequence[Picture] = ()) -> bytes:
    """A page of its own with the table in the printed layout, clean enough to paste into a portal."""
    context = {
        "pictures": pictures,
        "appendix": HEADING,
        "title": title(report),
        "parts": parts_of(report),
        "relations": CHECKED,
        "checks": summary(report.checks()),
        "imprint": report.imprint,
    }
    page = render_to_string("report/report.html", context)
    return "\n".join(line.strip() for line in page.splitlines() if line.strip()).encode()


def title(report: Report) -> Text:
    """The heading of the report."""
    return Text(
        f"{report.agency_name}{report.year or ''}年政府信息公开工作年度报告",
        f"{report.agency_name}: annual report on the disclosure of government information {report.year or ''}".strip(),
    )


def table_context(report: Report, link: Callable[[str, str], str] | None = None) -> dict[str, Any]:
    """What ``report/table.html`` and ``report/checks.html`` want, on a page as in a file."""
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
    """All sections and tables in printed order, each table with one label a row, then how the relations hold."""
    lines = [f"# {_plain(_read(title(report)))}", ""]
    for part in parts_of(report):
        lines += [f"## {_read(part.heading)}", "", *(_plain(line) + "\n" for line in part.prose)]
        if part.drawing:
            rows = _matrix_rows(report) if part.number == "3" else _rows_of(part.drawing)
            lines += [*_markdown_table(rows), ""]
    lines += [f"## {_read(CHECKED)}", ""]
    for row_ in summary(report.checks()):
        lines.append(f"- {row_['relation']} {_read(row_['words'])}: {row_['held']}/{row_['of']}")
        lines += [f"  - {_read(check.sentence)}" for check in row_["failing"]]
    if report.imprint is not None:
        lines += ["", _read(report.imprint)]
    return ("\n".join(lines) + "\n").encode()


def _markdown_table(rows: list[list[str]]) -> Iterator[str]:
    head, *others = rows
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|---:" * (len(head) - 1) + "|"
    for row in others:
        yield "| " + " | ".join(row) + " |"


def _matrix_rows(report: Report) -> list[list[str]]:
    """Table 三 with the class before each label, since Markdown has no merged cells."""
    rows = [[_read(Text("项目", "Item")), *(_read(head.words) for head in COLUMNS.values())]]
    groups = {row: printed for printed, those in group_heads() if len(those) > 1 for row in those}
    for row, head in ROWS.items():
        label = _read(Text(f"{groups.get(row, '')}{head.printed}", f"{head.number} {head.words.en}"))
        rows.append([label, *("" if figure is None else str(figure) for figure in report.table3.row(row))])
    return rows


def _rows_of(drawing: Drawing) -> list[list[str]]:
    """A drawing line by line; what a merged cell covers is left empty."""
    width = max(cell.place + cell.places for cell in drawing.cells())
    height = max(cell.line + cell.lines for cell in drawing.cells())
    rows = [[""] * width for _ in range(height)]
    for cell in drawing.cells():
        rows[cell.line][cell.place] = _plain(_read(cell.text))
    return rows


def _plain(text: str) -> str:
    """A name in Markdown: on one line, without signs that would begin a table or markup."""
    return " ".join(text.replace("|", "/").split())


def _read(text: Text) -> str:
    return text.read_in(translation.get_language())


_FORM_ORDER: Final = {
    key: at
    for at, key in enumerate(
        dict.fromkeys(
            (
                *("format", "agency", "code", "name", "year", "table2", "table3", "table4", "sections", "checks"),
                *("columns", "rows", *ROWS, *STOCKS, *STOCK_COLUMNS, *DECISIONS, FEES, *DISPUTES, *DISPUTE_COLUMNS),
                *("relation", "column", "row", "holds", "left", "right"),
            )
        )
    )
}
FORMATS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "json": as_json,
    "html": as_html,
    "xlsx": lambda report: as_xlsx(report, title(report)),
    "docx": lambda report: as_docx(report, title(report)),
    "pdf": lambda report: as_pdf(report, title(report)),
    "md": as_markdown,
}
#: The forms that can carry pictures.
PICTURED: Final[Mapping[str, Callable[[Report, Sequence[Picture]], bytes]]] = {
    "html": as_html,
    "docx": lambda report, pictures: as_docx(report, title(report), pictures),
    "pdf": lambda report, pictures: as_pdf(report, title(report), pictures),
}
