"""Wrong query codes slow down whoever types them; nobody is locked out of their own case.

The keys are hashes: nothing in the table says who tried what.
"""

import hashlib
from datetime import datetime
from typing import Final

from django.db import transaction
from django.http import HttpRequest

from casework.access.door import address_of
from casework.models import WrongCode

FREE: Final = 5
"""Wrong codes for one number from one address before waiting begins; ten times as many for all numbers together."""
LONGEST: Final = 60


def seconds_to_wait(request: HttpRequest, number: str, *, at: datetime) -> int:
    """How long this visitor has to wait before a code for this number is looked at; the same for unknown numbers."""
    waits = [_wait(key, free, at) for key, free in _keys(request, number)]
    return max(0, *waits)


def failed(request: HttpRequest, number: str, *, at: datetime) -> None:
    """Count a wrong code."""
    with transaction.atomic():
        for key, _free in _keys(request, number):
            WrongCode.count(key, at=at)


def forget(request: HttpRequest, number: str) -> None:
    """The right code was given: what went before were slips."""
    WrongCode.objects.filter(pk__in=[key for key, _free in _keys(request, number)]).delete()


#: Codes to one address: one a minute, after five within an hour one in ten minutes, after ten none for an hour.
_PAUSES: Final = ((10, 3600), (5, 600), (1, 60))
#: Codes to all addresses together that one visitor asks for before waiting begins; an office or a library is one.
MOST_SENT: Final = 30


def seconds_to_next_code(request: HttpRequest, address: str, *, at: datetime) -> int:
    """How long until another code is sent to this address; the same whether it has an account or not."""
    to_one, by_one = (_pause(key, pauses, at) for key, pauses in _sent(request, address))
    return max(to_one, by_one)


def code_sent(request: HttpRequest, address: str, *, at: datetime) -> None:
    """Count one."""
    with transaction.atomic():
        for key, _pauses in _sent(request, address):
            WrongCode.count(key, at=at)


def _sent(request: HttpRequest, address: str) -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]:
    by_visitor = _key(f"codes asked for from {address_of(request)}")
    return (_key(f"codes to {address.casefold()}"), _PAUSES), (by_visitor, ((MOST_SENT, 600),))


def _pause(key: str, pauses: tuple[tuple[int, int], ...], at: datetime) -> int:
    sent, last_at = WrongCode.lately(key, at=at)
    seconds = next((seconds for least, seconds in pauses if sent >= least), 0)
    return max(0, int((last_at - at).total_seconds()) + seconds) if last_at else 0


def _wait(key: str, free: int, at: datetime) -> int:
    tries, last_at = WrongCode.lately(key, at=at)
    if last_at is None or tries < free:
        return 0
    pause: int = min(LONGEST, 2 ** min(10, tries - free + 1))
    return max(0, int((last_at - at).total_seconds() + pause + 1))


def _keys(request: HttpRequest, number: str) -> tuple[tuple[str, int], ...]:
    address = address_of(request)
    return (_key(f"{address} {number.strip()}"), FREE), (_key(address), 10 * FREE)


def _key(what: str) -> str:
    return hashlib.sha256(what.encode()).hexdigest()
