"""A year of records → the annual report: ``table3`` the cases, ``fees`` for section 六, ``report`` the whole.

``filed`` holds what was signed, ``lines`` the cases of an edition, ``obstacles`` what stands in the way of the next.
"""

from .fees import Fees, cases_with_fees, fees_of
from .filed import (
    code_version,
    content_digest,
    faults_of,
    faulty_editions,
    filed_edition,
    frozen,
    imprint,
    live,
    made_with,
    recount,
    report_of_edition,
)
from .lines import Line, lines_of
from .obstacles import obstacles
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
    "Line",
    "Standing",
    "agencies_of",
    "cases_of_cell",
    "cases_with_fees",
    "check_year",
    "code_version",
    "content_digest",
    "faults_of",
    "faulty_editions",
    "fees_of",
    "filed_edition",
    "frozen",
    "imprint",
    "lines_of",
    "live",
    "made_with",
    "matrix_of",
    "obstacles",
    "recount",
    "report_of",
    "report_of_edition",
    "standing_of",
    "years_of",
    "years_of_case",
]
