"""Who hears what: one table, and the only writer to the outbox."""

from .editions import Moved, ask_for_edition, tell_calendar
from .hearing import Due, Watched
from .lost import case_of_applicant, check_texted, send_again_about, settle_about, undelivered_about
from .people import send_link, tell_deputy, tell_forwarded, tell_mentioned, tell_of_dispute
from .reports import AwaitedReport, ReportNews, ask_for_reports, tell_awaited, tell_report
from .table import ANSWER_WANTED, CASELESS, DISPUTE_ANSWER_DUE, DISPUTE_RECEIVED, NOTICES, Audience, Notice
from .telling import tell, tell_many
from .together import tell_together

__all__ = [
    "ANSWER_WANTED",
    "CASELESS",
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
    "send_link",
    "settle_about",
    "tell",
    "tell_awaited",
    "tell_calendar",
    "tell_deputy",
    "tell_forwarded",
    "tell_many",
    "tell_mentioned",
    "tell_of_dispute",
    "tell_report",
    "tell_together",
    "undelivered_about",
]
