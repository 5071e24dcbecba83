# ruff: noqa: F811 - fixtures of another module are asked for by their names
"""Public figures of a year: the same as the records and as the filed report, and small numbers are not in them."""

import csv
import io
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casework import annual
from casework.annual import openfigures, openfiles, openpictures
from casework.annual.openfigures import OpenFigures, open_figures
from casework.law.matrix import NEW, TOTAL
from casework.law.outcomes import OUTCOMES, Outcome
from casework.models import Agency, Case
from tests.casework.test_statistics import Life, lived, players  # noqa: F401 - fixtures
from tests.cast import Cast
from tests.filing import filed, office, year_of_cases

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 18)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "formats"


def shown(agency: Agency, year: int, *, region: bool = False, on: date = ON) -> OpenFigures:
    found = open_figures(agency, year, region=region, on=on)
    assert found is not None
    return found


def numbers(value: Any) -> list[int]:
    """Every number of applications in what is published as JSON."""
    content = json.loads(openfiles.as_json(value))
    found = [each["number"] for part in ("received", "closed") for each in content[part]["by_month"]]
    found += [each["number"] for each in content["closed"]["by_class"]]
    return found + [content[part]["total"] for part in ("received", "closed") if content[part]["total"] is not None]


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_a_year_from_the_records_is_that_of_the_matrix_and_nothing_small_is_in_it(
    players: Cast, lived: list[Life], year: int
) -> None:
    found = shown(players.dongshan, year)
    table = annual.matrix_of([players.dongshan], year)
    assert found.complete
    assert (found.received, found.closed) == (table.figure(NEW, TOTAL), table.figure(TOTAL, TOTAL))
    assert sum(each.number for each in found.classes) == found.closed
    for each in found.classes:
        codes = [code for code in Outcome if OUTCOMES[code].group in each.groups]
        assert each.number == sum(table.figure(code.value, TOTAL) for code in codes)
    assert min(numbers(found)) >= found.threshold
    assert found.codes == {}


def test_months_are_sums_of_the_records(players: Cast, lived: list[Life]) -> None:
    top = Agency.objects.get(code="230406")
    found = shown(top, 2023, region=True)
    received = Case.objects.filter(agency__path__startswith=top.path, year=2023)
    months = Counter(received.values_list("received_on__month", flat=True))
    assert found.received_months
    for each in found.received_months:
        assert each.number == sum(months[month] for month in range(each.first, each.last + 1))
    assert sum(each.number for each in found.received_months) == sum(months.values())


def test_each_agency_is_in_one_series_and_the_region_shows_their_sums(players: Cast, lived: list[Life]) -> None:
    top = Agency.objects.get(code="230406")
    series = openfigures.all_series(top, 2024)
    assert sorted(pk for each in series for pk in each) == sorted(
        Agency.objects.within(top).values_list("pk", flat=True)
    )
    alone = [unit for unit in Agency.objects.within(top) if frozenset({unit.pk}) in series]
    region = shown(top, 2024, region=True)
    if len(alone) == len(series):
        pages = [shown(unit, 2024) for unit in alone]
        for each in region.received_months:
            stretches = [one for page in pages for one in page.received_months]
            assert each.number == sum(one.number for one in stretches if each.first <= one.first <= each.last)
    for unit in Agency.objects.within(top):
        page = shown(unit, 2024)
        assert page.pooled == (unit not in alone)
        assert not (page.pooled and (page.received_months or page.closed_months))


def test_of_the_running_year_only_months_that_are_over_count(players: Cast, lived: list[Life]) -> None:
    assert open_figures(players.dongshan, 2024, region=False, on=date(2024, 1, 31)) is None
    assert open_figures(players.dongshan, 2025, region=False, on=date(2024, 6, 1)) is None
    found = shown(players.dongshan, 2024, on=date(2024, 7, 20))
    assert (found.as_of, found.complete) == (date(2024, 6, 30), False)
    assert (found.received, found.closed, found.classes) == (None, None, ())
    assert (found.on_time, found.median_days) == (None, None)
    assert all(each.last < 7 for each in (*found.received_months, *found.closed_months))
    year = shown(players.dongshan, 2024)
    assert year.received_months[: len(found.received_months)] == found.received_months


def test_a_small_office_shows_nothing_and_says_so(players: Cast, lived: list[Life]) -> None:
    found = shown(players.elsewhere, 2024)
    assert found.is_empty
    assert numbers(found) == []
    assert openpictures.pictures_of(found, []) == []


def test_what_was_filed_stands_as_it_was_filed_however_small(players: Cast) -> None:
    year_of_cases(players, closing=True)
    edition = filed(office(players))
    found = shown(players.dongshan, 2025)
    assert found.edition == edition
    assert (found.received, found.closed) == (2, 2)
    assert [each.number for each in found.classes] == [1, 0, 1, 0, 0, 0]
    assert found.reasons == [(Outcome.REFUSED_5, 1)]
    assert found.received_months == ()
    assert found.on_time is None
    assert openfigures.filed_years(players.dongshan, region=False) == [openfigures.YearTotal(2025, 2, 2)]
    Draft202012Validator(json.loads((DOCS / "statistics.schema.json").read_text())).validate(
        json.loads(openfiles.as_json(found))
    )


def test_a_few_late_cases_are_not_told_from_none() -> None:
    few, many = openfigures.share(100, 0, hidden=4), openfigures.share(100, 7, hidden=0)
    assert (str(few.percent), few.at_least) == ("96.0", True)
    assert (str(many.percent), many.at_least) == ("93.0", False)
    assert str(openfigures.share(3, 0, hidden=4).percent) == "0.0"
    assert str(openfigures.share(1000, 1, hidden=0).percent) == "99.9"


def test_json_and_csv_say_the_same_in_the_published_form(players: Cast, lived: list[Life]) -> None:
    schema = json.loads((DOCS / "statistics.schema.json").read_text(encoding="utf-8"))
    described = (DOCS / "statistics.md").read_text(encoding="utf-8")
    for agency, region in ((players.dongshan, False), (players.dongshan, True), (players.elsewhere, False)):
        found = shown(agency, 2023, region=region)
        content = json.loads(openfiles.as_json(found))
        Draft202012Validator(schema).validate(content)
        lines = list(csv.DictReader(io.StringIO(openfiles.as_csv(found).removeprefix("\ufeff"))))
        assert {line["measure"] for line in lines} <= {each.key for each in openfiles.MEASURES}
        totals = {line["measure"]: int(line["value"]) for line in lines if line["measure"] in ("received", "closed")}
        assert totals == {
            part: content[part]["total"] for part in ("received", "closed") if content[part]["total"] is not None
        }
        by_month = [line for line in lines if line["measure"] == "received_by_month"]
        months = [(int(line["first_month"]), int(line["value"])) for line in by_month]
        assert months == [(each["first"], each["number"]) for each in content["received"]["by_month"]]
    for each in openfiles.MEASURES:
        assert f"`{each.key}`" in described
    for column in openfiles.COLUMNS:
        assert f"`{column}`" in described
