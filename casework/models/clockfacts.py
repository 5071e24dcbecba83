"""The facts that start, restart, suspend and extend the clock; each knows how it reads in ``law.clock``."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law import clock

from .case import Case, Channel
from .person import Staff


class Supplement(models.Model):
    """The one request to make the application clear, and the answer to it (条例 30)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="supplements")
    requested_on = models.DateField(_("补正告知日期"))
    period_ends_on = models.DateField(_("补正期限"), null=True)
    unclear = models.TextField(_("需要补正的事项"))
    received_on = models.DateField(_("收到补正日期"), null=True, blank=True)
    channel = models.CharField(_("补正渠道"), max_length=16, choices=Channel.choices, blank=True)
    answer = models.TextField(_("补正内容"), blank=True)
    superseded = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["requested_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(superseded=False), name="one_supplement_a_case"),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("requested_on")),
                name="supplement_received_after_request",
            ),
            models.CheckConstraint(
                condition=Q(period_ends_on=None) | Q(period_ends_on__gt=F("requested_on")),
                name="supplement_period_is_not_empty",
            ),
        ]

    def facts(self) -> list[clock.SupplementRequested | clock.SupplementReceived]:
        asked = clock.SupplementRequested(self.requested_on)
        return [asked] if self.received_on is None else [asked, clock.SupplementReceived(self.received_on)]


class Consultation(models.Model):
    """A third party or another organ was asked; that time is not counted (条例 32, 33(3), 34)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="consultations")
    party = models.CharField(
        _("对象"),
        max_length=16,
        choices=[(clock.Party.THIRD_PARTY.value, _("第三方")), (clock.Party.OTHER_AGENCY.value, _("其他机关"))],
    )
    name = models.CharField(_("名称"), max_length=200)
    sent_on = models.DateField(_("发出日期"))
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)
    answered_on = models.DateField(_("收到意见日期"), null=True, blank=True)
    consents = models.BooleanField(_("同意公开"), null=True, blank=True)
    opinion = models.TextField(_("意见"), blank=True)

    class Meta:
        ordering = ["sent_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_on=None) | Q(delivered_on__gte=F("sent_on")), name="consultation_delivered_later"
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None) | Q(answered_on__gte=F("sent_on")), name="consultation_answered_later"
            ),
        ]

    def fact(self) -> clock.Consultation:
        return clock.Consultation(clock.Party(self.party), self.sent_on, self.delivered_on, self.answered_on)


class Extension(models.Model):
    """The one extension, approved by the head and told to the applicant before expiry (条例 33(2))."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="extensions")
    on = models.DateField(_("告知延期日期"))
    working_days = models.PositiveSmallIntegerField(
        _("延期天数（工作日）"), validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    reason = models.TextField(_("延期理由"), blank=True)
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="one_extension_a_case"),
            models.CheckConstraint(
                condition=Q(working_days__gte=1, working_days__lte=20), name="extension_of_1_to_20_working_days"
            ),
        ]

    def fact(self) -> clock.Extended:
        return clock.Extended(self.on, self.working_days)


class FeeNotice(models.Model):
    """A notice to pay the information processing fee, and the payment (国办函〔2020〕109号)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="fee_notices")
    notified_on = models.DateField(_("通知日期"))
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)
    period_ends_on = models.DateField(_("缴费期限"), null=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("缴费日期"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="one_fee_notice_a_case"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fee_is_positive"),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(paid_on__gte=F("notified_on")), name="fee_paid_after_notice"
            ),
        ]

    def facts(self) -> list[clock.FeeNotified | clock.FeePaid]:
        asked = clock.FeeNotified(self.notified_on)
        return [asked] if self.paid_on is None else [asked, clock.FeePaid(self.paid_on)]


class ReasonsRequest(models.Model):
    """The applicant of clearly too many applications was asked for reasons; the clock goes on (条例 35)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reasons_requests")
    asked_on = models.DateField(_("要求说明理由日期"))
    why = models.TextField(_("超过合理范围的情况"))
    answered_on = models.DateField(_("收到说明日期"), null=True, blank=True)
    answer = models.TextField(_("申请人的说明"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], name="one_reasons_request_a_case")]
