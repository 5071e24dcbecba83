"""Stored facts. Nothing here decides who may act or what follows from an act."""

from .accessrecord import ACCESS_WORDS, AccessKind, AccessRecord
from .account import CodeWay, KeptBy, KeptCase, SignInCode
from .acknowledgement import Acknowledgement
from .agency import Agency, Level, NumberSeries
from .apitoken import ApiAnswer, ApiToken, Lodgement, Scope
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
from .correction import (
    CORRECTION_SENTENCES,
    CorrectionEvent,
    CorrectionKind,
    Evidence,
    RecordCorrection,
)
from .countchange import CountChange, Counted
from .decision import Decision
from .delivery import Delivery, DispatchMode
from .dispute import (
    Dispute,
    DisputedItem,
    DisputeKind,
    DisputeStep,
    areas_given_with,
    disputes_about,
    fared_by_ground,
    overturned,
)
from .document import Document, DocumentKind, Scan
from .draft import Draft, Helper, Pairing
from .edition import CalendarEdition, Recomputation
from .event import Actor, Event, Kind
from .invitation import Invitation
from .lastrun import LastRun
from .letter import Letter, LetterTemplate
from .material import Area, Audience, Material, Release, ReleaseState
from .note import CaseNote
from .numbering import Numbering
from .officetext import OfficeText
from .person import APPLICANT_NAME, Appointment, FormerPassword, PersonKind, Role, Staff
from .preference import Choice, Group, Preference
from .proposal import Proposal, Verdict, Voice
from .publishedreply import LikeReply, PublishedFile, PublishedReply, PublishedVersion
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
from .remembered import Remembered
from .report import AnnualReport, ReportEdition, ReportState, ReportStep, StepKind
from .savedfilter import SavedFilter
from .seal import Salt, Seal, SealHead
from .searchable import CaseText, Searchable, TextMark
from .setting import SettingChange
from .spared import Spared
from .staffchange import DEEDS, AccountDeed, StaffChange
from .taken import TakenOut
from .webhook import WebhookEndpoint
from .wrongcode import WrongCode

__all__ = [
    "ACCESS_WORDS",
    "APPLICANT_NAME",
    "CORRECTION_SENTENCES",
    "DEEDS",
    "ENTRIES",
    "AccessKind",
    "AccessRecord",
    "AccountDeed",
    "Acknowledgement",
    "Actor",
    "Agency",
    "Agent",
    "AnnualFigure",
    "AnnualReport",
    "ApiAnswer",
    "ApiToken",
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
    "CaseText",
    "Channel",
    "ChannelAccount",
    "Choice",
    "ClassifiedFinding",
    "Clearance",
    "CoApplicant",
    "CodeWay",
    "Conflict",
    "Consultation",
    "CorrectionEvent",
    "CorrectionKind",
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
    "DisputedItem",
    "Document",
    "DocumentKind",
    "Draft",
    "Entry",
    "Event",
    "Evidence",
    "Explanation",
    "Extension",
    "ExtensionRequest",
    "FeeNotice",
    "Form",
    "FormerPassword",
    "Group",
    "Helper",
    "IdentityKind",
    "Invitation",
    "KeptBy",
    "KeptCase",
    "Kind",
    "LastRun",
    "Letter",
    "LetterTemplate",
    "Level",
    "LikeReply",
    "LinkKind",
    "Lodgement",
    "Material",
    "NumberSeries",
    "Numbering",
    "OfficeText",
    "Pairing",
    "PersonKind",
    "Preference",
    "Proposal",
    "Publication",
    "PublishedFile",
    "PublishedReply",
    "PublishedVersion",
    "Rating",
    "ReasonsRequest",
    "ReceivedReport",
    "Recomputation",
    "RecordCorrection",
    "Release",
    "ReleaseState",
    "Remembered",
    "ReportEdition",
    "ReportState",
    "ReportStep",
    "Role",
    "RuleDocument",
    "Salt",
    "SavedFilter",
    "Scan",
    "Scope",
    "Seal",
    "SealHead",
    "Searchable",
    "SettingChange",
    "SignInCode",
    "Spared",
    "Staff",
    "StaffChange",
    "StepKind",
    "StockCount",
    "Supplement",
    "TakenOut",
    "TextMark",
    "ToldBy",
    "Verdict",
    "Voice",
    "Way",
    "WebhookEndpoint",
    "WrongCode",
    "accounts_of",
    "areas_given_with",
    "disputes_about",
    "fared_by_ground",
    "links_of",
    "overturned",
]
