"""Cost against size as one SVG: a small field for each operation, both axes logarithmic, product and floor in each.

Drawn as the pictures of the annual report are: colours that stand out on paper, dashes beside them, words for whoever
can't see it. Lengths are in the units of the drawing.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import escape

from casework.exports.pictures import COLOURS, _dash, _n, _text

COLUMNS: Final = 4
_WIDE, _TALL, _GAP_X, _GAP_Y = 150.0, 110.0, 62.0, 58.0
_LEFT, _TOP = 52.0, 64.0
_SIZE: Final = 11
_FAMILY: Final = "'Noto Sans', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_SERIES: Final = ("product", "floor")
_WORDS: Final = {"product": "product", "floor": "floor in the same run"}


@dataclass(frozen=True, slots=True)
class Panel:
    """One operation: its name, its order in words, and milliseconds by size of product and floor."""

    name: str
    order: str
    sizes: tuple[int, ...]
    product: tuple[float, ...]
    floor: tuple[float, ...]

    @property
    def decades(self) -> tuple[int, int]:
        """Powers of ten between which all figures lie; one decade at least."""
        figures = [figure for figure in (*self.product, *self.floor) if figure > 0]
        low, high = math.floor(math.log10(min(figures))), math.ceil(math.log10(max(figures)))
        return low, max(high, low + 1)

    def across(self, size: int) -> float:
        """How far to the right a size stands, of 0 to 1."""
        first, last = math.log10(self.sizes[0]), math.log10(self.sizes[-1])
        return (math.log10(size) - first) / (last - first) if last > first else 0.5

    def up(self, figure: float) -> float:
        """How high a figure stands, of 0 to 1."""
        low, high = self.decades
        return (math.log10(figure) - low) / (high - low)


def panels(results: Sequence[Mapping[str, Any]]) -> list[Panel]:
    """One for each operation that is timed at every size, in the order of the run."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        if result["order"] and result["unit"] == "ms":
            found.setdefault(result["key"], []).append(result)
    drawn = []
    for key, rows in found.items():
        rows.sort(key=lambda row: int(row["cases"]))
        sizes = tuple(row["cases"] for row in rows)
        product, floor = (tuple(row[name] for row in rows) for name in _SERIES)
        drawn.append(Panel(key, rows[0]["order"], sizes, product, floor))
    return drawn


def svg(drawn: Sequence[Panel]) -> str:
    """The whole drawing."""
    lines = math.ceil(len(drawn) / COLUMNS)
    wide = _LEFT + COLUMNS * (_WIDE + _GAP_X) - _GAP_X + 14
    tall = _TOP + lines * (_TALL + _GAP_Y) - 18
    says = "; ".join(
        f"{each.name}: "
        + ", ".join(f"{f:.3g} ms over {s} cases" for s, f in zip(each.sizes, each.product, strict=True))
        for each in drawn
    )
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="cost-title cost-says" '
        f'viewBox="0 0 {_n(wide)} {_n(tall)}" font-family="{_FAMILY}" font-size="{_SIZE}" fill="#1a1a1a" '
        'color="#1a1a1a">'
        '<title id="cost-title">Milliseconds of each operation against the number of cases</title>'
        f'<desc id="cost-says">{escape(says)}</desc>'
        f'<rect width="{_n(wide)}" height="{_n(tall)}" fill="#fff"/>'
    )
    parts = [head, *_legend()]
    for place, panel in enumerate(drawn):
        left = _LEFT + (place % COLUMNS) * (_WIDE + _GAP_X)
        top = _TOP + (place // COLUMNS) * (_TALL + _GAP_Y)
        parts += _field(panel, left, top)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend() -> Iterator[str]:
    x = 8.0
    for number, name in enumerate(_SERIES):
        colour = COLOURS[number]
        yield f'<path d="M{_n(x)} 14h26" fill="none" stroke="{colour}" stroke-width="2"{_dash(number)}/>'
        yield _text(x + 32, 18, _WORDS[name])
        x += 100
    yield _text(8, 36, "Milliseconds (up) against cases stored (across); both scales are logarithmic.")


def _field(panel: Panel, left: float, top: float) -> Iterator[str]:
    low, high = panel.decades
    ground = top + _TALL
    yield f'<text x="{_n(left)}" y="{_n(top - 8)}" font-weight="bold">{escape(panel.name)}</text>'
    for power in range(low, high + 1):
        y = ground - _TALL * (power - low) / (high - low)
        faint = ' stroke-opacity=".25"' if power > low else ""
        yield f'<path d="M{_n(left)} {_n(y)}h{_n(_WIDE)}" stroke="currentColor"{faint}/>'
        yield _text(left - 5, y + 4, f"{10.0**power:g}", "end")
    for size in panel.sizes:
        x = left + _WIDE * panel.across(size)
        yield f'<path d="M{_n(x)} {_n(top)}V{_n(ground)}" stroke="currentColor" stroke-opacity=".12"/>'
        yield _text(x, ground + 15, _short(size), "middle")
    for number, figures in reversed(list(enumerate((panel.product, panel.floor)))):
        colour = COLOURS[number]
        points = [
            (left + _WIDE * panel.across(size), ground - _TALL * panel.up(figure))
            for size, figure in zip(panel.sizes, figures, strict=True)
        ]
        path = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"{_dash(number)}/>'
        for x, y in points:
            yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3" fill="{colour}"/>'


def _short(size: int) -> str:
    """10k, 1M; what is no round number as it is."""
    for power, sign in ((6, "M"), (3, "k")):
        if size >= 10**power and not size % 10**power:
            return f"{size // 10**power}{sign}"
    return str(size)
