"""The query code of what was registered on paper: shown for a while to the clerk who registered it, to be printed."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest

from casework.models.sealing import seal, unseal

#: Long enough for a jammed printer.
SHOWN_FOR: Final = timedelta(minutes=10)
_CODES: Final = "query_codes"
_PURPOSE: Final = "receipt"


def keep_code(request: HttpRequest, key: str, code: str, *, at: datetime) -> None:
    """In the session of the clerk alone and sealed: the database keeps no code that somebody could read."""
    codes = {each: kept for each, kept in request.session.get(_CODES, {}).items() if _fresh(kept[0], at)}
    request.session[_CODES] = {**codes, key: [at.timestamp(), seal(code, _PURPOSE).hex()]}


def shown_code(request: HttpRequest, key: str, *, at: datetime) -> str:
    kept = request.session.get(_CODES, {}).get(key)
    return unseal(bytes.fromhex(kept[1]), _PURPOSE) if kept and _fresh(kept[0], at) else ""


def _fresh(since: float, at: datetime) -> bool:
    return at.timestamp() - since <= SHOWN_FOR.total_seconds()
