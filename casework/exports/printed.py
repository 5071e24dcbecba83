"""The report on paper: one description of its pages, drawn as PDF by typst and as DOCX for whoever works on with it."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.utils import translation
from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from casework.law.report import Report
from casework.law.words import Text
from casework.letters.paper import photograph, typeset

from .layout import LABELS, Drawing, FormCell
from .parts import Part, parts_of
from .pictures import HEADING, Picture

LAYOUT: Final = Path(__file__).parent / "report.typ"
PHOTOGRAPH: Final = Path(__file__).parent / "picture.typ"
_PICTURE: Final = 110.0
"""Millimetres across a picture, so that its words are as large as those of the tables."""
_DOTS: Final = 200.0
#: A fixed mark, no moment: the same report gives the same bytes.
_STAMP: Final = datetime(2021, 9, 26, tzinfo=UTC)
_WIDE: Final = 156.0
"""Millimetres between the margins of GB/T 9704."""

FANG: Final = "仿宋_GB2312"
HEI: Final = "黑体"
TITLE: Final = "方正小标宋简体"


def as_pdf(report: Report, title: Text, pictures: Sequence[Picture] = ()) -> bytes:
    """The whole report as PDF, tables with their merged heads, the head of a long table repeated on its next page."""
    told = {
        "title": _read(title),
        "author": report.agency_name,
        "lang": "en" if (translation.get_language() or "").startswith("en") else "zh",
        "parts": [_told(part) for part in parts_of(report)],
        "imprint": _read(report.imprint) if report.imprint else "",
        "appendix": {"heading": _read(HEADING), "pictures": [_drawn(each) for each in pictures]} if pictures else None,
    }
    return typeset(LAYOUT, {"report": json.dumps(told, ensure_ascii=False)}, stamp=_STAMP)


def _told(part: Part) -> dict[str, Any]:
    table = _grid(part.drawing) if part.drawing else None
    return {"heading": _read(part.heading), "prose": list(part.prose), "table": table}


def _drawn(picture: Picture) -> dict[str, Any]:
    return {
        "title": _read(picture.title),
        "says": _read(picture.says),
        "svg": picture.svg,
        "below": [_read(each) for each in picture.below],
        "table": _grid(picture.drawing),
    }


def _grid(drawing: Drawing) -> dict[str, Any]:
    return {
        "head": len(drawing.head),
        "widths": _widths(drawing),
        "cells": [
            {
                "x": cell.place,
                "y": cell.line,
                "across": cell.places,
                "down": cell.lines,
                "text": _read(cell.text),
                "kind": _kind(cell),
            }
            for cell in drawing.cells()
        ],
    }


def _kind(cell: FormCell) -> str:
    """``figure``, ``row`` (words at the left) or ``head`` (words in the middle)."""
    if not cell.scope:
        return "figure"
    return "row" if cell.scope in {"row", "note"} else "head"


def _widths(drawing: Drawing) -> list[float]:
    """Shares of the line: in table 三 its labels are wide and its seven figures narrow; elsewhere all are alike."""
    columns = max(cell.place + cell.places for cell in drawing.cells())
    if columns == LABELS + 7:
        return [2.2, 2.6, 6.0, *([2.4] * 7)]
    return [3.0, *([2.0] * (columns - 1))] if columns < 8 else [1.0] * columns


# ── DOCX ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_docx(report: Report, title: Text, pictures: Sequence[Picture] = ()) -> bytes:
    """The same pages as DOCX; the fonts are those that Chinese offices have.

    Pictures are photographed, with their words as alternative text: older Word and WPS show no SVG.
    """
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _font(document.styles["Normal"], FANG)
    document.styles["Normal"].font.size = Pt(16)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = _read(title), report.agency_name, ""
    properties.created = properties.modified = _STAMP.replace(tzinfo=None)
    _line(document, _read(title), TITLE, Pt(22), WD_ALIGN_PARAGRAPH.CENTER)
    for part in parts_of(report):
        _heading(document, _read(part.heading))
        for text in part.prose:
            paragraph = _line(document, text, FANG, Pt(16), WD_ALIGN_PARAGRAPH.JUSTIFY)
            paragraph.paragraph_format.first_line_indent = Pt(32)
        if part.drawing:
            _table(document, part.drawing)
    if report.imprint is not None:
        _line(document, _read(report.imprint), FANG, Pt(9), WD_ALIGN_PARAGRAPH.LEFT)
    if pictures:
        _heading(document, _read(HEADING))
    for picture in pictures:
        _picture(document, picture)
    stream = io.BytesIO()
    document.save(stream)
    return _dateless(stream)


def _dateless(made: io.BytesIO) -> bytes:
    """A ZIP notes when each part was written; the same report must give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(stream, "w") as kept:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, (_STAMP.year, _STAMP.month, _STAMP.day, 0, 0, 0))
            kept.writestr(part, parts.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _picture(document: DocumentType, picture: Picture) -> None:
    _heading(document, _read(picture.title), level=2)
    if not picture.empty:
        taken = io.BytesIO(photograph(PHOTOGRAPH, {"svg": picture.svg}, dots=_DOTS))
        shape = document.add_picture(taken, width=Mm(_PICTURE))
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        about = shape._inline.docPr
        about.set("title", _read(picture.title))
        about.set("descr", _read(picture.says))
    for text in picture.below:
        _line(document, _read(text), FANG, Pt(12), WD_ALIGN_PARAGRAPH.LEFT).paragraph_format.keep_with_next = True
    _table(document, picture.drawing, together=True)


def _heading(document: DocumentType, text: str, *, level: int = 1) -> None:
    """A heading, so that a reader can jump to it, in the type of an official document."""
    paragraph = document.add_heading(level=level)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(16), False
    run.font.color.rgb = RGBColor(0, 0, 0)  # the style of a heading is blue unless told
    _font(run, HEI)


def _line(document: DocumentType, text: str, font: str, size: Pt, side: WD_ALIGN_PARAGRAPH) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = side
    run = paragraph.add_run(text)
    run.font.size = size
    _font(run, font)
    return paragraph


def _font(styled: Any, name: str) -> None:
    styled.font.name = name
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(script), name)


