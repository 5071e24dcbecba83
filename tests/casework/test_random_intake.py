"""Random splits, corrections, closings, disputes, ledgers and year ends keep every case counted once (law.md 7)."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.annual import cases_of_cell, disputes_of, disputes_of_cell, matrix_of
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, NEW, RESULT_KEYS, ROWS, TOTAL, Matrix, sum_of, year_link
from casework.law.report import DISPUTE_RESULTS, DISPUTE_TOTAL
from casework.models import Case
from tests.casework.office import ACTS, KINDS, YEARS, Office
from tests.cast import Cast

pytestmark = pytest.mark.django_db

lives = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30), st.integers(0, 40)), min_size=6, max_size=16)


def check_tables(office: Office) -> None:
    """R1 to R5 in every column, and every case in once and out once."""
    agencies = [office.players.dongshan, office.players.civil]
    came_in: Counter[str] = Counter()
    before = Matrix.empty(YEARS[0] - 1)
    for year in YEARS:
        table = matrix_of(agencies, year)
        assert all(check.holds for check in [*table.checks(), *year_link(before, table)])
        before = table
        for kind in KINDS:
            new, carried_in = table.figure(NEW, kind), table.figure(CARRIED_IN, kind)
            came_in[kind] += new
            # R1, by hand: what came in is closed or carried out.
            results = sum(table.figure(row, kind) for row in RESULT_KEYS)
            assert new + carried_in == results + table.figure(CARRIED_OUT, kind)
    assert +came_in == Counter(Case.objects.applications().values_list("applicant_kind", flat=True))


def check_disputes(office: Office) -> None:
    """Table 四 is what the notebook counts, its rows balance, and every figure opens as many disputes."""
    both = [office.players.dongshan, office.players.civil]
    for year in YEARS:
        whole = disputes_of(both, year)
        assert whole.groups == office.table4(year, *(agency.code for agency in both))
        apart = [disputes_of([agency], year).groups for agency in both]
        assert apart == [office.table4(year, agency.code) for agency in both]
        for group, row in whole.groups.items():
            assert row[DISPUTE_TOTAL] == sum(row[column] or 0 for column in DISPUTE_RESULTS)
            assert row == {column: sum(each[group][column] or 0 for each in apart) for column in row}
            assert {column: disputes_of_cell(both, year, group, column).count() for column in row} == row


def check_places(office: Office) -> None:
    """Every application stands in one row of what came in and in one of what became of it; a linked file in none."""
    for agency in (office.players.dongshan, office.players.civil):
        for year in YEARS:
            rows = {row: list(cases_of_cell([agency], year, row, TOTAL).values_list("pk", flat=True)) for row in ROWS}
            came = Counter(rows[NEW] + rows[CARRIED_IN])
            became = Counter(pk for row in (*RESULT_KEYS, CARRIED_OUT) for pk in rows[row])
            assert came == became
            assert not came or max(came.values()) == 1
            assert not Case.objects.filter(pk__in=came, is_redecision=True).exists()


def check_frozen(office: Office) -> None:
    """What was frozen is what a recount at that moment gives, and agencies sum up to the whole."""
    for moment, tables in office.frozen.items():
        assert office.tables(known_at=moment) == tables
        assert office.disputes(known_at=moment) == office.frozen_disputes[moment]
    apart = office.tables()
    for year in YEARS:
        both = [office.players.dongshan, office.players.civil]
        assert matrix_of(both, year) == sum_of(year, (apart[agency.code, year] for agency in both))
    moment, tables = max(office.frozen.items())
    for agency in (office.players.dongshan, office.players.civil):
        for row in (NEW, CARRIED_IN, TOTAL, CARRIED_OUT):
            cases = cases_of_cell([agency], YEARS[0], row, TOTAL, known_at=moment)
            assert len(cases) == tables[agency.code, YEARS[0]].cell(row, TOTAL)


@settings(max_examples=settings().max_examples // 4)
@given(life=lives)
def test_every_case_is_counted_once_in_every_column_of_every_year(
    players: Cast, life: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        office = Office(players)
        for what, which, days in [("register", 0, 1), *life]:
            if office.act(what, which, days):
                check_tables(office)
                check_disputes(office)
        office.freeze()
        check_places(office)
        assert Case.objects.count() == office.made
        check_frozen(office)
        for case in Case.objects.select_related("agency"):
            assert case.year == case.received_on.year
            assert case.due().due_on == case.due_on
        transaction.set_rollback(True)


def test_the_lives_are_not_all_refusals(players: Cast) -> None:
    """Each act is lawful somewhere, or the test above would prove nothing."""
    office = Office(players)
    office.act("register", 0, 2)  # an ordinary letter, which has to be confirmed
    for what, days in (("confirm", 0), ("correct", 1), ("split", 2)):
        assert office.act(what, 0, days), what
    assert office.act("register", 0, 0)
    last = Case.objects.count() - 1
    assert office.act("link", last, 0)
    assert office.act("withdraw", last, 0)
    assert office.act("transfer", 0, 0)
    assert office.act("ledger", 0, 1)
    assert office.act("year_end", 0, 1)
    for days in (5, 9, 12):  # closed, closed on another day, open after all
        assert office.act("ledger", 0, days)
    assert Case.objects.get(number="L-0").is_open
    assert office.act("redress", 0, 8)
    file = Case.objects.get(is_redecision=True)
    linked = [case.pk for case in Case.objects.order_by("pk")].index(file.pk)
    assert not office.act("split", linked, 1)  # it would make applications that nobody received
    for what, days in (("correct", 4), ("answer", 0), ("redress", 1)):
        assert office.act(what, linked, days), what
    assert Case.objects.filter(is_redecision=True).count() == 2
    assert office.act("dispute", 0, 1)
    last = len(office.book) - 1
    for what, which, days in (("advance", 2, 0), ("put_right", last, 1), ("strike", last, 0), ("advance", 2, 1)):
        assert office.act(what, which, days), what
    assert not office.act("reopen", 0, 0)
    check_tables(office)
    check_disputes(office)
    check_places(office)
    check_frozen(office)
    assert len({str(tables) for tables in office.frozen.values()}) > 1
