"""收件登记: what came into the house before anybody has judged whether it is an application."""

import json
from typing import Any, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .agency import Agency
from .case import Case, Channel
from .person import Staff
from .sealing import seal, unseal

PURPOSE: Final = "arrival"


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Reading the log of the mail room."""

    def waiting(self) -> "ArrivalQuerySet":
        """Arrived, and neither registered nor found to be no application."""
        return self.filter(case=None, closed_at=None)

    def not_handed_over(self) -> "ArrivalQuerySet":
        """Those of them that still lie in the mail room."""
        return self.waiting().filter(handed_over_at=None)


class Arrival(models.Model):
    """One piece of mail, one fax or one forwarded application; the day it arrived starts the clock (条例 31(2))."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="arrivals", verbose_name=_("行政机关"))
    arrived_on = models.DateField(_("收到日期"))
    channel = models.CharField(_("渠道"), max_length=16, choices=Channel.choices)
    sender = models.CharField(_("寄件人"), max_length=200, blank=True)
    postal_number = models.CharField(_("邮件号码"), max_length=40, blank=True)
    received_by = models.CharField(_("签收人"), max_length=80)
    note = models.TextField(_("备注"), blank=True)
    logged_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    logged_at = models.DateTimeField()

    handed_over_at = models.DateTimeField(_("交接时间"), null=True)
    handed_over_by = models.CharField(_("交件人"), max_length=80, blank=True)
    handed_over_to = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", verbose_name=_("接收的工作人员")
    )

    forwarded_by = models.CharField(_("转送机关"), max_length=200, blank=True)
    forwarded_on = models.DateField(_("转送日期"), null=True)
    #: What another agency of this deployment forwarded: its case, and the application that it handed on, sealed.
    source = models.ForeignKey(Case, models.PROTECT, null=True, related_name="forwarded_as")
    sealed = models.BinaryField(null=True)

    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="arrival")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    closed_reason = models.CharField(_("不作为申请登记的理由"), max_length=500, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = _("收件登记")
        verbose_name_plural = _("收件登记")
        ordering = ["arrived_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None) | Q(closed_at=None), name="arrival_is_registered_or_closed_not_both"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_reason="") | Q(closed_at__isnull=False) & ~Q(closed_reason=""),
                name="closed_arrival_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at=None, handed_over_to=None)
                | Q(handed_over_at__isnull=False, handed_over_to__isnull=False),
                name="handed_over_to_somebody",
            ),
            models.UniqueConstraint(
                fields=["agency", "postal_number"],
                condition=~Q(postal_number="") & Q(closed_at=None),
                name="one_arrival_a_postal_number",
            ),
            models.UniqueConstraint(
                fields=["agency", "source"], condition=Q(source__isnull=False), name="forwarded_once_to_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(forwarded_on=None) | Q(forwarded_on__lte=F("arrived_on")),
                name="forwarded_before_it_arrived",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "arrived_on"], name="arrivals_waiting", condition=Q(case=None, closed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arrived_on} {self.sender}"

    @property
    def waits(self) -> bool:
        return self.case_id is None and self.closed_at is None

    @property
    def handed_on(self) -> dict[str, Any]:
        """The application as another agency handed it on, by the names of ``actions.application``; empty otherwise."""
        if self.sealed is None:
            return {}
        given: dict[str, Any] = json.loads(unseal(bytes(self.sealed), PURPOSE))
        return given

    @staticmethod
    def sealing(application: dict[str, Any]) -> bytes:
        """What is handed on, as it is stored."""
        return seal(json.dumps(application, ensure_ascii=False), PURPOSE)
