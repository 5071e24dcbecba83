"""How often an applicant applied, as bars: a picture for the eye beside a table that says the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from casework.models.frequency import Frequency, Month

_WIDTH: Final = 24
_GAP: Final = 6
_HIGHEST: Final = 72


@dataclass(frozen=True, slots=True)
class Bar:
    """A month as a rectangle in the units of the picture; one that is empty has no height."""

    month: Month
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + _WIDTH // 2


@dataclass(frozen=True, slots=True)
class Bars:
    """The picture of a frequency. The highest bar fills it."""

    of: Frequency
    bar_width: int = _WIDTH
    height: int = _HIGHEST + 20

    @property
    def width(self) -> int:
        return len(self.of.months) * (_WIDTH + _GAP)

    @property
    def share(self) -> str:
        return f"{float(self.of.share):.1%}"

    def drawn(self) -> Iterator[Bar]:
        for place, month in enumerate(self.of.months):
            # At least a line, so that one application beside a hundred can be seen.
            height = max(1, month.count * _HIGHEST // self.of.most) if month.count else 0
            yield Bar(month, place * (_WIDTH + _GAP), self.height - height, height)
