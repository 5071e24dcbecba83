"""Letters as they were signed, out of the store: whole, or not at all."""

import hashlib
import io
from collections.abc import Iterable
from typing import Final

import pypdfium2

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Letter

from .paper import LetterData, render_pdf

_ERASED: Final = Text("“{letter}”保存期限届满，已经删除。", "“{letter}” was erased when its time was up.")
_LONGEST_NAME: Final = 60
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys('\\/:*?"<>|\0\n\r\t', "_"))


def signed_pdf(letter: Letter) -> bytes:
    """The PDF that was signed. One that is lost or damaged is drawn again, and counts if it is the same to the byte.

    Raises ``Refused`` where it is not, as with other fonts than those of the day of the signature.
    """
    if not letter.content:
        raise Refused(_ERASED.format(letter=letter))
    try:
        with letter.pdf.open("rb") as file:
            found = bytes(file.read())
    except FileNotFoundError:
        found = b""
    if _digest(found) == letter.pdf_sha256:
        return found
    drawn = render_pdf(LetterData.from_json(letter.content))
    if _digest(drawn) != letter.pdf_sha256:
        raise Refused(
            Text(
                "“{letter}”的文件丢失或者损坏，重新生成的与签发时不一致，请从备份恢复。",
                "The file of “{letter}” is lost or damaged, and drawn again it differs from what was signed; restore "
                "it from a backup.",
            ).format(letter=letter)
        )
    return drawn


def bound(pdfs: Iterable[bytes]) -> bytes:
    """Several letters as one PDF, each beginning on a page of its own."""
    with pypdfium2.PdfDocument.new() as whole:
        for pdf in pdfs:
            with pypdfium2.PdfDocument(pdf) as one:
                whole.import_pages(one)
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()


def file_name(letter: Letter) -> str:
    """A name under which it can lie in a folder with all others: number or kind and case, void ones saying so."""
    name = letter.number or f"{letter.row.title.zh}-{letter.case.number}-{letter.pk}"
    void = "（作废）" if letter.voided_at else ""
    # A name of a file has 255 bytes, a number up to 80 characters of three.
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}-{letter.pk}"
    return f"{short}{void}".translate(_NOT_IN_NAMES) + ".pdf"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
