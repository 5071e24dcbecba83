"""Passwords of staff: what they must be like, the initial one, and changing it.

GB/T 22239-2019 8.1.4.1 a asks for complexity and regular change; neither says how. Twelve characters of three kinds,
none that was had before, changed at the latest after ``PASSWORD_DAYS``.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import AccountDeed, FormerPassword, Staff, StaffChange

#: How long an initial password opens the page on which it is changed.
INITIAL: Final = timedelta(days=7)
#: So many passwords back none is taken again.
REMEMBERED: Final = 5
#: Without what is read as something else: 0 O, 1 l I.
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789"


def initial_password() -> str:
    """One that can be read out on the telephone: four groups of four, 90 bits."""
    while True:
        drawn = "-".join("".join(secrets.choice("".join(_LETTERS)) for _ in range(4)) for _ in range(4))
        if all(any(c in kind for c in drawn) for kind in _LETTERS):
            return drawn


def give_initial(person: Staff, *, at: datetime) -> str:
    """Set an initial password on the instance and return it: the only time that it is seen."""
    password = initial_password()
    person.set_password(password)
    person.initial_until = at + INITIAL
    return password


def change_password(person: Staff, *, old: str, new: str, at: datetime) -> None:
    """The person takes a new password; other sessions of theirs end, because their hash does not fit any more."""
    with transaction.atomic():
        found = Staff.objects.select_for_update().get(pk=person.pk)
        if not found.check_password(old):
            raise Refused(Text("现在的密码不对。", "This is not your present password."), field="old")
        if old == new:
            raise Refused(Text("新密码不能与现在的相同。", "The new password is the one you have."), field="new")
        try:
            validate_password(new, found)
        except ValidationError as error:
            raise Refused(_WEAK.format(why="".join(error.messages)), field="new") from None
        found.set_password(new)
        found.initial_until = None
        found.save(update_fields=["password", "initial_until"])
        FormerPassword.objects.create(staff=found, encoded=found.password, at=at)
        StaffChange(staff=found, kind=AccountDeed.PASSWORD_CHANGED.value, by=found, at=at).save()
    person.refresh_from_db()


class VariedCharacters:
    """At least three of: capital letters, small letters, digits, anything else, as which Chinese characters count."""

    KINDS: Final = 3

    def validate(self, password: str, user: Staff | None = None) -> None:
        kinds = {
            "upper" if c.isupper() else "lower" if c.islower() else "digit" if c.isdigit() else "other"
            for c in password
        }
        if len(kinds) < self.KINDS:
            raise ValidationError(
                gettext("密码应当含有大写字母、小写字母、数字、其他字符中的至少三种。"), code="password_too_uniform"
            )

    def get_help_text(self) -> str:
        return gettext("密码应当含有大写字母、小写字母、数字、其他字符中的至少三种。")


class NotTakenBefore:
    """None of the last passwords of this person."""

    def validate(self, password: str, user: Staff | None = None) -> None:
        if not isinstance(user, Staff) or user.pk is None:
            return
        former = FormerPassword.objects.filter(staff=user).values_list("encoded", flat=True)[:REMEMBERED]
        had = [user.password, *former] if user.has_usable_password() else list(former)
        if any(check_password(password, encoded) for encoded in had):
            raise ValidationError(self.get_help_text(), code="password_taken_before")

    def get_help_text(self) -> str:
        return gettext("新密码不能与最近用过的密码相同。")


_WEAK: Final = Text("密码太弱：{why}", "The password is too weak: {why}")
