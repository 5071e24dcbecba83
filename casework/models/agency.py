"""Agencies as a tree, their settings, and the numbers that they give out."""

from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.law.approval import Step, steps
from casework.law.calendar import Calendar
from casework.law.clock import Readings

from .edition import shelf
from .network import check_networks


class Level(models.TextChoices):
    """Where an agency stands in the tree."""

    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县（区）级")
    DEPARTMENT = "department", _("部门")
    TOWNSHIP = "township", _("乡镇（街道）")


def default_remind_days() -> list[int]:
    return [5, 2, 0]


def default_escalate_days() -> list[int]:
    return [0, -1, -5]


#: By default these need a second factor: they sign, judge secrets, or give others their roles.
GUARDED: Final = ["head", "secrecy_reviewer", "agency_administrator", "system_administrator"]


def default_second_factor() -> list[str]:
    return list(GUARDED)


def check_days(days: object) -> None:
    """Working days left, positive before the due date, 0 on it, negative after it."""
    if not isinstance(days, list) or not all(type(d) is int and -250 <= d <= 40 for d in days):
        raise ValidationError(_("请填写由整数组成的列表，例如 [5, 2, 0]。"))


def check_month_day(text: str) -> None:
    """``MM-DD``, a day that every year has."""
    try:
        datetime.strptime(f"2001-{text}", "%Y-%m-%d")  # noqa: DTZ007 - a form of a date, no moment
    except ValueError:
        raise ValidationError(_("请按“月-日”填写，例如 01-26。")) from None
    if len(text) != 5:
        raise ValidationError(_("请按“月-日”填写，例如 01-26。"))


class AgencyQuerySet(models.QuerySet["Agency"]):
    """Reading the tree."""

    def within(self, top: "Agency") -> "AgencyQuerySet":
        """The agency and all below it."""
        return self.filter(path__startswith=top.path)

    def open_to_applications(self) -> "AgencyQuerySet":
        """Those to which the Regulation applies, that still exist, and that work here (条例 27, 54, 55)."""
        return self.filter(applies_regulation=True, successor=None, outside=False, closed_on=None)


