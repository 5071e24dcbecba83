"""A year of records → the annual report: ``table3`` the cases, ``fees`` for section 六, ``report`` the whole.

``region`` sums the units of a region, ``mergers`` says whose cases a unit reports, ``filed`` what was filed.
"""

from .fees import Fees, cases_with_fees, fees_of
from .filed import filed_edition
from .region import SOURCES, Region, Source, Unit, of_records_alone, region_of, region_report
from .report import FIRST_YEAR, check_year, report_of
from .table3 import (
    Agencies,
    CountedCases,
    Standing,
    agencies_of,
    cases_of_cell,
    matrix_of,
    standing_of,
    years_of,
    years_of_case,
)

__all__ = [
    "FIRST_YEAR",
    "SOURCES",
    "Agencies",
    "CountedCases",
    "Fees",
    "Region",
    "Source",
    "Standing",
    "Unit",
    "agencies_of",
    "cases_of_cell",
    "cases_with_fees",
    "check_year",
    "fees_of",
    "filed_edition",
    "matrix_of",
    "of_records_alone",
    "region_of",
    "region_report",
    "report_of",
    "standing_of",
    "years_of",
    "years_of_case",
]
