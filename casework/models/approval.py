"""What a draft has passed on its way to the signature, and who stands in for whom meanwhile."""

from datetime import date
from typing import Final

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.law.approval import STEPS, Step

from .agency import Agency
from .decision import Decision
from .person import Appointment, Role, Staff

#: The signature is a fact of the decision itself.
CLEARED: Final = [step.value for step in STEPS if step is not Step.SIGNATURE]


class Clearance(models.Model):
    """A draft passed one step before its signature. A returned draft keeps its own; the next one begins anew."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="clearances")
    step = models.CharField(_("环节"), max_length=12, choices=[(step, STEPS[Step(step)].words.zh) for step in CLEARED])
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    for_whom = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    remark = models.TextField(_("意见"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "step"], name="one_clearance_a_step"),
            models.CheckConstraint(condition=Q(step__in=CLEARED), name="clearance_step_is_known"),
            models.CheckConstraint(condition=Q(for_whom=None) | ~Q(for_whom=F("by")), name="nobody_clears_for_oneself"),
        ]

    def __str__(self) -> str:
        return f"{STEPS[Step(self.step)].words.zh} {self.by}"


class ClassifiedFinding(models.Model):
    """Secrecy review found a state secret in a draft: the fact, its basis and who decided, never the content.

    ``digests``: SHA-256 of the attachments that were removed, so that the same file isn't attached again.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="classified_finding")
    basis = models.TextField(_("定密依据"))
    decided_by = models.CharField(_("定密机关、定密责任人"), max_length=200)
    found_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    for_whom = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()
    digests = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.decided_by} {self.basis}"


#: The roles that somebody may stand in for.
DELEGABLE: Final = (Role.REVIEWER, Role.SECRECY_REVIEWER, Role.HEAD)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Who stands in for whom."""

    def in_force(self, on: date) -> "DelegationQuerySet":
        """Those that hold on that day: not ended, and both still work there."""
        works_there = Appointment.objects.filter(agency=OuterRef("agency"))
        return self.filter(
            Exists(works_there.filter(staff=OuterRef("deputy"))),
            Exists(works_there.filter(staff=OuterRef("person"), role=OuterRef("role"))),
            ended_at=None,
            from_on__lte=on,
            until_on__gte=on,
            deputy__is_active=True,
            person__is_active=True,
        )

    def concerning(self, person: Staff) -> "DelegationQuerySet":
        """Those of a person, by or for them, and all of the agencies that they administer."""
        administered = Appointment.objects.filter(staff=person, role=Role.AGENCY_ADMINISTRATOR).values("agency")
        return self.filter(Q(person=person) | Q(deputy=person) | Q(agency__in=administered))


class Delegation(models.Model):
    """While one person is away another acts in the same role, and every act says for whom."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="delegations")
    role = models.CharField(_("角色"), max_length=24, choices=[(role.value, role.label) for role in DELEGABLE])
    person = models.ForeignKey(Staff, models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Staff, models.PROTECT, related_name="deputising")
    from_on = models.DateField(_("起"))
    until_on = models.DateField(_("止"))
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(deputy=F("person")), name="nobody_is_their_own_deputy"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delegation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in DELEGABLE]), name="delegated_role_is_delegable"
            ),
        ]
        indexes = [models.Index(fields=["agency", "role"], name="delegations_to_ask", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.person} → {self.deputy} {self.from_on}—{self.until_on}"
