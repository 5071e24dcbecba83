"""A file of any kind in which reports come → its text; what can't or must not be read is refused by name."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Final, NamedTuple

from casework.grids import webpage, worddoc
from casework.grids.archive import Kind, readable
from casework.grids.cells import Broken, Line
from casework.grids.rows import Row, as_text
from casework.grids.workbook import Workbook
from casework.law.refusals import Refused
from casework.law.words import Text

from .plain import decode

#: Bytes of a file as it is sent; the largest report with pictures that was met has 9 MB.
LARGEST: Final = 20 * 1024 * 1024

Notes = tuple[Text, ...]


class _Sort(NamedTuple):
    """A kind of file: how its content begins, what its name may end with."""

    words: Text
    marks: tuple[bytes, ...]
    endings: frozenset[str]


_PACKED: Final = Kind(Text("文件", "file"), "DOCX、XLSX")
_ZIPPED: Final = (b"PK\x03\x04", b"PK\x05\x06")
_UNREAD: Final = (
    _Sort(Text("PDF", "PDF"), (b"%PDF",), frozenset({".pdf"})),
    _Sort(
        Text("DOC、XLS、WPS等旧格式，或者有密码保护的文件", "old DOC and XLS files, or files protected by a password"),
        (b"\xd0\xcf\x11\xe0",),
        frozenset({".doc", ".xls", ".wps", ".et"}),
    ),
    _Sort(Text("图片", "pictures"), (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00"), frozenset()),
    _Sort(Text("RAR、7z等压缩包", "RAR, 7z and other archives"), (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), frozenset()),
    _Sort(Text("RTF", "RTF"), (b"{\\rtf",), frozenset({".rtf"})),
)
_WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
_DOCUMENTS: Final = frozenset({".docx", ".docm"})
_TEXTS: Final = frozenset({".json", ".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".mht", ".shtml", ".xml"})


def check_name(name: str, content: bytes) -> None:
    """Refuse a file whose name says one thing and whose content another."""
    ending = PurePath(name).suffix.lower()
    zipped = content.startswith(_ZIPPED)
    if ending in _WORKBOOKS | _DOCUMENTS and not zipped and not content.startswith(_UNREAD[1].marks):
        raise Refused(_BELIES.format(ending=ending))
    if ending in _TEXTS and (zipped or any(content.startswith(kind.marks) for kind in _UNREAD)):
        raise Refused(_BELIES.format(ending=ending))


def text_of(content: bytes) -> tuple[str, Notes]:
    """The text of a report, with ``|`` between the cells of tables, and remarks on what was left out."""
    if len(content) > LARGEST:
        raise Refused(
            Text(
                f"文件太大，超过{LARGEST // 1048576} MB，不予读取。年度报告没有这样大。",
                f"The file is over {LARGEST // 1048576} MB and is not read. No annual report is as large.",
            )
        )
    for kind in _UNREAD:
        if content.startswith(kind.marks):
            raise Refused(_CANNOT.format(form=kind.words))
    if content.startswith(_ZIPPED):
        return _zipped(content)
    text = decode(content)
    head = text.lstrip()[:2000].lower()
    if head.startswith("<") and any(tag in head for tag in ("<html", "<!doctype", "<table", "<body", "<div", "<meta")):
        return as_text(webpage.rows_of(text)), (SCRIPTS,) if webpage.runs_scripts(text) else ()
    return text, ()


def _zipped(content: bytes) -> tuple[str, Notes]:
    """DOCX and XLSX both are zip archives; the folder of the main part says which."""
    with readable(_PACKED):
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    for folder, reader in _READERS.items():
        if any(name.startswith(folder) for name in names):
            return reader(io.BytesIO(content))
    raise Refused(_CANNOT.format(form=Text("OFD、ZIP等其他压缩格式", "OFD, ZIP and other zipped forms")))


def _document(file: io.BytesIO) -> tuple[str, Notes]:
    return as_text(worddoc.rows_of(file)), ()


def _workbook(file: io.BytesIO) -> tuple[str, Notes]:
    """Every visible sheet, one under the other; a formula counts as what it showed when the file was saved."""
    rows: list[Row] = []
    hidden = 0
    for sheet in Workbook(file, computed=True).sheets:
        for line in sheet.lines():
            if line.hidden:
                hidden += 1
            else:
                rows.append(_row(line))
        rows.append(Row(("",)))
    return as_text(rows), (_HIDDEN.format(count=hidden),) if hidden else ()


def _row(line: Line) -> Row:
    """Of a merged area only the first cell is kept; what is left of a line with one cell is running text."""
    cells = [str(cell) if not isinstance(cell, Broken) else "" for cell in _kept(line)]
    while cells and not cells[-1].strip():
        cells.pop()
    return Row(tuple(cells), ruled=True) if len(cells) > 1 else Row((cells[0] if cells else "",))


def _kept(line: Line) -> Iterator[object]:
    for cell in line.cells:
        if not (isinstance(cell, Broken) and cell.merged):
            yield cell


_READERS: Final[dict[str, Callable[[io.BytesIO], tuple[str, Notes]]]] = {"word/": _document, "xl/": _workbook}
_CANNOT: Final = Text(
    "不能读{form}。请另存为DOCX、XLSX或者网页，或者把内容复制成纯文本。",
    "{form} cannot be read. Save it as DOCX, XLSX or a web page, or copy the content as plain text.",
)
_BELIES: Final = Text(
    "文件名以“{ending}”结尾，内容却不是这种格式。请核对文件。",
    "The name ends with “{ending}”, but the content is of another kind. Check the file.",
)
SCRIPTS: Final = Text("网页里的脚本没有运行，也没有读入", "Scripts in the page were neither run nor read")
_HIDDEN: Final = Text("有{count}行是隐藏的，没有读入", "{count} hidden rows were left out")
