"""Erasing personal data whose time is up, by kind, so that the figures stay and a restored backup forgets it again.

``table`` says of every text, file and JSON column whether it holds personal data, of which kind, and how it is
reached from its case. Nothing is erased unless somebody orders it.
"""

from .erasing import apply_list, due, erase
from .files import FILES, Matter
from .table import IMPERSONAL, KINDS, OF_CORRECTIONS, OF_PROPOSALS, PERSONAL, DataKind, Place

__all__ = [
    "FILES",
    "IMPERSONAL",
    "KINDS",
    "OF_CORRECTIONS",
    "OF_PROPOSALS",
    "PERSONAL",
    "DataKind",
    "Matter",
    "Place",
    "apply_list",
    "due",
    "erase",
]
