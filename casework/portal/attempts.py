"""Wrong query codes slow down whoever types them; nobody is locked out of their own case.

The count lives in the cache, which may be emptied at any moment: losing it only forgives.
"""

import hashlib
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

FREE: Final = 5
"""Wrong codes for one number from one address before waiting begins; ten times as many for all numbers together."""
LONGEST: Final = 60
REMEMBERED: Final = 60 * 60


def seconds_to_wait(request: HttpRequest, number: str, *, at: datetime) -> int:
    """How long this visitor has to wait before a code for this number is looked at; the same for unknown numbers."""
    waits = [_wait(key, free, at) for key, free in _keys(request, number)]
    return max(0, *waits)


def failed(request: HttpRequest, number: str, *, at: datetime) -> None:
    """Count a wrong code."""
    for key, _free in _keys(request, number):
        tries, _since = cache.get(key, (0, 0.0))
        cache.set(key, (tries + 1, at.timestamp()), REMEMBERED)


def forget(request: HttpRequest, number: str) -> None:
    """The right code was given: what went before were slips."""
    for key, _free in _keys(request, number):
        cache.delete(key)


def _wait(key: str, free: int, at: datetime) -> int:
    tries, since = cache.get(key, (0, 0.0))
    if tries < free:
        return 0
    pause: int = min(LONGEST, 2 ** min(10, tries - free + 1))
    return max(0, int(since + pause - at.timestamp() + 1))


def _keys(request: HttpRequest, number: str) -> tuple[tuple[str, int], ...]:
    address = _address(request)
    return (_key(f"{address} {number.strip()}"), FREE), (_key(address), 10 * FREE)


def _key(what: str) -> str:
    return "wrong-code-" + hashlib.sha256(what.encode()).hexdigest()


def _address(request: HttpRequest) -> str:
    """The visitor's address; behind our own proxy the last one that it wrote down."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    behind_proxy = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
    if behind_proxy and forwarded:
        return str(forwarded.rsplit(",", 1)[-1].strip())
    return str(request.META.get("REMOTE_ADDR", ""))
