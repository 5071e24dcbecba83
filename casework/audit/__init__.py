"""The audit: append-only tables, guarded by the database, sealed into one chain, anchored outside.

``logs`` says which tables and which of their values are personal; ``guards`` are the triggers; ``sealing`` links what
has come; ``verifying`` finds the first row that does not fit; ``anchors`` writes the head where the database can't.
"""

from .anchors import anchor, faults_of_anchors
from .keeping import record
from .logs import LOGS, Log
from .sealing import all_waiting, seal_all, waiting
from .verifying import Fault, faults, first_fault

__all__ = [
    "LOGS",
    "Fault",
    "Log",
    "all_waiting",
    "anchor",
    "faults",
    "faults_of_anchors",
    "first_fault",
    "record",
    "seal_all",
    "waiting",
]
