"""What is no PDF as one: pictures on a page of their own, text and tables in a simple view drawn by typst.

What a reader of the original does not see is not drawn: hidden sheets, rows and columns, comments, text struck out by
a revision. It is counted, so that whoever gives the file out knows that it was there.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
import pikepdf
from lxml import etree
from openpyxl.utils import get_column_letter
from PIL import Image, ImageOps, UnidentifiedImageError

from casework.grids.archive import parser
from casework.grids.worddoc import rows_of
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.letters.paper import typeset

from .door import FileType, decoded

#: Rows and columns of a sheet that are drawn; a larger one has to be cut by whoever uploads it.
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 60
_LONGEST_TEXT: Final = 2_000_000
_MOST_PIXELS: Final = 120_000_000
_LAYOUT: Final = Path(__file__).parent / "simple.typ"
_STAMP: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Converted:
    """The PDF from which a file is read, marked and given; whether it only resembles the file; what it leaves out."""

    pdf: bytes
    simplified: bool
    hidden: dict[str, int]


#: What a file may hold that is not on its pages.
HIDDEN: Final[dict[str, Text]] = {
    "metadata": Text("文件属性（作者、时间等）", "properties such as author and time"),
    "attachments": Text("嵌在里面的附件", "files embedded in it"),
    "comments": Text("批注", "comments"),
    "forms": Text("表单", "form fields"),
    "scripts": Text("脚本或者打开时的动作", "scripts or actions on opening"),
    "layers": Text("可以关闭的图层", "layers that can be switched off"),
    "versions": Text("以前保存的版本", "versions saved earlier"),
    "revisions": Text("修订痕迹", "tracked changes"),
    "hidden_text": Text("隐藏文字", "hidden text"),
    "hidden_sheets": Text("隐藏的工作表", "hidden sheets"),
    "hidden_rows": Text("隐藏的行", "hidden rows"),
    "hidden_columns": Text("隐藏的列", "hidden columns"),
    "names": Text("定义的名称", "defined names"),
    "links": Text("到其他文件的链接", "links to other files"),
    "caches": Text("数据透视表的缓存", "caches of pivot tables"),
    "objects": Text("嵌入的对象", "embedded objects"),
    "pictures": Text("图片（简化视图里没有）", "pictures (not in the simple view)"),
}


def converted(kind: FileType, content: bytes) -> Converted:
    """The PDF of a file; raises ``Refused`` for a kind that can't be drawn here, or a damaged file."""
    match kind:
        case FileType.PDF:
            return Converted(content, simplified=False, hidden=hidden_in_pdf(content))
        case FileType.PNG | FileType.JPEG:
            return Converted(_page_of(content), simplified=False, hidden=_hidden_in_picture(content))
        case FileType.DOCX:
            rows = [(list(row.cells), row.ruled) for row in rows_of(io.BytesIO(content))]
            return Converted(_drawn([("", _grouped(rows))]), simplified=True, hidden=hidden_in_docx(content))
        case FileType.XLSX:
            sheets, hidden = _sheets(content)
            return Converted(_drawn(sheets), simplified=True, hidden=hidden)
        case FileType.TEXT:
            text = (decoded(content) or "")[: _LONGEST_TEXT + 1]
            if len(text) > _LONGEST_TEXT:
                raise Refused(_TOO_LONG, field="files")
            lines = [([line], False) for line in text.replace("\r\n", "\n").split("\n")]
            return Converted(_drawn([("", _grouped(lines))]), simplified=False, hidden={})
        case FileType.OFD:
            raise Refused(_OFD, field="files")
        case _:
            raise Refused(_NO_VIEW, field="files")


