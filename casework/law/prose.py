"""The prose of a report with marks: every number in it is bound to a figure, or typed with its source (law.md 7.2 R6).

``{{本年新收}}`` is bound: the figure is put in whenever the text is read. ``{{494|门户网站后台统计}}`` is typed: the
number stands as it is, and says where it comes from. Any other number that counts something is loose, which is a
fault. Braces and bar may be full-width, as an input method gives them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from .numerals import Number, numbers_in
from .words import Text

PROSE: Final = ("1", "5", "6")
"""The sections of the report that are prose: 一, 五 and 六."""

_MARK: Final = re.compile(r"[{｛]{2}([^{}｛｝\n]{1,200})[}｝]{2}")
_BAR: Final = re.compile(r"[|｜]")
_SOURCE: Final = re.compile(r"^\s*来源\s*[:：]?\s*")
_HOLDS_NUMBER: Final = re.compile(r"[\d０-９零〇一二两三四五六七八九十百千万亿]")
_DIGIT: Final = re.compile(r"[\d０-９]")
_BLANK: Final = re.compile(r"【请[^】\n]*】")
_QUOTED: Final = 14


class SpanKind(StrEnum):
    """What stands behind a number of the text; the last three are faults."""

    BOUND = "bound"
    TYPED = "typed"
    LOOSE = "loose"
    UNKNOWN = "unknown"
    BLANK = "blank"


FAULTS: Final[dict[SpanKind, Text]] = {
    SpanKind.LOOSE: Text("没有来源的数字", "A number without a source"),
    SpanKind.UNKNOWN: Text("没有这个数字，或者写法不对", "There is no such figure, or the mark is faulty"),
    SpanKind.BLANK: Text("还没有填写", "Not filled in yet"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that prose can name: ``key`` in Chinese as the mark names it, its value, its measure word.

    ``link``: where what it counts can be seen, below the address of the year's tables; ``""`` where there is none.
    """

    key: str
    words: Text
    value: Decimal | int
    measure: str = "件"
    link: str = ""

    @property
    def shown(self) -> str:
        """Plain digits, no separators, no noughts after the point, as the form prints figures."""
        value = Decimal(self.value)
        return f"{value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize():f}"

    @property
    def mark(self) -> str:
        return f"{{{{{self.key}}}}}"


def by_key(figures: Sequence[Figure]) -> dict[str, Figure]:
    """Figures by the key that a mark names; a key stands once, the first figure keeps it."""
    found: dict[str, Figure] = {}
    for figure in figures:
        found.setdefault(key_of(figure.key), figure)
    return found


def key_of(typed: str) -> str:
    """A key as people type it, with spaces, a stop, a stroke or another dot between its parts."""
    return re.sub(r"\s*[·•・./／．]\s*", "·", "".join(typed.split()))


def typed_mark(number: str, source: str) -> str:
    """The mark of a number that is typed."""
    return f"{{{{{number}|{source}}}}}"


@dataclass(frozen=True, slots=True)
class Span:
    """A number in the rendered text: what stands behind it. ``says`` is the figure's key, the source, or the mark."""

    start: int
    end: int
    kind: SpanKind
    says: str = ""
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: plain text, or with ``span`` a number."""

    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text with its figures put in, and every number of it in order."""

    text: str
    spans: tuple[Span, ...] = ()

    def of(self, kind: SpanKind) -> list[Span]:
        return [span for span in self.spans if span.kind is kind]

    @property
    def bound(self) -> list[Span]:
        return self.of(SpanKind.BOUND)

    @property
    def typed(self) -> list[Span]:
        return self.of(SpanKind.TYPED)

    @property
    def loose(self) -> list[Span]:
        return self.of(SpanKind.LOOSE)

    @property
    def faults(self) -> list[Span]:
        """Numbers without source, unknown marks, blanks, in the order of the text."""
        return [span for span in self.spans if span.kind in FAULTS]

    def quote(self, span: Span) -> str:
        """The number with a few words around it, on one line."""
        before = self.text[max(0, span.start - _QUOTED) : span.start].rpartition("\n")[2]
        after = self.text[span.end : span.end + _QUOTED].partition("\n")[0]
        return f"{before}{self.text[span.start : span.end]}{after}"

    def lines(self) -> Iterator[list[Piece]]:
        """The paragraphs in pieces, blank ones left out."""
        start = 0
        for line in self.text.split("\n"):
            end = start + len(line)
            if line.strip():
                yield list(self._pieces(start, end))
            start = end + 1

    def _pieces(self, start: int, end: int) -> Iterator[Piece]:
        at = start
        for span in self.spans:
            if span.end <= start or span.start >= end:
                continue
            if span.start > at:
                yield Piece(self.text[at : span.start])
            yield Piece(self.text[span.start : span.end], span)
            at = span.end
        if at < end:
            yield Piece(self.text[at:end])


def render(text: str, figures: Mapping[str, Figure]) -> Rendered:
    """Put the figures in and say of every number what stands behind it; ``figures`` as ``by_key`` gives them."""
    parts: list[str] = []
    marked: list[Span] = []
    length = at = 0
    for match in _MARK.finditer(text):
        parts.append(text[at : match.start()])
        length += match.start() - at
        shown, kind, says, figure = _read(match[1], match[0], figures)
        marked.append(Span(length, length + len(shown), kind, says, figure))
        parts.append(shown)
        length += len(shown)
        at = match.end()
    parts.append(text[at:])
    whole = "".join(parts)
    return Rendered(whole, tuple(sorted([*marked, *_unmarked(whole, marked)], key=lambda span: span.start)))


def _read(inside: str, mark: str, figures: Mapping[str, Figure]) -> tuple[str, SpanKind, str, Figure | None]:
    """What a mark shows, what it is, and what it says."""
    number, *rest = _BAR.split(inside, maxsplit=1)
    if not rest:
        figure = figures.get(key_of(number))
        return (figure.shown, SpanKind.BOUND, figure.key, figure) if figure else (mark, SpanKind.UNKNOWN, mark, None)
    number, source = number.strip(), _SOURCE.sub("", rest[0]).strip()
    if not _HOLDS_NUMBER.search(number):
        return mark, SpanKind.UNKNOWN, mark, None
    return (number, SpanKind.TYPED, source, None) if source else (number, SpanKind.LOOSE, mark, None)


def _unmarked(text: str, marked: Sequence[Span]) -> Iterator[Span]:
    """Numbers outside marks, and blanks of the template."""
    blanks = [match.span() for match in _BLANK.finditer(text)]
    taken = [(span.start, span.end) for span in marked]

    def free(start: int, end: int, places: list[tuple[int, int]]) -> bool:
        return all(end <= first or last <= start for first, last in places)

    yield from (Span(start, end, SpanKind.BLANK) for start, end in blanks if free(start, end, taken))
    for number in numbers_in(text):
        if free(number.start, number.end, [*taken, *blanks]):
            yield Span(number.start, number.end, SpanKind.LOOSE)
        else:
            yield from _beside(number, text, [*taken, *blanks])


def _beside(number: Number, text: str, places: list[tuple[int, int]]) -> Iterator[Span]:
    """Digits that run on from a mark: ``{{本年新收}}5件`` must not read as one bound number."""
    at = number.start
    for start, end in sorted(places):
        if start < number.end and at < end:
            if _DIGIT.search(text[at:start]):
                yield Span(at, start, SpanKind.LOOSE)
            at = end
    if at < number.end and _DIGIT.search(text[at : number.end]):
        yield Span(at, number.end, SpanKind.LOOSE)
