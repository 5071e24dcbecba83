"""Mobile numbers of the mainland, in the one form in which they are stored and compared."""

import re
import unicodedata
from typing import Final

#: Eleven digits that begin with 13 to 19 (电信网编号计划, 2017); numbers of things have thirteen and take no messages.
_MOBILE: Final = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})", re.ASCII)
_WRITTEN_BETWEEN: Final = str.maketrans("", "", " \u00a0-‐‑‒–—()")


def mobile(text: str) -> str:
    """The eleven digits of a mobile number however it was written; empty for a landline or anything else."""
    found = _MOBILE.fullmatch(unicodedata.normalize("NFKC", text).translate(_WRITTEN_BETWEEN))
    return found[1] if found else ""
