"""Somebody of the staff is invited by mail to set their own password: no administrator ever sees it."""

from datetime import datetime
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from casework.access import check_may_touch
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import AccountDeed, FormerPassword, Invitation, Staff
from casework.models.invitation import LASTS
from casework.notices import send_invitation

from .accounts import end_sessions, note


def invite(person: Staff, *, by: Staff, at: datetime) -> Invitation:
    """Mail a link that sets a password once, within a week; older links of the person open nothing any more.

    Until it is used the account stays as it is: whoever has a password goes on with it.
    """
    check_may_touch(by, person)
    with transaction.atomic():
        found = Staff.objects.select_for_update().get(pk=person.pk)
        if not found.email:
            raise Refused(_NO_ADDRESS.format(name=found.get_full_name()), field="email")
        if not found.is_active:
            raise Refused(_CLOSED)
        withdraw_invitations(found, at=at)
        made = Invitation(staff=found, email=found.email, made_at=at, made_by=by, until=at + LASTS)
        token = made.draw()
        made.save()
        send_invitation(made, token, at=at)
        note(found, AccountDeed.INVITED, by=by, at=at, email=found.email)
    return made


def withdraw_invitations(person: Staff, *, at: datetime) -> int:
    """No link of this person opens anything any more; how many there were."""
    return person.invitations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=at)


def take_up(token: str, *, new: str, at: datetime) -> Staff:
    """Whoever holds the link sets the password of the account, once; every session of the account ends."""
    with transaction.atomic():
        found = Invitation.objects.opened(token)
        person = Staff.objects.select_for_update().filter(pk=found.staff_id).first() if found else None
        # Read again behind the lock: of two presses one alone sets the password.
        found = Invitation.objects.opened(token)
        if found is None or person is None or not found.opens(at=at):
            raise Refused(DEAD)
        try:
            validate_password(new, person)
        except ValidationError as error:
            raise Refused(_WEAK.format(why="".join(error.messages)), field="new") from None
        person.set_password(new)
        person.initial_until = None
        person.save(update_fields=["password", "initial_until"])
        Invitation.objects.filter(pk=found.pk).update(used_at=at)
        FormerPassword.objects.create(staff=person, encoded=person.password, at=at)
        end_sessions(person)
        note(person, AccountDeed.INVITATION_TAKEN, by=person, at=at)
    return person


DEAD: Final = Text(
    "这个链接已经用过、过期或者被新的链接代替，不能再设置密码。请联系本机关管理员，另外发一个。",
    "This link was used, has run out or was replaced by a newer one. Ask your administrator for another.",
)
_NO_ADDRESS: Final = Text("{name}没有登记电子邮箱，不能用邮件邀请。", "{name} has no e-mail address to be invited by.")
_CLOSED: Final = Text("账户已经停用，不能邀请。", "The account is closed; nobody is invited to it.")
_WEAK: Final = Text("密码太弱：{why}", "The password is too weak: {why}")
