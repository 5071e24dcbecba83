"""What an applicant thinks of a reply: a figure for the head of the office, without any effect on the case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .decision import Decision

#: How long after the first rating the applicant may think again.
MAY_CHANGE_FOR: Final = timedelta(days=30)


class Rating(models.Model):
    """One rating of one reply. It names no clerk, makes no event, and no page of a case shows it."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="rating")
    satisfaction = models.PositiveSmallIntegerField(_("满意程度"))
    comment = models.TextField(_("意见"), blank=True)
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("评价")
        verbose_name_plural = _("评价")
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__gte=1, satisfaction__lte=5), name="satisfaction_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return str(self.satisfaction)

    def may_change(self, at: datetime) -> bool:
        return at - self.at <= MAY_CHANGE_FOR
