"""The code that, with the number, opens a case to its applicant: shown once, checked for slips, kept as a slow hash."""

import hashlib
import hmac
import os
import secrets
import unicodedata
from typing import Final

from django.conf import settings
from stdnum import luhn

#: No 0/O, 1/I/L, U/V, 2/Z, 5/S, 8/B: nothing that can be taken for another character when read aloud or written down.
ALPHABET: Final = "34679ACDEFGHJKMNPQRTVWXY"
LENGTH: Final = 15


def new_code(length: int = LENGTH) -> str:
    """Fifteen random characters (68 bits) and a check character, in groups of four."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return grouped(body + luhn.calc_check_digit(body, ALPHABET))


def grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def compact(typed: str) -> str:
    """The code as typed by a person: any case, full-width or not, with any spaces and hyphens."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(c for c in plain if c.isalnum())


def is_slip(typed: str, length: int = LENGTH) -> bool:
    """Whether the code can't be right whatever the case: wrong length, character or check character."""
    code = compact(typed)
    return len(code) != length + 1 or any(c not in ALPHABET for c in code) or not luhn.is_valid(code, ALPHABET)


def hashed(code: str) -> str:
    """``cost$salt$hash`` by scrypt."""
    cost: int = settings.QUERY_CODE_COST
    salt = os.urandom(16)
    return f"{cost}${salt.hex()}${_digest(code, salt, cost)}"


def matches(typed: str, stored: str) -> bool:
    """Compare in constant time. An empty ``stored`` costs the same as a full one and never matches."""
    cost, salt, digest = stored.split("$") if stored else (str(settings.QUERY_CODE_COST), "00" * 16, "")
    return hmac.compare_digest(_digest(typed, bytes.fromhex(salt), int(cost)), digest)


def _digest(code: str, salt: bytes, cost: int) -> str:
    return hashlib.scrypt(compact(code).encode(), salt=salt, n=cost, r=8, p=1, maxmem=2**27, dklen=32).hex()
