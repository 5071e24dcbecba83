"""The pictures of a year on a page and in the report: who sees them, and that they show the table's own figures."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from lxml import html

from casework import annual
from casework.law.outcomes import Outcome
from casework.models import Role, Staff
from casework.published import read
from tests.cast import Cast, closed, person, registered
from tests.conftest import AS_OF

TODAY = AS_OF.date()
PICTURES = f"/desk/annual/230406/{TODAY.year}/pictures/"


@pytest.fixture
def year(players: Cast) -> None:
    """Two came in and one of them was refused; the department below has one of its own."""
    cases = [registered(players, on=TODAY).case for _ in range(2)]
    closed(players, cases[0], Outcome.REFUSED_6, on=TODAY)
    players.wang.appointments.create(agency=players.civil, role=Role.CLERK)
    players.wang.__dict__.pop("_roles", None)
    registered(players, on=TODAY, agency=players.civil)


@pytest.fixture
def supervisor(players: Cast, at_desk: Callable[[Staff], Client]) -> Client:
    return at_desk(person("long", "龙督", players.dongshan, Role.REGION_SUPERVISOR))


def tables(page: bytes) -> dict[str, list[list[str]]]:
    """Each picture by its title: the lines of its table."""
    parsed: Any = html.fromstring(page.decode())  # lxml's types know every XPath as anything
    return {
        figure.xpath("string(figcaption)"): [
            [cell.text_content().strip() for cell in line] for line in figure.xpath(".//tbody/tr")
        ]
        for figure in parsed.xpath("//figure")
    }


@pytest.mark.usefixtures("year")
def test_the_pictures_show_what_the_table_counts(wang: Client) -> None:
    page = wang.get(PICTURES).content
    found = tables(page)
    assert ["不予公开", "1"] in found["办理结果"]
    assert ["自然人", "2"] in found["申请人类型"]
    assert ["当面", "2"] in found["申请渠道"]
    assert found["各月收到和办结"][TODAY.month - 1][1:] == ["2", "1"]
    assert found["答复用时"][0] == ["0–5", "1", "0"]
    assert found["各月按期答复率"][TODAY.month - 1][1:] == ["100.0%"]
    assert page.decode().count('role="img"') == len(found) == 6
    years = tables(wang.get(PICTURES + "years/").content)
    assert years["历年收到和答复"] == [[str(TODAY.year), "2", "1"]]


@pytest.mark.usefixtures("year")
def test_the_units_of_a_region_stand_beside_each_other_for_those_who_may_see_all(
    wang: Client, li: Client, supervisor: Client
) -> None:
    units = tables(supervisor.get(PICTURES + "units/?region=1").content)["各单位收到"]
    assert units == [["东山区人民政府办公室", "2", "1", "0"], ["东山区民政局", "1", "0", "0"]]
    assert supervisor.get(PICTURES + "units/").status_code == 404
    for page in ("", "years/", "units/", "report.docx"):
        assert li.get(f"{PICTURES}{page}?region=1").status_code == 404


def test_a_year_without_cases_says_that_there_is_nothing_to_draw(wang: Client) -> None:
    page = wang.get(PICTURES).content.decode()
    assert "<svg" not in page.partition("<main")[2]
    assert page.count("没有可以画的数字。") == 6


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("form", ["html", "docx"])
def test_the_report_with_its_pictures_is_read_back_as_the_same_table(
    players: Cast, supervisor: Client, form: str
) -> None:
    answer = supervisor.get(f"{PICTURES}report.{form}?region=1")
    assert f'filename="230406-{TODAY.year}-region-pictures.{form}"' in answer.headers["Content-Disposition"]
    (reading,) = read(answer.content, f"report.{form}")
    matrix = annual.matrix_of(annual.agencies_of(players.dongshan, region=True), TODAY.year)
    assert matrix.differences(reading.report().table3) == []
    assert supervisor.get(f"{PICTURES}report.json").status_code == 404


@pytest.mark.usefixtures("year")
def test_the_command_adds_them_where_it_is_asked_to(tmp_path: Path) -> None:
    def printed(*options: str) -> str:
        call_command("annual_report", str(TODAY.year), "--agency", "230406", *options, stdout=(out := io.StringIO()))
        return out.getvalue()

    assert printed("--format", "html", "--region", "--pictures").count("<figure") == 11
    assert "<figure" not in printed("--format", "html", "--region")
    path = tmp_path / "report.pdf"
    printed("--format", "pdf", "--pictures", "--output", str(path))
    assert path.read_bytes().startswith(b"%PDF")
    with pytest.raises(CommandError, match="xlsx里不能附图"):
        printed("--format", "xlsx", "--pictures")


def test_a_year_that_is_over_has_no_pictures_of_the_next(wang: Client) -> None:
    assert wang.get(f"/desk/annual/230406/{date.max.year}/pictures/").status_code == 404
