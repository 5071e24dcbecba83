"""Stored facts. Nothing here decides who may act or what follows from an act."""

from .agency import Agency, Level, NumberSeries
from .applicant import Agent, Applicant, CoApplicant, IdentityKind, ToldBy
from .approval import ClassifiedFinding, Clearance, Delegation
from .arrival import Arrival
from .assistance import Assistance
from .case import Case, Channel, Conflict, Form, Way
from .caselink import CaseLink, LinkKind, links_of
from .clockfacts import (
    Delay,
    Extension,
    ExtensionRequest,
    FeeNotice,
    ReasonsRequest,
    Supplement,
)
from .consultation import Consultation
from .countchange import CountChange, Counted
from .decision import Decision
from .delivery import Delivery, DispatchMode
from .dispute import Dispute, DisputeKind, DisputeStep, disputes_about, overturned
from .document import Document, DocumentKind
from .draft import Draft
from .edition import CalendarEdition, Recomputation
from .event import Actor, Event, Kind
from .letter import Letter, LetterTemplate
from .note import CaseNote
from .person import Appointment, Role, Staff
from .preference import Choice, Group, Preference
from .received import ReceivedReport
from .register import (
    ENTRIES,
    AnnualFigure,
    ChannelAccount,
    Entry,
    Explanation,
    Publication,
    RuleDocument,
    StockCount,
    accounts_of,
)
from .report import AnnualReport, ReportEdition, ReportState, ReportStep, StepKind
from .savedfilter import SavedFilter
from .setting import SettingChange
from .taken import TakenOut
from .textmark import TextMark
from .webhook import WebhookEndpoint
from .wrongcode import WrongCode

__all__ = [
    "ENTRIES",
    "Actor",
    "Agency",
    "Agent",
    "AnnualFigure",
    "AnnualReport",
    "Applicant",
    "Appointment",
    "Arrival",
    "Assistance",
    "CalendarEdition",
    "Case",
    "CaseLink",
    "CaseNote",
    "Channel",
    "ChannelAccount",
    "Choice",
    "ClassifiedFinding",
    "Clearance",
    "CoApplicant",
    "Conflict",
    "Consultation",
    "CountChange",
    "Counted",
    "Decision",
    "Delay",
    "Delegation",
    "Delivery",
    "DispatchMode",
    "Dispute",
    "DisputeKind",
    "DisputeStep",
    "Document",
    "DocumentKind",
    "Draft",
    "Entry",
    "Event",
    "Explanation",
    "Extension",
    "ExtensionRequest",
    "FeeNotice",
    "Form",
    "Group",
    "IdentityKind",
    "Kind",
    "Letter",
    "LetterTemplate",
    "Level",
    "LinkKind",
    "NumberSeries",
    "Preference",
    "Publication",
    "ReasonsRequest",
    "ReceivedReport",
    "Recomputation",
    "ReportEdition",
    "ReportState",
    "ReportStep",
    "Role",
    "RuleDocument",
    "SavedFilter",
    "SettingChange",
    "Staff",
    "StepKind",
    "StockCount",
    "Supplement",
    "TakenOut",
    "TextMark",
    "ToldBy",
    "Way",
    "WebhookEndpoint",
    "WrongCode",
    "accounts_of",
    "disputes_about",
    "links_of",
    "overturned",
]
