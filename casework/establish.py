"""Setting up: agencies and the people who work in them. Done again with the same facts it changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from casework.actions.record import clean
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Appointment, Level, Role, Staff


@dataclass(frozen=True, slots=True)
class Established:
    """An agency, and whether it is new."""

    agency: Agency
    is_new: bool


@dataclass(frozen=True, slots=True)
class Appointed:
    """A person, whether they are new, and the roles that were added."""

    staff: Staff
    is_new: bool
    added: tuple[str, ...]


def establish_agency(code: str, name: str, *, parent: str = "", level: str = "", outside: bool = False) -> Established:
    """Make an agency, or find it with the same facts; ``Refused`` if its code stands for something else.

    ``parent`` is the code of the agency above; ``level`` defaults to ``department`` below a parent, else ``county``.
    ``outside``: it does not work with this system and sends its annual report as a file (law.md 7.8).
    """
    code, name = code.strip(), clean(name, "name", longest=120, required=False)
    if level and level not in Level.values:
        raise Refused(_NO_LEVEL.format(level=level, known="、".join(Level.values)), field="level")
    above = _agency(parent, "parent") if parent else None
    level_now = level or (Level.DEPARTMENT if above else Level.COUNTY)
    wanted = Agency(code=code, name=name, parent=above, level=level_now, outside=outside)
    _check_fields(wanted)
    with transaction.atomic():
        found = Agency.objects.filter(code__iexact=code).first()
        if found is None:
            wanted.save()
            return Established(wanted, is_new=True)
    _check_same(found, wanted, level_was_given=bool(level))
    return Established(found, is_new=False)


def appoint(
    username: str, *, agency: str, roles: Sequence[str], name: str = "", password: str | None = None
) -> Appointed:
    """Make a person if need be and give them roles in an agency.

    Without a password a new person can't log in yet. An existing password is never changed here.
    """
    username = Staff.normalize_username(username.strip())
    if unknown := [role for role in roles if role not in Role.values]:
        raise Refused(_NO_ROLE.format(role=unknown[0], known="、".join(Role.values)), field="role")
    if not roles:
        raise Refused(_ROLE_NEEDED.format(known="、".join(Role.values)), field="role")
    office = _agency(agency, "agency")
    with transaction.atomic():
        staff = Staff.members.filter(username=username).first()
        is_new = staff is None
        if staff is None:
            staff = _new_person(username, name, password)
        elif name and staff.name and name != staff.name:
            raise Refused(_OTHER_NAME.format(username=username, name=staff.name), field="name")
        elif password is not None and not staff.check_password(password):
            raise Refused(_HAS_PASSWORD.format(username=username), field="password")
        added = [
            role
            for role in dict.fromkeys(roles)
            if Appointment.objects.get_or_create(staff=staff, agency=office, role=role)[1]
        ]
    return Appointed(staff, is_new=is_new, added=tuple(added))


def _new_person(username: str, name: str, password: str | None) -> Staff:
    staff = Staff(username=username, name=clean(name, "name", longest=80, required=False))
    if password is None:
        staff.set_unusable_password()
    else:
        _check_password(password, staff)
        staff.set_password(password)
    _check_fields(staff)
    staff.save()
    return staff


def _check_password(password: str, staff: Staff) -> None:
    if not password.strip():
        raise Refused(_EMPTY_PASSWORD, field="password")
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise Refused(_WEAK_PASSWORD.format(why=" ".join(error.messages)), field="password") from None


def _agency(code: str, field: str) -> Agency:
    found = Agency.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused(_NO_AGENCY.format(code=code), field=field)
    return found


def _check_fields(row: Agency | Staff) -> None:
    """What the fields of a row ask, as sentences; ``path`` is made when the row is saved."""
    if isinstance(row, Agency) and not row.name:
        raise Refused(_NAME_NEEDED, field="name")
    try:
        row.clean_fields(exclude=["path", "parent"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        if field == "code":
            raise Refused(_WRONG_CODE.format(code=row.code if isinstance(row, Agency) else ""), field=field) from None
        said = " ".join(messages)
        raise Refused(_WRONG_FIELD.format(field=field, why=said), field=field) from None


def _check_same(found: Agency, wanted: Agency, *, level_was_given: bool) -> None:
    facts: list[tuple[str, object, object]] = [
        ("CODE", found.code, wanted.code),
        ("NAME", found.name, wanted.name),
        ("--parent", found.parent.code if found.parent else "—", wanted.parent.code if wanted.parent else "—"),
    ]
    if wanted.outside:
        facts.append(("--outside", found.outside, wanted.outside))
    if level_was_given:
        facts.append(("--level", found.level, wanted.level))
    for what, has, given in facts:
        if has != given:
            raise Refused(_OTHER_FACTS.format(code=found.code, what=what, has=has, given=given), field="code")


_NO_AGENCY: Final = Text(
    "没有代码为“{code}”的机关，请先用 create_agency 建立。", "There is no agency “{code}”; create it first."
)
_NO_LEVEL: Final = Text("没有层级“{level}”，可用的有：{known}。", "There is no level “{level}”; known are: {known}.")
_NO_ROLE: Final = Text("没有角色“{role}”，可用的有：{known}。", "There is no role “{role}”; known are: {known}.")
_ROLE_NEEDED: Final = Text("请给出至少一个角色：{known}。", "Give at least one role: {known}.")
_NAME_NEEDED: Final = Text("机关名称不能为空。", "The name of an agency can't be empty.")
_WRONG_CODE: Final = Text(
    "代码“{code}”不可用：只能有字母、数字、点和连字符，以字母或者数字开头，至多32位，不能有空格。",
    "The code “{code}” can't be used: letters, digits, dots and hyphens only, beginning with a letter or digit, "
    "at most 32 of them, and no spaces.",
)
_WRONG_FIELD: Final = Text("{field} 不可用：{why}", "{field} can't be used: {why}")
_OTHER_FACTS: Final = Text(
    "代码“{code}”已有机关，但{what}不同：现为“{has}”，给出的是“{given}”。什么也没有改变。",
    "The code “{code}” is taken by an agency with another {what}: it has “{has}”, you gave “{given}”. Nothing changed.",
)
_OTHER_NAME: Final = Text(
    "用户名“{username}”已属于{name}。什么也没有改变。", "The username “{username}” belongs to {name}. Nothing changed."
)
_HAS_PASSWORD: Final = Text(
    "“{username}”已有另外的口令，此命令不修改口令；请用 changepassword。",
    "“{username}” has another password, which this command doesn't change; use changepassword.",
)
_EMPTY_PASSWORD: Final = Text("口令不能为空。", "The password can't be empty.")
_WEAK_PASSWORD: Final = Text("口令太弱：{why}", "The password is too weak: {why}")
