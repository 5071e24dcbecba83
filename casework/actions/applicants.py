"""An applicant's account: proven addresses, the cases in its list, and its end.

There is no password. Whoever reads the mail or the telephone is let in by six digits, and who comes for the first
time has an account by that: so to sign in and to sign up are one, nothing can be forgotten, and nothing that anybody
can see depends on whether an address is known (docs/decisions/018-applicants-accounts.md).
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import get_language

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import (
    APPLICANT_NAME,
    Actor,
    Case,
    CodeWay,
    Draft,
    Event,
    KeptBy,
    KeptCase,
    Kind,
    PersonKind,
    SignInCode,
    Staff,
)
from casework.models.account import ADDRESS, CODE_TRIES
from casework.models.querycode import hashed, matches
from casework.models.sealing import seal, unseal
from casework.notices import send_code, tell_account_changed

from .record import clean, happened

_DIGITS: Final = 6
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Proven:
    """An address that somebody has shown to be theirs."""

    way: CodeWay
    address: str


# Proof of an address ------------------------------------------------------------------------------------------------


def ask_code(way: CodeWay, address: str, *, at: datetime) -> str:
    """Send six digits to the address; the token for the browser that waits for them. Nobody is looked up."""
    token, code = secrets.token_urlsafe(24), f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    name = _digest(token)
    with transaction.atomic():
        SignInCode.objects.create(
            token_hash=name,
            way=way,
            address_sealed=seal(address, ADDRESS),
            code_hash=hashed(code),
            sent_at=at,
            expires_at=at + timedelta(minutes=settings.SIGN_IN_CODE_MINUTES),
        )
        send_code(code, name=name, way=way, address=address, language=_language(), at=at)
    return token


def awaited(token: str, *, at: datetime) -> Proven | None:
    """The address whose digits this browser waits for; none where they have expired or were tried too often."""
    row = SignInCode.objects.filter(token_hash=_digest(token), expires_at__gt=at, tries__lt=CODE_TRIES).first()
    return Proven(CodeWay(row.way), unseal(bytes(row.address_sealed), ADDRESS)) if row else None


def prove(token: str, typed: str, *, at: datetime) -> Proven | None:
    """The address, if the digits are right; they are good once. A try is counted before it is judged."""
    waiting = SignInCode.objects.filter(token_hash=_digest(token), expires_at__gt=at, tries__lt=CODE_TRIES)
    if not waiting.update(tries=F("tries") + 1):
        return None
    row = SignInCode.objects.filter(token_hash=_digest(token)).first()
    if row is None or not matches(typed, row.code_hash):
        return None
    gone, _rows = SignInCode.objects.filter(pk=row.pk).delete()  # of two windows one is let in
    return Proven(CodeWay(row.way), unseal(bytes(row.address_sealed), ADDRESS)) if gone else None


# The account --------------------------------------------------------------------------------------------------------


def enter(proven: Proven) -> Staff:
    """The account of this address; made now, where there is none. Raises ``Refused`` for one that was shut."""
    for _attempt in range(_ATTEMPTS):
        found = Staff.applicants.filter(**_by(proven)).first()
        if found is not None:
            if not found.is_active:
                raise Refused(_SHUT)
            return found
        try:
            with transaction.atomic():
                return _new(**{_field(proven.way): proven.address})
        except IntegrityError:
            continue  # another window was as quick
    raise RuntimeError("no account in three attempts")


def known_elsewhere(*, name: str) -> Staff:
    """A new account for somebody whom another service knows; its caller links the two."""
    try:
        name = clean(name, "name", longest=80, required=False, lines=False)
    except Refused:
        name = ""
    return _new(name=name)


def rename(account: Staff, *, name: str) -> None:
    """What the forms are filled with; proves nothing."""
    name = clean(name, "name", longest=80, required=False, lines=False)
    Staff.applicants.filter(pk=account.pk).update(name=name)
    account.name = name


def change_address(account: Staff, proven: Proven, *, at: datetime) -> None:
    """The proven address instead of the one before, or beside the other way; the one before hears of it."""
    field = _field(proven.way)
    try:
        with transaction.atomic():
            locked = Staff.applicants.select_for_update().get(pk=account.pk)
            before = getattr(locked, field)
            if before == proven.address:
                return
            setattr(locked, field, proven.address)
            locked.save(update_fields=[field])
            _tell(proven.way, before, field, at=at)
    except IntegrityError:
        raise Refused(_TAKEN, field="address") from None
    setattr(account, field, proven.address)


def drop_address(account: Staff, way: CodeWay, *, at: datetime) -> None:
    """One way in has to be left: the other address, or another service."""
    field = _field(way)
    with transaction.atomic():
        locked = Staff.applicants.select_for_update().get(pk=account.pk)
        before, other = getattr(locked, field), getattr(locked, _OTHER[field])
        if not before:
            return
        if not other and not SocialAccount.objects.filter(user=locked).exists():
            raise Refused(_LAST)
        setattr(locked, field, "")
        locked.save(update_fields=[field])
        _tell(way, before, field, at=at)
    setattr(account, field, "")


def second_factor_changed(account: Staff, *, at: datetime) -> None:
    """Whoever owns the addresses hears of it."""
    with transaction.atomic():
        for way, address in addresses(account):
            _tell(way, address, "factor", at=at)


def addresses(account: Staff) -> list[tuple[CodeWay, str]]:
    """The proven addresses, the mail first."""
    both = [(CodeWay.EMAIL, account.email), (CodeWay.PHONE, account.phone)]
    return [(way, address) for way, address in both if address]


def sign_out_elsewhere(account: Staff, *, keep: str) -> int:
    """End every session but the one whose key is ``keep``; how many."""
    sessions = list(UserSession.objects.filter(user=account).exclude(session_key=keep))
    for session in sessions:
        session.end()
    return len(sessions)


def close(account: Staff, *, at: datetime) -> None:
    """The account with all that belongs to it alone. The applications stay with their offices, and open by code.

    Drafts that were not sent go (PIPL 47). That a case was in an account stays in its record, without saying in whose.
    """
    with transaction.atomic():
        locked = Staff.applicants.select_for_update().get(pk=account.pk)
        for way, address in addresses(locked):
            _tell(way, address, "closed", at=at)
        for kept in KeptCase.objects.filter(account=locked).select_related("case__agency"):
            let_go(locked, kept.case, at=at)
        Draft.objects.filter(account=locked, case=None).delete()
        Authenticator.objects.filter(user=locked).delete()
        sign_out_elsewhere(locked, keep="")
        locked.delete()


# The list -----------------------------------------------------------------------------------------------------------


def keep_case(account: Staff, case: Case, *, by: KeptBy, at: datetime) -> Event | None:
    """The case in the list of this account; the caller has seen its proof. ``None`` where it stands there already.

    The version of the case stays: a reader must not turn away a clerk who is in the middle of an act.
    """
    with transaction.atomic():
        _row, is_new = KeptCase.objects.get_or_create(account=account, case=case, defaults={"by": by, "at": at})
        if not is_new:
            return None
        return happened(case, Kind.KEPT_IN_ACCOUNT, by=None, actor=Actor.APPLICANT, at=at)


def keep_beside(case: Case, earlier: Case, *, at: datetime) -> None:
    """What came out of a case, and opens with its query code, into the lists in which that case stands."""
    for kept in KeptCase.objects.filter(case=earlier).select_related("account"):
        keep_case(kept.account, case, by=KeptBy(kept.by), at=at)


def let_go(account: Staff, case: Case, *, at: datetime) -> Event | None:
    """Out of the list; the case itself stays as it is."""
    with transaction.atomic():
        gone, _rows = KeptCase.objects.filter(account=account, case=case).delete()
        if not gone:
            return None
        return happened(case, Kind.TAKEN_FROM_ACCOUNT, by=None, actor=Actor.APPLICANT, at=at)


# ----------------------------------------------------------------------------------------------------


def _new(**facts: str) -> Staff:
    # objects.create: no manager of one kind may make the other; the password is none that anybody could type
    return Staff.objects.create(
        username=APPLICANT_NAME + secrets.token_hex(12),
        password=make_password(None),
        kind=PersonKind.APPLICANT,
        **facts,
    )


_OTHER: Final = {"email": "phone", "phone": "email"}


def _field(way: CodeWay) -> str:
    return way.value


def _by(proven: Proven) -> dict[str, str]:
    if proven.way is CodeWay.EMAIL:
        return {"email__iexact": proven.address}
    return {"phone": proven.address}


def _tell(way: CodeWay, address: str, what: str, *, at: datetime) -> None:
    if address:
        name = f"{what}:{secrets.token_hex(16)}"
        tell_account_changed(what, name=name, way=way, address=address, language=_language(), at=at)


def _language() -> str:
    return get_language() or "zh-hans"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


_SHUT: Final = Text(
    "这个账户不能登录。您的申请可以凭登记编号和查询码查看。",
    "This account is shut. Your applications can be opened with their numbers and query codes.",
)
_TAKEN: Final = Text(
    "这个地址已经是您另一个账户的登录方式。请用它登录那个账户，删除以后再填在这里。",
    "You sign in to another account with this address. Sign in there, delete that account, then enter it here.",
)
_LAST: Final = Text(
    "至少要留下一种登录方式。不再使用账户的，可以删除账户。",
    "One way to sign in has to stay. If you no longer use the account, you can delete it.",
)
