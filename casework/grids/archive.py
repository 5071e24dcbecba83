"""Zipped office files: opened only when they are whole, of bearable size, without password and without macros."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from lxml import etree

from casework.law.refusals import Refused
from casework.law.words import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of office file in the words of a refusal."""

    words: Text
    form: str


WORKBOOK: Final = Kind(Text("工作簿", "workbook"), "XLSX")
DOCUMENT: Final = Kind(Text("文档", "document"), "DOCX")


def opened(file: BinaryIO, *, kind: Kind, largest: int) -> zipfile.ZipFile:
    """The archive, its sizes read and nothing unpacked; raises ``Refused``. ``largest``: bytes when unpacked."""
    archive = zipfile.ZipFile(file)
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise Refused(_PROTECTED.format(kind=kind.words))
    if sum(member.file_size for member in members) > largest:
        raise Refused(too_large(kind))
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise Refused(_MACROS.format(kind=kind.words, form=kind.form))
    return archive


def too_large(kind: Kind) -> Text:
    return _TOO_LARGE.format(kind=kind.words)


@contextmanager
def readable(kind: Kind) -> Iterator[None]:
    """A file that is damaged, cut off or made up shows it in one of these ways."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        struct.error,
        etree.LxmlError,
        EOFError,
        NotImplementedError,  # a compression that zipfile does not know
        RuntimeError,
        KeyError,
        IndexError,
        ValueError,
        OSError,
    ) as error:
        raise Refused(_DAMAGED.format(kind=kind.words, form=kind.form, why=type(error).__name__)) from error


def parser() -> etree.XMLParser:
    """No entity is expanded and nothing outside the file is opened."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


_PROTECTED: Final = Text(
    "{kind}有密码保护，请取消密码后再试。", "The {kind} is protected by a password; remove it and try again."
)
_MACROS: Final = Text(
    "{kind}里有宏，不予读取。请另存为不含宏的{form}。",
    "The {kind} holds macros and is not read. Save it as {form} without macros.",
)
_TOO_LARGE: Final = Text(
    "{kind}解压后过大，不能读取。请拆分后再试。",
    "Unpacked, the {kind} is too large to read. Split it and try again.",
)
_DAMAGED: Final = Text(
    "{kind}已损坏，不能读取（{why}）。请用 Office 或者 WPS 打开后另存为{form}。",
    "The {kind} is damaged and can't be read ({why}). Open it in Office or WPS and save it as {form} again.",
)
