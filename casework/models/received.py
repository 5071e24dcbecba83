"""Annual reports of units that do not work with this system, as they sent them.

A further file is a further row, and the newest counts; nothing is overwritten, so that what the region summed can be
looked up (law.md 7.8).
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff


class ReceivedReportQuerySet(AppendOnlyQuerySet["ReceivedReport"]):
    """Received reports are added, read, and withdrawn once."""

    def may_become(self, changes: Mapping[str, Any]) -> bool:
        return changes.keys() <= {"withdrawn_by", "withdrawn_at", "withdrawn_because"}


def storage_name(report: "ReceivedReport", filename: str) -> str:
    """A name that can't be guessed; what the sender called the file is in ``name``."""
    return f"received/{uuid.uuid4().hex}"


class ReceivedReport(AppendOnly):
    """One file in which a unit sent its report for a year, and what was understood of it.

    ``content``: the public form ``gongkai.annual-report/1`` without its checks, which are derived. ``remarks``: what
    the reader said, ``[{"zh": …, "en": …}]``. ``explanation``: why its blanks count as nothing; without it a blank
    stays a blank in the sum. ``by``: nobody where the operator's command received it. The newest row alone counts;
    once it is withdrawn none does.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="received_reports")
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("次序"))
    content = models.JSONField()
    remarks = models.JSONField(default=list)
    explanation = models.TextField(_("空白的说明"), blank=True)
    name = models.CharField(_("文件名"), max_length=200)
    file = models.FileField(upload_to=storage_name, max_length=200)
    size = models.PositiveBigIntegerField(_("字节数"))
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("收到时间"))
    withdrawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    withdrawn_because = models.TextField(_("撤回理由"), blank=True)

    objects = ReceivedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("收到的年度报告")
        verbose_name_plural = _("收到的年度报告")
        ordering = ["agency", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "number"], name="one_received_report_a_number"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_because="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="withdrawn_report_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.year} {self.number}"
