"""Stored facts. Nothing here decides who may act or what follows from an act."""

from .agency import Agency, Level, NumberSeries
from .case import Case, Channel, Conflict, Form, Way
from .clockfacts import Consultation, Extension, FeeNotice, ReasonsRequest, Supplement
from .decision import Decision, DispatchMode
from .document import Document, DocumentKind
from .draft import Draft
from .edition import CalendarEdition, Recomputation
from .event import Actor, Event, Kind
from .letter import Letter, LetterTemplate
from .person import Applicant, Appointment, IdentityKind, Role, Staff
from .wrongcode import WrongCode

__all__ = [
    "Actor",
    "Agency",
    "Applicant",
    "Appointment",
    "CalendarEdition",
    "Case",
    "Channel",
    "Conflict",
    "Consultation",
    "Decision",
    "DispatchMode",
    "Document",
    "DocumentKind",
    "Draft",
    "Event",
    "Extension",
    "FeeNotice",
    "Form",
    "IdentityKind",
    "Kind",
    "Letter",
    "LetterTemplate",
    "Level",
    "NumberSeries",
    "ReasonsRequest",
    "Recomputation",
    "Role",
    "Staff",
    "Supplement",
    "Way",
    "WrongCode",
]
