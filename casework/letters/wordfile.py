"""The same letter as a DOCX for whoever has to go on working with it: same paper, same grid, same order."""

import io
from functools import cache
from typing import Any, Final

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from casework.law.words import said

from .blocks import Block
from .paper import LetterData, heading_size, signature_lines

FANG: Final = "仿宋_GB2312"
HEI: Final = "黑体"
KAI: Final = "楷体_GB2312"
SONG: Final = "宋体"
TITLE: Final = "方正小标宋简体"
_SIZE_2, _SIZE_3, _SIZE_4 = Pt(22), Pt(16), Pt(14)
#: 225 mm in 22 lines.
_PITCH: Final = Pt(225 / 25.4 * 72 / 22)
_RED: Final = RGBColor(0xC8, 0x10, 0x2E)


def render_docx(letter: LetterData) -> bytes:
    """The letter as DOCX, in the layout of GB/T 9704; the fonts are those that Chinese offices have."""
    document = Document(io.BytesIO(_blank()))
    _set_page(document)
    _set_properties(document, letter)
    heading = _line(document, letter.organ, TITLE, Pt(round(heading_size(letter.organ))), WD_ALIGN_PARAGRAPH.CENTER)
    heading.runs[0].font.color.rgb = _RED
    heading.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _rule_below(heading)
    if letter.number:
        _line(document, letter.number, FANG, _SIZE_3, WD_ALIGN_PARAGRAPH.RIGHT)
    _line(document, "", FANG, _SIZE_3)
    _line(document, letter.title, TITLE, _SIZE_2, WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, "", FANG, _SIZE_3)
    if letter.addressee:
        _line(document, f"{letter.addressee}：", FANG, _SIZE_3)
    for block in letter.blocks:
        _draw(document, block)
    _attachments(document, letter)
    _signature(document, letter)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@cache
def _blank() -> bytes:
    """The blank file of python-docx without what no letter uses.

    It has 800 KB of styles, twice, and a picture of itself: most of the time and half of the size of a letter.
    """
    document = Document()
    styles = document.styles.element
    for style in styles.style_lst:
        if style.styleId not in _STYLES:
            styles.remove(style)
    for holder in (document.part, document.part.package):
        for name, relation in list(holder.rels.items()):
            if relation.reltype.rpartition("/")[2] in ("stylesWithEffects", "thumbnail"):
                del holder.rels[name]
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


#: Those of the text, of the footer and of tables, and what they are based on.
_STYLES: Final = frozenset(
    {
        "Normal",
        "DefaultParagraphFont",
        "TableNormal",
        "NoList",
        "Header",
        "HeaderChar",
        "Footer",
        "FooterChar",
        "TableGrid",
    }
)


def _set_page(document: DocumentType) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(26)
    # The grid of 22 lines and 28 characters: its pitch in twentieths, its tightening in 4096ths of a point.
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(_PITCH.pt * 20)))
    grid.set(qn("w:charSpace"), str(round(-0.21 * 4096)))
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    normal = document.styles["Normal"]
    normal.font.size = _SIZE_3
    _font(normal, FANG)


def _set_properties(document: DocumentType, letter: LetterData) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = letter.title, letter.organ, ""
    properties.language = "zh-CN"


def _page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """``— 1 —``, one character from the outer edge (GB/T 9704 7.5)."""
    paragraph.alignment = side
    if side == WD_ALIGN_PARAGRAPH.RIGHT:
        paragraph.paragraph_format.right_indent = _SIZE_4
    else:
        paragraph.paragraph_format.left_indent = _SIZE_4
    _run(paragraph, "— ", SONG, _SIZE_4)
    field = _run(paragraph, "", SONG, _SIZE_4)
    for kind in ("begin", "", "end"):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = "PAGE"
        field._r.append(mark)
    _run(paragraph, " —", SONG, _SIZE_4)


def _draw(document: DocumentType, block: Block) -> None:
    if block.kind == "table":
        table = document.add_table(0, len(block.rows[0]), style="Table Grid")
        for row in block.rows:
            for place, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
                first = place == 0 and len(row) == 2
                for number, line in enumerate(text.split("\n")):
                    paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                    _set_pitch(paragraph)
                    _run(paragraph, line, HEI if first else FANG, _SIZE_3)
                if len(row) == 2:
                    cell.width = Mm(50 if first else 106)
        return
    font = {"heading": HEI, "subheading": KAI}.get(block.kind, FANG)
    paragraph = _line(document, block.text, font, _SIZE_3, WD_ALIGN_PARAGRAPH.JUSTIFY)
    _indent(paragraph, first=2)


def _attachments(document: DocumentType, letter: LetterData) -> None:
    if not letter.attachments:
        return
    _line(document, "", FANG, _SIZE_3)
    many = len(letter.attachments) > 1
    for place, name in enumerate(letter.attachments, start=1):
        head = "附件：" if place == 1 else ""
        paragraph = _line(document, head + (f"{place}.{name}" if many else name), FANG, _SIZE_3)
        _indent(paragraph, first=2 if place == 1 else 5)


def _signature(document: DocumentType, letter: LetterData) -> None:
    """Organ and date centred on each other, with room for the seal, in a table without lines that can't be torn."""
    for _blank in range(2):
        _line(document, "", FANG, _SIZE_3)
    lines, indent = signature_lines(letter.organ)
    width = max(len(line) for line in [*lines, said(letter.dated).zh])
    for line in [*lines, said(letter.dated).zh]:
        paragraph = _line(document, line, FANG, _SIZE_3, WD_ALIGN_PARAGRAPH.RIGHT)
        # Half the difference of the widths centres the shorter line on the longer one.
        paragraph.paragraph_format.right_indent = Pt(16 * (indent + (width - len(line)) / 2))
        paragraph.paragraph_format.keep_with_next = True


def _line(
    document: DocumentType,
    text: str,
    font: str,
    size: Pt,
    side: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = side
    _set_pitch(paragraph)
    _run(paragraph, text, font, size)
    return paragraph


def _set_pitch(paragraph: Paragraph) -> None:
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, _PITCH


def _indent(paragraph: Paragraph, *, first: int) -> None:
    """In characters, as Word counts them for Chinese (in hundredths), and in points for whoever ignores that."""
    paragraph.paragraph_format.first_line_indent = Pt(16 * first)
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * first))


def _run(paragraph: Paragraph, text: str, font: str, size: Pt) -> Any:
    run = paragraph.add_run(text)
    run.font.size = size
    _font(run, font)
    return run


def _font(styled: Any, name: str) -> None:
    styled.font.name = name
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(script), name)


def _rule_below(paragraph: Paragraph) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "4"), ("color", "C8102E")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)
