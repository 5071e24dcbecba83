"""A proposed reply, its signature and its dispatch."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law import approval
from casework.law.approval import Step
from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Ground, Outcome, OutcomeRow, Requirement, RequirementRow

from .case import Case
from .person import Staff

if TYPE_CHECKING:
    from .delivery import Delivery


class Decision(models.Model):
    """One proposal for a case. A returned proposal stays on file; the one that is not returned is the decision."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    outcome = models.CharField(
        _("办理结果"), max_length=20, choices=[(o.value, row.words.zh) for o, row in OUTCOMES.items()]
    )
    ground = models.CharField(_("情形"), max_length=32, blank=True)
    statements = models.JSONField(_("应当写明的事项"), default=dict)
    document_number = models.CharField(_("答复文号"), max_length=80, blank=True)

    #: The reply that the applicant has had before: in this system, or from a time before it.
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name=_("此前的答复"))
    earlier_on = models.DateField(_("此前答复的日期"), null=True)

    proposed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    returned_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    remark = models.TextField(_("退回意见"), blank=True)
    signed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    signed_for = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    #: The first attempt to deliver it, which closes the case; of an imported case nothing else is known.
    dispatched_on = models.DateField(_("送出日期"), null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(returned_at=None), name="one_decision_on_the_table"),
            models.CheckConstraint(condition=Q(outcome__in=[o.value for o in Outcome]), name="decision_is_known"),
            models.CheckConstraint(
                condition=Q(signed_by=None) | Q(proposed_by=None) | ~Q(signed_by=F("proposed_by")),
                name="drafter_is_not_signer",
            ),
            models.CheckConstraint(
                condition=Q(signed_for=None) | Q(proposed_by=None) | ~Q(signed_for=F("proposed_by")),
                name="nobody_signs_for_the_drafter",
            ),
            models.CheckConstraint(
                condition=Q(earlier=None) | Q(earlier_on=None), name="earlier_reply_is_here_or_from_before"
            ),
            models.CheckConstraint(
                condition=Q(dispatched_on=None) | Q(signed_at__isnull=False), name="dispatched_only_when_signed"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(returned_at=None), name="returned_decision_is_not_signed"
            ),
        ]

    def __str__(self) -> str:
        return self.document_number or self.row.words.zh

    @property
    def row(self) -> OutcomeRow:
        return OUTCOMES[Outcome(self.outcome)]

    @property
    def ground_row(self) -> Ground | None:
        return self.row.ground(self.ground)

    @property
    def has_earlier_reply(self) -> bool:
        """Whether it names a reply that the applicant has had before."""
        return self.earlier_id is not None or self.earlier_on is not None

    @property
    def passed(self) -> frozenset[Step]:
        """The steps of its approval that this draft has behind it."""
        signed = {Step.SIGNATURE} if self.signed_at else set()
        return frozenset({Step(clearance.step) for clearance in self.clearances.all()} | signed)

    @property
    def awaits(self) -> Step | None:
        """The step for which it waits; ``None`` for what is signed or was returned."""
        if self.signed_at or self.returned_at:
            return None
        return approval.awaited(self.case.agency.approval_steps, self.passed)

    @property
    def last_delivery(self) -> Delivery | None:
        """The latest attempt to bring it to the applicant."""
        attempts = list(self.deliveries.all())
        return attempts[-1] if attempts else None

    @property
    def delivered_on(self) -> date | None:
        """The day on which the applicant got it, which starts the remedies; ``None`` while that is not known."""
        return next((d.delivered_on for d in self.deliveries.all() if d.delivered_on), None)

    def stated(self) -> list[tuple[RequirementRow, str]]:
        """What the decision says under each heading, in the order of the outcome table."""
        return [
            (REQUIREMENTS[key], self.statements[key.value])
            for key in self.row.requirements(self.ground)
            if self.statements.get(key.value)
        ]

    @property
    def given(self) -> list[tuple[RequirementRow, str]]:
        """Of what is stated, how the applicant gets what is given."""
        return [(row, text) for row, text in self.stated() if row.requirement is Requirement.ROUTE]

    @property
    def withheld(self) -> list[tuple[RequirementRow, str]]:
        """Of what is stated, everything that says why something is not given; nothing where all is given."""
        return [(row, text) for row, text in self.stated() if row.requirement is not Requirement.ROUTE]

    def statement(self, requirement: Requirement) -> Any:
        return self.statements.get(requirement.value, "")
