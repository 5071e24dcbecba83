"""A platform above collects: ledger, tables, editions, units; the figures are those of the commands."""

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from casework.law.outcomes import Outcome
from casework.ledger import write
from casework.models import Agency
from tests.api.machine import Machine
from tests.cast import Cast, closed, registered, supplemented
from tests.filing import YEAR, filed, office, year_of_cases


def pages(machine: Machine, path: str, member: str, **query: Any) -> list[dict[str, Any]]:
    """Every row of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = machine.get(path, cursor=cursor, **query).json()
        found += page[member]
        cursor = page["next"]
    return found


def test_the_ledger_is_the_exported_one_without_identity_numbers(machine: Machine, players: Cast) -> None:
    first = registered(players, on=date(2026, 3, 2)).case
    supplemented(players, first, asked=date(2026, 3, 4), answered=date(2026, 3, 9))
    second = registered(players, on=date(2026, 3, 3)).case
    closed(players, second, Outcome.GRANTED, on=date(2026, 3, 20))
    registered(players, on=date(2025, 3, 3))
    rows = pages(machine, "/agencies/230406/ledger", "rows", year=2026, limit=1)
    file = io.BytesIO()
    write(file, "csv", players.dongshan, year=2026, identities=False)
    exported = file.getvalue().decode("utf-8-sig").splitlines()
    assert len(rows) == len(exported) - 1 == 2
    for row, line in zip(rows, exported[1:], strict=True):
        for said in (row["number"], row["received_on"], row["applicant_name"], row["contact"], row["content"]):
            assert said in line
    assert rows[0]["supplement_received_on"] == "2026-03-09"
    assert (rows[1]["outcome"], rows[1]["closed_on"]) == ("granted", "2026-03-20")
    assert "identity_number" not in rows[0]
    assert len(pages(machine, "/agencies/230406/ledger", "rows")) == 3


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2026-03-01", []),
        ("2026-03-02", [(None, None, None, None)]),
        ("2026-03-04", [("2026-03-04", None, None, None)]),
        ("2026-03-09", [("2026-03-04", "2026-03-09", None, None)]),
        ("2026-03-19", [("2026-03-04", "2026-03-09", None, None)]),
        ("2026-03-20", [("2026-03-04", "2026-03-09", "granted", "2026-03-20")]),
    ],
)
def test_the_ledger_as_it_stood_on_a_day(machine: Machine, players: Cast, as_of: str, said: list[Any]) -> None:
    case = registered(players, on=date(2026, 3, 2)).case
    supplemented(players, case, asked=date(2026, 3, 4), answered=date(2026, 3, 9))
    closed(players, case, Outcome.GRANTED, on=date(2026, 3, 20))
    rows = pages(machine, "/agencies/230406/ledger", "rows", as_of=as_of)
    names = ("supplement_requested_on", "supplement_received_on", "outcome", "closed_on")
    assert [tuple(row[name] for name in names) for row in rows] == said
    assert all(bool(row["document_number"]) == bool(row["outcome"]) for row in rows)


@pytest.mark.parametrize("query", [{}, {"as_of": "2025-06-30"}, {"region": "true"}])
def test_the_tables_are_those_of_the_command_to_the_byte(
    machine: Machine, players: Cast, query: dict[str, str]
) -> None:
    year_of_cases(players, closing=True)
    answer = machine.get("/agencies/230406/years/2025/matrix", **query)
    printed = io.StringIO()
    options: dict[str, Any] = {"as_of": query.get("as_of"), "region": "region" in query}
    call_command("annual_report", 2025, agency="230406", form="json", stdout=printed, **options)
    assert answer.content.decode() == printed.getvalue()
    assert answer.json()["format"] == "gongkai.annual-report/1"


@pytest.mark.parametrize(
    ("year", "query", "status"),
    [(2007, {}, 422), (2027, {}, 422), ("x", {}, 422), (10**30, {}, 422), (2025, {"as_of": "2024-12-31"}, 422),
     (2025, {"as_of": "0000-01-01"}, 422), (2025, {"as_of": "9999-12-31"}, 422), (2025, {"region": "maybe"}, 422)],
)  # fmt: skip
def test_a_year_that_is_none(machine: Machine, year: Any, query: dict[str, str], status: int) -> None:
    answer = machine.get(f"/agencies/230406/years/{year}/matrix", **query)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_an_edition_is_collected_as_it_was_signed(machine: Machine, players: Cast) -> None:
    assert machine.get(f"/agencies/230406/years/{YEAR}/report").json()["editions"] == []
    year_of_cases(players)
    edition = filed(office(players))
    listed = machine.get(f"/agencies/230406/years/{YEAR}/report").json()["editions"]
    assert [(row["number"], row["digest"]) for row in listed] == [(1, edition.digest)]
    links = listed[0]["links"]
    assert set(links) == {"json", "html", "xlsx", "docx", "pdf", "md"}
    found: Any = machine.client.get(links["json"], headers=machine.headers)
    assert found.json() == edition.content
    for form, head in (("html", b"<!DOCTYPE html>"), ("xlsx", b"PK"), ("docx", b"PK"), ("md", b"# ")):
        answer: Any = machine.client.get(links[form], headers=machine.headers)
        assert answer.status_code == 200, form
        assert answer.content.startswith(head)
    again: Any = machine.client.get(links["json"], headers=machine.headers | {"If-None-Match": found["ETag"]})
    assert again.status_code == 304
    assert machine.get(f"/agencies/230406/years/{YEAR}/report/2.json").status_code == 404
    assert machine.get(f"/agencies/230406/years/{YEAR}/report/1.exe").status_code == 422


def test_who_in_the_region_has_filed(machine: Machine, players: Cast) -> None:
    year_of_cases(players)
    edition = filed(office(players))
    for place in range(3):
        Agency.objects.create(code=f"230406-{place}", name=f"第{place}街道", parent=players.dongshan)
    units = pages(machine, f"/agencies/230406/years/{YEAR}/units", "units", limit=2)
    assert [unit["agency"]["code"] for unit in units] == ["230406", "230406-0", "230406-1", "230406-2", "230406-MZ"]
    assert [unit["source"] for unit in units] == ["filed", *["records"] * 4]
    assert units[0]["digest"] == edition.digest
    assert units[0]["totals"]["new"] == edition.content["table3"]["rows"]["new"][-1]
    followed: Any = machine.client.get(units[0]["report"], headers=machine.headers)
    assert followed.json() == edition.content


def test_working_days_are_those_of_the_agencys_calendar(machine: Machine, players: Cast) -> None:
    said = machine.get("/calendar", **{"from": "2026-09-28", "until": "2026-10-11"}).json()
    calendar = players.dongshan.calendar
    days = [date(2026, 9, 28) + timedelta(days=after) for after in range(14)]
    assert [(row["on"], row["working"]) for row in said["days"]] == [
        (day.isoformat(), calendar.is_workday(day)) for day in days
    ]
    assert said["working_days"] == sum(map(calendar.is_workday, days))
    assert any(row["name"] == "国庆节" for row in said["days"])


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-10-02", "2026-10-01"), ("2020-01-01", "2021-12-31"), ("0001-01-01", "0001-01-02"),
     ("9999-12-30", "9999-12-31"), ("x", "2026-10-01"), ("2026-02-30", "2026-03-01"), ("", "")],
)  # fmt: skip
def test_a_range_that_is_none(machine: Machine, first: str, last: str) -> None:
    assert machine.get("/calendar", **{"from": first, "until": last}).status_code == 422


CLOCK: dict[str, Any] = {
    "format": "gongkai.clock/1",
    "receipt": {"channel": "signed_mail", "on": "2025-09-08"},
    "events": [
        {"kind": "supplement_requested", "on": "2025-09-12"},
        {"kind": "supplement_received", "on": "2025-10-09"},
        {"kind": "extended", "on": "2025-10-20", "working_days": 10},
    ],
}


@pytest.mark.parametrize("document", [CLOCK, [CLOCK, {"format": "?"}, CLOCK]])
def test_a_period_is_the_one_of_the_command(machine: Machine, document: Any, tmp_path: Any) -> None:
    file = tmp_path / "clock.json"
    file.write_text(json.dumps(document))
    printed = io.StringIO()
    call_command("clock", str(file), stdout=printed)
    assert machine.post("/clock", document, key="").json() == json.loads(printed.getvalue())


def test_what_the_law_does_not_allow_is_refused_with_its_article(machine: Machine) -> None:
    again = {"kind": "supplement_requested", "on": "2025-10-13"}
    twice = CLOCK | {"events": [*CLOCK["events"][:2], again]}
    answer = machine.post("/clock", twice)
    assert (answer.status_code, answer.json()["law"]) == (422, "条例 30")
    assert machine.post("/clock", [CLOCK] * 101).status_code == 422
    assert machine.post("/clock", []).status_code == 422


def test_another_period(machine: Machine) -> None:
    answer = machine.get("/periods/suit_6m", **{"from": "2026-01-15"}).json()
    printed = io.StringIO()
    call_command("clock", period="suit_6m", start="2026-01-15", stdout=printed)
    assert answer == json.loads(printed.getvalue())
    assert machine.get("/periods/forever", **{"from": "2026-01-15"}).status_code == 422
