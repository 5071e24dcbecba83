"""Event kind → who hears what, as one table. Every kind has a row, the silent ones explicitly (style 10).

Names of notices are folders under ``templates/mail/``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.models import (
    CorrectionKind,
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
    INVITED = "invited"
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
    # Their own doing, and on their page: a mail about every application that is kept would be noise.
    Kind.KEPT_IN_ACCOUNT: (),
    Kind.TAKEN_FROM_ACCOUNT: (),
    Kind.UNDELIVERED: (
        Notice(Audience.CLERK_OR_ALL, "undelivered", Group.TROUBLE),
        Notice(Audience.HEADS, "undelivered_escalated", Group.TROUBLE),
    ),
    Kind.TOLD_OTHERWISE: (),
    # A dispute may be about no case at all: who hears of it is said with ``DISPUTE_RECEIVED`` below.
    Kind.DISPUTED: (),
    Kind.DISPUTE_ADVANCED: (),
    Kind.DISPUTE_CORRECTED: (),
    Kind.DISPUTE_NARROWED: (),
    Kind.REOPENED: (),
    Kind.MATERIAL_ADDED: (),
    Kind.MATERIAL_READ: (),
    Kind.AREAS_MARKED: (),
    Kind.AREA_LIFTED: (),
    Kind.FILE_PASSED: (),
    Kind.FILE_STOPPED: (),
    Kind.VIRUS_FOUND: (),
    Kind.PUBLICATION_PROPOSED: (Notice(Audience.SECRECY_REVIEWERS, "publication_to_clear"),),
    Kind.PUBLICATION_CLEARED: (Notice(Audience.HEADS, "publication_to_decide"),),
    # Before its day, so that an applicant who sees a risk in it can still say so.
    Kind.PUBLICATION_DECIDED: (Notice(Audience.APPLICANT, "reply_to_be_public", optional=True),),
    Kind.PUBLICATION_RETURNED: (Notice(Audience.CLERK_OR_ALL, "publication_returned"),),
    Kind.PUBLICATION_REVOKED: (Notice(Audience.CLERK_OR_ALL, "publication_revoked"),),
    Kind.LIKE_REPLY_TOLD: (Notice(Audience.APPLICANT, "like_reply_public", optional=True),),
    Kind.LIKE_REPLY_TAKEN: (Notice(Audience.CLERK_OR_ALL, "like_reply_taken"),),
    Kind.LIKE_REPLY_GONE: (
        Notice(Audience.APPLICANT, "like_reply_withdrawn"),
        Notice(Audience.CLERK_OR_ALL, "like_reply_gone"),
    ),
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


_CORRECTION_REPLIED: Final = (Notice(Audience.APPLICANT, "correction_replied", texted=True),)
_CORRECTION_CAME: Final = (
    Notice(Audience.APPLICANT, "correction_received", optional=True),
    Notice(Audience.CLERK_OR_ALL, "correction_arrived"),
)
#: What happens to a request to correct one's own record, which is no case (条例 41).
CORRECTION_NOTICES: Final[dict[CorrectionKind, tuple[Notice, ...]]] = {
    CorrectionKind.FILED: _CORRECTION_CAME,
    CorrectionKind.REGISTERED: _CORRECTION_CAME,
    CorrectionKind.FORWARDED: _CORRECTION_CAME,
    CorrectionKind.TAKEN: (),
    CorrectionKind.ASKED: (Notice(Audience.APPLICANT, "correction_more_wanted", texted=True),),
    CorrectionKind.ANSWERED: (Notice(Audience.CLERK_OR_ALL, "correction_added"),),
    CorrectionKind.CORRECTED: _CORRECTION_REPLIED,
    CorrectionKind.REFUSED: _CORRECTION_REPLIED,
    CorrectionKind.TRANSFERRED: _CORRECTION_REPLIED,
    CorrectionKind.DIRECTED: _CORRECTION_REPLIED,
    CorrectionKind.WITHDRAWN: (Notice(Audience.CLERK_OR_ALL, "correction_withdrawn"),),
    CorrectionKind.OPENED: (),
    CorrectionKind.IDENTITY_READ: (),
}


#: Somebody has proposed that a topic be published; the heads decide, and whoever proposed it is told (条例 44).
PROPOSAL_MADE: Final = Notice(Audience.HEADS, "proposal_made")


PROPOSAL_DECIDED: Final = Notice(Audience.APPLICANT, "proposal_decided", optional=True)


PROPOSAL_OF_STAFF_DECIDED: Final = Notice(Audience.CLERK, "proposal_of_staff_decided")


#: To a person of the staff, with the secret by which they set their password.
STAFF_INVITED: Final = Notice(Audience.INVITED, "staff_invited")
#: A citizen proves an address: six digits, to whoever reads it.
CODE_WANTED: Final = Notice(Audience.APPLICANT, "code_wanted")
#: An address or a second factor of an account was changed: to the address as it was before.
ACCOUNT_CHANGED: Final = Notice(Audience.APPLICANT, "account_changed")


#: All of these: no event of a case causes them.
CASELESS: Final = (
    STAFF_INVITED,
    CODE_WANTED,
    ACCOUNT_CHANGED,
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
    PROPOSAL_MADE,
    PROPOSAL_DECIDED,
    PROPOSAL_OF_STAFF_DECIDED,
    *dict.fromkeys(notice for notices in CORRECTION_NOTICES.values() for notice in notices),
)
