"""Pictures of figures as SVG, each beside the table that says the same: one drawing for pages and for files.

What a picture shows never rests on colour alone: each series has its own hatching or dashes, and a word beside it.
Lengths are in the units of the drawing, which is ``WIDE`` across wherever it is shown.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from casework.law.words import Text

from .layout import Drawing, FormCell

WIDE: Final = 360
_TALL: Final = 150
"""Height of the field of a picture with columns or a line."""
_SIZE: Final = 12
_LINE: Final = 16
_BAR: Final = 13
_GAP: Final = 9
#: What is beyond is in the table alone: a hundred bars are no picture.
MOST_BARS: Final = 24
_FAMILY: Final = "FandolHei, 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"

#: Each at least 3:1 against white paper (WCAG 1.4.11); the second to fourth are hatched as well.
COLOURS: Final = ("#1f4e79", "#a34700", "#2b6b4c", "#6b3a78")
_HATCHED: Final = (
    "",
    '<path d="M-1 1 1 -1M0 6 6 0M5 7 7 5" stroke="{colour}" stroke-width="1.8"/>',
    '<circle cx="3" cy="3" r="1.5" fill="{colour}"/>',
    '<path d="M0 3H6M3 0V6" stroke="{colour}" stroke-width="1.1"/>',
)
_DASHES: Final = ("", "6 3", "2 3", "8 3 2 3")

Figure = float | None
MONTHS: Final = tuple(
    Text(f"{number}月", english)
    for number, english in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1
    )
)
HEADING: Final = Text("附：统计图", "Appendix: pictures")
NOTHING: Final = Text("没有可以画的数字。", "There is nothing to draw.")
_BEYOND: Final = Text(
    "图上只有前{drawn}项，{all}项都在表里。", "The first {drawn} are drawn; all {all} are in the table."
)


class Kind(Enum):
    """How a picture is drawn."""

    COLUMNS = "series side by side over each label"
    STACKED = "series one on the other over each label"
    LINE = "a line for each series, broken where there is no figure"
    BARS = "lying bars under long names, of the first series"


@dataclass(frozen=True, slots=True)
class Series:
    """One figure for each label of the picture; ``None`` where there is none, which is not nought."""

    words: Text
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A line between two labels: ``before`` is the number of labels to its left."""

    before: int
    words: Text


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn and what its table says. ``says``: in a sentence or two, for whoever can't see it.

    ``percent``: figures are of 0 to 100. ``remarks`` stand below the drawing, on a page as in a file.
    """

    key: str
    title: Text
    says: Text
    kind: Kind
    axis: Text
    labels: tuple[Text, ...]
    series: tuple[Series, ...]
    limit: Limit | None = None
    percent: bool = False
    remarks: tuple[Text, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        figures = [figure for each in self.series for figure in each.figures]
        return all(figure is None for figure in figures) or not (self.percent or any(figures))

    @property
    def beyond(self) -> int:
        """How many labels the table has and the drawing has not."""
        return max(0, len(self.labels) - MOST_BARS) if self.kind is Kind.BARS else 0

    @property
    def below(self) -> tuple[Text, ...]:
        """What stands below the drawing, or in its place."""
        if self.empty:
            return (NOTHING,)
        return (*self.remarks, _BEYOND.format(drawn=MOST_BARS, all=len(self.labels))) if self.beyond else self.remarks

    @property
    def svg(self) -> SafeString:
        """The drawing, in the language of the moment."""
        return svg_of(self)

    @property
    def drawing(self) -> Drawing:
        """The table beside it."""
        return table_of(self)


def shown(figure: Figure, *, percent: bool = False) -> str:
    """A figure as label and table print it."""
    if figure is None:
        return "–"
    if percent:
        return f"{figure:.1f}%"
    return f"{figure:.0f}" if float(figure).is_integer() else f"{figure:.1f}"


def table_of(picture: Picture) -> Drawing:
    """A line for each label and a column for each series."""
    corner = FormCell(0, 0, picture.axis, scope="col", key=f"{picture.key}-axis")
    heads = [
        FormCell(0, at, each.words, scope="col", key=f"{picture.key}-{at}")
        for at, each in enumerate(picture.series, start=1)
    ]
    lines = []
    for down, label in enumerate(picture.labels, start=1):
        row = FormCell(down, 0, label, scope="row", key=f"{picture.key}-row-{down}")
        figures = [
            FormCell(down, at, Text(words, words), headers=(row.key, head.key))
            for at, (head, words) in enumerate(zip(heads, _words_of(picture, down - 1), strict=True), start=1)
        ]
        lines.append([row, *figures])
    return Drawing([[corner, *heads]], lines)


def _words_of(picture: Picture, place: int) -> list[str]:
    return [shown(each.figures[place], percent=picture.percent) for each in picture.series]


# ── Where things stand ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Box:
    """A figure as a rectangle; one that is not nought can always be seen."""

    x: float
    y: float
    width: float
    height: float
    series: int
    label: int


@dataclass(frozen=True, slots=True)
class Field:
    """The part of a drawing in which the figures stand, and the scale beside it."""

    left: float
    top: float
    width: float
    height: float
    step: float
    most: float

    @classmethod
    def of(cls, picture: Picture, top: float) -> "Field":
        step, most = scale(_highest(picture), percent=picture.percent)
        left = 8 + max(width_of(shown(each, percent=picture.percent)) for each in (step, most))
        return cls(left, top, WIDE - left - 6, _TALL, step, most)

    def up(self, figure: float) -> float:
        """How far a figure reaches above the ground."""
        return self.height * figure / self.most

    @property
    def ground(self) -> float:
        return self.top + self.height

    def ticks(self) -> Iterator[float]:
        for number in range(round(self.most / self.step) + 1):
            yield number * self.step


def scale(highest: float, *, percent: bool = False) -> tuple[float, float]:
    """The step of the scale (1, 2 or 5 times a power of ten) and its end, at most six steps away."""
    if percent:
        return 25, 100
    power = 10 ** math.floor(math.log10(max(highest, 6) / 6))
    step = next(each * power for each in (1, 2, 5, 10) if highest <= 6 * each * power)
    return step, step * max(2, math.ceil(highest / step))


def _highest(picture: Picture) -> float:
    if picture.kind is Kind.STACKED:
        return max(sum(each.figures[at] or 0 for each in picture.series) for at in range(len(picture.labels)))
    return max(figure or 0 for each in picture.series for figure in each.figures)


def columns(picture: Picture, field: Field) -> Iterator[Box]:
    """The rectangles of ``COLUMNS`` and ``STACKED``, label by label."""
    share = field.width / len(picture.labels)
    stacked = picture.kind is Kind.STACKED
    width = share * 0.7 / (1 if stacked else len(picture.series))
    for at in range(len(picture.labels)):
        ground = field.ground
        for number, each in enumerate(picture.series):
            figure = each.figures[at]
            if not figure:
                continue
            height = max(1.0, field.up(figure))
            left = field.left + share * (at + 0.15) + (0 if stacked else number * width)
            yield Box(left, ground - height, width, height, number, at)
            if stacked:
                ground -= height


def points(picture: Picture, field: Field) -> list[list[tuple[float, float] | None]]:
    """The points of each line from left to right; ``None`` where there is no figure."""
    share = field.width / len(picture.labels)

    def point(at: int, figure: Figure) -> tuple[float, float] | None:
        return None if figure is None else (field.left + share * (at + 0.5), field.ground - field.up(figure))

    return [[point(at, figure) for at, figure in enumerate(each.figures)] for each in picture.series]


def bars(picture: Picture) -> list[tuple[list[str], Box]]:
    """Each label in its lines, and the bar below it; the longest leaves room for its figure."""
    figures = picture.series[0].figures[:MOST_BARS]
    most = 100 if picture.percent else max(max((figure or 0 for figure in figures), default=0), 1)
    room = WIDE - 12 - max(width_of(shown(figure, percent=picture.percent)) for figure in figures)
    top, found = 4.0, []
    for at, figure in enumerate(figures):
        lines = broken(_read(picture.labels[at]), WIDE)
        top += len(lines) * _LINE
        width = max(1.0, room * figure / most) if figure else 0.0
        found.append((lines, Box(0, top, width, _BAR, 0, at)))
        top += _BAR + _GAP
    return found


def width_of(words: str) -> float:
    """About how wide words are: a Chinese character is as wide as it is high, others a little over half."""
    return sum(_SIZE if ord(sign) > 0x2E7F else _SIZE * 0.58 for sign in words)


def broken(words: str, width: float, *, most: int = 3) -> list[str]:
    """Words in lines of that width, at spaces where there are any; what does not fit ends in an ellipsis."""
    lines, line = [], ""
    for piece in _pieces(words):
        if line and width_of(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) > most:
        last = lines[most - 1]
        while width_of(last + "…") > width:
            last = last[:-1]
        return [*lines[: most - 1], last + "…"]
    return lines


def _pieces(words: str) -> Iterator[str]:
    """What may stand on a line of its own: a Chinese character, or a word with the space behind it."""
    word = ""
    for sign in words:
        word += sign
        if sign == " " or ord(sign) > 0x2E7F or width_of(word) > WIDE / 3:
            yield word
            word = ""
    if word:
        yield word


# ── SVG ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def svg_of(picture: Picture) -> SafeString:
    """The drawing as an element of its own; empty where there is nothing to draw."""
    if picture.empty:
        return mark_safe("")  # nosec B308
    height, parts = _lying(picture) if picture.kind is Kind.BARS else _standing(picture)
    key = f"picture-{picture.key}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{key}-title {key}-says" '
        f'viewBox="0 0 {WIDE} {_n(height)}" font-family="{_FAMILY}" font-size="{_SIZE}" fill="currentColor">'
        f'<title id="{key}-title">{escape(_read(picture.title))}</title>'
        f'<desc id="{key}-says">{escape(_read(picture.says))}</desc>'
    )
    return mark_safe("".join((head, *_patterns(picture), *parts, "</svg>")))  # noqa: S308 - every text was escaped # nosec B308, B703


def _lying(picture: Picture) -> tuple[float, list[str]]:
    parts, end = [], 0.0
    for lines, box in bars(picture):
        for up, line in enumerate(reversed(lines)):
            parts.append(_text(0, box.y - 4 - up * _LINE, line))
        parts.append(_box(picture, box))
        figure = shown(picture.series[0].figures[box.label], percent=picture.percent)
        parts.append(_text(box.width + 5, box.y + _BAR - 2.5, figure))
        end = box.y + _BAR
    return end + 4, parts


def _standing(picture: Picture) -> tuple[float, list[str]]:
    legend, top = _legend(picture)
    field = Field.of(picture, top + (2 * _LINE if picture.limit else _LINE))
    parts = [*legend, *_frame(picture, field)]
    if picture.kind is Kind.LINE:
        for number, line in enumerate(points(picture, field)):
            parts += _line(line, number)
    else:
        boxes = list(columns(picture, field))
        parts += [_box(picture, box) for box in boxes]
        parts += _over(picture, field, boxes)
    if picture.limit:
        parts += _limit(picture.limit, field, len(picture.labels))
    return field.ground + 22, parts


def _legend(picture: Picture) -> tuple[list[str], float]:
    """Which hatching or dash is which series, and how far down that reaches; a single series is named by the title."""
    if len(picture.series) < 2:
        return [], 0
    parts, x, y = [], 0.0, 0.0
    for number, each in enumerate(picture.series):
        words = _read(each.words)
        width = 24 + width_of(words)
        if x and x + width > WIDE:
            x, y = 0.0, y + _LINE
        if picture.kind is Kind.LINE:
            parts.append(
                f'<path d="M{_n(x)} {_n(y + 7)}h18" fill="none" stroke="{COLOURS[number]}" stroke-width="2"'
                f"{_dash(number)}/>"
            )
        else:
            parts.append(_box(picture, Box(x, y + 2, 18, 10, number, -1)))
        parts.append(_text(x + 23, y + 11, words))
        x += width + 14
    return parts, y + _LINE


def _frame(picture: Picture, field: Field) -> Iterator[str]:
    for tick in field.ticks():
        y = field.ground - field.up(tick)
        faint = ' stroke-opacity=".25"' if tick else ""
        yield f'<path d="M{_n(field.left)} {_n(y)}h{_n(field.width)}" stroke="currentColor"{faint}/>'
        yield _text(field.left - 5, y + 4, shown(tick, percent=picture.percent).replace(".0%", "%"), "end")
    share = field.width / len(picture.labels)
    for at, label in enumerate(picture.labels):
        yield _text(field.left + share * (at + 0.5), field.ground + _LINE, _read(label), "middle")


def _over(picture: Picture, field: Field, boxes: Sequence[Box]) -> Iterator[str]:
    """The figure over each column, or over each stack its sum; none where one would run into the next."""
    stacked = picture.kind is Kind.STACKED
    room = field.width / len(picture.labels) if stacked else boxes[0].width + 3
    highest: dict[int, Box] = {}
    for box in boxes:
        highest[box.label if stacked else len(highest)] = box
    words = []
    for box in highest.values():
        figures = [each.figures[box.label] for each in picture.series]
        figure = sum(each or 0 for each in figures) if stacked else figures[box.series]
        words.append((box, shown(figure, percent=picture.percent)))
    if all(width_of(each) <= room for _box, each in words):
        for box, each in words:
            yield _text(box.x + box.width / 2, box.y - 4, each, "middle")


def _line(line: list[tuple[float, float] | None], number: int) -> Iterator[str]:
    colour, path, pen = COLOURS[number], "", "M"
    for point in line:
        if point is None:
            pen = "M"
        else:
            path += f"{pen}{_n(point[0])} {_n(point[1])}"
            pen = "L"
    yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{_dash(number)}/>'
    for point in line:
        if point is not None:
            yield f'<circle cx="{_n(point[0])}" cy="{_n(point[1])}" r="3" fill="{colour}"/>'


def _limit(limit: Limit, field: Field, labels: int) -> Iterator[str]:
    x = field.left + field.width * limit.before / labels
    yield (
        f'<path class="limit" d="M{_n(x)} {_n(field.top - _LINE)}V{_n(field.ground)}" fill="none" '
        'stroke="currentColor" stroke-width="1.5" stroke-dasharray="5 3"/>'
    )
    words = _read(limit.words)
    half = width_of(words) / 2
    yield _text(min(max(x, half), WIDE - half), field.top - _LINE - 4, words, "middle")


def _box(picture: Picture, box: Box) -> str:
    colour = COLOURS[box.series]
    fill = f"url(#picture-{picture.key}-{box.series})" if box.series else colour
    place = f'x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}"'
    return f'<rect {place} fill="{fill}" stroke="{colour}"/>'


def _patterns(picture: Picture) -> Iterator[str]:
    if picture.kind in {Kind.LINE, Kind.BARS}:  # bars show one series alone
        return
    for number in range(1, len(picture.series)):
        yield (
            f'<pattern id="picture-{picture.key}-{number}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<rect width="6" height="6" fill="#fff"/>{_HATCHED[number].format(colour=COLOURS[number])}</pattern>'
        )


def _dash(number: int) -> str:
    return f' stroke-dasharray="{_DASHES[number]}"' if _DASHES[number] else ""


def _text(x: float, y: float, words: str, anchor: str = "") -> str:
    side = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{_n(x)}" y="{_n(y)}"{side}>{escape(words)}</text>'


def _n(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")


def _read(text: Text) -> str:
    return text.read_in(translation.get_language())
