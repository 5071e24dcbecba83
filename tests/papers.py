"""Files as they come in real life and as somebody means harm, built here so that what each hides is known."""

import io
import zipfile
from typing import Any, Final

import pikepdf
import xlsxwriter
from docx import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pikepdf import Array, Dictionary, Name
from PIL import Image

SECRET: Final = "CONFIDENTIAL-4711"
OPEN: Final = "PUBLIC ROADWORKS"


def pdf(*pages: str, rotate: int = 0, crop: tuple[int, int, int, int] | None = None, size: int = 14) -> bytes:
    """A PDF with a line of each text at a page's upper left, its secret in a second line below."""
    made = pikepdf.new()
    for text in pages or (f"{OPEN}\n{SECRET}",):
        drawn = f"BT /F1 {size} Tf 14 TL 40 250 Td "
        drawn += " ".join(f"({line}) Tj T*" for line in text.split("\n")) + " ET"
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, 300, 300]),
            Rotate=rotate,
            Resources=Dictionary(
                Font=Dictionary(
                    F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
                    F2=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier),
                )
            ),
            Contents=pikepdf.Stream(made, drawn.encode()),
        )
        if crop:
            page.CropBox = Array(crop)
        made.pages.append(pikepdf.Page(made.make_indirect(page)))
    return saved(made)


def saved(made: pikepdf.Pdf, **how: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, **how)
    return out.getvalue()


def loaded() -> bytes:
    """A PDF with the secret everywhere but on its page: properties, XMP, attachment, note, field, script, layer."""
    made = pikepdf.open(io.BytesIO(pdf(OPEN)))
    made.docinfo["/Author"] = SECRET
    with made.open_metadata() as meta:
        meta["dc:title"] = SECRET
    made.attachments["list.txt"] = SECRET.encode()
    page = made.pages[0].obj
    page.Annots = Array(
        [
            made.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([10, 10, 20, 20]), Contents=SECRET)
            )
        ]
    )
    page.PieceInfo = Dictionary(Gongkai=Dictionary(Private=SECRET))
    made.Root.AcroForm = Dictionary(
        Fields=Array([made.make_indirect(Dictionary(FT=Name.Tx, T="name", V=SECRET, Type=Name.Annot))])
    )
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=f"app.alert('{SECRET}')")
    layer = made.make_indirect(Dictionary(Type=Name.OCG, Name=SECRET))
    made.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    return saved(made)


def with_earlier_version() -> bytes:
    """A PDF saved twice: what is shown now is open, what stood there before lies still in the file."""
    with pikepdf.open(io.BytesIO(pdf(SECRET))) as made:
        first = saved(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    table = int(first.rsplit(b"startxref", 1)[1].split()[0])
    with pikepdf.open(io.BytesIO(first)) as opened:
        contents = opened.pages[0].obj.Contents.objgen[0]
        root = opened.Root.objgen[0]
        size = len(opened.objects) + 1
    drawn = f"BT /F1 14 Tf 40 250 Td ({OPEN}) Tj ET".encode()
    out = bytearray(first.rstrip(b"\n") + b"\n")
    at = len(out)
    out += b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (contents, len(drawn), drawn)
    xref = len(out)
    out += b"xref\n%d 1\n%010d 00000 n \n" % (contents, at)
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, table, xref)
    return bytes(out)


def covered() -> bytes:
    """What people take for redaction: a black rectangle over text that is still there."""
    made = pikepdf.open(io.BytesIO(pdf()))
    page = made.pages[0]
    page.contents_add(pikepdf.Stream(made, b"q 0 g 38 228 240 20 re f Q"))
    return saved(made)


def white() -> bytes:
    """Text as white as its page."""
    made = pikepdf.open(io.BytesIO(pdf(OPEN)))
    made.pages[0].contents_add(pikepdf.Stream(made, f"BT 1 g /F1 14 Tf 40 100 Td ({SECRET}) Tj ET".encode()))
    return saved(made)


def locked() -> bytes:
    """A PDF that asks for a password."""
    made = pikepdf.open(io.BytesIO(pdf()))
    return saved(made, encryption=pikepdf.Encryption(owner="o", user="u"))


def workbook(*, secret: str = SECRET, shown: str = OPEN) -> bytes:
    """A workbook whose open sheet has a hidden row and column, a comment, a name, and a hidden sheet beside it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.set_properties({"author": secret, "comments": secret})
    sheet = book.add_worksheet("Roads")
    sheet.write_row(0, 0, [shown, 12.5, "kept"])
    sheet.write_row(1, 0, [secret, 1, secret])
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.write(2, 3, secret)
    sheet.set_column(3, 3, None, None, {"hidden": True})
    sheet.write_comment("A1", secret)
    sheet.write(3, 0, secret, book.add_format({"num_format": ";;;"}))
    hidden = book.add_worksheet("Drafts")
    hidden.write(0, 0, secret)
    hidden.hide()
    book.define_name("Hidden", f'="{secret}"')
    book.close()
    return out.getvalue()


def letter(*, secret: str = SECRET) -> bytes:
    """A Word document with a tracked deletion, hidden text, a comment and an author."""
    made = Docx()
    made.core_properties.author = secret
    made.add_paragraph(OPEN)
    paragraph = made.add_paragraph("before ")
    deleted = OxmlElement("w:del")
    deleted.set(qn("w:id"), "1")
    deleted.set(qn("w:author"), "x")
    run, text = OxmlElement("w:r"), OxmlElement("w:delText")
    text.text = secret
    run.append(text)
    deleted.append(run)
    paragraph._p.append(deleted)
    hidden = paragraph.add_run(secret)
    hidden.font.hidden = True
    made.add_comment(paragraph.runs[0], text=secret, author="x")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def picture(kind: str = "PNG", *, secret: str = "") -> bytes:
    """A small picture; with a secret, its camera wrote it beside the dots."""
    out = io.BytesIO()
    image = Image.new("RGB", (60, 40), "white")
    exif = Image.Exif()
    if secret:
        exif[0x010E] = secret
    image.save(out, kind, exif=exif)
    return out.getvalue()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def added(content: bytes, name: str, member: bytes) -> bytes:
    """The same archive with one member more."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, member)
    return out.getvalue()
