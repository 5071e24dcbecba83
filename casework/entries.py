"""Who came in, went out, was refused or changed their second factor: on record, for staff and applicants alike.

Of an applicant the number of the account is kept and nothing else: the account is theirs to delete, and no record
holds it back or says afterwards whose it was (个人信息保护法 47). Where a record can't be written nobody gets in.
"""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from casework import access, audit
from casework.models import AccessKind, Staff

#: Under these names the doors stand in the record.
DESK_DOOR, OWN_DOOR = "login", "sign_in"


def where(request: HttpRequest | None) -> dict[str, Any]:
    """From where a request came, and its name."""
    if request is None:
        return {}
    return {"network": access.address_of(request), "request_id": getattr(request, "request_id", "")}


def home_of(person: Staff) -> int | None:
    """The agency whose auditor looks after this person: the first in which they hold a role."""
    return next(iter(person.roles), None)


def note(kind: AccessKind, person: Staff, request: HttpRequest | None, *, how: str = "") -> None:
    """One record of a door."""
    facts: dict[str, Any] = {"at": timezone.now(), **where(request)}
    if person.is_applicant:
        audit.record(kind, page=OWN_DOOR, what=f"account {person.pk} {how}".strip(), **facts)
    else:
        audit.record(kind, by=person, agency=home_of(person), page=DESK_DOOR, what=how, **facts)


def turned_away(request: HttpRequest, *, page: str, how: str = "") -> None:
    """Somebody failed at a door, of whom nothing is known that could be kept."""
    audit.record(AccessKind.LOGIN_FAILED, at=timezone.now(), page=page, what=how, **where(request))


@receiver(user_logged_in)
def came_in(request: HttpRequest, user: Staff, **_signal: Any) -> None:
    """With what somebody proved who they are: password or code, another service, a second factor."""
    used = [":".join(filter(None, _named(each))) for each in get_authentication_records(request, user)]
    first = "code" if user.is_applicant else "password"  # those two are no methods of allauth's
    if not any(name.startswith("socialaccount") for name in used):
        used.insert(0, first)
    note(AccessKind.LOGGED_IN, user, request, how=" ".join(dict.fromkeys(used)))


def _named(record: dict[str, Any]) -> tuple[str, str]:
    return str(record["method"]), str(record.get("type") or record.get("provider") or "")


@receiver(user_logged_out)
def went_out(request: HttpRequest, user: Any = None, **_signal: Any) -> None:
    """By a press, or at the desk because the session had lasted too long."""
    if isinstance(user, Staff):
        note(AccessKind.LOGGED_OUT, user, request)


@receiver(user_login_failed)
def login_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: Any) -> None:
    """A wrong password or code. A name that nobody has is not kept: it may be a password in the wrong field."""
    person = Staff.objects.filter(username=credentials.get("username") or "").first()
    if person is None:
        audit.record(AccessKind.LOGIN_FAILED, at=timezone.now(), page=DESK_DOOR, **where(request))
    else:
        note(AccessKind.LOGIN_FAILED, person, request)


@receiver(authenticator_added)
def factor_added(request: HttpRequest, user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    note(AccessKind.FACTOR, user, request, how=f"added {authenticator.type}")


@receiver(authenticator_removed)
def factor_removed(request: HttpRequest, user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    note(AccessKind.FACTOR, user, request, how=f"removed {authenticator.type}")


@receiver(authenticator_reset)
def factor_renewed(request: HttpRequest, user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    """New recovery codes; the old ones open nothing any more."""
    note(AccessKind.FACTOR, user, request, how=f"renewed {authenticator.type}")
