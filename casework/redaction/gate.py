"""The release gate: opens a finished file again and tries to get at what was removed. What it finds stops the file."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pikepdf
from PIL import Image, ImageChops

from casework.law.refusals import Refused
from casework.law.words import Text

from .making import slip
from .office import HIDDEN, hidden_in_pdf
from .pages import PAGE, Box, Paper, folded, opened

#: Dots an inch at which areas are looked at: another number than the one at which they were drawn.
DOTS: Final = 110
#: How bright the brightest point of a black area may be; JPEG leaves a shimmer at its rim, which is left out.
_BLACK: Final = 48
_RIM: Final = 2
#: How much a slip may differ from the same slip drawn anew, where both are drawn coarsely.
_SAME: Final = 60
#: Characters of a text layer judged on a page; the rest of a page of so many is judged by its text alone.
_MOST_JUDGED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Removed:
    """What an area took out: where, and the text that stood there."""

    page: int
    number: int
    box: Box
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a file may not leave; ``page`` and ``number`` of the area where it is about one."""

    sentence: Text
    page: int = 0
    number: int = 0


def of_pictures(content: bytes, *, pages: int, removed: Sequence[Removed], slips: Mapping[int, str]) -> list[Finding]:
    """Everything that speaks against a file made of pictures; empty: it may leave."""
    try:
        found = list(_in_structure(content, pages=pages))
        found += _in_bytes(content, removed)
        with opened(content) as paper:
            found += _in_text(paper, removed)
            found += _in_pictures(paper, removed, slips)
    except Refused as refused:
        return [Finding(_UNREADABLE.format(why=refused.sentence))]
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return [Finding(_UNREADABLE.format(why=Text("不是完整的 PDF", "it is no whole PDF")))]
    return found


def of_text(content: bytes) -> list[Finding]:
    """Everything that speaks against a PDF that keeps its text; empty: nothing in it is out of sight."""
    try:
        found = [Finding(_HOLDS.format(what=HIDDEN[key])) for key in hidden_in_pdf(content)]
        with pikepdf.open(io.BytesIO(content)) as pdf:
            found += [Finding(_HOLDS.format(what=Text(key, key))) for key in _strange_keys(pdf.Root, _OF_A_ROOT)]
            found += _strange_streams(pdf)
        with opened(content) as paper:
            for page in range(1, len(paper.sizes) + 1):
                found += _out_of_sight(paper, page)
    except Refused as refused:
        return [Finding(_UNREADABLE.format(why=refused.sentence))]
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return [Finding(_UNREADABLE.format(why=Text("不是完整的 PDF", "it is no whole PDF")))]
    return found


def words_of(text: str) -> list[str]:
    """What of a removed text must not come out again: the whole of it, and each run of two letters or more."""
    runs = [run for run in re.split(r"[\W_]+", text) if len(run) > 1]
    whole = folded(text)
    return list(dict.fromkeys(([whole] if len(whole) > 1 else []) + [folded(run) for run in runs]))


# Structure: nothing but pages, and on each nothing but a picture -----------------------------------------------------

_OF_A_ROOT: Final = frozenset({"/Type", "/Pages"})
_OF_A_PAGE: Final = frozenset({"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"})
_OF_A_TRAILER: Final = frozenset({"/Root", "/Size", "/ID"})
_OF_A_PICTURE: Final = frozenset(
    {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/Length"}
)


def _in_structure(content: bytes, *, pages: int) -> Iterator[Finding]:
    if content.count(b"startxref") != 1 or content.count(b"%%EOF") != 1:
        yield Finding(_HOLDS.format(what=HIDDEN["versions"]))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if len(pdf.pages) != pages:
            yield Finding(_PAGES.format(found=len(pdf.pages), wanted=pages))
        strange = [*_strange_keys(pdf.Root, _OF_A_ROOT), *_strange_keys(pdf.trailer, _OF_A_TRAILER)]
        for page in pdf.pages:
            strange += _strange_keys(page.obj, _OF_A_PAGE)
            strange += _strange_keys(page.obj.Resources, frozenset({"/XObject"}))
            for picture in page.obj.Resources.XObject.values():
                strange += _strange_keys(picture.stream_dict, _OF_A_PICTURE)
        for key in dict.fromkeys(strange):
            yield Finding(_HOLDS.format(what=Text(key, key)))
        # two objects a page for itself and its picture, one for its drawing, and the tree above
        if len(pdf.objects) > 3 * pages + 3:
            yield Finding(_HOLDS.format(what=Text("不属于任何页面的内容", "content that belongs to no page")))


def _strange_keys(thing: Any, known: frozenset[str]) -> list[str]:
    return [key for key in thing.keys() if key not in known]  # noqa: SIM118 - pikepdf iterates over values otherwise


def _strange_streams(pdf: pikepdf.Pdf) -> Iterator[Finding]:
    """Text that a page's program says and does not draw."""
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream) or thing.get("/Subtype") == "/Image":
            continue
        try:
            program = thing.read_bytes()
        except pikepdf.PdfError:
            continue
        if b"/ActualText" in program or b"/Alt(" in program or b"/Alt (" in program:
            yield Finding(_HOLDS.format(what=HIDDEN["hidden_text"]))
            return


