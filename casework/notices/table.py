"""Event kind → who hears what, as one table. Every kind has a row, the silent ones explicitly (style 10).

Names of notices are folders under ``templates/mail/``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.models import (
    Group,
    Kind,
)


class Audience(StrEnum):
    """Who hears of an event."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    CLERK_OR_ALL = "clerk_or_all"
    REVIEWERS = "reviewers"
    SECRECY_REVIEWERS = "secrecy_reviewers"
    HEADS = "heads"
    ADMINISTRATORS = "administrators"
    DEPUTY = "deputy"
    CONSULTED = "consulted"
    ASKED = "asked"
    REPORT_EDITORS = "report_editors"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: to whom, in which words. By which ways it goes is said in ``reach``."""

    to: Audience
    name: str
    group: Group = Group.WORK
    """For staff: under what they choose how they are told."""
    texted: bool = False
    """The applicant has something to do, and is texted if there is no e-mail address."""
    optional: bool = False
    """Starts and moves no legal period: an applicant may do without it."""


NOTICES: Final[dict[Kind, tuple[Notice, ...]]] = {
    Kind.SUBMITTED: (
        Notice(Audience.APPLICANT, "application_received", optional=True),
        Notice(Audience.CLERK_OR_ALL, "new_application"),
    ),
    Kind.HELPED: (),
    Kind.REGISTERED: (Notice(Audience.APPLICANT, "application_received", optional=True),),
    Kind.IMPORTED: (),
    Kind.CORRECTED: (),
    Kind.ASSIGNED: (Notice(Audience.CLERK, "assigned"),),
    Kind.SUPPLEMENT_REQUESTED: (Notice(Audience.APPLICANT, "supplement_wanted", texted=True),),
    Kind.SUPPLEMENT_RECEIVED: (
        Notice(Audience.APPLICANT, "supplement_received", optional=True),
        Notice(Audience.CLERK_OR_ALL, "supplement_arrived"),
    ),
    Kind.CONSULTED: (Notice(Audience.APPLICANT, "consulting"),),
    Kind.SERVICE_RECORDED: (),
    Kind.LINK_OFFERED: (),
    Kind.LINK_REVOKED: (),
    Kind.OPINION_RECORDED: (Notice(Audience.CLERK_OR_ALL, "opinion_arrived"),),
    Kind.OBJECTION_JUDGED: (),
    Kind.CONSULTATION_CANCELLED: (Notice(Audience.APPLICANT, "consultation_cancelled"),),
    Kind.EXTENDED: (Notice(Audience.APPLICANT, "extended"), Notice(Audience.CLERK, "extension_approved")),
    Kind.FEE_NOTIFIED: (Notice(Audience.APPLICANT, "fee_wanted", texted=True),),
    Kind.PAYMENT_RECORDED: (Notice(Audience.APPLICANT, "fee_paid", optional=True),),
    Kind.REASONS_ASKED: (Notice(Audience.APPLICANT, "reasons_wanted", texted=True),),
    Kind.EXTENSION_ASKED: (Notice(Audience.HEADS, "extension_asked"),),
    Kind.EXTENSION_DECLINED: (Notice(Audience.CLERK_OR_ALL, "extension_declined"),),
    Kind.FEE_DELIVERED: (),
    Kind.FEE_CANCELLED: (Notice(Audience.APPLICANT, "fee_cancelled"), Notice(Audience.CLERK, "fee_called_off")),
    Kind.REASONS_RECORDED: (),
    Kind.REASONS_JUDGED: (),
    Kind.DELAYED: (Notice(Audience.APPLICANT, "delayed"), Notice(Audience.CLERK, "delay_set")),
    # Whoever's turn it is: those of another step hear nothing, see ``TURNS``.
    Kind.PROPOSED: (
        Notice(Audience.REVIEWERS, "to_be_reviewed"),
        Notice(Audience.SECRECY_REVIEWERS, "to_be_cleared"),
    ),
    Kind.REVIEWED: (Notice(Audience.SECRECY_REVIEWERS, "to_be_cleared"),),
    Kind.SECRECY_CLEARED: (Notice(Audience.HEADS, "to_be_signed"),),
    Kind.CLASSIFIED_FOUND: (Notice(Audience.CLERK, "classified_found"),),
    Kind.SENT_BACK: (Notice(Audience.CLERK, "sent_back"),),
    Kind.TAKEN_BACK: (Notice(Audience.CLERK, "sent_back"),),
    Kind.SIGNED: (Notice(Audience.CLERK, "to_be_dispatched"),),
    Kind.DISPATCHED: (Notice(Audience.APPLICANT, "reply_sent", texted=True),),
    Kind.THIRD_PARTY_INFORMED: (),
    Kind.LETTER_MADE: (),
    Kind.LETTER_SENT: (),
    Kind.LETTER_VOIDED: (),
    Kind.LETTER_DELIVERED: (),
    Kind.LETTER_RETURNED: (Notice(Audience.CLERK_OR_ALL, "mail_returned"),),
    Kind.DELIVERY_RECORDED: (),
    Kind.DELIVERY_CORRECTED: (),
    Kind.REPLY_RETURNED: (Notice(Audience.CLERK_OR_ALL, "mail_returned"),),
    Kind.REDISPATCHED: (Notice(Audience.APPLICANT, "reply_sent", texted=True),),
    Kind.PROOF_FILED: (),
    Kind.REPLY_OPENED: (),
    Kind.WITHDRAWN: (Notice(Audience.APPLICANT, "withdrawn"), Notice(Audience.CLERK_OR_ALL, "withdrawn_by_applicant")),
    Kind.ASSISTANCE_REQUESTED: (Notice(Audience.ASKED, "assistance_wanted"),),
    Kind.ASSISTANCE_ANSWERED: (Notice(Audience.CLERK, "assistance_answered"),),
    Kind.ASSISTANCE_CANCELLED: (Notice(Audience.ASKED, "assistance_cancelled"),),
    Kind.CHASED: (Notice(Audience.ASKED, "assistance_chased"),),
    Kind.CONTACT_ATTEMPTED: (Notice(Audience.APPLICANT, "please_get_in_touch", texted=True),),
    Kind.RECEIPT_CONFIRMED: (Notice(Audience.APPLICANT, "receipt_confirmed"),),
    Kind.SPLIT: (Notice(Audience.APPLICANT, "application_split"),),
    Kind.SPLIT_OFF: (),
    Kind.LINKED: (),
    Kind.TRANSFERRED: (Notice(Audience.APPLICANT, "transferred"),),
    Kind.IDENTITY_READ: (),
    Kind.REMINDED: (Notice(Audience.CLERK_OR_ALL, "due_soon", Group.DEADLINES),),
    Kind.ESCALATED: (Notice(Audience.HEADS, "due_escalated", Group.DEADLINES),),
    Kind.LAPSE_FOUND: (Notice(Audience.CLERK_OR_ALL, "period_lapsed", Group.DEADLINES),),
    Kind.LEFT_UNTAKEN: (Notice(Audience.HEADS, "left_untaken", Group.DEADLINES),),
    Kind.SUPPLEMENT_REMINDED: (Notice(Audience.CLERK_OR_ALL, "supplement_last_day", Group.DEADLINES),),
    Kind.ASSISTANCE_REMINDED: (Notice(Audience.CLERK_OR_ALL, "assistance_due", Group.DEADLINES),),
    Kind.ASSISTANCE_ESCALATED: (Notice(Audience.HEADS, "assistance_overdue", Group.DEADLINES),),
    Kind.EXTENSION_UNTOLD: (
        Notice(Audience.CLERK_OR_ALL, "tell_today", Group.DEADLINES),
        Notice(Audience.HEADS, "tell_today_escalated", Group.DEADLINES),
    ),
    Kind.CALENDAR_CHANGED: (
        Notice(Audience.APPLICANT, "date_moved"),
        Notice(Audience.CLERK_OR_ALL, "dates_moved", Group.DEADLINES),
        Notice(Audience.HEADS, "overdue_by_calendar", Group.DEADLINES),
    ),
    Kind.CONTACT_CHANGED: (),
    Kind.UNDELIVERED: (
        Notice(Audience.CLERK_OR_ALL, "undelivered", Group.TROUBLE),
        Notice(Audience.HEADS, "undelivered_escalated", Group.TROUBLE),
    ),
    Kind.TOLD_OTHERWISE: (),
    # A dispute may be about no case at all: who hears of it is said with ``DISPUTE_RECEIVED`` below.
    Kind.DISPUTED: (),
    Kind.DISPUTE_ADVANCED: (),
    Kind.DISPUTE_CORRECTED: (),
    Kind.REOPENED: (),
    Kind.MATERIAL_ADDED: (),
    Kind.MATERIAL_READ: (),
    Kind.AREAS_MARKED: (),
    Kind.AREA_LIFTED: (),
    Kind.FILE_PASSED: (),
    Kind.FILE_STOPPED: (),
    Kind.VIRUS_FOUND: (),
    Kind.REDECISION_BEGUN: (
        Notice(Audience.APPLICANT, "redecision_begun"),
        Notice(Audience.CLERK_OR_ALL, "redecision_to_do"),
    ),
}


#: What no case causes: next year's holidays are not here yet.
EDITION_MISSING: Final = Notice(Audience.ADMINISTRATORS, "edition_missing", Group.TROUBLE)


#: Goes to somebody outside who is asked for an opinion, with the secret that no event may hold.
ANSWER_WANTED: Final = Notice(Audience.CONSULTED, "answer_wanted")


#: Nor these: where a year's report stands, and until when it is due.
REPORT_STEP: Final = Notice(Audience.REPORT_EDITORS, "report_step")


REPORT_DUE: Final = Notice(Audience.REPORT_EDITORS, "report_due", Group.DEADLINES)


REPORT_OVERDUE: Final = Notice(Audience.HEADS, "report_overdue", Group.DEADLINES)


#: About reconsideration and suits, to the clerk of the case or all clerks, and to the heads.
DISPUTE_RECEIVED: Final = Notice(Audience.CLERK_OR_ALL, "dispute_received")


DISPUTE_ANSWER_DUE: Final = Notice(Audience.CLERK_OR_ALL, "dispute_answer_due", Group.DEADLINES)


#: What no case causes either: somebody is to act while another is away.
DEPUTY_NAMED: Final = Notice(Audience.DEPUTY, "deputy_named")


#: Another office of the deployment has handed an application on: it is in the mail log, and no case yet.
APPLICATION_FORWARDED: Final = Notice(Audience.CLERK_OR_ALL, "application_forwarded")


#: The region sums, and a unit has not signed its annual report yet.
UNIT_REPORT_WANTED: Final = Notice(Audience.HEADS, "unit_report_wanted")


#: A colleague was named in an internal note: that there is one, never what it says.
MENTIONED: Final = Notice(Audience.ASKED, "mentioned")


#: All of these: no event of a case causes them.
CASELESS: Final = (
    MENTIONED,
    EDITION_MISSING,
    ANSWER_WANTED,
    DEPUTY_NAMED,
    APPLICATION_FORWARDED,
    DISPUTE_RECEIVED,
    DISPUTE_ANSWER_DUE,
    REPORT_STEP,
    REPORT_DUE,
    REPORT_OVERDUE,
    UNIT_REPORT_WANTED,
)
