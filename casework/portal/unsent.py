"""A text that is being typed on the page of an opened case, kept sealed in the session until it is sent."""

from typing import Final

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends.base import SessionBase

from casework.models.sealing import seal, unseal

PURPOSE: Final = "typing"
LONGEST: Final = 50_000


def keep(session: SessionBase, pk: int, text: str, page: str = "supplement") -> None:
    """Keep what was typed on a page of this case; a longer text is shown again by the form, but not kept."""
    if len(text) <= LONGEST:
        session[_key(pk, page)] = seal(text, PURPOSE).hex()


def kept(session: SessionBase, pk: int, page: str = "supplement") -> str:
    """What was kept; nothing, where it can't be opened any more."""
    try:
        return unseal(bytes.fromhex(session.get(_key(pk, page), "")), PURPOSE)
    except (ValueError, LookupError, InvalidTag):
        return ""


def forget(session: SessionBase, pk: int, page: str = "supplement") -> None:
    session.pop(_key(pk, page), None)


def _key(pk: int, page: str) -> str:
    return f"typed-{page}-{pk}"