def hidden_in_pdf(content: bytes) -> dict[str, int]:
    """What a PDF holds beside its pages, by kind and number."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return {key: number for key, number in _hidden_in(pdf, content) if number}
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise Refused(_DAMAGED_PDF, field="files") from error


def _hidden_in(pdf: pikepdf.Pdf, content: bytes) -> Iterator[tuple[str, int]]:
    root = pdf.Root
    info = len(pdf.docinfo) if "/Info" in pdf.trailer else 0
    yield "metadata", info + ("/Metadata" in root)
    attached, comments, acting = len(pdf.attachments), 0, int("/OpenAction" in root) + int("/AA" in root)
    for page in pdf.pages:
        acting += "/AA" in page.obj
        for note in page.obj.get("/Annots", []):
            kind = str(note.get("/Subtype", "")) if isinstance(note, pikepdf.Dictionary) else ""
            attached += kind == "/FileAttachment"
            comments += kind not in ("/Link", "/Widget", "/FileAttachment")
    yield "attachments", attached
    yield "comments", comments
    names: Any = root.get("/Names", {})
    yield "scripts", acting + int("/JavaScript" in names)
    yield "forms", len(root.AcroForm.get("/Fields", [])) if "/AcroForm" in root else 0
    yield "layers", len(root.OCProperties.get("/OCGs", [])) if "/OCProperties" in root else 0
    yield "versions", max(0, content.count(b"startxref") - 1 - (b"/Linearized" in content[:2048]))


def hidden_in_docx(content: bytes) -> dict[str, int]:
    """What a Word document holds that its simple view leaves out."""
    counts: dict[str, int] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            if member.startswith("docProps/"):
                counts["metadata"] = counts.get("metadata", 0) + 1
            elif member.startswith("word/media/"):
                counts["pictures"] = counts.get("pictures", 0) + 1
            elif member.startswith("word/embeddings/"):
                counts["objects"] = counts.get("objects", 0) + 1
            elif member.startswith("word/") and member.endswith(".xml") and member.count("/") == 1:
                with archive.open(member) as stream:
                    tree = etree.parse(stream, parser())
                for key, tags in _WORD.items():
                    found = sum(1 for tag in tags for _each in tree.iter(tag))
                    counts[key] = counts.get(key, 0) + found
    return {key: number for key, number in counts.items() if number}


_WORD: Final = {
    "revisions": ("{*}ins", "{*}del", "{*}moveFrom", "{*}moveTo"),
    "comments": ("{*}comment",),
    "hidden_text": ("{*}vanish",),
}


def _sheets(content: bytes) -> tuple[list[tuple[str, Any]], dict[str, int]]:
    """The visible sheets as tables of what their cells show, and what is hidden in the workbook."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=True, rich_text=False)
    except Exception as error:
        raise Refused(_DAMAGED_BOOK, field="files") from error
    hidden = dict.fromkeys(HIDDEN, 0)
    hidden["names"] = len(book.defined_names)
    hidden["links"] = len(getattr(book, "_external_links", ()))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        hidden["metadata"] = sum(name.startswith("docProps/") for name in names)
        hidden["caches"] = sum("pivotCacheDefinition" in name for name in names)
        hidden["objects"] = sum(name.startswith("xl/embeddings/") for name in names)
        hidden["pictures"] = sum(name.startswith("xl/media/") for name in names)
        hidden["comments"] = sum(_comments(archive, name) for name in names if name.startswith("xl/comments"))
    sheets: list[tuple[str, Any]] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden["hidden_sheets"] += 1
            continue
        sheets.append((sheet.title, [{"rows": list(_visible(sheet, hidden)), "ruled": True}]))
    return sheets, {key: number for key, number in hidden.items() if number}


def _comments(archive: zipfile.ZipFile, name: str) -> int:
    with archive.open(name) as stream:
        return sum(1 for _each in etree.parse(stream, parser()).iter("{*}comment"))


def _visible(sheet: Any, hidden: dict[str, int]) -> Iterator[list[str]]:
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise Refused(_TOO_WIDE.format(sheet=sheet.title, rows=MOST_ROWS, columns=MOST_COLUMNS), field="files")
    away = set(_hidden_columns(sheet))
    hidden["hidden_columns"] += len(away)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        dimension = sheet.row_dimensions[number]
        if dimension.hidden or dimension.height == 0:
            hidden["hidden_rows"] += 1
            continue
        yield [_shown(cell) for cell in row if get_column_letter(cell.column) not in away]


