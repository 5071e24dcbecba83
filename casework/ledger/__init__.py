"""The case ledger 台账 in and out (formats section 3): ``read`` a file, ``store`` what was read, ``write`` it back."""

from .reading import Entry, Reading, Report, read
from .storing import store
from .writing import FORMS, write

__all__ = ["FORMS", "Entry", "Reading", "Report", "read", "store", "write"]
