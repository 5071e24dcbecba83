"""Small numbers in what is published: what is shown gives no figure below the threshold away, even by subtraction.

Neighbours in a fixed order (months, classes of outcomes) are summed until they reach the threshold. That is stronger
than leaving small figures out: whoever knows the rule, and has kept every former page, still can't narrow a single
figure down to fewer than ``threshold`` values (docs/decisions/020, tests/law/test_smallnumbers.py). Nought is a small
number like any other: if it were shown, it would narrow its neighbours down.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbours from the first to the last, counted from 1, and the number of all of them together."""

    first: int
    last: int
    number: int


def merged(counts: Sequence[int], *, threshold: int, complete: bool = True) -> tuple[Stretch, ...]:
    """The sums that may be shown; none below the threshold, and none that is ever divided or drawn anew.

    While more is to come (``complete`` is false) the last full sum is held back: at the end it takes what is left over,
    which would otherwise be the difference of two pages. What is not full at all is not shown.
    """
    full: list[Stretch] = []
    first, number = 1, 0
    for place, count in enumerate(counts, start=1):
        number += count
        if number >= threshold:
            full.append(Stretch(first, place, number))
            first, number = place + 1, 0
    if not complete:
        return tuple(full[:-1])
    if full and first <= len(counts):
        last = full.pop()
        full.append(Stretch(last.first, len(counts), last.number + number))
    return tuple(full)


def common(series: Sequence[tuple[Stretch, ...]]) -> tuple[Stretch, ...]:
    """The sums of several series at those ends that all of them show: it says nothing that they do not say."""
    if not series:
        return ()
    ends = set.intersection(*({each.last for each in stretches} for stretches in series))
    found, first = [], 1
    for end in sorted(ends):
        number = sum(each.number for stretches in series for each in stretches if first <= each.first <= end)
        found.append(Stretch(first, end, number))
        first = end + 1
    return tuple(found)