class Agency(models.Model):
    """An organ that receives applications in its own name (条例 27); divisions are not agencies."""

    code = models.CharField(
        _("代码"), max_length=32, unique=True, validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.-]*$")]
    )
    name = models.CharField(_("名称"), max_length=120)
    level = models.CharField(_("层级"), max_length=12, choices=Level.choices, default=Level.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("承继机关")
    )
    #: The day of the merger: from that year on the successor reports its cases (law.md 7.8); a successor without a day
    #: is from before mergers were recorded, and the agency goes on to be counted by itself.
    succeeded_on = models.DateField(_("承继之日"), null=True, blank=True)
    path = models.CharField(max_length=400, unique=True, editable=False)
    #: It does not work with this system: its annual report is received as a file.
    outside = models.BooleanField(_("不使用本系统"), default=False)
    #: From that day it takes no new applications and is offered nowhere; what it has is handled to the end.
    closed_on = models.DateField(_("停用之日"), null=True, blank=True)
    applies_regulation = models.BooleanField(_("适用政府信息公开条例"), default=True)

    document_prefix = models.CharField(_("机关代字"), max_length=20, blank=True)
    contact = models.CharField(_("公开工作机构联系方式"), max_length=300, blank=True)
    review_organ = models.CharField(_("行政复议机关"), max_length=120, blank=True)
    court = models.CharField(_("管辖法院"), max_length=120, blank=True)
    review_online_at = models.CharField(
        _("行政复议网上申请渠道"),
        max_length=300,
        blank=True,
        help_text=_("网上送达的告知书应当一并提供（行政复议法第二十二条第二款）。"),
    )
    inquiry_review_first = models.BooleanField(
        _("对行政查询事项告知书不服的，应当先申请行政复议"),
        default=False,
        help_text=_("法律未明确，默认复议、诉讼均可。"),
    )
    calendar_region = models.CharField(
        _("放假地区代码"),
        max_length=32,
        blank=True,
        help_text=_("本地区另有放假规定而上级机关不在本系统的，填写该地区的代码。"),
    )

    reviews_drafts = models.BooleanField(
        _("答复先经审核再送保密审查和签发"),
        default=True,
        help_text=_("人手少的机关可以不设审核；保密审查和签发不能省略（条例 17）。"),
    )
    supplement_days = models.PositiveSmallIntegerField(
        _("补正期限（工作日）"), default=15, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    reasons_days = models.PositiveSmallIntegerField(
        _("说明理由的期限（工作日）"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("条例第三十五条未规定，默认与补正期限相同，为15个工作日。"),
    )
    publish_after_days = models.PositiveSmallIntegerField(
        _("答复送出以后至少多少天才向社会公开"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("法律没有规定。默认60天，与申请行政复议的期限相同。"),
    )
    payment_way = models.TextField(
        _("信息处理费的缴费方式"),
        blank=True,
        help_text=_("写入收费通知书，例如收款单位、账号、缴费窗口。没有填写的，不能通知缴费。"),
    )
    assistance_days = models.PositiveSmallIntegerField(
        _("内部协办期限（工作日）"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("只是内部约定，不影响答复期限；总在答复期限以前。"),
    )
    correction_days = models.PositiveSmallIntegerField(
        _("答复更正请求的期限（工作日）"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("条例第四十一条未规定，默认参照第三十三条，为20个工作日。"),
    )
    small_number = models.PositiveSmallIntegerField(
        _("公开统计的最小件数"),
        default=5,
        validators=[MinValueValidator(3), MaxValueValidator(20)],
        help_text=_("法律没有规定，默认5件。"),
    )
    remind_days = models.JSONField(_("提醒日（剩余工作日）"), default=default_remind_days, validators=[check_days])
    escalate_days = models.JSONField(
        _("报负责人日（剩余工作日）"), default=default_escalate_days, validators=[check_days]
    )
    late_notice_restarts = models.BooleanField(
        _("逾期发出的补正告知也使期限重新计算"), default=False, help_text=_("法律未明确，默认不重新计算。")
    )
    rest_day_receipt_moves = models.BooleanField(
        _("电子邮件休息日到达的，以下一工作日为收到之日"),
        default=False,
        help_text=_("条例第三十一条未规定，默认不顺延。"),
    )
    auto_reply_confirms = models.BooleanField(
        _("电子邮箱自动回复即为双方确认"),
        default=False,
        help_text=_("条例第三十一条只规定双方确认之日，默认由工作人员与申请人确认。"),
    )
    splits_applications = models.BooleanField(
        _("一件申请含有数项请求的，可以拆分，分别计数"),
        default=True,
        help_text=_("年度报告怎样计数没有规定，默认按“一事一申请”拆分，每一件都计入新收。"),
    )
    report_due_on = models.CharField(
        _("本机关年度报告的提前日期（月-日）"),
        max_length=5,
        blank=True,
        validators=[check_month_day],
        help_text=_("例如 01-26。空着的，按条例第四十九条为1月31日。"),
    )
    region_report_due_on = models.CharField(
        _("本级政府年度报告的提前日期（月-日）"),
        max_length=5,
        blank=True,
        validators=[check_month_day],
        help_text=_("例如 02-20。空着的，按条例第四十九条为3月31日。"),
    )
    report_grace_days = models.PositiveSmallIntegerField(
        _("年度结束后留待补登的工作日"),
        default=5,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
        help_text=_("法律没有规定。12月底送达、1月才登记的仍属上一年，这些天过后才能签发年度报告。"),
    )
    dismissal_is_other = models.BooleanField(
        _("驳回复议请求、诉讼请求的，计入“其他结果”"),
        default=False,
        help_text=_("表四怎样计数没有规定，默认计入“结果维持”。"),
    )
    #: The roles whose holders need a second factor when they sign in here.
    second_factor_roles = models.JSONField(_("必须使用双因素登录的角色"), default=default_second_factor, blank=True)
    #: The networks from which the roles of this agency can be used; none: from everywhere.
    networks = models.JSONField(_("可以登录的网段"), default=list, blank=True, validators=[check_networks])

    #: The readings that held before, oldest first: ``until`` is the last day of arrival for which they did.
    former_readings = models.JSONField(default=list, editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("行政机关")
        verbose_name_plural = _("行政机关")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(condition=~Q(successor=F("id")), name="agency_is_not_its_own_successor"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="agency_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(succeeded_on=None) | Q(successor__isnull=False), name="day_of_merger_has_its_successor"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def reports_for(self, year: int) -> bool:
        """Whether it makes a report of its own on that year, and no successor does (law.md 7.8)."""
        return self.succeeded_on is None or self.succeeded_on.year > year

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep ``path`` in step with the place in the tree, for this agency and all below it."""
        before = self.path
        if self.parent is not None and before and self.parent.path.startswith(before):
            raise ValidationError(_("上级不能是本机关自己或者其下级。"))
        self.path = (self.parent.path if self.parent else "") + self.code + "/"
        super().save(*args, **kwargs)
        if before and before != self.path:
            for child in self.children.all():
                child.parent = self
                child.save()

    @property
    def calendar(self) -> Calendar:
        """The working days that hold for this agency: the country's, and what its region or one above lays over."""
        return shelf().calendar(self.places)

    @property
    def places(self) -> tuple[str, ...]:
        """The codes of the regions it lies in: its own, those above it, and the one it is set to."""
        return (*self.path.split("/"), self.calendar_region)

    @property
    def is_government(self) -> bool:
        """The office of a people's government of a county or above, whose report is due by 31 March (条例 49(2))."""
        return self.level in (Level.PROVINCE, Level.CITY, Level.COUNTY)

    @property
    def approval_steps(self) -> tuple[Step, ...]:
        """What a draft passes here before it may leave."""
        return steps(reviewed=self.reviews_drafts)

    @property
    def readings(self) -> Readings:
        """How this agency reads what the law leaves open now; printed in the working papers of its report."""
        return Readings(
            late_notice_restarts=self.late_notice_restarts,
            rest_day_receipt_moves=self.rest_day_receipt_moves,
            dismissal_is_other=self.dismissal_is_other,
        )

    def readings_on(self, arrived_on: date) -> Readings:
        """How it read the law when an application arrived: a change moves no period that is running already."""
        for former in self.former_readings:
            if arrived_on <= date.fromisoformat(former["until"]):
                return Readings(**{name: value for name, value in former.items() if name != "until"})
        return self.readings


class NumberSeries(models.Model):
    """The last serial given out for one agency, kind of number and year; advanced in the transaction that uses it."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "year"], name="one_series_a_kind_and_year")]

    @classmethod
    def take(cls, agency: Agency, kind: str, day: date, count: int = 1) -> range:
        """The next ``count`` serials. The row's lock is held until the transaction ends, so the series has no gaps."""
        row = {"agency": agency, "kind": kind, "year": day.year}
        if not cls.objects.filter(**row).update(last=F("last") + count):
            NumberSeries.objects.bulk_create([NumberSeries(**row)], ignore_conflicts=True)
            cls.objects.filter(**row).update(last=F("last") + count)
        last = cls.objects.values_list("last", flat=True).get(**row)
        return range(last - count + 1, last + 1)

    @classmethod
    def advance(cls, agency: Agency, kind: str, year: int, last: int) -> None:
        """Let the series go on after ``last`` if it has not come so far; it never goes back."""
        row = {"agency": agency, "kind": kind, "year": year}
        NumberSeries.objects.bulk_create([NumberSeries(**row)], ignore_conflicts=True)
        cls.objects.filter(**row, last__lt=last).update(last=last)
