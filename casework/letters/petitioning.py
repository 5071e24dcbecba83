"""The draft of an application for reconsideration as DOCX, for the applicant to complete, print and sign."""

import io
from typing import Any, Final

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from casework.law.petition import Petition

from .wordfile import FANG, HEI, TITLE

_SIZE: Final = Pt(16)


def render_petition(petition: Petition) -> bytes:
    """A4 with wide margins; the fonts are those that Chinese offices have."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.core_properties.title, document.core_properties.author = petition.title, ""
    document.core_properties.comments = ""
    heading = _line(document, petition.title, TITLE, Pt(22))
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for each in petition.sections:
        _line(document, each.heading, HEI, _SIZE).paragraph_format.keep_with_next = True
        for text in each.lines:
            _line(document, text, FANG, _SIZE).paragraph_format.first_line_indent = Pt(32)
    _line(document, "此致", FANG, _SIZE).paragraph_format.first_line_indent = Pt(32)
    _line(document, petition.addressed_to, FANG, _SIZE)
    for text in ("申请人（签名或者盖章）：　　　　　　", "　　　　年　　月　　日"):
        _line(document, text, FANG, _SIZE).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _line(document: DocumentType, text: str, font: str, size: Pt) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    run: Any = paragraph.add_run(text)
    run.font.size, run.font.name = size, font
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(script), font)
    return paragraph
