"""Who hears what: one table, and the only writer to the outbox."""

from .corrections import tell_of_correction
from .editions import Moved, ask_for_edition, tell_calendar
from .hearing import Due, Watched
from .lost import case_of_applicant, check_texted, send_again_about, settle_about, undelivered_about
from .people import (
    send_code,
    send_invitation,
    send_link,
    tell_account_changed,
    tell_deputy,
    tell_forwarded,
    tell_mentioned,
    tell_of_dispute,
)
from .proposals import tell_proposal_decided, tell_proposal_made
from .reports import AwaitedReport, ReportNews, ask_for_reports, tell_awaited, tell_report
from .table import (
    ANSWER_WANTED,
    CASELESS,
    CORRECTION_NOTICES,
    DISPUTE_ANSWER_DUE,
    DISPUTE_RECEIVED,
    NOTICES,
    Audience,
    Notice,
)
from .telling import tell, tell_many
from .together import tell_together

__all__ = [
    "ANSWER_WANTED",
    "CASELESS",
    "CORRECTION_NOTICES",
    "DISPUTE_ANSWER_DUE",
    "DISPUTE_RECEIVED",
    "NOTICES",
    "Audience",
    "AwaitedReport",
    "Due",
    "Moved",
    "Notice",
    "ReportNews",
    "Watched",
    "ask_for_edition",
    "ask_for_reports",
    "case_of_applicant",
    "check_texted",
    "send_again_about",
    "send_code",
    "send_invitation",
    "send_link",
    "settle_about",
    "tell",
    "tell_account_changed",
    "tell_awaited",
    "tell_calendar",
    "tell_deputy",
    "tell_forwarded",
    "tell_many",
    "tell_mentioned",
    "tell_of_correction",
    "tell_of_dispute",
    "tell_proposal_decided",
    "tell_proposal_made",
    "tell_report",
    "tell_together",
    "undelivered_about",
]
