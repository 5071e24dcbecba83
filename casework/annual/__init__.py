"""A year of records → the annual report: ``table3`` the cases, ``fees`` for section 六, ``report`` the whole.

``filed`` what was filed, ``link`` the turn of the year against it, ``reasons`` why a case counts, ``doubts`` warnings.
"""

from .doubts import DOUBTS, Doubt, cases_in_doubt, doubts_of
from .fees import Fees, cases_with_fees, fees_of
from .filed import filed_edition
from .link import Reconciliation, reconciliation
from .reasons import CountedYear, corrections_of, moves_of, reasons_of
from .report import FIRST_YEAR, check_year, report_of
from .table3 import (
    Agencies,
    CountedCases,
    Standing,
    agencies_of,
    cases_of_cell,
    end_of,
    matrix_of,
    standing_of,
    years_of,
    years_of_case,
)

__all__ = [
    "DOUBTS",
    "FIRST_YEAR",
    "Agencies",
    "CountedCases",
    "CountedYear",
    "Doubt",
    "Fees",
    "Reconciliation",
    "Standing",
    "agencies_of",
    "cases_in_doubt",
    "cases_of_cell",
    "cases_with_fees",
    "check_year",
    "corrections_of",
    "doubts_of",
    "end_of",
    "fees_of",
    "filed_edition",
    "matrix_of",
    "moves_of",
    "reasons_of",
    "reconciliation",
    "report_of",
    "standing_of",
    "years_of",
    "years_of_case",
]
