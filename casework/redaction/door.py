"""What a file is by its content, and what is turned away at the door, each fault by its name."""

import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import filetype
import pikepdf

from casework.law.refusals import Refused
from casework.law.words import Text


class FileType(StrEnum):
    """What the content of a file is; its name decides nothing."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    DOCX = "docx"
    XLSX = "xlsx"
    OFD = "ofd"
    TEXT = "text"
    ZIP = "zip"
    OLE = "ole"
    HTML = "html"
    SVG = "svg"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TypeRow:
    """A type: how people call it, its media type, and the endings of names that claim it."""

    words: Text
    media_type: str
    endings: tuple[str, ...]


TYPES: Final[dict[FileType, TypeRow]] = {
    FileType.PDF: TypeRow(Text("PDF", "a PDF"), "application/pdf", ("pdf",)),
    FileType.PNG: TypeRow(Text("PNG 图片", "a PNG picture"), "image/png", ("png",)),
    FileType.JPEG: TypeRow(Text("JPEG 图片", "a JPEG picture"), "image/jpeg", ("jpg", "jpeg")),
    FileType.DOCX: TypeRow(
        Text("Word 文档（DOCX）", "a Word document (DOCX)"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
    ),
    FileType.XLSX: TypeRow(
        Text("Excel 工作簿（XLSX）", "an Excel workbook (XLSX)"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("xlsx",),
    ),
    FileType.OFD: TypeRow(Text("OFD 版式文件", "an OFD file"), "application/ofd", ("ofd",)),
    FileType.TEXT: TypeRow(Text("纯文字", "plain text"), "text/plain", ("txt", "csv", "md")),
    FileType.ZIP: TypeRow(Text("压缩包", "a zip archive"), "application/zip", ("zip",)),
    FileType.OLE: TypeRow(
        Text("旧版 Office 文件", "an old Office file"), "application/x-ole-storage", ("doc", "xls", "ppt", "wps", "et")
    ),
    FileType.HTML: TypeRow(Text("网页", "a web page"), "text/html", ("html", "htm", "xhtml", "mht")),
    FileType.SVG: TypeRow(Text("SVG 图形", "an SVG drawing"), "image/svg+xml", ("svg",)),
    FileType.OTHER: TypeRow(Text("其他文件", "something else"), "application/octet-stream", ()),
}
_CLAIMED: Final = {ending: kind for kind, row in TYPES.items() for ending in row.endings}
#: Written by programs under either name.
_SAME: Final = {(FileType.TEXT, FileType.OTHER), (FileType.OLE, FileType.TEXT)}

#: Bytes when unpacked, members, and how much smaller than its content an archive may be.
LARGEST_UNPACKED: Final = 256 * 2**20
MOST_MEMBERS: Final = 10_000
_HIGHEST_RATIO: Final = 200
_HEAD: Final = 1024
#: What ``zipfile`` raises for an archive that it can't read: damaged, or (``NotImplementedError``) packed in a way that
#: it does not know. Such a file is no archive to us and is turned away.
_UNREADABLE: Final = (zipfile.BadZipFile, ValueError, OSError, NotImplementedError)


def examined(name: str, content: bytes) -> FileType:
    """What the file is; raises ``Refused`` with the name of its fault."""
    kind = type_of(content)
    _check_program(name, content)
    _check_claim(name, kind, content)
    if kind in (FileType.HTML, FileType.SVG):
        raise _refused(_ACTIVE, name, what=TYPES[kind].words)
    _check_only_one_thing(name, kind, content)
    if kind is FileType.PDF:
        _check_pdf(name, content)
    elif kind in _ZIPPED:
        _check_archive(name, kind, content)
    elif kind is FileType.OLE:
        _check_old_office(name, content)
    return kind


def type_of(content: bytes) -> FileType:
    """The type by content alone."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content)
    if content.find(b"%PDF-", 0, _HEAD) > 0:
        return FileType.PDF  # a reader would take it as one; ``_check_only_one_thing`` turns it away
    text = decoded(content)
    return FileType.OTHER if text is None else _kind_of_text(text)


