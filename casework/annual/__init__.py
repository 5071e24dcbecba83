"""A year of records → the annual report: ``table3`` the cases, ``fees`` for section 六, ``report`` the whole.

``statistics`` counts what ``pictures`` draws.
"""

from .disputes import disputes_of, disputes_of_cell
from .doubts import DOUBTS, Doubt, cases_in_doubt, doubts_of
from .fees import Fees, cases_with_fees, fees_of
from .figures import figures_of
from .filed import faults_of, faulty_editions, filed_edition, imprint, recount, report_of_edition
from .findings import Finding, Lacks, Silence, findings, silences
from .freezing import code_version, content_digest, frozen, live, made_with
from .lines import Line, lines_of
from .link import Reconciliation, reconciliation
from .merging import what_follows
from .obstacles import obstacles
from .pictures import pictures_of
from .prose import Prose, begun_with, copied_paragraphs, prose_of, stored_sections
from .reasons import CountedYear, corrections_of, moves_of, reasons_of
from .region import SOURCES, Region, Source, Unit, of_records_alone, region_of, region_report
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
    end_of,
    matrix_of,
    standing_of,
    years_of,
    years_of_case,
)

__all__ = [
    "DOUBTS",
    "FIRST_YEAR",
    "SOURCES",
    "Agencies",
    "CountedCases",
    "CountedYear",
    "Doubt",
    "Fees",
    "Finding",
    "Lacks",
    "Line",
    "Prose",
    "PublicationCounts",
    "Reconciliation",
    "Region",
    "Silence",
    "Source",
    "Standing",
    "Unit",
    "agencies_of",
    "begun_with",
    "cases_in_doubt",
    "cases_of_cell",
    "cases_with_fees",
    "cell_of",
    "check_year",
    "code_version",
    "content_digest",
    "copied_paragraphs",
    "corrections_of",
    "disputes_of",
    "disputes_of_cell",
    "doubts_of",
    "end_of",
    "faults_of",
    "faulty_editions",
    "fees_of",
    "figures_of",
    "filed_edition",
    "findings",
    "frozen",
    "imprint",
    "lines_of",
    "live",
    "made_with",
    "matrix_of",
    "moves_of",
    "obstacles",
    "of_records_alone",
    "pictures_of",
    "prose_of",
    "publication_counts",
    "publications_of",
    "published_in",
    "reasons_of",
    "reconciliation",
    "records_of",
    "recount",
    "region_of",
    "region_report",
    "register_years",
    "report_of",
    "report_of_edition",
    "silences",
    "standing_of",
    "stock_checks",
    "stored_sections",
    "what_follows",
    "years_of",
    "years_of_case",
]
