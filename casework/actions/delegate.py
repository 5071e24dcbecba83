"""While somebody is away another acts in the same role; who may arrange it, and for how long."""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from casework.access import ROLE_WORDS, may_arrange
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.words import Text, said
from casework.models import Agency, Delegation, Role, Staff
from casework.models.approval import DELEGABLE
from casework.notices import tell_deputy

#: Nobody is away for longer without somebody being appointed in their place.
LONGEST: Final = 366
#: Who may stand in: those who read the cases of the agency and may change something in them.
DEPUTIES: Final = (Role.CLERK, *DELEGABLE)


def delegate(
    agency: Agency,
    *,
    role: Role,
    person: Staff,
    deputy: Staff,
    from_on: date,
    until_on: date,
    by: Staff,
    at: datetime,
) -> Delegation:
    """From one day to another, both included, the deputy acts where the person would; never on what they drafted."""
    if not may_arrange(by, person, agency):
        raise Refused(
            Text(
                "只能为自己设置代理；为他人设置的，须是本机关管理员。",
                "You may arrange a deputy for yourself; for others an agency administrator does it.",
            )
        )
    if role not in DELEGABLE or not person.holds(agency.pk, role):
        raise Refused(
            Text(
                "{name}在{agency}没有可以由人代理的这一角色。", "{name} has no such role to delegate in {agency}."
            ).format(name=person.get_full_name(), agency=agency.name),
            field="role",
        )
    if deputy.pk == person.pk:
        raise Refused(Text("不能由本人代理。", "Nobody is their own deputy."), field="deputy")
    if not deputy.is_active or not deputy.holds(agency.pk, *DEPUTIES):
        raise Refused(
            Text("代理人应当是本机关办理申请的工作人员。", "The deputy must handle cases in the same agency."),
            field="deputy",
        )
    if until_on < max(from_on, day_of(at)):
        raise Refused(
            Text("止日不能早于起日或者今天。", "The last day is before the first, or past."), field="until_on"
        )
    if (until_on - from_on).days >= LONGEST:
        raise Refused(Text("代理不能超过一年。", "A deputy acts for a year at most."), field="until_on")
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)  # two who arrange it at once do it one after the other
        there = Delegation.objects.filter(agency=agency, role=role, person=person, ended_at=None)
        if found := there.filter(from_on__lte=until_on, until_on__gte=from_on).first():
            raise Refused(
                Text(
                    "{first}至{last}已经由{deputy}代理{role}。请先终止。",
                    "{deputy} acts as {role} already from {first} to {last}. End that first.",
                ).format(
                    first=said(found.from_on),
                    last=said(found.until_on),
                    deputy=found.deputy.get_full_name(),
                    role=ROLE_WORDS[role],
                ),
                field="from_on",
            )
        made = Delegation.objects.create(
            agency=agency,
            role=role,
            person=person,
            deputy=deputy,
            from_on=from_on,
            until_on=until_on,
            made_by=by,
            made_at=at,
        )
        tell_deputy(made, at=at)
        return made


def end_delegation(delegation: Delegation, *, by: Staff, at: datetime) -> Delegation:
    """The person is back: from now on nobody acts for them. What was done stays done; ending again changes nothing."""
    if not may_arrange(by, delegation.person, delegation.agency):
        raise Refused(Text("只能终止自己的代理。", "You may end your own delegation only."))
    Delegation.objects.filter(pk=delegation.pk, ended_at=None).update(ended_by=by, ended_at=at)
    delegation.refresh_from_db()
    return delegation


_NO_ROLE: Final = Text("{name}在{agency}没有可以由人代理的这一角色。", "{name} has no such role in {agency}.")
_NO_DEPUTY: Final = Text("代理人应当是本机关办理申请的工作人员。", "The deputy must handle cases in the same agency.")
_NO_DAYS: Final = Text("止日不能早于起日或者今天。", "The last day is before the first, or past.")
