"""From where somebody comes, and what stands between them and the desk once their password was right."""

from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from casework.models import Agency, Appointment, FormerPassword, Staff

_FACTORS: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def address_of(request: HttpRequest) -> str:
    """The visitor's address; behind our own proxy the last one that it wrote down, which a visitor can't invent."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    behind_proxy = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
    if behind_proxy and forwarded:
        return str(forwarded.rsplit(",", 1)[-1].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def must_change_password(user: Staff, *, at: datetime) -> bool:
    """It was given out by an administrator, or is older than the installation allows.

    Whose password was set at the shell, or before passwords were remembered, has none that could be too old.
    """
    if user.initial_until is not None:
        return True
    if not settings.PASSWORD_DAYS or not user.has_usable_password():
        return False
    since = FormerPassword.objects.filter(staff=user).values_list("at", flat=True).first()
    return since is not None and bool(at - since > timedelta(days=settings.PASSWORD_DAYS))


def roles_that_need_a_second_factor(user: Staff) -> frozenset[str]:
    """The roles of this person for which their agencies ask for one."""
    if settings.SECOND_FACTOR == "off":
        return frozenset()
    asked = Appointment.objects.filter(staff=user).values_list("role", "agency__second_factor_roles")
    return frozenset(role for role, roles in asked if role in roles)


def lacks_second_factor(user: Staff) -> bool:
    """Whether one is asked of this person and they have set up none; whoever has one is asked for it at the door."""
    return bool(roles_that_need_a_second_factor(user)) and not has_second_factor(user)


def has_second_factor(user: Staff) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=_FACTORS).exists())


def unguarded(user: Staff) -> bool:
    """Whether an administrator ought to hear that roles which sign and judge need no second factor here."""
    held = [agency for agency, roles in user.roles.items() if roles & {"agency_administrator", "system_administrator"}]
    if not held:
        return False
    return settings.SECOND_FACTOR == "off" or Agency.objects.filter(pk__in=held, second_factor_roles=[]).exists()
