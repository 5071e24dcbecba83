"""Table 二 on an earlier day: as the facts known now say it stood, or as the registers said then (law.md 7.4)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from casework import annual
from casework.actions import registers as verbs
from casework.annual import end_of
from casework.law.refusals import Refused
from casework.law.registers import Register
from casework.law.report import DECISIONS, STOCK_COLUMNS, STOCKS, PublicationTable
from casework.models import ENTRIES
from tests.cast import Cast, moment
from tests.registering import WRITTEN, document, figure, stock

pytestmark = pytest.mark.django_db

YEAR = 2023
CELLS = [*((row, column) for row in STOCKS for column in STOCK_COLUMNS), *((row, "amount") for row in DECISIONS)]


def table(players: Cast, **when: Any) -> PublicationTable:
    return annual.publications_of([players.dongshan], YEAR, **when)


def rules(players: Cast, **when: Any) -> tuple[int | None, ...]:
    found = table(players, **when)
    return tuple(found.stock("normative_documents", column) for column in ("made", "repealed", "in_force"))


def test_documents_stand_by_their_days(players: Cast) -> None:
    """A stock is said of a year's end; on 30 June what the second half brought is not there yet."""
    stock(players, 2022, 12)
    document(players, date(2023, 6, 30))
    document(players, date(2023, 7, 1))
    document(players, date(2010, 1, 1), date(2023, 7, 2))
    document(players, date(2023, 12, 31))
    assert rules(players) == (3, 1, 14)
    assert rules(players, as_of=date(2023, 12, 31)) == rules(players, as_of=date(2024, 3, 1)) == (3, 1, 14)
    for as_of, expected in (
        (date(2023, 1, 1), (0, 0, 12)),
        (date(2023, 6, 29), (0, 0, 12)),
        (date(2023, 6, 30), (1, 0, 13)),
        (date(2023, 7, 1), (2, 0, 14)),
        (date(2023, 7, 2), (2, 1, 13)),
        (date(2023, 12, 30), (2, 1, 13)),
    ):
        assert rules(players, as_of=as_of) == expected, as_of
        for column in ("made", "repealed"):
            cell = annual.records_of([players.dongshan], YEAR, "normative_documents", column, as_of=as_of)
            assert cell.figure == cell.documents.count() == expected[("made", "repealed").index(column)]
    counted_at_the_end = stock(players, 2023, 20)
    assert counted_at_the_end.current
    assert rules(players, as_of=date(2023, 6, 30)) == (1, 0, 19)  # 20 at the end, less two made, and one repealed


def test_figures_stand_by_the_months_that_had_ended_and_a_years_figure_tells_nothing_before(players: Cast) -> None:
    figure(players, "permits", 5, month=1)
    figure(players, "permits", 7, month=6)
    figure(players, "fees", "30000", month=2)
    figure(players, "penalties", 40)
    for as_of, permits, fees in (
        (date(2023, 1, 30), 0, "0"),
        (date(2023, 1, 31), 5, "0"),
        (date(2023, 2, 28), 5, "3"),
        (date(2023, 6, 29), 5, "3"),
        (date(2023, 6, 30), 12, "3"),
    ):
        found = table(players, as_of=as_of)
        assert (found.decisions["permits"], found.fees, found.decisions["penalties"]) == (permits, fees, None), as_of
        cell = annual.records_of([players.dongshan], YEAR, "permits", "amount", as_of=as_of)
        assert (cell.figure, sum(row.amount for row in cell.figures)) == (permits, permits)
    figure(players, "permits", 31)
    assert table(players, as_of=date(2023, 6, 30)).decisions["permits"] == 12
    assert table(players, as_of=date(2023, 12, 31)).decisions == {
        "permits": 31,
        "penalties": 40,
        "coercive_measures": 0,
    }
    # A unit of which nothing can be said leaves the sum without a figure.
    both = annual.publications_of([players.dongshan, players.civil], YEAR, as_of=date(2023, 6, 30))
    assert both.decisions["penalties"] is None


