"""A year of records → the annual report: ``table3`` the cases, ``fees`` for section 六, ``report`` the whole.

``figures`` are what prose can name, ``paragraphs`` what a section begins with, ``prose`` the text and its faults.
"""

from .fees import Fees, cases_with_fees, fees_of
from .figures import figures_of
from .prose import Prose, begun_with, copied_paragraphs, prose_of, stored_sections
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
    "Prose",
    "Standing",
    "agencies_of",
    "begun_with",
    "cases_of_cell",
    "cases_with_fees",
    "check_year",
    "copied_paragraphs",
    "fees_of",
    "figures_of",
    "matrix_of",
    "prose_of",
    "report_of",
    "standing_of",
    "stored_sections",
    "years_of",
    "years_of_case",
]
