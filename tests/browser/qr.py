"""Reads a QR code off a paper as a telephone does: from what is printed, not from what was meant to be."""

import io

import pypdfium2
import segno
from PIL import Image
from pypdfium2.raw import FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_PATH

SCALE = 6


def printed_code_is(pdf: bytes, text: str) -> bool:
    """Whether a square drawing on the first page is, module by module, the code of this text."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[0]
    height = page.get_height()
    printed = page.render(scale=SCALE, grayscale=True).to_pil().point(lambda light: 255 * (light < 128))
    wanted = [[bool(module) for module in row] for row in segno.make(text, error="q", micro=False).matrix]
    for drawing in page.get_objects(filter=[FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_FORM]):
        left, bottom, right, top = (edge * SCALE for edge in drawing.get_bounds())
        drawn = printed.crop((int(left), int(height * SCALE - top), int(right), int(height * SCALE - bottom)))
        edges = drawn.getbbox()  # the outermost modules are dark: three corners are marks to find it by
        if edges and modules(drawn.crop(edges), len(wanted)) == wanted:
            return True
    return False


def modules(drawn: Image.Image, number: int) -> list[list[bool]]:
    """What stands in the middle of each of the squares."""
    across, down = drawn.width / number, drawn.height / number
    places = range(number)
    return [[drawn.getpixel((int((x + 0.5) * across), int((y + 0.5) * down))) == 255 for x in places] for y in places]
