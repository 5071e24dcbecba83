"""A proposed reply, its signature and its dispatch."""

from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law.outcomes import OUTCOMES, REQUIREMENTS, Ground, Outcome, OutcomeRow, Requirement, RequirementRow
from casework.law.words import Text

from .case import Case
from .person import Staff


class DispatchMode(models.TextChoices):
    """How the reply left; post only by the postal enterprise (国办公开办函〔2016〕235号 二, 邮政法 55)."""

    ONLINE = "online", _("网上送达")
    EMAIL = "email", _("电子邮件")
    POST = "post", _("邮政企业寄送")
    IN_PERSON = "in_person", _("当面送达")


MODE_WORDS: Final = {
    DispatchMode.ONLINE: Text("网上送达", "the portal"),
    DispatchMode.EMAIL: Text("电子邮件", "e-mail"),
    DispatchMode.POST: Text("邮政企业寄送", "post"),
    DispatchMode.IN_PERSON: Text("当面送达", "hand"),
}


class Decision(models.Model):
    """One proposal for a case. A returned proposal stays on file; the one that is not returned is the decision."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    outcome = models.CharField(
        _("办理结果"), max_length=20, choices=[(o.value, row.words.zh) for o, row in OUTCOMES.items()]
    )
    ground = models.CharField(_("情形"), max_length=32, blank=True)
    statements = models.JSONField(_("应当写明的事项"), default=dict)
    document_number = models.CharField(_("答复文号"), max_length=80, blank=True)

    proposed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    returned_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    remark = models.TextField(_("退回意见"), blank=True)
    signed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    mode = models.CharField(_("送出方式"), max_length=12, choices=DispatchMode.choices, blank=True)
    postal_number = models.CharField(_("邮件号码"), max_length=40, blank=True)
    dispatched_on = models.DateField(_("送出日期"), null=True)
    delivered_on = models.DateField(_("送达日期"), null=True)

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

    def stated(self) -> list[tuple[RequirementRow, str]]:
        """What the decision says under each heading, in the order of the outcome table."""
        return [
            (REQUIREMENTS[key], self.statements[key.value])
            for key in self.row.requirements(self.ground)
            if self.statements.get(key.value)
        ]

    def statement(self, requirement: Requirement) -> Any:
        return self.statements.get(requirement.value, "")
