"""The annual table out of the cases: each figure is the number of the cases in its cell."""

import io
import json
import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from casework import annual
from casework.law.matrix import COLUMNS, ROWS, TOTAL, Matrix
from casework.law.outcomes import ApplicantKind, Outcome
from casework.law.refusals import Refused
from casework.models import Agency, Case
from tests.cast import Cast, cast
from tests.law.matrix_oracle import History, count
from tests.ledgers import as_csv, row, table, take_in

pytestmark = pytest.mark.django_db
YEARS = (2023, 2024, 2025, 2026)


def some_histories(seed: int, number: int) -> list[History]:
    """Cases of four years, many of them near a year's first and last day."""
    dice = random.Random(seed)
    histories = []
    for _ in range(number):
        year = dice.choice(YEARS[:-1])
        received = date(year, 1, 1) + timedelta(days=dice.choice([0, 1, 200, 363, 364, dice.randrange(365)]))
        closed = received + timedelta(days=dice.choice([0, 1, 20, 40, 300])) if dice.random() < 0.8 else None
        outcome = dice.choice(list(Outcome)) if closed else None
        histories.append(History(dice.choice(list(ApplicantKind)), received, closed, outcome))
    return histories


def imported(histories: list[History], folder: Path, agency: Agency) -> None:
    """The cases arrive as an office's ledger."""
    rows = [
        row(
            number=f"{agency.pk}-{at}",
            received_on=case.received_on.isoformat(),
            applicant_kind=case.kind.value,
            identity_number="",
            outcome=case.outcome.value if case.outcome else "",
            closed_on=case.closed_on.isoformat() if case.closed_on else "",
            document_number="",
        )
        for at, case in enumerate(histories)
    ]
    printed = take_in(as_csv(table(rows)), folder, agency=agency.code)
    assert Case.objects.filter(agency=agency).count() == len(histories), printed


@pytest.fixture
def players() -> Cast:
    return cast()


@pytest.fixture
def filled(players: Cast, tmp_path: Path) -> tuple[Cast, list[History], list[History]]:
    own, below = some_histories(1, 90), some_histories(2, 60)
    imported(own, tmp_path, players.dongshan)
    imported(below, tmp_path, players.civil)
    imported(some_histories(3, 20), tmp_path, players.elsewhere)
    return players, own, below


Filled = tuple[Cast, list[History], list[History]]


def by_oracle(histories: list[History], year: int) -> Matrix:
    return Matrix.from_cells(year, lambda r, c: count(histories, year, r, c))


def test_the_table_equals_the_oracle_in_every_cell_of_every_year(filled: Filled) -> None:
    players, own, below = filled
    for year in YEARS:
        alone = annual.matrix_of(annual.agencies_of(players.dongshan, region=False), year)
        region = annual.matrix_of(annual.agencies_of(players.dongshan, region=True), year)
        assert by_oracle(own, year).differences(alone) == []
        assert by_oracle(own + below, year).differences(region) == []
        assert all(check.holds for check in region.checks())


def test_every_figure_is_the_number_of_the_cases_that_it_opens(filled: Filled) -> None:
    players, _, _ = filled
    agencies = list(annual.agencies_of(players.dongshan, region=True))
    for year in (2024, 2025):
        matrix = annual.matrix_of(agencies, year)
        for shown in ROWS:
            for column in COLUMNS:
                cases = annual.cases_of_cell(agencies, year, shown, column)
                assert cases.count() == matrix.cell(shown, column), (year, shown, column)


def test_every_case_names_the_cells_that_hold_it(filled: Filled) -> None:
    players, _, _ = filled
    agencies = [players.dongshan]
    for year in YEARS:
        cells = {
            (shown, column): set(annual.cases_of_cell(agencies, year, shown, column).values_list("pk", flat=True))
            for shown in ROWS
            for column in COLUMNS
        }
        for case in Case.objects.filter(agency=players.dongshan):
            standing = annual.standing_of(case, year)
            named = (
                {(shown, column) for shown in standing.rows for column in (standing.column, TOTAL)}
                if standing
                else set()
            )
            assert named == {cell for cell, keys in cells.items() if case.pk in keys}


@pytest.mark.parametrize("as_of", [date(2024, 1, 1), date(2024, 6, 30), date(2024, 12, 30), date(2025, 3, 1)])
def test_the_table_as_it_stood_on_an_earlier_day(filled: Filled, as_of: date) -> None:
    players, own, _ = filled
    then = [
        History(case.kind, case.received_on) if case.closed_on and case.closed_on > as_of else case
        for case in own
        if case.received_on <= as_of
    ]
    found = annual.matrix_of([players.dongshan], 2024, as_of=as_of)
    assert by_oracle(then, 2024).differences(found) == []


