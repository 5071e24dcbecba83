"""Pages of the annual report over a whole region and ten years, at the server: each under 400 ms.

The floor of a page is the statement by hand that gives its figures or its cases.
"""

from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection
from django.test import Client

from casework import annual
from casework.models import Agency, Case, Staff

from .build import AGENCIES, YEAR
from .matrix import BY_HAND
from .measure import Result, within

LONGEST: Final = 400.0


def run(district: Agency) -> Iterator[Result]:
    """The table of a year, of the agency and of the region, its largest cell, and today's page."""
    client = Client()
    client.force_login(Staff.objects.get(username="bench-region"))
    clerk = Client()
    clerk.force_login(Staff.objects.get(username=f"{district.code}-clerk"))
    table = f"/desk/annual/{district.code}/{YEAR}/"
    agencies = annual.agencies_of(district, region=True)
    note = f"{agencies.count()} of {AGENCIES} agencies, {Case.objects.count()} cases"
    pages: list[tuple[str, Client, str, Callable[[], object]]] = [
        ("annual table of an agency", client, table, lambda: _by_hand([district])),
        ("annual table of the region", client, f"{table}?region=1", lambda: _by_hand(list(agencies))),
        ("cases of a cell", client, f"{table}total/total/", lambda: _of_cell(district)),
        ("cases of a cell of the region", client, f"{table}total/total/?region=1", lambda: _of_cell(district)),
        ("today's page", clerk, "/desk/today/", lambda: _of_today(district)),
    ]
    for name, browser, address, floor in pages:
        yield within(LONGEST, f"{name}: page", connection.vendor, _read(browser, address), floor, note=note)


def _read(client: Client, address: str) -> Callable[[], object]:
    def read() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return read


def _by_hand(agencies: list[Agency]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND.format(agencies=", ".join(str(agency.pk) for agency in agencies)))
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def _of_cell(district: Agency) -> list[tuple[object, ...]]:
    """The first fifty cases that were closed in the year."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, received_on, closed_on, outcome FROM casework_case WHERE agency_id = %s "
            f"AND closed_on BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31' ORDER BY received_on, id LIMIT 50",
            [district.pk],
        )
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def _of_today(district: Agency) -> list[tuple[object, ...]]:
    """The first fifty open cases by their day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, number, due_on FROM casework_case WHERE agency_id = %s AND closed_on IS NULL "
            "ORDER BY due_on, id LIMIT 50",
            [district.pk],
        )
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows
