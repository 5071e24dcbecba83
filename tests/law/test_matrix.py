"""Table 三: every case in exactly one result or carried over, and the relations of the form."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.law.matrix import (
    CARRIED_IN,
    CARRIED_OUT,
    COLUMNS,
    NEW,
    RELATIONS,
    RESULT_KEYS,
    ROWS,
    TOTAL,
    Check,
    Matrix,
    Relation,
    Scope,
    group_heads,
    place,
    row_name,
    scope,
    sum_of,
    year_link,
)
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.report import DISPUTE_COLUMNS, DISPUTES, DisputeTable, PublicationTable, Report, stock_link

from .matrix_oracle import History, count

EXAMPLES = Path(__file__).parents[1] / "examples"
YEARS = range(2021, 2026)


@st.composite
def histories(draw: st.DrawFn) -> History:
    kind = draw(st.sampled_from(ApplicantKind))
    received_on = draw(st.dates(date(2021, 1, 1), date(2025, 12, 31)))
    if not draw(st.booleans()):
        return History(kind, received_on)
    after = draw(st.integers(0, 500))
    return History(kind, received_on, received_on + timedelta(days=after), draw(st.sampled_from(Outcome)))


def example(name: str) -> tuple[Matrix, DisputeTable]:
    report = json.loads((EXAMPLES / f"{name}.json").read_text())
    return Matrix.from_dict(report["year"], report["table3"]), DisputeTable(report["table4"])


def failing(checks: list[Check]) -> set[tuple[str, str | None]]:
    return {(check.relation.value, check.column or check.row) for check in checks if not check.holds}


def with_cell(matrix: Matrix, row: str, column: str, figure: int | None) -> Matrix:
    return Matrix.from_cells(matrix.year, lambda r, c: figure if (r, c) == (row, column) else matrix.cell(r, c))


@given(st.lists(histories(), max_size=40), st.sampled_from(YEARS))
def test_every_cell_equals_the_oracle(cases: list[History], year: int) -> None:
    matrix = Matrix.from_facts(year, cases)
    for row in ROWS:
        for column in COLUMNS:
            assert matrix.cell(row, column) == count(cases, year, row, column), (row, column)


@given(st.lists(histories(), max_size=40), st.sampled_from(YEARS))
def test_a_derived_table_keeps_every_relation(cases: list[History], year: int) -> None:
    assert failing(Matrix.from_facts(year, cases).checks()) == set()


@given(st.lists(histories(), max_size=40))
def test_each_year_takes_in_what_the_year_before_carried_out(cases: list[History]) -> None:
    tables = [Matrix.from_facts(year, cases) for year in YEARS]
    for previous, this in pairwise(tables):
        assert failing(year_link(previous, this)) == set()


@given(st.lists(st.tuples(st.sampled_from("abc"), histories()), max_size=40), st.sampled_from(YEARS))
def test_the_sum_over_agencies_is_the_whole(cases: list[tuple[str, History]], year: int) -> None:
    parts = [Matrix.from_facts(year, [case for agency, case in cases if agency == unit]) for unit in "abc"]
    assert sum_of(year, parts) == Matrix.from_facts(year, [case for _, case in cases])


@given(histories(), st.sampled_from(YEARS))
def test_a_case_comes_in_once_and_goes_out_once(case: History, year: int) -> None:
    matrix = Matrix.from_facts(year, [case])
    ways_in = sum(matrix.figure(row, TOTAL) for row in (NEW, CARRIED_IN))
    ways_out = sum(matrix.figure(row, TOTAL) for row in (*RESULT_KEYS, CARRIED_OUT))
    assert ways_in == ways_out == (1 if scope(year, case.received_on, case.closed_on) else 0)


@given(st.lists(histories(), max_size=30), st.dates(date(2023, 1, 1), date(2023, 12, 31)))
def test_the_relations_hold_on_any_day_of_the_year(cases: list[History], until: date) -> None:
    matrix = Matrix.from_facts(2023, cases, until=until)
    assert failing(matrix.checks()) == set()
    known = [case for case in cases if case.received_on <= until]
    reopened = [
        replace(case, closed_on=None, outcome=None) if case.closed_on and case.closed_on > until else case
        for case in known
    ]
    assert matrix == Matrix.from_facts(2023, reopened)


@pytest.mark.parametrize(
    ("received", "closed", "expected"),
    [
        ("2023-01-01", None, Scope(carried_in=False, closed=False)),
        ("2023-12-31", "2023-12-31", Scope(carried_in=False, closed=True)),
        ("2022-12-31", "2023-01-01", Scope(carried_in=True, closed=True)),
        ("2022-12-31", "2022-12-31", None),
        ("2023-12-31", "2024-01-02", Scope(carried_in=False, closed=False)),
        ("2024-01-01", None, None),
        ("2019-05-15", None, Scope(carried_in=True, closed=False)),
    ],
)
def test_the_dates_that_decide_the_year(received: str, closed: str | None, expected: Scope | None) -> None:
    closed_on = date.fromisoformat(closed) if closed else None
    assert scope(2023, date.fromisoformat(received), closed_on) == expected


def test_one_rule_places_a_case_in_two_rows() -> None:
    assert place(carried_in=False, outcome=None) == (NEW, CARRIED_OUT)
    assert place(carried_in=True, outcome=Outcome.REFUSED_5) == (CARRIED_IN, "refused_5")


def test_the_form_has_25_rows_and_7_columns_in_printed_order() -> None:
    assert len(ROWS) == 25
    assert list(ROWS)[:3] == ["new", "carried_in", "granted"]
    assert list(ROWS)[-3:] == ["other_3", "total", "carried_out"]
    assert list(COLUMNS) == json.loads((EXAMPLES / "shuyang-2025.json").read_text())["table3"]["columns"]
    assert [row for _, rows in group_heads() for row in rows] == list(RESULT_KEYS)
    assert [len(rows) for _, rows in group_heads()] == [1, 1, 8, 3, 5, 3]
    assert row_name("refused_5").zh.startswith("三(三)5 ")
    assert row_name("refused_5").en.startswith("3(3)5 ")


@pytest.mark.parametrize("name", ["huaian-2024", "shuyang-2025"])
def test_a_real_table_keeps_every_relation_and_survives_the_round_trip(name: str) -> None:
    matrix, disputes = example(name)
    assert failing([*matrix.checks(), *disputes.checks()]) == set()
    assert Matrix.from_dict(matrix.year, json.loads(json.dumps(matrix.as_dict()))) == matrix


@pytest.mark.parametrize("name", ["huaian-2024", "shuyang-2025"])
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("row", ROWS)
def test_one_wrong_cell_is_found_by_the_relations_that_cover_it(name: str, row: str, column: str) -> None:
    matrix, _ = example(name)
    found = failing(with_cell(matrix, row, column, matrix.figure(row, column) + 1).checks())
    sums = {
        NEW: {("R1", column)},
        CARRIED_IN: {("R1", column)},
        CARRIED_OUT: {("R1", column)},
        TOTAL: {("R1", column), ("R2", column)},
    }.get(row, {("R2", column)})
    assert found == {("R3", row)} | sums


@pytest.mark.parametrize("name", ["huaian-2024", "shuyang-2025"])
@pytest.mark.parametrize("group", DISPUTES)
@pytest.mark.parametrize("result", DISPUTE_COLUMNS)
def test_one_wrong_figure_of_table_4_is_found_in_its_group(name: str, group: str, result: str) -> None:
    """law.md 7.5: the table has no other relation, so T4 is the one that covers its fifteen figures."""
    _, disputes = example(name)
    wrong = {key: dict(figures) for key, figures in disputes.groups.items()}
    wrong[group][result] = (wrong[group][result] or 0) + 1
    assert failing(DisputeTable(wrong).checks()) == {("T4", group)}


@pytest.mark.parametrize("figure", [None, -1])
def test_a_blank_or_negative_cell_breaks_r4_in_its_column(figure: int | None) -> None:
    matrix = with_cell(Matrix.empty(2023), "partial", "business", figure)
    (check,) = [check for check in matrix.checks() if check.relation is Relation.R4 and not check.holds]
    assert (check.column, check.left, check.right) == ("business", 24, 25)
    assert "三(二) 部分公开" in check.sentence.zh
    assert "Granted in part" in check.sentence.en


def test_a_check_says_both_sides_in_both_languages() -> None:
    matrix = with_cell(Matrix.empty(2023), NEW, "research", 2)
    (check,) = [check for check in matrix.checks() if check.relation is Relation.R1 and not check.holds]
    assert "第一项2＋第二项0＝2，第三项（七）0＋第四项0＝0，2≠0" in check.sentence.zh
    assert "2 ≠ 0" in check.sentence.en
    assert check.as_dict() == {"relation": "R1", "column": "research", "holds": False, "left": 2, "right": 0}
    assert set(RELATIONS) == set(Relation)


def test_the_year_link_names_the_column_that_broke() -> None:
    previous, _ = example("huaian-2024")
    this = Matrix.from_groups(2025, [(ApplicantKind.NATURAL_PERSON, True, None, 77)])
    checks = year_link(previous, this)
    assert {(check.column, check.left, check.right) for check in checks if not check.holds} == {
        ("natural_person", 77, 103),
        ("total", 77, 103),
    }


def test_tables_of_different_years_are_not_summed() -> None:
    with pytest.raises(ValueError, match="2023"):
        Matrix.empty(2023) + Matrix.empty(2024)


def test_a_blank_stays_blank_in_a_sum() -> None:
    blank = with_cell(Matrix.empty(2023), NEW, "total", None)
    assert (blank + Matrix.empty(2023)).cell(NEW, "total") is None


def test_two_tables_are_compared_cell_by_cell() -> None:
    left = Matrix.empty(2023)
    (difference,) = left.differences(with_cell(left, "other_3", "other", 4))
    assert (difference.row, difference.column, difference.left, difference.right) == ("other_3", "other", 0, 4)
    assert left.differences(left) == []


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"columns": list(COLUMNS), "rows": {}},
        {"columns": ["total"], "rows": Matrix.empty(1).as_dict()["rows"]},
        {"columns": list(COLUMNS), "rows": {row: [0] * 6 for row in ROWS}},
        {"columns": list(COLUMNS), "rows": dict.fromkeys(ROWS, "0000000")},
        {"columns": list(COLUMNS), "rows": dict.fromkeys(ROWS, [True] * 7)},
    ],
)
def test_a_table_that_we_would_not_write_is_not_taken_back(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="table"):
        Matrix.from_dict(2023, table)


def test_each_dispute_total_is_the_sum_of_its_four() -> None:
    _, disputes = example("huaian-2024")
    for group in DISPUTES:
        for result in ("upheld", "corrected", "other", "pending", "total"):
            groups = {key: dict(figures) for key, figures in disputes.groups.items()}
            groups[group][result] = (groups[group][result] or 0) + 1
            assert failing(DisputeTable(groups).checks()) == {("T4", group)}


def test_a_blank_in_a_dispute_group_is_a_fault_and_an_absent_group_is_not() -> None:
    blank = DisputeTable({"direct_suit": {"upheld": 0, "corrected": 0, "other": 0, "pending": None, "total": 0}})
    assert failing(blank.checks()) == {("T4", "direct_suit")}
    assert DisputeTable({}).checks() == []


def test_rules_in_force_are_last_years_plus_made_minus_repealed() -> None:
    def table(made: int, repealed: int, in_force: int | None) -> PublicationTable:
        return PublicationTable({"regulations": {"made": made, "repealed": repealed, "in_force": in_force}}, {}, None)

    assert failing(stock_link(table(0, 0, 11), table(1, 2, 10))) == set()
    assert failing(stock_link(table(0, 0, 11), table(1, 2, 11))) == {("T2", "regulations")}
    assert stock_link(table(0, 0, None), table(1, 2, 11)) == []


def test_a_report_leaves_out_the_tables_that_it_lacks() -> None:
    written = Report("230406", "东山区人民政府办公室", 2023, Matrix.empty(2023)).as_dict()
    assert list(written) == ["format", "agency", "year", "table3", "checks"]
    checks = written["checks"]
    assert isinstance(checks, list)
    assert Counter(check["relation"] for check in checks) == {"R1": 7, "R2": 7, "R3": 25, "R4": 7}