# Text and bytes ------------------------------------------------------------------------------------------------------


def _in_text(paper: Paper, removed: Sequence[Removed]) -> Iterator[Finding]:
    for page in range(1, len(paper.sizes) + 1):
        layer = folded(paper.text(page))
        if not layer:
            continue
        for area in removed:
            if any(word in layer for word in words_of(area.text)):
                yield Finding(_EXTRACTED.format(page=area.page, number=area.number), area.page, area.number)
        yield Finding(_TEXT_LAYER.format(page=page), page)


def _in_bytes(content: bytes, removed: Sequence[Removed]) -> Iterator[Finding]:
    """The bytes as they lie and every stream unpacked, in the encodings of Chinese text."""
    piles = [content]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                if thing.get("/Subtype") != "/Image":
                    piles.append(thing.read_bytes())
            else:
                piles.append(thing.unparse(resolved=True))
    for area in removed:
        text = area.text.strip()
        spellings = {text, "".join(text.split())}
        needles = {
            spelled.encode(encoding, "ignore")
            for spelled in spellings
            if len(spelled) > 2
            for encoding in ("utf-8", "utf-16-be", "utf-16-le", "gb18030")
        }
        needles |= {needle.hex().encode() for needle in needles} | {needle.hex().upper().encode() for needle in needles}
        if any(len(needle) > 5 and needle in pile for needle in needles for pile in piles):
            yield Finding(_EXTRACTED.format(page=area.page, number=area.number), area.page, area.number)


# What is seen --------------------------------------------------------------------------------------------------------


def _in_pictures(paper: Paper, removed: Sequence[Removed], slips: Mapping[int, str]) -> Iterator[Finding]:
    by_page: dict[int, list[Removed]] = {}
    for area in removed:
        by_page.setdefault(area.page, []).append(area)
    for page, size in enumerate(paper.sizes, start=1):
        if page in slips:
            if not _is_slip(paper.picture(page, dots=DOTS), slips[page], size):
                yield Finding(_NOT_A_SLIP.format(page=page), page)
        elif page in by_page:
            picture = paper.picture(page, dots=DOTS).convert("L")
            for area in by_page[page]:
                if not _is_black(picture, area.box):
                    yield Finding(_NOT_BLACK.format(page=page, number=area.number), page, area.number)


def _is_black(picture: Image.Image, box: Box) -> bool:
    left, top, right, bottom = box.pixels(picture.size)
    inner = (left + _RIM, top + _RIM, right - _RIM, bottom - _RIM)
    if inner[0] >= inner[2] or inner[1] >= inner[3]:  # so narrow that it is all rim: its middle has to be dark
        middle = ((left + right) // 2, (top + bottom) // 2)
        inner = (*middle, middle[0] + 1, middle[1] + 1)
    brightest = picture.crop(inner).getextrema()[1]
    return int(brightest) <= _BLACK  # type: ignore[arg-type]


def _is_slip(picture: Image.Image, sentence: str, size: tuple[float, float]) -> bool:
    coarse = [each.convert("L").resize((80, 80), Image.Resampling.BOX) for each in (picture, slip(sentence, size))]
    return ImageChops.difference(*coarse).getextrema()[1] <= _SAME  # type: ignore[operator]


def _out_of_sight(paper: Paper, page: int) -> Iterator[Finding]:
    """A letter whose place on the picture has one colour throughout is covered, white on white, or beyond the rim."""
    picture = paper.picture(page, dots=DOTS).convert("L")
    shown = 0
    for one in paper.characters(page)[:_MOST_JUDGED]:
        if not one.text.isalnum():
            continue
        left, top, right, bottom = one.box.pixels(picture.size)
        beyond = one.box.share_on(PAGE) < 0.5
        if right - left < 2 or bottom - top < 2:
            shown += 1  # too small to be judged, and to be read
            if shown < 5 and not beyond:
                continue
            yield Finding(_HIDDEN_TEXT.format(page=page), page)
            return
        darkest, brightest = picture.crop((max(0, left), max(0, top), right, bottom)).getextrema()
        if beyond or int(brightest) - int(darkest) < 16:  # type: ignore[arg-type]
            yield Finding(_HIDDEN_TEXT.format(page=page), page)
            return


_EXTRACTED: Final = Text(
    "第{page}页第{number}处涂去的文字还能从文件里取出。",
    "The text of black area {number} on page {page} can still be taken out of the file.",
)
_TEXT_LAYER: Final = Text("第{page}页还有文字层。", "Page {page} still has a text layer.")
_NOT_BLACK: Final = Text(
    "第{page}页第{number}处没有完全涂黑。", "Black area {number} on page {page} is not black throughout."
)
_NOT_A_SLIP: Final = Text("第{page}页应当不提供，文件里却有内容。", "Page {page} is withheld, but the file shows it.")
_HOLDS: Final = Text("文件里还有{what}。", "The file still holds {what}.")
_HIDDEN_TEXT: Final = Text("第{page}页有看不见的文字。", "Page {page} holds text that can't be seen.")
_PAGES: Final = Text("文件有{found}页，应当是{wanted}页。", "The file has {found} pages instead of {wanted}.")
_UNREADABLE: Final = Text("文件不能重新打开检查：{why}", "The file can't be opened again and checked: {why}")
