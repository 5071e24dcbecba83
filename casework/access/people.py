"""Whose account somebody may see and touch, and which roles they may give.

An agency administrator keeps the people of their agency; a system administrator those of every agency, and sees no
case for it. Nobody gives or takes a role of their own.
"""

from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, Appointment, Role, Staff

from .agencies import AGENCY_ACTS, AgencyAct
from .roles import ADMINISTRATOR, SYSTEM, agencies_where, role_words

#: They reach beyond the agency in which they are held.
FROM_ABOVE: Final = frozenset({Role.SYSTEM_ADMINISTRATOR.value, Role.REGION_SUPERVISOR.value})


def is_system_administrator(user: Staff | AnonymousUser) -> bool:
    return bool(agencies_where(user, SYSTEM))


def administered(user: Staff | AnonymousUser) -> QuerySet[Agency]:
    """The agencies whose people and doors this person keeps, in the order of the tree."""
    if is_system_administrator(user):
        return Agency.objects.order_by("path")
    return Agency.objects.filter(pk__in=agencies_where(user, ADMINISTRATOR)).order_by("path")


def people_visible_to(user: Staff | AnonymousUser) -> QuerySet[Staff]:
    """The accounts that this person keeps; any other does not exist for them."""
    if is_system_administrator(user):
        return Staff.members.all()
    here = Appointment.objects.filter(staff=OuterRef("pk"), agency__in=agencies_where(user, ADMINISTRATOR))
    return Staff.members.filter(Exists(here))


def check_may_keep(by: Staff, agency: Agency) -> None:
    """Raise ``Refused`` for whoever does not keep the people of this agency."""
    if not administered(by).filter(pk=agency.pk).exists():
        row = AGENCY_ACTS[AgencyAct.MANAGE_PEOPLE]
        raise Refused(
            Text("不能{act}：需要的角色：{roles}。", "Not allowed – {act}: needs the role of {roles}.").format(
                act=row.words, roles=role_words(row.roles)
            )
        )


def check_may_give(by: Staff, person: Staff, agency: Agency, role: str) -> None:
    """Raise ``Refused`` where the role is not this administrator's to give or to take."""
    check_may_keep(by, agency)
    if by.pk == person.pk:
        raise Refused(_NOT_OWN)
    if role in FROM_ABOVE and not is_system_administrator(by):
        raise Refused(_FROM_ABOVE.format(role=role_words(frozenset({role}))), field="role")


def may_touch(by: Staff, person: Staff) -> bool:
    """Whether the account as a whole is in these hands: every agency in which the person works.

    Else the administrator of one agency could give a new password to an account that rules over others.
    """
    if by.pk == person.pk:
        return False
    if is_system_administrator(by):
        return True
    held = Appointment.objects.filter(staff=person)
    if held.filter(role__in=FROM_ABOVE).exists():
        return False
    return held.exists() and not held.exclude(agency__in=agencies_where(by, ADMINISTRATOR)).exists()


def check_may_touch(by: Staff, person: Staff) -> None:
    """Raise ``Refused`` with who can."""
    if by.pk == person.pk:
        raise Refused(_NOT_OWN)
    if not may_touch(by, person):
        raise Refused(_ELSEWHERE_TOO)


_NOT_OWN: Final = Text(
    "不能改变自己的账户和角色，请由另一位管理员办理。",
    "Nobody changes their own account and roles here; another administrator does it.",
)
_FROM_ABOVE: Final = Text(
    "“{role}”涉及其他机关，只能由系统管理员任免。",
    "{role}: it reaches other agencies; a system administrator gives it.",
)
_ELSEWHERE_TOO: Final = Text(
    "此人在其他机关也有角色，或者有涉及其他机关的角色，账户只能由系统管理员管理。",
    "This person works for other agencies too, or holds a role that reaches them: a system administrator keeps the "
    "account.",
)