def test_what_was_corrected_or_struck_since_counts_as_it_did(players: Cast) -> None:
    then, later = end_of(WRITTEN), WRITTEN + timedelta(days=3)
    first, second = figure(players, "permits", 31), document(players, date(2023, 5, 1), title="甲办法")
    more: dict[str, Any] = {"by": players.wang, "at": moment(later)}
    verbs.correct(first, first.facts | {"amount": 33}, reason="少计两件。", **more)
    verbs.strike(second, reason="重复。", **more)
    verbs.record(
        players.dongshan,
        Register.DOCUMENTS,
        {"kind": "normative_documents", "title": "乙办法", "made_on": date(2023, 9, 1)},
        **more,
    )
    assert table(players, known_at=end_of(WRITTEN - timedelta(days=1))) == annual.publications_of(
        [players.elsewhere], YEAR
    )
    assert (table(players, known_at=then).decisions["permits"], table(players).decisions["permits"]) == (31, 33)
    assert rules(players, known_at=then) == rules(players) == (1, 0, 1)
    cell = annual.records_of([players.dongshan], YEAR, "normative_documents", "made", known_at=then)
    assert [row.title for row in cell.documents] == ["甲办法"]
    report = annual.report_of(players.dongshan, YEAR, as_of=WRITTEN, known_at=then)
    assert report.table2 == table(players, known_at=then)


@settings(max_examples=settings().max_examples // 4)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(["document", "stock", "figure", "correct", "strike"]), st.integers(0, 40)),
        min_size=4,
        max_size=14,
    )
)
def test_frozen_is_a_recount_at_that_moment(players: Cast, acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        frozen: dict[date, tuple[PublicationTable, dict[tuple[str, str], set[int]]]] = {}
        for n, (what, k) in enumerate(acts):
            on = WRITTEN + timedelta(days=n // 2)
            frozen.pop(on, None)
            try:
                with transaction.atomic():
                    do(players, what, k, on)
            except Refused:
                pass
            frozen[on] = table(players), behind(players)
        for on, (then, rows) in frozen.items():
            assert table(players, known_at=end_of(on)) == then
            assert behind(players, known_at=end_of(on)) == rows
        transaction.set_rollback(True)


def behind(players: Cast, **when: Any) -> dict[tuple[str, str], set[int]]:
    """The rows behind every figure."""
    found = {cell: annual.records_of([players.dongshan], YEAR, *cell, **when) for cell in CELLS}
    return {
        cell: {row.pk for part in (each.documents, each.stocks, each.figures) for row in part}
        for cell, each in found.items()
    }


def do(players: Cast, what: str, k: int, on: date) -> None:
    by: dict[str, Any] = {"by": players.wang, "at": moment(on, 12)}
    if what in {"correct", "strike"}:
        registers = (Register.DOCUMENTS, Register.STOCKS, Register.FIGURES)
        standing = [row for register in registers for row in ENTRIES[register].objects.counting().order_by("pk")]
        if not standing:
            return
        row = standing[k % len(standing)]
        if what == "strike":
            verbs.strike(row, reason="误登", **by)
        else:
            column = {Register.DOCUMENTS: "made_on", Register.STOCKS: "number", Register.FIGURES: "amount"}[
                row.register
            ]
            value = date(2022, 7, 1) + timedelta(days=20 * k) if column == "made_on" else k
            verbs.correct(row, row.facts | {column: value}, reason="更正", **by)
        return
    facts: dict[str, dict[str, Any]] = {
        "document": {
            "kind": "normative_documents",
            "title": f"办法{k}",
            "made_on": date(2022, 1, 1) + timedelta(30 * k),
        },
        "stock": {"kind": "normative_documents", "year": 2021 + k % 3, "number": k, "source": "清理"},
        "figure": {"item": "permits", "year": YEAR, "month": k % 13 or None, "amount": k, "source": "统计表"},
    }
    kinds = {"document": Register.DOCUMENTS, "stock": Register.STOCKS, "figure": Register.FIGURES}
    verbs.record(players.dongshan, kinds[what], facts[what], **by)
