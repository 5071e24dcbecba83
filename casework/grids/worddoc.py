"""A Word document (DOCX) as the lines that a reader sees: paragraphs, and the rows of tables cell by cell.

Read with lxml past python-docx, which repeats a merged cell for each place it covers and refuses documents whose parts
it does not know.
"""

import posixpath
from collections.abc import Iterator
from typing import BinaryIO, Final

from lxml import etree

from casework.law.refusals import Refused
from casework.law.words import Text

from .archive import DOCUMENT, opened, parser, readable, too_large
from .rows import Row

LARGEST_UNPACKED: Final = 256 * 1024 * 1024
_LARGEST_BODY: Final = 64 * 1024 * 1024
_DEEPEST: Final = 12
"""Tables within tables; a page of an office has two or three."""


def rows_of(file: BinaryIO) -> list[Row]:
    """Everything in the body in reading order; raises ``Refused`` for what is no sound document."""
    with readable(DOCUMENT):
        archive = opened(file, kind=DOCUMENT, largest=LARGEST_UNPACKED)
        part = _main_part(archive.namelist())
        if archive.getinfo(part).file_size > _LARGEST_BODY:
            raise Refused(too_large(DOCUMENT))
        with archive.open(part) as stream:
            body = etree.parse(stream, parser()).getroot().find("{*}body")
        if body is None:
            raise Refused(_NOT_A_DOCUMENT)
        return list(_blocks(body, 0))


def _main_part(names: list[str]) -> str:
    """``word/document.xml``, which some programs number."""
    for name in names:
        folder, file = posixpath.split(name)
        if folder == "word" and file.startswith("document") and file.endswith(".xml"):
            return name
    raise Refused(_NOT_A_DOCUMENT)


def _blocks(parent: etree._Element, depth: int) -> Iterator[Row]:
    for element in parent:
        match _local(element):
            case "p":
                yield Row((_text(element),))
            case "tbl":
                yield from _table(element, depth)
            case "sdt" | "sdtContent" | "ins" | "customXml":
                yield from _blocks(element, depth)
            case _:
                pass


def _table(table: etree._Element, depth: int) -> Iterator[Row]:
    for row in table.iterfind("{*}tr"):
        cells = [*row.iterfind("{*}tc"), *row.iterfind("{*}sdt/{*}sdtContent/{*}tc")]
        inner = [cell for cell in cells if cell.find("{*}tbl") is not None]
        if inner and depth < _DEEPEST:  # a table that only lays out the page
            for cell in cells:
                yield from _blocks(cell, depth + 1)
        elif row.find("{*}trPr/{*}hidden") is None:
            yield Row(tuple(_cell(cell) for cell in cells if not _continues(cell)), ruled=True)


def _continues(cell: etree._Element) -> bool:
    """Whether it only carries on the merged cell above it."""
    merge = cell.find("{*}tcPr/{*}vMerge")
    return merge is not None and _value(merge) != "restart"


def _cell(cell: etree._Element) -> str:
    return "".join(_text(paragraph) for paragraph in cell.iter("{*}p"))


def _text(paragraph: etree._Element) -> str:
    """The text that is shown: struck out by a revision or hidden is not."""
    parts: list[str] = []
    for element in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}cr"):
        run = element.getparent()
        if run is None or run.find("{*}rPr/{*}vanish") is not None or _within(element, "del"):
            continue
        parts.append((element.text or "") if _local(element) == "t" else " ")
    return "".join(parts)


def _within(element: etree._Element, name: str) -> bool:
    return any(_local(above) == name for above in element.iterancestors())


def _local(element: etree._Element) -> str:
    name = str(element.tag)  # a comment has a function for its name
    return name.rpartition("}")[2]


def _value(element: etree._Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}val")), "")


_NOT_A_DOCUMENT: Final = Text(
    "文件不是 DOCX 文档。请用 Word 或者 WPS 打开后另存为 DOCX。",
    "The file is not a DOCX document. Open it in Word or WPS and save it as DOCX.",
)
