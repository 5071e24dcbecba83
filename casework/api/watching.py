"""What the interface puts on record: which token read whose personal data, and which was turned away.

Every address stands in one of the tables below, so that a new one can't forget to say what it shows. The record is
written before the answer leaves: where it can't be written, nothing is told.
"""

from typing import Final
from urllib.parse import unquote

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from casework import audit
from casework.access import address_of
from casework.access.machines import lodged_through, token_meant
from casework.entries import where
from casework.models import AccessKind, ApiToken
from casework.models.accessrecord import OF_MACHINES

#: How one application stands: what its applicant was told and asked.
READ: Final = frozenset({"follow_application", "supplement_application", "withdraw_application"})
#: Numbers and dates of what several people asked for.
LISTED: Final = frozenset({"list_applications"})
#: Names, contacts and contents leave the house.
EXPORTED: Final = frozenset({"ledger"})
#: Figures, dates, and what the caller has told us in the same request.
IMPERSONAL: Final = frozenset(
    {
        "lodge_application",
        "matrix",
        "report",
        "edition_file",
        "units",
        "calendar",
        "period",
        "clock",
    }
)
_SHOWN: Final = {
    **dict.fromkeys(READ, AccessKind.READ),
    **dict.fromkeys(LISTED, AccessKind.LISTED),
    **dict.fromkeys(EXPORTED, AccessKind.EXPORTED),
}
_TURNED_AWAY: Final = {401: AccessKind.DENIED, 403: AccessKind.DENIED, 404: AccessKind.MISSING}
#: A visitor without any token is written down once in so many seconds: nobody fills the record by knocking.
_KNOCKS: Final = 60


def note(request: HttpRequest, response: HttpResponse) -> None:
    """Write down what this answer shows or refuses; nothing where it does neither."""
    name = getattr(request, "operation", "")
    kind = _TURNED_AWAY.get(response.status_code)
    if kind is None and response.status_code in (200, 201):
        kind = _SHOWN.get(name)
    if kind is None or not name:
        return
    token = _token(request)
    if token is None and not cache.add(f"api-knock:{address_of(request)}", 1, _KNOCKS):
        return
    audit.record(
        kind,
        at=timezone.now(),
        agency=token.agency_id if token else None,
        case=_case(request, token) if response.status_code in (200, 201) else None,
        page=f"{OF_MACHINES}{name}",
        what=f"{token.mark if token else ''} {unquote(request.get_full_path())}",
        **where(request),
    )


def _token(request: HttpRequest) -> ApiToken | None:
    """The token that let the request in, or that it named and did not prove."""
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken):
        return token
    return token_meant(request.headers.get("Authorization", "").partition(" ")[2].strip())


def _case(request: HttpRequest, token: ApiToken | None) -> int | None:
    """The case whose name stands in the address."""
    name = request.resolver_match.kwargs.get("id") if request.resolver_match else None
    if token is None or name is None:
        return None
    return lodged_through(token).filter(name=name).values_list("case", flat=True).first()
