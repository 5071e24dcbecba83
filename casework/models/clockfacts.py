"""The facts that start, restart, suspend, extend and delay the clock; each knows how it reads in ``law.clock``."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law import clock, excess
from casework.law.fees import TARIFF_WORDS, Band, Fee, Tariff
from casework.law.supplement import LACKS, Lack, LackRow
from casework.law.words import Text

from .case import Case, Channel
from .person import Staff


class Supplement(models.Model):
    """The one request to make the application clear, and the answer to it (条例 30)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="supplements")
    requested_on = models.DateField(_("补正告知日期"))
    period_ends_on = models.DateField(_("补正期限"), null=True)
    #: Which of the lawful contents is lacking (``law.supplement.Lack``), and the applicant's words that are unclear.
    lacks = models.JSONField(_("缺少的内容"), default=list)
    excerpts = models.JSONField(_("不明确的原文"), default=list)
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
        # What an office asked for in the last year is read from here.
        indexes = [models.Index(fields=["requested_on"], name="supplements_by_day")]

    @property
    def was_late(self) -> bool:
        """Whether the notice left after the 7th working day, and so restarts nothing by the cautious reading."""
        return self.requested_on > clock.supplement_notice_due(
            self.case.received_on, calendar=self.case.agency.calendar
        )

    @property
    def lack_rows(self) -> list[LackRow]:
        return [LACKS[Lack(lack)] for lack in self.lacks]

    def facts(self) -> list[clock.SupplementRequested | clock.SupplementReceived]:
        asked = clock.SupplementRequested(self.requested_on)
        return [asked] if self.received_on is None else [asked, clock.SupplementReceived(self.received_on)]


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


class ExtensionRequest(models.Model):
    """What a clerk asked of the head, and what the head said; by itself it moves no clock (条例 33(2))."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="extension_requests")
    working_days = models.PositiveSmallIntegerField(
        _("延期天数（工作日）"), validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    reason = models.TextField(_("延期理由"))
    asked_on = models.DateField(_("报请日期"))
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    consented = models.BooleanField(_("负责人同意"), null=True)
    decided_on = models.DateField(_("负责人决定日期"), null=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    remark = models.TextField(_("不同意的理由"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(consented=None), name="one_undecided_extension_request_a_case"
            ),
            models.CheckConstraint(
                condition=Q(working_days__gte=1, working_days__lte=20), name="extension_request_of_1_to_20_working_days"
            ),
            models.CheckConstraint(
                condition=Q(consented=None, decided_on=None, decided_by=None)
                | Q(consented__isnull=False, decided_on__isnull=False, decided_by__isnull=False),
                name="extension_request_is_decided_by_somebody",
            ),
        ]


class Delay(models.Model):
    """A reasonable delay for many applications with good reasons, told to the applicant (条例 35)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="delays")
    on = models.DateField(_("告知延迟日期"))
    until = models.DateField(_("延迟至"))
    reason = models.TextField(_("延迟理由"))
    approved_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="one_delay_a_case"),
            models.CheckConstraint(condition=Q(until__gt=F("on")), name="delay_ends_after_it_is_told"),
        ]

    def fact(self) -> clock.Delayed:
        return clock.Delayed(self.on, self.until)


class FeeNotice(models.Model):
    """A notice to pay the information processing fee, and the payment (国办函〔2020〕109号).

    The amount is the sum of the bands, as the tariff gave them on that day. A notice sent by mistake stays on file
    as cancelled, and the clock runs as if it had never been.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="fee_notices")
    tariff = models.CharField(
        _("计收方式"), max_length=8, choices=[(tariff.value, words.zh) for tariff, words in TARIFF_WORDS.items()]
    )
    ordinal = models.PositiveIntegerField(_("当月第几件"), null=True)
    pages = models.PositiveIntegerField(_("页数"), null=True)
    bands = models.JSONField(_("计算"), default=list)
    #: Numbers of the applications that were counted before this one, and those of them that a clerk had to confirm.
    counted = models.JSONField(default=list)
    confirmed = models.JSONField(default=list)
    payment_way = models.TextField(_("缴费方式"), blank=True)
    notified_on = models.DateField(_("通知日期"))
    delivered_on = models.DateField(_("送达日期"), null=True, blank=True)
    #: Counted from delivery; open while that is not known.
    period_ends_on = models.DateField(_("缴费期限"), null=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("缴费日期"), null=True, blank=True)
    paid_amount = models.DecimalField(_("实缴金额（元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    voucher_number = models.CharField(_("缴费凭证号"), max_length=80, blank=True)
    cancelled_on = models.DateField(_("撤销日期"), null=True, blank=True)
    cancelled_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    cancel_reason = models.TextField(_("撤销理由"), blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(cancelled_on=None), name="one_fee_notice_a_case"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fee_is_positive"),
            models.CheckConstraint(
                condition=Q(tariff=Tariff.ITEMS.value, ordinal__isnull=False, pages=None)
                # A notice from before amounts were computed has no pages and no bands, only the amount as typed.
                | Q(tariff=Tariff.PAGES.value, ordinal=None),
                name="fee_is_by_one_tariff",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(paid_on__gte=F("notified_on")), name="fee_paid_after_notice"
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None, paid_amount=None) | Q(paid_on__isnull=False, paid_amount=F("amount")),
                name="fee_is_paid_in_full",
            ),
            models.CheckConstraint(condition=Q(cancelled_on=None) | Q(paid_on=None), name="paid_fee_is_not_cancelled"),
        ]

    @property
    def is_awaited(self) -> bool:
        """Neither paid nor cancelled."""
        return self.paid_on is None and self.cancelled_on is None

    @property
    def tariff_words(self) -> Text:
        return TARIFF_WORDS[Tariff(self.tariff)]

    @property
    def fee(self) -> Fee:
        """The reckoning as the notice laid it out."""
        return Fee(Tariff(self.tariff), tuple(Band(*band) for band in self.bands))

    def facts(self) -> list[clock.FeeNotified | clock.FeePaid]:
        if self.cancelled_on is not None:
            return []
        asked = clock.FeeNotified(self.notified_on)
        return [asked] if self.paid_on is None else [asked, clock.FeePaid(self.paid_on)]


class ReasonsRequest(models.Model):
    """The applicant of clearly too many applications was asked for reasons; the clock goes on (条例 35)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reasons_requests")
    asked_on = models.DateField(_("要求说明理由日期"))
    why = models.TextField(_("超过合理范围的情况"))
    period_ends_on = models.DateField(_("说明理由的期限"), null=True)
    answered_on = models.DateField(_("收到说明日期"), null=True, blank=True)
    answer = models.TextField(_("申请人的说明"), blank=True)
    reasonable = models.BooleanField(_("理由合理"), null=True)
    judged_on = models.DateField(_("认定日期"), null=True)
    judged_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    grounds = models.TextField(_("认定的依据"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="one_reasons_request_a_case"),
            models.CheckConstraint(
                condition=Q(reasonable=None, judged_on=None, judged_by=None)
                | Q(reasonable__isnull=False, judged_on__isnull=False, judged_by__isnull=False),
                name="reasons_are_judged_by_somebody",
            ),
        ]

    def standing(self) -> excess.Reasons:
        """As ``law.excess`` judges it."""
        return excess.Reasons(self.asked_on, self.period_ends_on, self.answered_on, self.reasonable)
