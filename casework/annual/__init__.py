"""A year of records → the annual report: ``table3`` the cases, ``fees`` for section 六, ``report`` the whole.

``statistics`` counts what ``pictures`` draws.
"""

from .fees import Fees, cases_with_fees, fees_of
from .pictures import pictures_of
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
    "Agencies",
    "CountedCases",
    "Fees",
    "Standing",
    "agencies_of",
    "cases_of_cell",
    "cases_with_fees",
    "check_year",
    "fees_of",
    "matrix_of",
    "pictures_of",
    "report_of",
    "standing_of",
    "years_of",
    "years_of_case",
]
