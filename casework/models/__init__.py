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
from .decision import Decision
from .delivery import Delivery, DispatchMode
from .dispute import Dispute, DisputeKind, DisputeStep, disputes_about, overturned
from .document import Document, DocumentKind
from .draft import Draft
from .edition import CalendarEdition, Recomputation
from .event import Actor, Event, Kind
from .letter import Letter, LetterTemplate
from .person import Appointment, Role, Staff
from .preference import Choice, Group, Preference
from .report import AnnualReport, ReportEdition, ReportState, ReportStep, StepKind
from .setting import SettingChange
from .webhook import WebhookEndpoint
from .wrongcode import WrongCode

__all__ = [
    "Actor",
    "Agency",
    "Agent",
    "AnnualReport",
    "Applicant",
    "Appointment",
    "Arrival",
    "Assistance",
    "CalendarEdition",
    "Case",
    "CaseLink",
    "Channel",
    "Choice",
    "ClassifiedFinding",
    "Clearance",
    "CoApplicant",
    "Conflict",
    "Consultation",
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
    "Event",
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
    "ReasonsRequest",
    "Recomputation",
    "ReportEdition",
    "ReportState",
    "ReportStep",
    "Role",
    "SettingChange",
    "Staff",
    "StepKind",
    "Supplement",
    "ToldBy",
    "Way",
    "WebhookEndpoint",
    "WrongCode",
    "disputes_about",
    "links_of",
    "overturned",
]
