"""Stored facts. Nothing here decides who may act or what follows from an act."""

from .acknowledgement import Acknowledgement
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
from .document import Document, DocumentKind, Scan
from .draft import Draft, Helper, Pairing
from .edition import CalendarEdition, Recomputation
from .event import Actor, Event, Kind
from .letter import Letter, LetterTemplate
from .material import Area, Audience, Material, Release, ReleaseState
from .note import CaseNote
from .person import Appointment, FormerPassword, Role, Staff
from .preference import Choice, Group, Preference
from .rating import Rating
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
from .searchable import Searchable
from .setting import SettingChange
from .spared import Spared
from .staffchange import DEEDS, AccountDeed, StaffChange
from .taken import TakenOut
from .textmark import TextMark
from .webhook import WebhookEndpoint
from .wrongcode import WrongCode

__all__ = [
    "DEEDS",
    "ENTRIES",
    "AccountDeed",
    "Acknowledgement",
    "Actor",
    "Agency",
    "Agent",
    "AnnualFigure",
    "AnnualReport",
    "Applicant",
    "Appointment",
    "Area",
    "Arrival",
    "Assistance",
    "Audience",
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
    "FormerPassword",
    "Group",
    "Helper",
    "IdentityKind",
    "Kind",
    "Letter",
    "LetterTemplate",
    "Level",
    "LinkKind",
    "Material",
    "NumberSeries",
    "Pairing",
    "Preference",
    "Publication",
    "Rating",
    "ReasonsRequest",
    "ReceivedReport",
    "Recomputation",
    "Release",
    "ReleaseState",
    "ReportEdition",
    "ReportState",
    "ReportStep",
    "Role",
    "RuleDocument",
    "SavedFilter",
    "Scan",
    "Searchable",
    "SettingChange",
    "Spared",
    "Staff",
    "StaffChange",
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
