"""What an operation's cost may follow when there are ten times as many cases, and whether it does."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final


class Order(StrEnum):
    """How a cost grows with the number of cases stored, at most."""

    CONSTANT = "constant"
    LOG = "logarithmic"
    LINEAR = "linear in what is read"


#: What a step may miss its order by: other processes, caches that a larger table no longer fits.
SLACK: Final = 1.5
#: Milliseconds that no step is blamed for.
GRACE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """From one size to the next: the factor of the cost, and the most that its order allows."""

    key: str
    order: Order
    smaller: int
    larger: int
    before: float
    after: float

    @property
    def factor(self) -> float:
        return self.after / self.before

    @property
    def allowed(self) -> float:
        return SLACK * growth(self.order, self.smaller, self.larger)

    @property
    def holds(self) -> bool:
        return self.after <= self.before * self.allowed + GRACE

    @property
    def sentence(self) -> str:
        return (
            f"{self.key}: {self.before:.1f} ms over {self.smaller} cases, {self.after:.1f} ms over {self.larger}: "
            f"× {self.factor:.2f}, {self.order} allows × {self.allowed:.2f}"
        )


def growth(order: Order, smaller: int, larger: int) -> float:
    """By what the order itself multiplies the cost between two sizes."""
    match order:
        case Order.CONSTANT:
            return 1.0
        case Order.LOG:
            return math.log(larger) / math.log(smaller)
        case Order.LINEAR:
            return larger / smaller


def steps(results: Iterable[Mapping[str, Any]]) -> Iterator[Step]:
    """Each step of each operation, in milliseconds; results without an order take none."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        if result["order"] and result["unit"] == "ms":
            found.setdefault(result["key"], []).append(result)
    for key, rows in found.items():
        rows.sort(key=lambda row: int(row["cases"]))
        for smaller, larger in pairwise(rows):
            yield Step(
                key,
                Order(larger["order"]),
                smaller["cases"],
                larger["cases"],
                smaller["product"],
                larger["product"],
            )
