"""Reports in the files in which offices publish them, and files that must not be read."""

import io
import re
import zipfile

import openpyxl
import pypdfium2
import pytest
from hypothesis import Phase, given, settings

from casework.exports import FORMATS, export
from casework.law.matrix import COLUMNS, Matrix
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.published import read
from casework.published.files import LARGEST

from . import messy_files
from .messy import Mess
from .messy_files import FILES, FileStyle
from .test_published import CITY, assert_same, example, matrices, messes, one


@pytest.mark.parametrize("style", FILES, ids=lambda style: style.__name__)
# To find the smallest report that fails takes minutes where each is a Word document to be made.
@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(matrix=matrices, mess=messes)
def test_a_report_is_read_back_from_any_file(style: FileStyle, matrix: Matrix, mess: Mess) -> None:
    assert_same(one(style(matrix, mess)), matrix, mess)


@pytest.mark.parametrize("style", FILES, ids=lambda style: style.__name__)
@pytest.mark.parametrize("blank", ["", "/"])
def test_blank_cells_stay_in_their_column(style: FileStyle, blank: str) -> None:
    blanked = Matrix.from_cells(2023, lambda row, column: None if column == "research" else CITY.cell(row, column))
    assert blanked.differences(one(style(blanked, Mess(blank=blank))).report().table3) == []


HUAIAN = example("huaian-2024.txt").report()


def printed(form: str) -> Report:
    """What we print, read back; of a PDF its text, as a reader copies it."""
    content = export(HUAIAN, form)
    if form == "pdf":
        pages = pypdfium2.PdfDocument(content)
        content = "\n".join(page.get_textpage().get_text_range() for page in pages).encode()
    (reading,) = read(content, "" if form == "pdf" else f"report.{form}")
    return reading.report()


@pytest.mark.parametrize("form", FORMATS)
def test_what_we_print_is_read_back_in_every_cell(form: str) -> None:
    back = printed(form)
    assert HUAIAN.table3.differences(back.table3) == []
    assert (back.agency_name, back.year) == (HUAIAN.agency_name, HUAIAN.year)


@pytest.mark.parametrize("form", FORMATS)
def test_tables_2_and_4_are_read_back_as_well(form: str) -> None:
    back = printed(form)
    assert HUAIAN.table2 is not None
    assert HUAIAN.table4 is not None
    assert back.table2 is not None
    assert back.table4 is not None
    assert back.table2.as_dict() == HUAIAN.table2.as_dict()
    assert back.table4.as_dict() == HUAIAN.table4.as_dict()


def test_a_formula_counts_as_what_it_showed() -> None:
    content = messy_files.workbook(CITY, Mess())
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["表三"].row_dimensions[5].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    (reading,) = read(stream.getvalue())
    assert any("隐藏" in remark.zh for remark in reading.remarks())
    assert reading.report().table3.row("carried_in") == (None,) * len(COLUMNS)


def test_scripts_of_a_page_are_neither_run_nor_read_and_that_is_said() -> None:
    (reading,) = read(messy_files.page(CITY, Mess()))
    assert any("脚本" in remark.zh for remark in reading.remarks())


def test_a_page_whose_table_a_script_would_make_is_refused_and_the_scripts_are_named() -> None:
    """A saved page nearly always holds scripts; only where they leave no table to read are they the fault."""
    page = messy_files.page(CITY, Mess()).decode()
    without = re.sub("<table.*?</table>", "<div id=report></div><script>draw()</script>", page, flags=re.DOTALL)
    with pytest.raises(Refused, match="网页里有脚本"):
        read(without.encode(), "a.html")


def test_a_cell_that_a_script_would_fill_is_named_and_never_read_as_blank() -> None:
    figure = CITY.cell("granted", "natural_person")
    page = messy_files.page(CITY, Mess()).decode()
    filled = page.replace(f">{figure}<", "><script>document.write(1)</script><")
    assert filled != page
    (reading,) = read(filled.encode())
    assert reading.report().table3.cell("granted", "natural_person") is None
    assert any("由脚本填写" in remark.zh for remark in reading.remarks())


# ── What is refused, by name of the fault ────────────────────────────────────────────────────────────────────────────


def _zip(names: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _encrypted() -> bytes:
    """The flag that says so is set for the first member, in its own head and in the directory."""
    made = bytearray(_zip({"word/document.xml": b"<x/>"}))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


BOMB = {"word/document.xml": b"<a/>", **{f"word/media/{n}": bytes(100_000_000) for n in range(3)}}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", _zip({"word/document.xml": b"<x/>", "word/vbaProject.bin": b"x"}), "宏"),
        ("a.xlsx", _zip({"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}), "宏"),
        ("a.docx", _encrypted(), "密码"),
        ("a.docx", _zip({"word/document.xml": b"<x"}), "已损坏"),
        ("a.docx", _zip({"word/other.xml": b"<x/>"}), "DOCX"),
        ("a.xlsx", _zip({"xl/other.xml": b"<x/>"}), "XLSX"),
        ("a.ofd", _zip({"OFD.xml": b"<x/>"}), "OFD"),
        ("a.docx", b"plain text", ".docx"),
        ("a.html", _zip({"word/document.xml": b"<x/>"}), ".html"),
        ("a.txt", b"%PDF-1.7", ".txt"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式"),
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.png", b"\x89PNG\r\n", "图片"),
        ("a.html", b"<html><body><p>nothing</p></body></html>", "表三"),
        ("a.txt", b"x" * (LARGEST + 1), "MB"),
    ],
)
def test_what_cannot_or_must_not_be_read_is_refused_by_name(name: str, content: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content, name)
    assert said in refused.value.sentence.zh
    assert refused.value.sentence.en


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Refused, match="解压后过大"):
        read(_zip(BOMB))


def test_nothing_outside_a_document_is_opened() -> None:
    hostile = (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w xmlns="w"><body><p><r><t>&e;</t></r></p></body></w>'
    )
    with pytest.raises(Refused, match="表三"):
        read(_zip({"word/document.xml": hostile}))
