"""A year of an agency, or of it and all below it, as the report that the records give now."""

from datetime import date

from casework.law.matrix import Matrix
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text
from casework.models import Agency

from .table3 import Agencies, agencies_of, matrix_of

FIRST_YEAR = 2008
"""The Regulation came into force on 1 May 2008."""


def report_of(agency: Agency, year: int, *, region: bool = False, as_of: date | None = None) -> Report:
    """The annual report that the records give now; a region's is the sum of its units' (``annual.region``).

    A region as of an earlier day is that of the records alone: what was sent by then is not asked.
    """
    if region and as_of is None:
        from .region import region_report  # it sums what this module derives

        return region_report(agency, year)
    return derived(agency, agencies_of(agency, region=region, year=year), year, as_of=as_of)


def derived(
    agency: Agency, agencies: Agencies, year: int, *, as_of: date | None = None, table3: Matrix | None = None
) -> Report:
    """The tables that the records of ``agencies`` give together, under the name of ``agency``.

    ``table3``: theirs, where it has been read already; the largest query is then spared.
    """
    return Report(agency.code, agency.name, year, table3 or matrix_of(agencies, year, as_of=as_of))


def check_year(year: int, *, on: date) -> None:
    """Refuse a year before the Regulation or one that has not begun."""
    if not FIRST_YEAR <= year <= on.year:
        raise Refused(
            Text(
                f"没有{year}年的年度报告：年度应在{FIRST_YEAR}至{on.year}之间。",
                f"There is no annual report of {year}: the year must lie between {FIRST_YEAR} and {on.year}.",
            ),
            field="year",
        )
