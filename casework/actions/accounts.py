"""What administrators do about people: accounts, roles, second factors. Each leaves a sentence in the record."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from casework import audit
from casework.access import check_may_give, check_may_keep, check_may_touch
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import AccessKind, AccountDeed, Agency, Appointment, Role, Staff, StaffChange

from .passwords import give_initial
from .record import clean


def add_person(
    agency: Agency,
    *,
    username: str,
    name: str,
    roles: Collection[str],
    email: str = "",
    phone: str = "",
    invited: bool = False,
    by: Staff,
    at: datetime,
) -> tuple[Staff, str]:
    """An account with its first roles, and the initial password in clear: the only time that it is shown.

    ``invited``: without a password, which is empty here too; ``invite`` follows.
    """
    check_may_keep(by, agency)
    if agency.closed_on is not None:
        raise Refused(_CLOSED.format(name=agency.name), field="agency")
    if not roles:
        raise Refused(Text("请至少选择一个角色。", "Choose at least one role."), field="roles")
    person = Staff(
        username=Staff.normalize_username(username.strip()),
        name=clean(name, "name", longest=80, lines=False),
        email=_email(email),
        phone=clean(phone, "phone", longest=20, required=False, lines=False),
    )
    try:
        person.clean_fields(exclude=["password"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(Text("{why}", "{why}").format(why=" ".join(messages)), field=field) from None
    for role in roles:
        check_may_give(by, person, agency, role)
    if invited and not person.email:
        raise Refused(Text("用邮件邀请的，请填写电子邮箱。", "An invitation needs an e-mail address."), field="email")
    password = ""
    if invited:
        person.set_unusable_password()
    else:
        password = give_initial(person, at=at)
    with transaction.atomic():
        if Staff.objects.filter(username__iexact=person.username).exists():
            raise Refused(_TAKEN.format(username=person.username), field="username")
        _check_email_is_free(person)
        person.save()
        _keep(person, AccountDeed.ADDED, by=by, at=at, agency=agency)
        for role in roles:
            _appoint(person, agency, role, by=by, at=at)
    return person, password


def change_person(person: Staff, *, name: str, email: str, phone: str, by: Staff, at: datetime) -> list[str]:
    """Bring name and ways to reach somebody up to date; which fields changed."""
    check_may_touch(by, person)
    wanted = {
        "name": clean(name, "name", longest=80, lines=False),
        "email": _email(email),
        "phone": clean(phone, "phone", longest=20, required=False, lines=False),
    }
    with transaction.atomic():
        found = Staff.objects.select_for_update().get(pk=person.pk)
        before = {field: getattr(found, field) for field in wanted}
        changed = [field for field, value in wanted.items() if before[field] != value]
        if not changed:
            return []
        for field in changed:
            setattr(found, field, wanted[field])
        _check_email_is_free(found)
        found.save(update_fields=changed)
        _keep(
            found,
            AccountDeed.RENAMED,
            by=by,
            at=at,
            before={field: before[field] for field in changed},
            after={field: wanted[field] for field in changed},
        )
    person.refresh_from_db()
    return changed


def appoint(person: Staff, agency: Agency, role: str, *, by: Staff, at: datetime) -> bool:
    """Give somebody a role; ``False`` where they have it already."""
    check_may_give(by, person, agency, role)
    if role not in Role.values:
        raise Refused(Text("没有这个角色。", "There is no such role."), field="role")
    if agency.closed_on is not None:
        raise Refused(_CLOSED.format(name=agency.name), field="agency")
    with transaction.atomic():
        return _appoint(person, agency, role, by=by, at=at)


def dismiss(person: Staff, agency: Agency, role: str, *, by: Staff, at: datetime) -> bool:
    """Take a role away; what was done in it stays done. ``False`` where they have not got it."""
    check_may_give(by, person, agency, role)
    with transaction.atomic():
        gone, _rows = Appointment.objects.filter(staff=person, agency=agency, role=role).delete()
        if gone:
            _keep(person, AccountDeed.DISMISSED, by=by, at=at, agency=agency, role=role)
    return bool(gone)


def deactivate(person: Staff, *, by: Staff, at: datetime) -> None:
    """Nobody signs in to the account any more, and whoever is in is out with the next page."""
    check_may_touch(by, person)
    with transaction.atomic():
        if Staff.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
            end_sessions(person)
            _keep(person, AccountDeed.DEACTIVATED, by=by, at=at)
    person.refresh_from_db()


def reactivate(person: Staff, *, by: Staff, at: datetime) -> None:
    check_may_touch(by, person)
    with transaction.atomic():
        if Staff.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            _keep(person, AccountDeed.REACTIVATED, by=by, at=at)
    person.refresh_from_db()


def give_password(person: Staff, *, by: Staff, at: datetime) -> str:
    """A new initial password in clear, shown once; the old one and all sessions end."""
    check_may_touch(by, person)
    with transaction.atomic():
        found = Staff.objects.select_for_update().get(pk=person.pk)
        password = give_initial(found, at=at)
        found.save(update_fields=["password", "initial_until"])
        end_sessions(found)
        _keep(found, AccountDeed.PASSWORD_RESET, by=by, at=at)
    person.refresh_from_db()
    return password


def reset_second_factor(person: Staff, *, by: Staff, at: datetime) -> bool:
    """Telephone or key are lost: forget them; where one is required the person sets up another at the next sign-in."""
    check_may_touch(by, person)
    with transaction.atomic():
        gone, _rows = Authenticator.objects.filter(user=person).delete()
        if gone:
            end_sessions(person)
            _keep(person, AccountDeed.SECOND_FACTOR_RESET, by=by, at=at)
            home = next(iter(person.roles), None)
            audit.record(AccessKind.FACTOR, at=at, by=by, agency=home, page="person", what=f"reset {person.username}")
    return bool(gone)


def unlock(person: Staff, *, by: Staff, at: datetime) -> bool:
    """Whoever typed it wrong too often needs not wait."""
    check_may_touch(by, person)
    with transaction.atomic():
        gone, _rows = AccessAttempt.objects.filter(username=person.username).delete()
        if gone:
            _keep(person, AccountDeed.UNLOCKED, by=by, at=at)
    return bool(gone)


def sign_out_everywhere(person: Staff, *, keep: str = "", by: Staff, at: datetime) -> int:
    """End every session of a person but the one whose key is ``keep``; their own, or by who keeps the account."""
    if by.pk != person.pk:
        check_may_touch(by, person)
    with transaction.atomic():
        ended = end_sessions(person, keep=keep)
        _keep(person, AccountDeed.SIGNED_OUT, by=by, at=at)
    return ended


def note(person: Staff, deed: AccountDeed, *, at: datetime, by: Staff | None = None, **payload: Any) -> StaffChange:
    """What the doors themselves report: a lock, a second factor that was set up, a link to the single sign-on."""
    return _keep(person, deed, by=by, at=at, **payload)


def _appoint(person: Staff, agency: Agency, role: str, *, by: Staff, at: datetime) -> bool:
    _row, is_new = Appointment.objects.get_or_create(
        staff=person, agency=agency, role=role, defaults={"given_by": by, "given_at": at}
    )
    if is_new:
        _keep(person, AccountDeed.APPOINTED, by=by, at=at, agency=agency, role=role)
    return is_new


def _keep(
    person: Staff, deed: AccountDeed, *, by: Staff | None, at: datetime, agency: Agency | None = None, **payload: Any
) -> StaffChange:
    row = StaffChange(staff=person, agency=agency, kind=deed.value, payload=payload, at=at, by=by)
    row.save()
    return row


def end_sessions(person: Staff, *, keep: str = "") -> int:
    """End the sessions of a person but the one whose key is ``keep``, without a word in the record."""
    sessions = list(UserSession.objects.filter(user=person).exclude(session_key=keep))
    for session in sessions:
        session.end()
    return len(sessions)


def _email(email: str) -> str:
    email = clean(email, "email", longest=254, required=False, lines=False)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Refused(Text("电子邮箱的写法不对。", "This is no e-mail address."), field="email") from None
    return email


def _check_email_is_free(person: Staff) -> None:
    """The single sign-on finds a person by it, so no two may have it."""
    others = Staff.members.filter(email__iexact=person.email).exclude(pk=person.pk)
    if person.email and (found := others.first()):
        raise Refused(_EMAIL_TAKEN.format(name=found.get_full_name()), field="email")


_CLOSED: Final = Text("{name}已经停用，不能任命。", "{name} is closed; nobody is appointed to it.")
_TAKEN: Final = Text("用户名“{username}”已经有人使用。", "The username “{username}” is taken.")
_EMAIL_TAKEN: Final = Text("这个电子邮箱已经属于{name}。", "This e-mail address belongs to {name}.")
