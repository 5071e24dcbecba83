"""How allauth and axes are fitted in: which face a visitor has, whose account is whose, what the doors put on record.

Two faces, two kinds of account (``PersonKind``). Which one a page belongs to is said by its address: on those of
``APPLICANTS`` a member of staff is a stranger, on all others an applicant is. Accounts of staff are made by
administrators alone; those of applicants when somebody has proven an address, or a provincial service has said who
they are.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework import access, entries
from casework.actions import applicants
from casework.actions.accounts import note
from casework.actions.reseal import SECOND_FACTOR
from casework.models import AccountDeed, Staff
from casework.models.sealing import seal, unseal
from casework.signon import StrictProvider

PURPOSE: Final = SECOND_FACTOR
#: Who says who somebody is: to the office, and to the province's citizens.
OFFICE: Final = "office"
PROVINCE: Final = "province"

# Which face ---------------------------------------------------------------------------------------------------------

#: Where an applicant is known; everywhere else they are a stranger, and here a member of staff is.
APPLICANTS: Final = ("/account/", "/apply/", "/follow/", "/resume/")
#: The pages of an applicant's own account have the names that allauth asks for, under addresses of their own.
OWN_ACCOUNT: Final = "/account/"
ENTERED: Final = "entered_at"
SEEN: Final = "seen_at"
#: When the person last proved who they are.
PROVED: Final = "proved_at"
#: The session says at most so often that somebody is there: a page costs no write.
NOTED: Final = timedelta(minutes=1)
#: So long after signing in what is grave is done without another proof.
FRESH: Final = timedelta(minutes=10)


class OneFace:
    """Nobody is known but on the pages of their own kind; a session of an applicant ends by its own limits."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        known = request.user  # read when it is asked for: what everybody may see opens no session
        request.user = SimpleLazyObject(lambda: _of_this_face(request, known))  # type: ignore[assignment]
        if request.path.startswith(OWN_ACCOUNT):
            request.urlconf = settings.APPLICANT_URLCONF
        return self.get_response(request)


def _of_this_face(request: HttpRequest, known: Any) -> Any:
    if not known.is_authenticated:
        return known
    for_applicants = request.path.startswith(APPLICANTS)
    if known.is_applicant is not for_applicants:
        return AnonymousUser()
    if for_applicants and not _still_in(request):
        return AnonymousUser()
    return known


def _still_in(request: HttpRequest) -> bool:
    """Whether the session has neither been idle too long nor lasted too long (GB/T 22239-2019 8.1.4.1 b)."""
    now = timezone.now()
    if ended(
        request.session,
        idle=timedelta(minutes=settings.APPLICANT_IDLE_MINUTES),
        longest=timedelta(hours=settings.SESSION_HOURS),
        at=now,
    ):
        request.session.flush()
        return False
    if now.timestamp() - request.session.get(SEEN, 0) >= NOTED.total_seconds():
        request.session[SEEN] = now.timestamp()
    return True


def ended(session: SessionBase, *, idle: timedelta, longest: timedelta, at: datetime) -> bool:
    """By the idle limit or by the absolute one; a session from before there were limits has ended."""
    entered, seen = session.get(ENTERED, 0), session.get(SEEN, 0)
    return bool(at.timestamp() - seen > idle.total_seconds() or at.timestamp() - entered > longest.total_seconds())


@receiver(user_logged_in)
def has_entered(request: HttpRequest, **_signal: Any) -> None:
    """From now on the limits run."""
    request.session[ENTERED] = request.session[SEEN] = request.session[PROVED] = timezone.now().timestamp()


def proved_lately(request: HttpRequest, *, at: datetime) -> bool:
    """Whether somebody has shown only minutes ago that it is they."""
    return bool(at.timestamp() - request.session.get(PROVED, 0) <= FRESH.total_seconds())


def signed_in(request: HttpRequest) -> Staff | None:
    """The applicant whose session this is; nobody at the desk ever is one."""
    return request.user if isinstance(request.user, Staff) and request.user.is_applicant else None


class ApplicantBackend(BaseBackend):
    """Finds the applicant of a session. The other back ends know staff alone, and this one takes no password."""

    def get_user(self, user_id: int) -> Staff | None:
        return Staff.applicants.filter(pk=user_id, is_active=True).first()


BACKEND: Final = f"{ApplicantBackend.__module__}.{ApplicantBackend.__qualname__}"