def test_the_table_takes_one_query_over_the_cases(
    filled: Filled, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    players, _, _ = filled
    with django_assert_num_queries(2):  # the agencies, the cases
        annual.matrix_of(annual.agencies_of(players.dongshan, region=True), 2024)
    with django_assert_num_queries(1):
        annual.matrix_of([players.dongshan], 2024)


def test_the_years_of_a_case_run_from_receipt_to_its_end(players: Cast, tmp_path: Path) -> None:
    over_the_turn = History(ApplicantKind.RESEARCH, date(2023, 12, 30), date(2025, 1, 2), Outcome.PARTIAL)
    imported([over_the_turn], tmp_path, players.dongshan)
    standings = annual.years_of_case(Case.objects.get(), until=2026)
    assert [(standing.year, standing.way_in, standing.way_out) for standing in standings] == [
        (2023, "new", "carried_out"),
        (2024, "carried_in", "carried_out"),
        (2025, "carried_in", "partial"),
    ]
    assert standings[0].rows == ("new", "carried_out")
    assert standings[2].rows == ("carried_in", "partial", "total")
    assert annual.years_of([players.dongshan], until=2026) == [2026, 2025, 2024, 2023]
    assert annual.years_of([players.civil], until=2026) == [2026]


def test_a_cell_that_the_form_does_not_have_is_refused(players: Cast) -> None:
    with pytest.raises(Refused):
        annual.cases_of_cell([players.dongshan], 2024, "refused_9", TOTAL)
    with pytest.raises(Refused):
        annual.cases_of_cell([players.dongshan], 2024, "new", "person")


@pytest.mark.parametrize("name", ["huaian-2024", "shuyang-2025"])
def test_a_report_derived_and_one_published_compare_as_one_form(name: str, players: Cast) -> None:
    published = json.loads((Path(__file__).parents[1] / "examples" / f"{name}.json").read_text())
    derived = annual.report_of(players.elsewhere, published["year"]).as_dict()
    table3: Any = derived["table3"]
    assert list(table3["rows"]) == list(published["table3"]["rows"])
    assert table3["columns"] == published["table3"]["columns"]


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def reported(*arguments: str) -> str:
    printed = io.StringIO()
    call_command("annual_report", *arguments, stdout=printed)
    return printed.getvalue()


def test_the_command_prints_the_table_as_json(filled: Filled) -> None:
    _, own, below = filled
    report = json.loads(reported("2024", "--agency", "230406"))
    assert report["agency"] == {"code": "230406", "name": "东山区人民政府办公室"}
    assert report["format"] == "gongkai.annual-report/1"
    assert report["table3"] == by_oracle(own, 2024).as_dict()
    assert all(check["holds"] for check in report["checks"])
    region = json.loads(reported("2024", "--agency", "230406", "--region"))
    assert region["table3"] == by_oracle(own + below, 2024).as_dict()


def test_the_command_prints_the_table_of_an_earlier_day(filled: Filled) -> None:
    players, _, _ = filled
    day = date(2024, 6, 30)
    found = json.loads(reported("2024", "--agency", "230406", "--as-of", "2024-06-30"))
    assert found["table3"] == annual.matrix_of([players.dongshan], 2024, as_of=day).as_dict()
    recorded = json.loads(reported("2024", "--agency", "230406", "--as-of", "2024-06-30", "--recorded"))
    assert recorded["table3"] == Matrix.empty(2024).as_dict()  # the ledger came in later


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_the_command_writes_a_file(filled: Filled, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"report.{form}"
    path.write_text("yesterday's")
    reported("2024", "--agency", "230406", "--format", form, "--output", str(path))
    assert "东山区人民政府办公室" in path.read_text()
    assert list(tmp_path.glob(".report-*")) == []


def test_the_command_writes_a_workbook(filled: Filled, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    reported("2024", "--agency", "230406", "--format", "xlsx", "--output", str(path), "--lang", "en")
    assert load_workbook(path).sheetnames == ["Table 2", "Table 3", "Table 4", "Relations"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["2024", "--agency", "999"], "没有代码为“999”的机关"),
        (["2024", "--agency", "999", "--lang", "en"], "no agency with the code “999”"),
        (["9999", "--agency", "230406"], "没有9999年的年度报告：年度应在2008至"),
        (["1999", "--agency", "230406"], "没有1999年"),
        (["-5", "--agency", "230406"], "没有-5年"),
        (["2024", "--agency", "230406", "--format", "odt"], "还不能输出odt"),
        (["2024", "--agency", "230406", "--format", "rtf", "--lang", "en"], "rtf is not available yet"),
        (["2024", "--agency", "230406", "--edition", "1"], "没有第1版"),
        (["2024", "--agency", "230406", "--as-of", "2023-12-31"], "“2023-12-31”不能用：请写2024-01-01至今天的日期"),
        (["2024", "--agency", "230406", "--as-of", "30.6."], "“30.6.”不能用"),
        (["2024", "--agency", "230406", "--output", "/nowhere/at/all.json"], "写不了"),
        (["2024", "--agency", "230406", "--output", "/"], "是目录"),
    ],
)
def test_the_command_refuses_in_a_sentence(players: Cast, arguments: list[str], said: str) -> None:
    year, *options = arguments
    with pytest.raises(CommandError) as refused:
        reported(*options, "--", year)
    assert said in str(refused.value)
