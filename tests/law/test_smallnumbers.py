"""What is shown of small numbers gives none of them away: held against every table that would look the same."""

from collections import defaultdict
from functools import lru_cache
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.smallnumbers import Stretch, common, merged

S = Stretch


@pytest.mark.parametrize(
    ("counts", "complete", "shown"),
    [
        ([], True, ()),
        ([5, 6, 7], True, (S(1, 1, 5), S(2, 2, 6), S(3, 3, 7))),
        ([5, 6, 7], False, (S(1, 1, 5), S(2, 2, 6))),
        ([2, 3, 9], True, (S(1, 2, 5), S(3, 3, 9))),
        ([5, 6, 1], True, (S(1, 1, 5), S(2, 3, 7))),
        ([5, 0, 0], True, (S(1, 3, 5),)),
        ([5, 0, 0], False, ()),
        ([0, 0, 0], True, ()),
        ([1, 1, 1], True, ()),
        ([4, 0, 1, 4], True, (S(1, 4, 9),)),
    ],
    ids=[
        "nothing", "all full", "the last is held back", "small joins its neighbour", "the rest joins the last",
        "nought is small", "one full is held back", "nobody", "never full", "rest",
    ],
)  # fmt: skip
def test_neighbours_are_summed_until_they_are_enough(
    counts: list[int], complete: bool, shown: tuple[Stretch, ...]
) -> None:
    assert merged(counts, threshold=5, complete=complete) == shown


yearly = st.lists(st.integers(0, 12), max_size=12)


@given(yearly, st.integers(2, 7), st.booleans())
def test_what_is_shown_is_the_sum_of_what_is_there_and_never_small(
    counts: list[int], threshold: int, complete: bool
) -> None:
    shown = merged(counts, threshold=threshold, complete=complete)
    for each in shown:
        assert each.number == sum(counts[each.first - 1 : each.last]) >= threshold
    ends = [0, *(each.last for each in shown)]
    assert [each.first for each in shown] == [end + 1 for end in ends[:-1]], "no gap and no overlap"
    if complete and sum(counts) >= threshold:
        assert sum(each.number for each in shown) == sum(counts), "a year that is over is shown whole"


@given(yearly, st.integers(2, 7))
def test_what_was_shown_once_is_never_divided_or_drawn_anew(counts: list[int], threshold: int) -> None:
    pages = [merged(counts[:month], threshold=threshold, complete=False) for month in range(len(counts) + 1)]
    pages.append(merged(counts, threshold=threshold, complete=True))
    for before, after in pairwise(pages):
        assert after[: len(before)] == before


# The oracle: somebody who knows the rule, the total and the page, and tries every table that would look the same. -----

THRESHOLD, PLACES, MOST = 3, 4, 9


@lru_cache
def worlds(complete: bool) -> dict[tuple[object, ...], list[tuple[int, ...]]]:
    """All tables of four places up to nine, by what is shown of them, with their total where the year is over."""
    found: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(MOST + 1), repeat=PLACES):
        total = sum(counts) if complete else None
        found[total, merged(counts, threshold=THRESHOLD, complete=complete)].append(counts)
    return found


@pytest.mark.parametrize("complete", [True, False], ids=["a year that is over", "a year that runs"])
def test_no_figure_that_is_not_shown_can_be_recovered(complete: bool) -> None:
    """Every figure not shown by itself may be any of at least ``threshold`` numbers, nought and all small ones.

    Unless the whole year, which the law publishes, is itself smaller than that.
    """
    looked_at = 0
    for (total, shown), tables in worlds(complete).items():
        assert isinstance(shown, tuple)
        alone = {each.first for each in shown if each.first == each.last}
        if any(each.number > MOST for each in shown):
            continue  # there the tables that look the same are not all among those that are tried
        for place in range(1, PLACES + 1):
            if place in alone:
                continue
            possible = {table[place - 1] for table in tables}
            wanted = THRESHOLD if not isinstance(total, int) else min(THRESHOLD, total + 1)
            assert len(possible) >= wanted, (total, shown, place, possible)
            looked_at += 1
    assert looked_at > 500


def test_of_all_pages_of_a_year_kept_together_no_small_figure_is_ever_certain() -> None:
    """A page each month, and the whole year at its end: what may still be learnt is that there was nobody."""
    found: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(MOST + 1), repeat=PLACES):
        pages = tuple(merged(counts[:month], threshold=THRESHOLD, complete=False) for month in range(PLACES + 1))
        found[sum(counts), pages, merged(counts, threshold=THRESHOLD)].append(counts)
    for (total, _pages, shown), tables in found.items():
        assert isinstance(shown, tuple)
        alone = {each.first for each in shown if each.first == each.last}
        if total == 0 or any(each.number > MOST for each in shown):
            continue
        for place in range(1, PLACES + 1):
            possible = {table[place - 1] for table in tables}
            small = {number for number in possible if 0 < number < THRESHOLD}
            assert place in alone or len(possible) > 1 or not small, (total, shown, place, possible)


@given(st.lists(st.lists(st.integers(0, 12), min_size=12, max_size=12), min_size=1, max_size=4), st.booleans())
def test_a_region_says_no_more_than_the_sums_of_its_series(series: list[list[int]], complete: bool) -> None:
    shown = [merged(counts, threshold=5, complete=complete) for counts in series]
    for each in common(shown):
        parts = [
            sum(one.number for one in those if each.first <= one.first and one.last <= each.last) for those in shown
        ]
        ends = [{one.last for one in those} for those in shown]
        assert all(each.last in those for those in ends), "an end that one of them does not show"
        assert each.number == sum(parts)
        assert each.number == sum(sum(counts[each.first - 1 : each.last]) for counts in series)
    assert common([]) == ()