# The adapters -------------------------------------------------------------------------------------------------------


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs themselves up by allauth's own forms, and what is done is told on the page."""

    def login(self, request: HttpRequest, user: Staff) -> None:
        """Each kind by its own back end: that of the other would not find them again."""
        if user.is_applicant:
            user.backend = BACKEND
        super().login(request, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("portal:account" if request.path.startswith(OWN_ACCOUNT) else settings.LOGIN_REDIRECT_URL)

    def is_reauthentication_required(self, **about: Any) -> bool:
        """An applicant has no password to repeat; the pages ask for a proof of their own (``proved_lately``)."""
        return signed_in(context.request) is None and super().is_reauthentication_required(**about)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return access.address_of(request) or "0.0.0.0"  # noqa: S104 - behind a socket there is none; nothing is bound # nosec B104

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
    """Another service says who it is. Whether they work here, the administrator has said; a citizen is let in."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> StrictProvider:
        return StrictProvider(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """allauth takes it for granted that every claim is a text, and fails on a name that is a number."""
        return super().populate_user(request, sociallogin, {k: v for k, v in data.items() if isinstance(v, str)})

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """By the subject that was linked before; the first time by a verified e-mail address; else refused."""
        if sociallogin.account.provider == PROVINCE:
            _citizen(request, sociallogin)
            return
        if sociallogin.is_existing:
            if not sociallogin.user.is_active or sociallogin.user.is_applicant:
                _refuse(request)
            return
        person = _by_mail(sociallogin)
        if person is None:
            _refuse(request)
        sociallogin.connect(request, person)
        note(person, AccountDeed.LINKED, at=timezone.now(), provider=sociallogin.account.provider)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_facts: Any) -> NoReturn:
        own = request.path.startswith(OWN_ACCOUNT)
        entries.turned_away(
            request,
            page=entries.OWN_DOOR if own else entries.DESK_DOOR,
            how=f"socialaccount:{provider.app.provider_id}",
        )
        if request.path.startswith(OWN_ACCOUNT):
            messages.error(request, gettext("统一身份认证没有完成。请再试一次，或者用电子邮箱、手机号码登录。"))
            raise ImmediateHttpResponse(redirect("portal:sign_in"))
        messages.error(request, gettext("统一身份认证没有完成。请再试一次，或者用密码登录。"))
        raise ImmediateHttpResponse(redirect("desk:login"))


def _citizen(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """The account of this subject; the first time it is made. Addresses are not taken over: they are proven here."""
    if not sociallogin.is_existing:
        given = sociallogin.account.extra_data
        claims = {**given.get("userinfo", {}), **given.get("id_token", {}), **given}
        name = claims.get("name", "")
        sociallogin.connect(request, applicants.known_elsewhere(name=name if isinstance(name, str) else ""))
    elif not sociallogin.user.is_active or not sociallogin.user.is_applicant:
        entries.turned_away(request, page=entries.OWN_DOOR, how=f"socialaccount:{PROVINCE}")
        messages.error(request, gettext("这个账户不能登录。您的申请可以凭登记编号和查询码查看。"))
        raise ImmediateHttpResponse(redirect("portal:sign_in"))


def _by_mail(sociallogin: SocialLogin) -> Staff | None:
    """The one active person with an address that the service has verified, and who is linked with nobody there yet."""
    addresses = [each.email for each in sociallogin.email_addresses if each.verified is True and each.email]
    if len(addresses) != 1:
        return None
    found = list(Staff.members.filter(email__iexact=addresses[0], is_active=True)[:2])
    if len(found) != 1:
        return None
    linked = SocialAccount.objects.filter(user=found[0], provider=sociallogin.account.provider)
    return None if linked.exists() else found[0]


def _refuse(request: HttpRequest) -> NoReturn:
    entries.turned_away(request, page=entries.DESK_DOOR, how=f"socialaccount:{OFFICE}")
    messages.error(
        request,
        gettext("统一身份认证确认了您的身份，但本系统没有与之对应的工作人员账户。请联系本机关管理员建立账户。"),
    )
    raise ImmediateHttpResponse(redirect("desk:login"))


# What the doors put on record ---------------------------------------------------------------------------------------


@receiver(user_locked_out)
def locked(username: str, **_signal: Any) -> None:
    """Once for each lock, not for each try behind it."""
    person = Staff.members.filter(username=username).first()
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
    if user.is_applicant:
        applicants.second_factor_changed(user, at=timezone.now())
        return
    note(user, AccountDeed.SECOND_FACTOR_ADDED, by=user, at=timezone.now(), factor=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(user: Staff, authenticator: Authenticator, **_signal: Any) -> None:
    if user.is_applicant:
        applicants.second_factor_changed(user, at=timezone.now())
        return
    note(user, AccountDeed.SECOND_FACTOR_REMOVED, by=user, at=timezone.now(), factor=authenticator.type)
