"""The file that leaves: pages as pictures with their areas black, or, where nothing is withheld, cleaned pages.

A picture holds what it shows and nothing else. Text layer, metadata, attachments, notes, forms, scripts, layers and
earlier versions are not taken out of the record: none of them ever comes into the new file.
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, ImageDraw, ImageFont

from casework.letters.paper import FONTS

from .pages import Box, opened

#: Dots an inch of a page that leaves: small print stays readable, a page has about 250 kB.
DOTS: Final = 200
_QUALITY: Final = 82
BLACK: Final = (0, 0, 0)
Progress = Callable[[int], None]


def blacked(
    working: bytes,
    areas: Mapping[int, Sequence[Box]],
    slips: Mapping[int, str],
    *,
    progress: Progress = lambda done: None,
) -> bytes:
    """Every page as a picture with its areas black; a page withheld whole is a slip that says so.

    ``areas`` and ``slips`` by page from 1. ``progress`` is told how many pages are done.
    """
    with opened(working) as paper:
        sizes = paper.sizes
    made: list[tuple[bytes, tuple[int, int], tuple[float, float]]] = []
    for page, size in enumerate(sizes, start=1):
        if page in slips:
            picture = slip(slips[page], size)
        else:
            with opened(working) as paper:  # anew for each page: another request draws between two
                picture = paper.picture(page, dots=DOTS)
            pen = ImageDraw.Draw(picture)
            for box in areas.get(page, ()):
                pen.rectangle(_at_least(box.pixels(picture.size)), fill=BLACK)
        made.append((_jpeg(picture), picture.size, size))
        progress(page)
    return _bound(made)


def _at_least(pixels: tuple[int, int, int, int], *, side: int = 10) -> tuple[int, int, int, int]:
    """A rectangle as it is filled, widened where it is a mere line: JPEG would let what is beside it shine through."""
    left, top, right, bottom = pixels
    across, down = max(0, side - (right - left)), max(0, side - (bottom - top))
    return left - across // 2, top - down // 2, right - 1 + -(-across // 2), bottom - 1 + -(-down // 2)


def pdf_of_pictures(pictures: Iterable[tuple[Image.Image, tuple[float, float]]]) -> bytes:
    """A PDF of a picture a page, with the size of each page in points."""
    return _bound([(_jpeg(picture), picture.size, size) for picture, size in pictures])


def slip(sentence: str, size: tuple[float, float]) -> Image.Image:
    """The sheet in place of a page that is withheld."""
    wide, high = (max(200, round(side * 100 / 72)) for side in size)
    picture = Image.new("RGB", (wide, high), "white")
    points = max(14, wide // 40)
    font = ImageFont.truetype(str(FONTS / "FandolHei-Regular.otf"), points)
    each = max(8, int(wide * 0.8) // points)
    lines = [sentence[at : at + each] for at in range(0, len(sentence), each)]
    ImageDraw.Draw(picture).multiline_text(
        (wide / 2, high / 3), "\n".join(lines), font=font, fill="black", anchor="ma", align="center"
    )
    return picture


def cleaned(working: bytes) -> bytes:
    """The pages as they are with their text, and nothing that does not stand on a page."""
    with pikepdf.open(io.BytesIO(working)) as pdf:
        fresh = pikepdf.new()
        for page in pdf.pages:
            fresh.pages.append(page)
        for page in fresh.pages:
            for key in list(page.obj.keys()):
                if key not in _KEPT:
                    del page.obj[key]
        for thing in fresh.objects:
            if isinstance(thing, Dictionary | pikepdf.Stream):
                for key in _BESIDE:
                    if key in thing:
                        del thing[key]
        return _saved(fresh)


#: What a page needs to be drawn; its notes, actions, thumbnails and private data it does not.
_KEPT: Final = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/UserUnit", "/Group"}
)
#: What a picture, a font or a form inside a page may carry beside what it draws.
_BESIDE: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/StructParent", "/StructParents", "/OPI", "/Alternates")


def _jpeg(picture: Image.Image) -> bytes:
    """Grey where nothing on the page has a colour, which takes a third of the room."""
    grey = picture.convert("L")
    out = io.BytesIO()
    (picture if _colourful(picture) else grey).save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _colourful(picture: Image.Image) -> bool:
    """Whether anything on it is more than a tint away from grey."""
    small = picture.resize((max(1, picture.width // 4), max(1, picture.height // 4)))
    red, green, blue = small.split()
    spreads = (ImageChops.difference(one, other).getextrema()[1] for one, other in ((red, green), (green, blue)))
    return any(int(spread) > 24 for spread in spreads)  # type: ignore[arg-type]


def _bound(made: Sequence[tuple[bytes, tuple[int, int], tuple[float, float]]]) -> bytes:
    pdf = pikepdf.new()
    for jpeg, (wide, high), (width, height) in made:
        with Image.open(io.BytesIO(jpeg)) as stored:
            colours = Name.DeviceRGB if stored.mode == "RGB" else Name.DeviceGray
        picture = pikepdf.Stream(pdf, jpeg)
        picture.stream_dict = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=wide,
            Height=high,
            ColorSpace=colours,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(width, 2), round(height, 2)]),
            Resources=Dictionary(XObject=Dictionary(Page=pdf.make_indirect(picture))),
            Contents=pikepdf.Stream(pdf, f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Page Do Q".encode()),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    out = io.BytesIO()
    pdf.save(
        out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, fix_metadata_version=False
    )
    return out.getvalue()
