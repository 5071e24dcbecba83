"""The year's matrix against the best SQL statement by hand that gives the same cells."""

import resource
from collections.abc import Iterator

from django.db import connection

from casework import annual
from casework.law.outcomes import ApplicantKind, Outcome
from casework.models import Agency

from .build import YEAR
from .measure import Result, at_most, count

_KINDS = ", ".join(f"'{kind.value}'" for kind in ApplicantKind)
_ENDED = ", ".join(f"'{code.value}'" for code in Outcome)
#: Open and closed apart, and all kinds and outcomes by name: so both engines find the days in the index at once.
BY_HAND = f"""
    SELECT applicant_kind, received_on < '{YEAR}-01-01', '', COUNT(*)
    FROM casework_case
    WHERE agency_id IN ({{agencies}}) AND applicant_kind IN ({_KINDS}) AND outcome = '' AND closed_on IS NULL
      AND received_on <= '{YEAR}-12-31'
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT applicant_kind, received_on < '{YEAR}-01-01', CASE WHEN closed_on <= '{YEAR}-12-31' THEN outcome ELSE '' END,
           COUNT(*)
    FROM casework_case
    WHERE agency_id IN ({{agencies}}) AND applicant_kind IN ({_KINDS}) AND outcome IN ({_ENDED})
      AND closed_on >= '{YEAR}-01-01' AND received_on <= '{YEAR}-12-31'
    GROUP BY 1, 2, 3
"""


def run(district: Agency) -> Iterator[Result]:
    """One year of the whole region; memory is what the process grew by over all turns."""
    agencies = annual.agencies_of(district, region=True)
    statement = BY_HAND.format(agencies=", ".join(str(pk) for pk in agencies.values_list("pk", flat=True)))

    def by_hand() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            rows: list[tuple[object, ...]] = cursor.fetchall()
        return rows

    counted = sum(int(str(row[3])) for row in by_hand())
    matrix = annual.matrix_of(agencies, YEAR)
    same = matrix.figure("new", "total") + matrix.figure("carried_in", "total") == counted
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield at_most(
        1.5,
        "matrix of a region and a year",
        connection.vendor,
        lambda: annual.matrix_of(agencies, YEAR),
        by_hand,
        note=f"{counted} cases in scope, same cells: {same}",
    )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield count("matrix: memory grown", connection.vendor, grown, 0, "MB", "≤ 20", holds=grown <= 20)
