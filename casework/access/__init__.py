"""Who may do what: roles × verbs × states as one table, and what each person may see.

*May this person?* and *is it possible now?* are two questions (style 5): the table answers the first and names the
states for the second. ``verbs`` is the table of cases, ``agencies`` that of what is done for an agency, ``seen`` says
what exists for whom.
"""

from .agencies import (
    ADMINISTRATORS,
    AGENCY_ACTS,
    EDITION_ACTS,
    ActRow,
    AgencyAct,
    EditionAct,
    agencies_for,
    check_may_anywhere,
    check_may_apply_editions,
    check_may_for_agency,
    check_may_from_above,
    may_about_editions,
    may_arrange,
    may_for_agency,
    may_from_above,
)
from .cases import DEPUTISED, Answer, check_may, check_may_register, may, nobody_for, offered
from .reports import (
    REPORT_ACTS,
    ReportAct,
    check_may_report,
    may_report,
    reads_region,
    report_acts_for,
)
from .roles import READS_CASES, READS_FIGURES, ROLE_WORDS, agencies_where, role_words
from .seen import (
    acknowledged,
    arrivals_visible_to,
    asked_of,
    assistance_visible_to,
    check_may_answer,
    disputes_visible_to,
    figures_visible_to,
    follow,
    may_answer,
    regions_visible_to,
    visible_to,
)
from .verbs import VERBS, Verb, VerbRow

__all__ = [
    "ADMINISTRATORS",
    "AGENCY_ACTS",
    "DEPUTISED",
    "EDITION_ACTS",
    "READS_CASES",
    "READS_FIGURES",
    "REPORT_ACTS",
    "ROLE_WORDS",
    "VERBS",
    "ActRow",
    "AgencyAct",
    "Answer",
    "EditionAct",
    "ReportAct",
    "Verb",
    "VerbRow",
    "acknowledged",
    "agencies_for",
    "agencies_where",
    "arrivals_visible_to",
    "asked_of",
    "assistance_visible_to",
    "check_may",
    "check_may_answer",
    "check_may_anywhere",
    "check_may_apply_editions",
    "check_may_for_agency",
    "check_may_from_above",
    "check_may_register",
    "check_may_report",
    "disputes_visible_to",
    "figures_visible_to",
    "follow",
    "may",
    "may_about_editions",
    "may_answer",
    "may_arrange",
    "may_for_agency",
    "may_from_above",
    "may_report",
    "nobody_for",
    "offered",
    "reads_region",
    "regions_visible_to",
    "report_acts_for",
    "role_words",
    "visible_to",
]
