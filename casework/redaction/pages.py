"""Pages of a PDF as a reader sees them: their size, their picture, their text with its places.

Places are counted in ten-thousandths of the page as it is shown, from its upper left corner: rotation, crop and the
resolution of a picture don't matter to them. PDFium knows one thread at a time, so everything here waits its turn.
"""

import ctypes
import io
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from casework.law.refusals import Refused
from casework.law.words import Text

#: Parts of a page's width or height.
WHOLE: Final = 10_000
#: Pixels of one picture at most: a plan of two metres is drawn more coarsely, and no page takes the memory of all.
MOST_PIXELS: Final = 25_000_000
_POINTS_PER_INCH: Final = 72


class Box(NamedTuple):
    """A rectangle on a page, in ten-thousandths."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def share_on(self, other: "Box") -> float:
        """How much of this one lies on the other, from 0 to 1."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        surface = max(1, self.width) * max(1, self.height)
        return max(0, wide) * max(0, high) / surface if self.width and self.height else float(wide >= 0 <= high)

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """In pixels of a picture of that size, rounded outwards: a black area never ends inside a letter."""
        wide, high = size
        return (
            self.left * wide // WHOLE,
            self.top * high // WHOLE,
            min(wide, -(-self.right * wide // WHOLE)),
            min(high, -(-self.bottom * high // WHOLE)),
        )


PAGE: Final = Box(0, 0, WHOLE, WHOLE)


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a text layer and where it stands."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a text was found: a rectangle for each line over which it runs."""

    page: int
    boxes: tuple[Box, ...]
    around: str


_ONE_AT_A_TIME: Final = threading.RLock()


class Paper:
    """An opened PDF; only inside ``opened``."""

    def __init__(self, document: Any) -> None:
        self._document = document

    @cached_property
    def sizes(self) -> list[tuple[float, float]]:
        """Width and height of each page in points, as shown."""
        return [self._document.get_page_size(index) for index in range(len(self._document))]

    def picture(self, page: int, *, dots: float) -> Image.Image:
        """The page (from 1) with so many dots an inch, fewer where it would be too large."""
        wide, high = self.sizes[page - 1]
        scale = dots / _POINTS_PER_INCH
        pixels = wide * high * scale * scale
        if pixels > MOST_PIXELS:
            scale *= (MOST_PIXELS / pixels) ** 0.5
        drawn = self._document[page - 1]
        try:
            bitmap = drawn.render(scale=scale, may_draw_forms=True, fill_color=(255, 255, 255, 255))
            try:
                picture: Image.Image = bitmap.to_pil().convert("RGB")
            finally:
                bitmap.close()
        finally:
            drawn.close()
        return picture

    def characters(self, page: int) -> list[Character]:
        """Every character of the page's text layer that takes room, in the order of the layer."""
        drawn = self._document[page - 1]
        layer = drawn.get_textpage()
        try:
            return list(_characters(drawn, layer))
        finally:
            layer.close()
            drawn.close()

    def text(self, page: int) -> str:
        """The whole text layer of a page, places or not."""
        drawn = self._document[page - 1]
        layer = drawn.get_textpage()
        try:
            return str(layer.get_text_range())
        finally:
            layer.close()
            drawn.close()


@contextmanager
def opened(content: bytes) -> Iterator[Paper]:
    """The pages of a PDF; raises ``Refused`` where PDFium can't read it. Nobody else draws meanwhile."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise Refused(_UNREADABLE, field="files") from error
        try:
            document.init_forms()
            yield Paper(document)
        finally:
            document.close()


def png(picture: Image.Image) -> bytes:
    """The bytes of a picture for a browser."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def found(characters: Sequence[Character], page: int, wanted: str) -> list[Hit]:
    """Every place of a text on a page, whatever blanks, widths, letter case and line ends stand between."""
    wanted = folded(wanted)
    if not wanted:
        return []
    folds = [folded(one.text) for one in characters]
    text, starts = "", []
    for index, fold in enumerate(folds):
        text += fold
        starts += [index] * len(fold)
    hits, at = [], text.find(wanted)
    while at >= 0:
        first, last = starts[at], starts[at + len(wanted) - 1]
        around = "".join(one.text for one in characters[max(0, first - 12) : last + 13])
        hits.append(
            Hit(page, tuple(_lines([one.box for one in characters[first : last + 1]])), " ".join(around.split()))
        )
        at = text.find(wanted, at + len(wanted))
    return hits


def folded(text: str) -> str:
    """A text as it is compared: without blanks, in one width and one case."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _lines(boxes: list[Box]) -> Iterator[Box]:
    """One rectangle for each line: a character that begins left of the one before, or beside its height, begins one."""
    line: Box | None = None
    for box in boxes:
        beside = line is not None and box.top < line.bottom and line.top < box.bottom and box.right >= line.left
        if line is not None and beside and box.left >= line.right - WHOLE // 20:
            line = _around(line, box)
        else:
            if line is not None:
                yield _grown(line)
            line = box
    if line is not None:
        yield _grown(line)


def _around(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _grown(box: Box, by: int = 15) -> Box:
    """A little more than the letters need, for what their fonts draw beyond their boxes."""
    return Box(max(0, box.left - by), max(0, box.top - by), min(WHOLE, box.right + by), min(WHOLE, box.bottom + by))


def _characters(page: Any, layer: Any) -> Iterator[Character]:
    left, bottom, right, top = (ctypes.c_double() for _each in range(4))
    for index in range(layer.count_chars()):
        code = raw.FPDFText_GetUnicode(layer, index)
        text = chr(code) if code else ""
        if not text.strip() or not raw.FPDFText_GetCharBox(layer, index, left, right, bottom, top):
            continue
        one = _placed(page, left.value, top.value)
        other = _placed(page, right.value, bottom.value)
        yield Character(
            text,
            Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])),
        )


def _placed(page: Any, x: float, y: float) -> tuple[int, int]:
    """A point of the page's own grid as it is shown: rotated, cropped, from the upper left."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, WHOLE, WHOLE, 0, x, y, across, down)
    return across.value, down.value


_UNREADABLE: Final = Text(
    "PDF 已经损坏或者有密码，打不开。请重新导出后上传。",
    "The PDF is damaged or locked and can't be opened. Export it again and upload that.",
)