def _hidden_columns(sheet: Any) -> Iterator[str]:
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden or dimension.width == 0:
            for column in range(dimension.min, min(dimension.max, sheet.max_column) + 1):
                yield get_column_letter(column)


def _shown(cell: Any) -> str:
    """What the cell shows; one whose format hides its value (``;;;``) shows nothing."""
    value, form = cell.value, str(cell.number_format)
    if value is None or form.strip() == ";;;":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if (value.hour or value.minute) else value.strftime("%Y-%m-%d")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value * 100:g}%" if form.endswith("%") else f"{value:.15g}"
    return str(value)


def _grouped(rows: Iterable[tuple[list[str], bool]]) -> list[dict[str, Any]]:
    """Rows that follow one another in the same way of setting: paragraphs, or one table."""
    groups: list[dict[str, Any]] = []
    for cells, ruled in rows:
        if not groups or groups[-1]["ruled"] != ruled:
            groups.append({"rows": [], "ruled": ruled})
        groups[-1]["rows"].append(cells)
    return groups


def _drawn(sheets: list[tuple[str, Any]]) -> bytes:
    told = [{"title": title, "groups": groups} for title, groups in sheets]
    return typeset(_LAYOUT, {"sheets": json.dumps(told, ensure_ascii=False)}, stamp=_STAMP)


def _page_of(content: bytes) -> bytes:
    """A picture as a page: turned as its camera meant it, without what its camera wrote beside it."""
    try:
        with Image.open(io.BytesIO(content)) as stored:
            if stored.width * stored.height > _MOST_PIXELS:
                raise Refused(_TOO_MANY_DOTS, field="files")
            picture = ImageOps.exif_transpose(stored)
            flat = Image.new("RGB", picture.size, "white")
            flat.paste(picture, mask=picture.convert("RGBA").getchannel("A"))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise Refused(_DAMAGED_PICTURE, field="files") from error
    from .making import pdf_of_pictures  # both draw pages; this one alone knows of pictures that come in

    longer = max(flat.size)
    scale = 842 / longer
    return pdf_of_pictures([(flat, (flat.width * scale, flat.height * scale))])


def _hidden_in_picture(content: bytes) -> dict[str, int]:
    with Image.open(io.BytesIO(content)) as stored:
        return {"metadata": 1} if stored.getexif() or set(stored.info) & {"xmp", "comment", "XML:com.adobe.xmp"} else {}


_TOO_LONG: Final = Text("文字过长，不能显示。请拆分后上传。", "The text is too long to be shown. Split it.")
_TOO_WIDE: Final = Text(
    "工作表“{sheet}”超过{rows}行或者{columns}列，不能显示。请拆分后上传。",
    "Sheet “{sheet}” has more than {rows} rows or {columns} columns and can't be shown. Split it.",
)
_TOO_MANY_DOTS: Final = Text(
    "图片过大，不能显示。请缩小后上传。", "The picture is too large to be shown. Make it smaller."
)
_DAMAGED_PICTURE: Final = Text("图片已经损坏，打不开。请重新扫描或者导出。", "The picture is damaged. Scan it again.")
_DAMAGED_BOOK: Final = Text(
    "工作簿已经损坏，打不开。请用 Excel 或者 WPS 打开后另存。",
    "The workbook is damaged and can't be opened. Open it in Excel or WPS and save it again.",
)
_DAMAGED_PDF: Final = Text(
    "PDF 已经损坏，打不开。请重新导出。", "The PDF is damaged and can't be opened. Export it again."
)
_OFD: Final = Text(
    "OFD 文件可以保存，不能在这里预览和涂去。请用阅读器另存为 PDF 后上传。",
    "OFD files are kept, but can't be shown or marked here. Save it as PDF in its reader and upload that.",
)
_NO_VIEW: Final = Text(
    "这类文件不能预览和涂去。请另存为 PDF 后上传。",
    "Files of this kind can't be shown or marked. Save it as PDF and upload that.",
)