def _kind_of_text(text: str) -> FileType:
    start = text.lstrip("\ufeff \t\r\n")[:2000].lower()
    if start.startswith("<") and "<svg" in start:
        return FileType.SVG
    if start.startswith("<") and any(mark in start for mark in _PAGE_OF_THE_WEB):
        return FileType.HTML
    return FileType.TEXT


_PAGE_OF_THE_WEB: Final = ("<!doctype html", "<html", "<script", "<body", "<head", "<iframe")


def decoded(content: bytes) -> str | None:
    """The text in UTF-8 or GB 18030; ``None`` for what is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


_MAGIC: Final = (
    (b"%PDF-", FileType.PDF),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType.OLE),
)
_ZIPPED: Final = frozenset({FileType.DOCX, FileType.XLSX, FileType.OFD, FileType.ZIP})
_PROGRAMS: Final = (b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!")


def _kind_of_zip(content: bytes) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except _UNREADABLE:
        return FileType.ZIP
    if "OFD.xml" in names:
        return FileType.OFD
    if "[Content_Types].xml" in names:
        if any(name.startswith("word/") for name in names):
            return FileType.DOCX
        if any(name.startswith("xl/") for name in names):
            return FileType.XLSX
    return FileType.ZIP


def _check_program(name: str, content: bytes) -> None:
    if content.startswith(_PROGRAMS) or (content.startswith(b"MZ") and b"\0" in content[:64]):
        raise _refused(_PROGRAM, name)


def _check_claim(name: str, kind: FileType, content: bytes) -> None:
    """The ending of the name says one thing and the content another."""
    claimed = _CLAIMED.get(name.rpartition(".")[2].lower()) if "." in name else None
    if claimed is None or claimed is kind or (claimed, kind) in _SAME:
        return
    if kind is FileType.OLE and claimed in (FileType.DOCX, FileType.XLSX) and _utf16("EncryptedPackage") in content:
        raise _refused(_LOCKED, name)
    if kind is FileType.OTHER and (known := filetype.guess(content)) is not None:
        raise _refused(_LIES, name, says=TYPES[claimed].words, what=Text(known.mime, known.mime))
    raise _refused(_LIES, name, says=TYPES[claimed].words, what=TYPES[kind].words)


def _check_only_one_thing(name: str, kind: FileType, content: bytes) -> None:
    """A file that is one thing to one program and another to the next hides what it does from the one that looks."""
    also: Text | None = None
    head = content[:_HEAD].lower()
    if kind is FileType.PDF and not content.startswith(b"%PDF-"):
        also = Text("别的内容", "something else")
    elif kind not in (FileType.PDF, FileType.TEXT, FileType.ZIP) and b"%pdf-" in head:
        also = TYPES[FileType.PDF].words
    elif kind in (FileType.PDF, FileType.PNG, FileType.JPEG) and _opens_as_zip(content):
        also = TYPES[FileType.ZIP].words
    elif (kind in (FileType.PNG, FileType.JPEG) and any(mark in content.lower() for mark in _MARKUP)) or (
        kind is FileType.PDF and any(mark in head for mark in _MARKUP)
    ):
        also = TYPES[FileType.HTML].words
    if also is not None:
        raise _refused(_TWO_THINGS, name, what=TYPES[kind].words, also=also)


_MARKUP: Final = (b"<script", b"<html", b"<!doctype html", b"<iframe", b"<?php")


def _opens_as_zip(content: bytes) -> bool:
    if b"PK\x05\x06" not in content[-70_000:]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.infolist())
    except _UNREADABLE:
        return False


def _check_pdf(name: str, content: bytes) -> None:
    if b"/Encrypt" not in content:
        return
    try:
        pikepdf.open(io.BytesIO(content)).close()
    except pikepdf.PasswordError as error:
        raise _refused(_LOCKED, name) from error
    except pikepdf.PdfError:
        return  # damaged; said where it has to be read


def _check_archive(name: str, kind: FileType, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise _refused(_LOCKED, name)
            if _is_a_bomb(members):
                raise _refused(_BOMB, name)
            if any(_is_macro(member.filename) for member in members):
                raise _refused(_MACROS, name)
            if kind is not FileType.ZIP and any(_declares_entities(archive, member) for member in members):
                raise _refused(_ENTITIES, name)
    except (*_UNREADABLE, EOFError) as error:
        raise _refused(_DAMAGED, name, what=TYPES[kind].words) from error


def _is_a_bomb(members: list[zipfile.ZipInfo]) -> bool:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    starts = sorted((member.header_offset, member.compress_size) for member in members)
    overlapping = any(first + size > after for (first, size), (after, _size) in itertools.pairwise(starts))
    blown_up = unpacked > 16 * 2**20 and unpacked > _HIGHEST_RATIO * max(packed, 1)
    return unpacked > LARGEST_UNPACKED or len(members) > MOST_MEMBERS or overlapping or blown_up


def _is_macro(member: str) -> bool:
    lowered = member.lower()
    return lowered.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in lowered or "macrosheets/" in lowered


def _declares_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if not member.filename.lower().endswith((".xml", ".rels")):
        return False
    with archive.open(member) as stream:
        start = stream.read(4096)
    return b"<!DOCTYPE" in start or b"<!ENTITY" in start


def _check_old_office(name: str, content: bytes) -> None:
    if _utf16("EncryptedPackage") in content:
        raise _refused(_LOCKED, name)
    if any(_utf16(mark) in content for mark in ("_VBA_PROJECT", "Macros")):
        raise _refused(_MACROS, name)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _refused(sentence: Text, name: str, **values: object) -> Refused:
    return Refused(sentence.format(name=name, **values), field="files")


def endings() -> Iterator[str]:
    """The endings of names that a record may have, for the control that chooses files."""
    for kind in (FileType.PDF, FileType.PNG, FileType.JPEG, FileType.DOCX, FileType.XLSX, FileType.OFD, FileType.TEXT):
        yield from (f".{ending}" for ending in TYPES[kind].endings)


_LIES: Final = Text(
    "文件“{name}”的名称说它是{says}，内容是{what}。请改正名称，或者重新选择文件。",
    "By its name the file “{name}” is {says}; by its content it is {what}. Correct the name or choose another file.",
)
_ACTIVE: Final = Text(
    "文件“{name}”是{what}，可以带脚本，不能接收。请另存为 PDF 后上传。",
    "The file “{name}” is {what}, which can carry scripts, and is not taken. Save it as PDF and upload that.",
)
_PROGRAM: Final = Text("文件“{name}”是程序，不能接收。", "The file “{name}” is a program and is not taken.")
_TWO_THINGS: Final = Text(
    "文件“{name}”既是{what}，又是{also}，不能接收。请用原来的程序重新导出。",
    "The file “{name}” is {what} and {also} at once and is not taken. Export it again from the program it came from.",
)
_LOCKED: Final = Text(
    "文件“{name}”有密码保护，请取消密码后再上传。",
    "The file “{name}” is protected by a password. Remove the password and upload it again.",
)
_MACROS: Final = Text(
    "文件“{name}”里有宏，不能接收。请另存为不含宏的文件。",
    "The file “{name}” holds macros and is not taken. Save it without macros.",
)
_ENTITIES: Final = Text(
    "文件“{name}”里声明了实体，不能接收。请用 Office 或者 WPS 打开后另存。",
    "The file “{name}” declares entities and is not taken. Open it in Office or WPS and save it again.",
)
_BOMB: Final = Text(
    "文件“{name}”解压后过大，不能接收。请拆分后再上传。",
    "Unpacked, the file “{name}” is too large and is not taken. Split it and upload the parts.",
)
_DAMAGED: Final = Text(
    "文件“{name}”看来是{what}，但已经损坏，打不开。请重新导出。",
    "The file “{name}” looks like {what}, but is damaged and can't be opened. Export it again.",
)
