"""A text that is being typed on the page of an opened case, kept sealed in the session until it is sent."""

from typing import Final

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends.base import SessionBase

from casework.models.sealing import seal, unseal

PURPOSE: Final = "typing"
LONGEST: Final = 50_000


def keep(session: SessionBase, pk: int, text: str) -> None:
    """Keep what was typed for this case; a longer text is shown again by the form, but not kept."""
    if len(text) <= LONGEST:
        session[_key(pk)] = seal(text, PURPOSE).hex()


def kept(session: SessionBase, pk: int) -> str:
    """What was kept; nothing, where it can't be opened any more."""
    try:
        return unseal(bytes.fromhex(session.get(_key(pk), "")), PURPOSE)
    except (ValueError, LookupError, InvalidTag):
        return ""


def forget(session: SessionBase, pk: int) -> None:
    session.pop(_key(pk), None)


def _key(pk: int) -> str:
    return f"typed-{pk}"
