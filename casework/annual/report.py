"""A year of an agency, or of it and all below it, as the report that the records give now."""

from datetime import date

from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text
from casework.models import Agency

from .disputes import disputes_of
from .table3 import agencies_of, matrix_of

FIRST_YEAR = 2008
"""The Regulation came into force on 1 May 2008."""


def report_of(agency: Agency, year: int, *, region: bool = False, as_of: date | None = None) -> Report:
    """The annual report that the records give now."""
    agencies = list(agencies_of(agency, region=region))
    table3, table4 = matrix_of(agencies, year, as_of=as_of), disputes_of(agencies, year, as_of=as_of)
    return Report(agency.code, agency.name, year, table3, table4=table4)


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
