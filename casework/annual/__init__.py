"""A year of records → the annual report: ``table3`` cases, ``disputes`` table 四, ``fees``, ``report`` the whole."""

from .disputes import disputes_of, disputes_of_cell
from .fees import Fees, cases_with_fees, fees_of
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
    "disputes_of",
    "disputes_of_cell",
    "fees_of",
    "matrix_of",
    "report_of",
    "standing_of",
    "years_of",
    "years_of_case",
]
