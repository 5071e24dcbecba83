"""The way in and out of the desk: sessions that end, and what was being typed when one did.

A form that was left open overnight is answered with the log-in; its text comes along sealed, in a field of that page,
and is shown again to the same person. Nothing of it is stored for somebody who has not logged in.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from casework.doors import NOTED, SEEN, ended
from casework.models.sealing import seal, unseal

PURPOSE: Final = "unsent"
#: Characters of a form that are carried; a longer one is shown by the browser's way back alone.
LONGEST: Final = 200_000
KEPT: Final = "kept"
DESK: Final = "/desk/"
_NOT_CARRIED: Final = frozenset({"csrfmiddlewaretoken", "password", "old", "new", "again", "code", "credential", KEPT})


class SessionLimits:
    """Ends a session that was idle for too long or has lasted a day's work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Elsewhere the session is not even opened: what everybody may read stays the same for everybody.
        if request.path.startswith(DESK) and SESSION_KEY in request.session:
            now = timezone.now()
            if has_ended(request.session, at=now):
                whose = str(request.session[SESSION_KEY])
                logout(request)
                if request.method == "POST":
                    request.unsent = carried(request, whose)  # type: ignore[attr-defined]
            elif now.timestamp() - request.session.get(SEEN, 0) >= NOTED.total_seconds():
                request.session[SEEN] = now.timestamp()
        return self.get_response(request)


def has_ended(session: SessionBase, *, at: datetime) -> bool:
    """By the idle limit or by the absolute one; a session from before there were limits has ended."""
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    return ended(session, idle=idle, longest=timedelta(hours=settings.SESSION_HOURS), at=at)


def carried(request: HttpRequest, whose: str) -> str:
    """The form as a sealed text; nothing where it is too long to be carried."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name not in _NOT_CARRIED and isinstance(value, str)
    ]
    text = json.dumps({"whose": whose, "path": request.get_full_path(), "fields": fields}, ensure_ascii=False)
    if not fields or len(text) > LONGEST:
        return ""
    return base64.urlsafe_b64encode(seal(text, PURPOSE)).decode()


def opened(sealed: str, whose: str) -> dict[str, Any] | None:
    """What was carried, for the person who had typed it; nobody else's, and nothing that was not made here."""
    try:
        found = json.loads(unseal(base64.urlsafe_b64decode(sealed.encode()), PURPOSE))
    except (ValueError, LookupError, InvalidTag):
        return None
    return found if isinstance(found, dict) and found["whose"] == whose and found["path"].startswith(DESK) else None
