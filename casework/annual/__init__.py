"""A year of records → the annual report: ``table3`` the cases, ``fees`` for section 六, ``report`` the whole.

``registers`` gives table 二 and the numbers of section 一, ``findings`` what the registers lack.
"""

from .fees import Fees, cases_with_fees, fees_of
from .findings import Finding, Lacks, Silence, findings, silences
from .registers import (
    PublicationCounts,
    cell_of,
    publication_counts,
    publications_of,
    published_in,
    records_of,
    register_years,
    stock_checks,
)
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
    "Finding",
    "Lacks",
    "PublicationCounts",
    "Silence",
    "Standing",
    "agencies_of",
    "cases_of_cell",
    "cases_with_fees",
    "cell_of",
    "check_year",
    "fees_of",
    "findings",
    "matrix_of",
    "publication_counts",
    "publications_of",
    "published_in",
    "records_of",
    "register_years",
    "report_of",
    "silences",
    "standing_of",
    "stock_checks",
    "years_of",
    "years_of_case",
]
