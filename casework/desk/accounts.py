"""How allauth and axes are fitted in: whose account is whose, sealed secrets, and what the doors put on record.

Accounts are made by administrators alone; nothing here can make one.
"""

from typing import Any, Final, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from axes.signals import user_locked_out
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import access
from casework.actions.accounts import note
from casework.models import AccountDeed, Staff
from casework.models.sealing import seal, unseal

PURPOSE: Final = "second-factor"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff do not sign themselves up, and are told on the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return access.address_of(request) or "0.0.0.0"  # noqa: S104 - behind a socket there is none; nothing is bound

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the record of the account says it, and mail goes through the outbox alone."""

    def add_message(self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **kw: Any) -> None:
        """Its own templates of messages stay silent; pages say what was done."""
        if message:
            messages.add_message(request, level, message)


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed with the keys of the installation."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("验证码不对，或者已经用过、过期。请看手机上现在的六位数字。"),
        "cannot_delete_authenticator": _("您的角色必须使用双因素登录，不能撤除最后一种；可以先设置另一种。"),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, PURPOSE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(bytes.fromhex(encrypted_text), PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays where the person's roles need one: changing the telephone is adding, then removing."""
        person = Staff.objects.get(pk=authenticator.user_id)
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(user=person).exclude(pk=authenticator.pk)
        return others.exclude(
            type=Authenticator.Type.RECOVERY_CODES
        ).exists() or not access.roles_that_need_a_second_factor(person)

    def generate_authenticator_name(self, user: Staff, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("密钥 %(number)s") % {"number": number}


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Another service says who it is; whether they work here, the administrator has said."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """By the subject that was linked before; the first time by a verified e-mail address; else refused."""
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                _refuse(request)
            return
        person = _by_mail(sociallogin)
        if person is None:
            _refuse(request)
        sociallogin.connect(request, person)
        note(person, AccountDeed.LINKED, at=timezone.now(), provider=sociallogin.account.provider)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_facts: Any) -> NoReturn:
        messages.error(request, gettext("统一身份认证没有完成。请再试一次，或者用密码登录。"))
        raise ImmediateHttpResponse(redirect("desk:login"))


def _by_mail(sociallogin: SocialLogin) -> Staff | None:
    """The one active person with an address that the service has verified, and who is linked with nobody there yet."""
    addresses = [each.email for each in sociallogin.email_addresses if each.verified is True and each.email]
    if len(addresses) != 1:
        return None
    found = list(Staff.objects.filter(email__iexact=addresses[0], is_active=True)[:2])
    if len(found) != 1:
        return None
    linked = SocialAccount.objects.filter(user=found[0], provider=sociallogin.account.provider)
    return None if linked.exists() else found[0]


def _refuse(request: HttpRequest) -> NoReturn:
    messages.error(
        request,
        gettext("统一身份认证确认了您的身份，但本系统没有与之对应的工作人员账户。请联系本机关管理员建立账户。"),
    )
    raise ImmediateHttpResponse(redirect("desk:login"))


# What the doors put on record -----------------------------------------------------------------------------------------


@receiver(user_locked_out)
def locked(username: str, **_signal: Any) -> None:
    """Once for each lock, not for each try behind it."""
    person = Staff.objects.filter(username=username).first()
    if person is not None:
        last = person.changes.first()
        if last is None or last.kind != AccountDeed.LOCKED:
            note(person, AccountDeed.LOCKED, at=timezone.now())


@receiver(authentication_failed)
def wrong_code(request: HttpRequest, user: Staff, **_signal: Any) -> None:
    """A wrong code counts as a wrong password does: by account and address, in the database, for every process."""
    user_login_failed.send(sender=__name__, credentials={"username": user.username}, request=request)


@receiver(authenticator_added)
def factor_added(user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    note(user, AccountDeed.SECOND_FACTOR_ADDED, by=user, at=timezone.now(), factor=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    note(user, AccountDeed.SECOND_FACTOR_REMOVED, by=user, at=timezone.now(), factor=authenticator.type)
