"""One measurement: product and floor in turns, several times, the median of each, and the ratio wanted."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

TURNS: Final = 5


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured against what, in the unit named, and whether the ratio is as wanted."""

    name: str
    engine: str
    product: float
    floor: float
    unit: str
    ratio: float
    wanted: str
    holds: bool
    note: str = ""
    #: Of the scale part: which operation, over how many cases, and what it is expected to follow (``steps``).
    key: str = ""
    cases: int = 0
    order: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def line(self) -> str:
        mark = "ok  " if self.holds else "MISS"
        return (
            f"{mark} {self.name} [{self.engine}]: {self.product:.3f} against {self.floor:.3f} {self.unit}, "
            f"ratio {self.ratio:.2f} (wanted {self.wanted}) {self.note}"
        )


def at_most(
    limit: float,
    name: str,
    engine: str,
    product: Callable[[], object],
    floor: Callable[[], object],
    *,
    before: Callable[[], object] = lambda: None,
    turns: int = TURNS,
    note: str = "",
) -> Result:
    """Time both in turns, ``before`` each unmeasured, and hold the ratio of medians against the limit."""
    spent: dict[str, list[float]] = {"product": [], "floor": []}
    for _ in range(turns):
        for which, work in (("product", product), ("floor", floor)):
            before()
            began = time.perf_counter()
            work()
            spent[which].append((time.perf_counter() - began) * 1000)
    ours, theirs = statistics.median(spent["product"]), statistics.median(spent["floor"])
    ratio = ours / theirs
    return Result(name, engine, ours, theirs, "ms", ratio, f"≤ {limit}", ratio <= limit, note)


def within(
    limit: float, name: str, engine: str, product: Callable[[], object], floor: Callable[[], object], *, note: str = ""
) -> Result:
    """Time both in turns, as ``at_most``, and hold the product's own median against so many milliseconds."""
    found = at_most(limit, name, engine, product, floor, note=note)
    return replace(found, wanted=f"≤ {limit:.0f} ms", holds=found.product <= limit)


def count(name: str, engine: str, product: float, floor: float, unit: str, wanted: str, *, holds: bool) -> Result:
    """A figure that is not a time: queries, rows a second, megabytes."""
    return Result(name, engine, product, floor, unit, product / floor if floor else 0.0, wanted, holds)
