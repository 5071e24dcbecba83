"""The case ledger 台账 in and out (formats section 3): ``read`` a file, ``store`` what was read, ``write`` it back.

``read_register``, ``store_register`` and ``write_register`` do the same for the registers of the annual report.
"""

from .reading import Entry, Reading, Report, read
from .registers import RegisterReading, headings_of, read_register, store_register, write_register
from .storing import store
from .writing import FORMS, write

__all__ = [
    "FORMS",
    "Entry",
    "Reading",
    "RegisterReading",
    "Report",
    "headings_of",
    "read",
    "read_register",
    "store",
    "store_register",
    "write",
    "write_register",
]