def _table(document: DocumentType, drawing: Drawing, *, together: bool = False) -> None:
    """Written as XML: python-docx looks a whole table through for every cell that it merges.

    ``together``: on one page with what stands above it.
    """
    shares = _widths(drawing)
    widths = [round(_WIDE * share / sum(shares) * 56.7) for share in shares]  # twentieths of a point
    table = document.add_table(0, len(widths), style="Table Grid")._tbl
    for column, width in zip(table.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    lines = _lines(drawing)
    for number, cells in enumerate(lines):
        keep = together and number + 1 < len(lines)
        row = _element("w:tr")
        about = _element("w:trPr", _element("w:cantSplit"))
        if number < len(drawing.head):
            about.append(_element("w:tblHeader"))
        row.append(about)
        for cell, begins in cells:
            row.append(_cell(cell, widths, begins=begins, keep=keep))
        table.append(row)
    document.add_paragraph()


def _lines(drawing: Drawing) -> list[list[tuple[FormCell, bool]]]:
    """Each line's cells from left to right; one that reaches down stands in each of its lines, begun in the first."""
    height = max(cell.line + cell.lines for cell in drawing.cells())
    lines: list[list[tuple[FormCell, bool]]] = [[] for _ in range(height)]
    for cell in drawing.cells():
        for down in range(cell.lines):
            lines[cell.line + down].append((cell, down == 0))
    return [sorted(line, key=lambda each: each[0].place) for line in lines]


def _cell(cell: FormCell, widths: list[int], *, begins: bool, keep: bool) -> Any:
    about = _element("w:tcPr", _element("w:tcW", w=sum(widths[cell.place : cell.place + cell.places]), type="dxa"))
    if cell.places > 1:
        about.append(_element("w:gridSpan", val=cell.places))
    if cell.lines > 1:
        about.append(_element("w:vMerge", val="restart") if begins else _element("w:vMerge"))
    about.append(_element("w:vAlign", val="center"))
    side = {"figure": "right", "row": "left", "head": "center"}[_kind(cell)]
    kept = [_element("w:keepNext")] if keep else []
    paragraph = _element("w:p", _element("w:pPr", *kept, _element("w:jc", val=side)))
    if begins:
        paragraph.append(_run(_read(cell.text), HEI if _kind(cell) == "head" else FANG))
    made = _element("w:tc", about)
    made.append(paragraph)
    return made


def _run(text: str, font: str) -> Any:
    look = _element("w:rPr", _element("w:rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=font))
    look.append(_element("w:sz", val=18))
    run = _element("w:r", look)
    shown = OxmlElement("w:t")
    shown.text = text
    run.append(shown)
    return run


def _element(name: str, *children: Any, **attributes: object) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    for child in children:
        made.append(child)
    return made


def _read(text: Text) -> str:
    return text.read_in(translation.get_language())
