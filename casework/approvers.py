"""Who may take the step for which a draft waits: the holders of its role, and for those away their deputies.

Whoever drafted takes no step. Nobody takes two where the agency has somebody else for the second (design 4).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from casework.law.approval import STEPS, Step
from casework.models import Agency, Appointment, Case, Decision, Delegation, Role, Staff
from casework.models.approval import DELEGABLE


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who may take a step, in their own name or for somebody who is away."""

    person: Staff
    for_whom: Staff | None = None

    @property
    def answering(self) -> frozenset[int]:
        """The two who answer for what is done, by id."""
        return frozenset({self.person.pk} | ({self.for_whom.pk} if self.for_whom else set()))


@dataclass(frozen=True, slots=True)
class Desk:
    """The people of one role in an agency on a day, and who stands in for whom."""

    holders: list[Staff]
    delegations: list[Delegation]

    def approvers(self) -> Iterator[Approver]:
        """Everybody who may act. Who comes back early acts again, whatever the delegation says."""
        for holder in self.holders:
            yield Approver(holder)
        for delegation in self.delegations:
            yield Approver(delegation.deputy, delegation.person)

    def told(self) -> list[Staff]:
        """Who hears of something that concerns the role: its holders, and the deputies of those away."""
        return list({approver.person.pk: approver.person for approver in self.approvers()}.values())


def desks_of(agencies: Collection[int], role: Role, *, on: date | None) -> dict[int, Desk]:
    """The desk of a role in each of these agencies, in two queries; without a day nobody stands in for anybody."""
    desks = {agency: Desk([], []) for agency in agencies}
    holders = Appointment.objects.filter(agency__in=agencies, role=role, staff__is_active=True)
    for appointment in holders.select_related("staff").order_by("staff_id"):
        desks[appointment.agency_id].holders.append(appointment.staff)
    if on is not None and role in DELEGABLE:
        delegations = Delegation.objects.in_force(on).filter(agency__in=agencies, role=role)
        for delegation in delegations.select_related("person", "deputy"):
            desks[delegation.agency_id].delegations.append(delegation)
    return desks


@dataclass(frozen=True, slots=True)
class Turn:
    """The step for which a draft waits, and all who may take it."""

    decision: Decision
    step: Step
    desk: Desk
    approvers: tuple[Approver, ...]

    def approver(self, by: Staff) -> Approver | None:
        """As whom this person may take the step; in their own name if they can."""
        own = [approver for approver in self.approvers if approver.person.pk == by.pk]
        return min(own, key=lambda approver: approver.for_whom is not None, default=None)


def turn_of(case: Case, *, on: date | None) -> Turn | None:
    """Whose turn it is in the approval of the draft on the table; ``None`` when no draft waits."""
    decision = case.current_decision  # read once: between two looks another may have sent it back
    step = decision.awaits if decision is not None else None
    if decision is None or step is None:
        return None
    desk = desks_of([case.agency_id], Role(STEPS[step].role), on=on)[case.agency_id]
    return Turn(decision, step, desk, tuple(_allowed(decision, desk)))


def _allowed(decision: Decision, desk: Desk) -> list[Approver]:
    """All but the drafter; those who have taken a step already only if there is nobody else."""
    able = [approver for approver in desk.approvers() if decision.proposed_by_id not in approver.answering]
    before = {key for c in decision.clearances.all() for key in (c.by_id, c.for_whom_id)}
    return [approver for approver in able if not approver.answering & before] or able


def administrators(agency: Agency) -> list[Staff]:
    """Who appoints people here: the agency's own administrators, else those above it, else the system's."""
    upwards = Agency.objects.filter(code__in=agency.path.strip("/").split("/")).order_by("-path")
    desks = desks_of(list(upwards.values_list("pk", flat=True)), Role.AGENCY_ADMINISTRATOR, on=None)
    for desk in desks.values():
        if desk.holders:
            return desk.holders
    return list(
        Staff.objects.filter(is_active=True, appointments__role=Role.SYSTEM_ADMINISTRATOR).distinct().order_by("pk")
    )
