"""What a county, a city and a province need, by arithmetic from the results and from assumptions that stand here."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Place:
    """Whom an installation serves. ``a_year``: applications; ``staff``: people at the desk on a working day."""

    name: str
    a_year: int
    staff: int


PLACES: Final = (
    Place("county: district office and departments", 2_000, 40),
    Place("city: its counties and departments", 20_000, 400),
    Place("province: all below it", 100_000, 2_000),
)
YEARS: Final = 10
WORKING_DAYS: Final = 250
#: Of a year's mean day, what the busiest hour brings: a campaign on the last day that somebody named.
CROWD: Final = 5.0
#: Pages that one of the staff opens in a busy hour, and an applicant from the first page to the receipt.
PAGES_OF_STAFF: Final = 60
PAGES_OF_AN_APPLICANT: Final = 12
#: No more of the processors is planned for: the rest is for backups, sums and what nobody planned.
BUSY: Final = 0.5
#: Records that are laid on file and given to the applicant, a case; no bench can measure what offices scan.
FILES_MB: Final = 4.0
#: Copies: the data, and two backups beside it.
COPIES: Final = 3
_MB: Final = 1_000_000
_GB: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Costs:
    """What the results say, each at the largest size that has it."""

    submission_ms: float
    page_ms: float
    worker_mb: float
    database_bytes: float
    files_bytes: float

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Costs":
        by_key = {row["key"]: row["product"] for row in found["results"]}  # later rows are of larger tables
        return cls(
            by_key["cpu product"],
            max(by_key["queue"], by_key["case page"]),
            by_key["memory worker"],
            by_key["bytes lived"],
            by_key["bytes files"],
        )


@dataclass(frozen=True, slots=True)
class Need:
    """What one place needs. ``busy``: processors that the busiest hour keeps at work."""

    an_hour: float
    busy: float
    cores: int
    workers: int
    memory_gb: float
    database_gb: float
    disk_gb: float


def need(place: Place, costs: Costs) -> Need:
    """By the busiest hour and ten years of files."""
    an_hour = place.a_year / WORKING_DAYS * CROWD
    milliseconds = an_hour * (costs.submission_ms + PAGES_OF_AN_APPLICANT * costs.page_ms)
    milliseconds += place.staff * PAGES_OF_STAFF * costs.page_ms
    busy = milliseconds / 3_600_000
    cores = max(2, math.ceil(busy / BUSY))
    workers = 2 * cores
    cases = place.a_year * YEARS
    database = cases * costs.database_bytes
    # The web's and Celery's processes, and a quarter of the database in its server's memory; 2 GB for the system.
    memory = 2 + (workers + 4) * costs.worker_mb * _MB / _GB + max(1.0, database / 4 / _GB)
    disk = COPIES * (database + cases * (costs.files_bytes + FILES_MB * _MB)) / _GB
    return Need(an_hour, busy, cores, workers, memory, database / _GB, disk)


def lines(found: Mapping[str, Any]) -> list[list[str]]:
    """The table, a place a column."""
    costs = Costs.of(found)
    needed = [need(place, costs) for place in PLACES]
    rows: list[tuple[str, list[str]]] = [
        ("applications a year (assumed)", [f"{place.a_year:,}" for place in PLACES]),
        ("people at the desk (assumed)", [f"{place.staff:,}" for place in PLACES]),
        ("applications in the busiest hour", [f"{each.an_hour:,.0f}" for each in needed]),
        ("processors at work in that hour", [f"{each.busy:.2f}" for each in needed]),
        ("cores", [str(each.cores) for each in needed]),
        ("`WEB_WORKERS`", [str(each.workers) for each in needed]),
        ("memory, GB", [f"{math.ceil(each.memory_gb)}" for each in needed]),
        ("database after ten years, GB", [f"{each.database_gb:,.1f}" for each in needed]),
        ("disk after ten years with two backups, GB", [f"{each.disk_gb:,.0f}" for each in needed]),
    ]
    return [["", *(place.name for place in PLACES)], *([name, *cells] for name, cells in rows)]
