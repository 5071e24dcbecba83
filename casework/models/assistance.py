"""Requests inside (协办): what a clerk asks a division of the house or a sister unit."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .case import Case
from .document import Document
from .person import Staff


class AssistanceQuerySet(models.QuerySet["Assistance"]):
    """Sets of requests that more than one place asks for."""

    def awaited(self) -> "AssistanceQuerySet":
        """Neither answered nor cancelled, in a case that is still open."""
        return self.filter(answered_on=None, cancelled_on=None, case__closed_on=None)


class Assistance(models.Model):
    """One question with a day of the house's own; no fact of the clock, for a division is no other organ (law.md 4.5).

    ``agency`` is the sister unit where it works with this deployment; ``name`` says who was asked in any case.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="assistances")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("协办单位")
    )
    name = models.CharField(_("协办科室或者单位"), max_length=120)
    addressee = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("收件人")
    )
    question = models.TextField(_("需要协办的事项"))
    attached = models.ManyToManyField(Document, related_name="asked_with", verbose_name=_("所附材料"))
    due_on = models.DateField(_("内部答复期限"))
    asked_on = models.DateField(_("提出日期"))
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(_("协办意见"), blank=True)
    received = models.ManyToManyField(Document, related_name="answered_with", verbose_name=_("答复所附材料"))
    cancelled_on = models.DateField(_("取消日期"), null=True, blank=True)
    cancelled_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("取消的理由"), blank=True)
    #: The day on which the sweep next looks; ``None`` when there is nothing left to chase.
    chase_on = models.DateField(null=True, editable=False)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("协办")
        verbose_name_plural = _("协办")
        ordering = ["asked_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("asked_on")), name="assistance_due_after_it_was_asked"),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("asked_on"), cancelled_on=None),
                name="assistance_answered_later_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(chase_on=None) | Q(answered_on=None, cancelled_on=None), name="assistance_chased_while_open"
            ),
        ]
        indexes = [
            models.Index(fields=["chase_on"], name="chase", condition=Q(chase_on__isnull=False)),
            models.Index(
                fields=["agency", "due_on"],
                name="assistance_of_unit",
                condition=Q(answered_on=None, cancelled_on=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.name}"

    @property
    def is_open(self) -> bool:
        """Whether the question itself is open; the case may have been closed meanwhile."""
        return self.answered_on is None and self.cancelled_on is None
