"""The settings of an agency as one table, and the record of who changed which of them when."""

from dataclasses import dataclass
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.law.words import Text

from .agency import Agency
from .appendonly import AppendOnly, AppendOnlyQuerySet
from .person import Staff


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of ``Agency`` that its administrator chooses.

    ``reading``: the law leaves it open, so a change needs its reason.
    """

    field: str
    says: Text
    law: str = ""
    reading: bool = False

    @property
    def words(self) -> str:
        """Its name in the language of the page."""
        return str(Agency._meta.get_field(self.field).verbose_name)  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """What stands under one heading of the page."""

    key: str
    words: Text
    settings: tuple[Setting, ...]


GROUPS: Final = (
    SettingGroup(
        "letters",
        Text("文书", "Letters"),
        (
            Setting(
                "document_prefix",
                Text(
                    "文号以机关代字开头，例如东政公开告〔2026〕1号。改变以后顺序号接续，不重新开始。",
                    "Numbers of letters begin with it. The series goes on when it changes.",
                ),
            ),
            Setting(
                "contact",
                Text(
                    "印在补正告知书等文书上，申请人据此与政府信息公开工作机构联系。",
                    "Printed on notices, so that applicants can reach the office for disclosure.",
                ),
                "条例 4",
            ),
        ),
    ),
    SettingGroup(
        "fee",
        Text("信息处理费", "The processing fee"),
        (
            Setting(
                "payment_way",
                Text(
                    "印在收费通知书上。没有填写的，不能通知缴费。",
                    "Printed in fee notices. While it is empty, no fee can be asked for.",
                ),
                "国办函〔2020〕109号 6",
            ),
        ),
    ),
    SettingGroup(
        "remedies",
        Text("救济途径", "Remedies"),
        (
            Setting(
                "review_organ",
                Text(
                    "不服答复的向它申请行政复议，答复书中写明。部门一般只有本级人民政府。",
                    "Reconsideration is asked of it; replies name it. For a department it is as a rule the people’s "
                    "government of the same level alone.",
                ),
                "行政复议法 24",
            ),
            Setting(
                "court",
                Text("对决定不服可以起诉的法院，答复书中写明。", "The court to which one can go; replies name it."),
                "行政诉讼法 14、18",
            ),
            Setting(
                "review_online_at",
                Text(
                    "写在答复书的救济途径里。",
                    "Stands in replies, where the remedies are told.",
                ),
            ),
            Setting(
                "inquiry_review_first",
                Text(
                    "行政查询事项（三（三）8）的告知书怎样写救济途径。",
                    "How the notice of an inquiry procedure (3(3)8) states the remedies.",
                ),
                "行政复议法 23",
                reading=True,
            ),
            Setting(
                "dismissal_is_other",
                Text(
                    "年度报告表四怎样计算驳回复议请求、诉讼请求的结果。只对改变次日起作出的决定、裁判有效。",
                    "How table 4 counts a claim dismissed on its merits. Holds for decisions made after the day of the "
                    "change.",
                ),
                "国办公开办函〔2021〕30号",
                reading=True,
            ),
        ),
    ),
    SettingGroup(
        "periods",
        Text("期限", "Periods"),
        (
            Setting(
                "supplement_days",
                Text(
                    "告知补正时预填的期限，每一件可以另定。法律只要求合理。",
                    "Filled in when a supplement is asked for; a case may differ. The law asks for a reasonable one.",
                ),
                "条例 30",
            ),
            Setting(
                "reasons_days",
                Text(
                    "要求说明理由时预填的期限，每一件可以另定。法律没有规定长短。",
                    "Filled in when reasons are asked for; a case may differ. The law names no length.",
                ),
                "条例 35",
            ),
            Setting(
                "assistance_days",
                Text(
                    "请求协办时预填的内部期限，总在答复期限以前。协办不影响答复期限。",
                    "Filled in when assistance is asked for inside; always before the reply is due; moves no period.",
                ),
            ),
            Setting(
                "correction_days",
                Text(
                    "收到更正本人信息的请求以后，多少个工作日内答复；请补充的，自收到补充起重新计算。",
                    "Within so many working days a request to correct one’s own record is replied to, anew from what "
                    "was asked for in addition.",
                ),
                "条例 41",
                reading=True,
            ),
            Setting(
                "late_notice_restarts",
                Text(
                    "收到申请七个工作日以后才告知补正的，答复期限是否仍因补正重新计算。只对改变次日起到达的申请有效。",
                    "Whether a supplement asked for after seven working days still restarts the period. Holds for "
                    "applications that arrive after the day of the change.",
                ),
                "条例 30",
                reading=True,
            ),
            Setting(
                "rest_day_receipt_moves",
                Text(
                    "电子邮件在休息日到达的，收到之日是否顺延。只对改变次日起到达的申请有效。",
                    "Whether e-mail that arrives on a day of rest counts as received on the next working day. Holds "
                    "for applications that arrive after the day of the change.",
                ),
                "条例 31",
                reading=True,
            ),
            Setting(
                "calendar_region",
                Text(
                    "改变以后，在办申请的期限按该地区的放假安排重新计算，日期有变的告知申请人和承办人。",
                    "When it changes, open cases are reckoned again by the days of that region; those whose dates move "
                    "are told.",
                ),
            ),
        ),
    ),
    SettingGroup(
        "intake",
        Text("收件和登记", "Mail and registration"),
        (
            Setting(
                "auto_reply_confirms",
                Text(
                    "邮箱收到申请即自动回复的，不再由工作人员确认。对以后登记的电子邮件有效。",
                    "Where the mailbox answers every e-mail at once, no officer has to confirm it. Holds for e-mails "
                    "that are registered from now on.",
                ),
                "条例 31",
                reading=True,
            ),
            Setting(
                "splits_applications",
                Text(
                    "关闭以后，承办人不能再拆分；含有数项请求的按一件统计。",
                    "When it is off clerks can no longer split; what asks for several things counts once.",
                ),
                "国办函〔2020〕109号 4",
                reading=True,
            ),
        ),
    ),
    SettingGroup(
        "approval",
        Text("审批", "Approval"),
        (
            Setting(
                "reviews_drafts",
                Text(
                    "拟稿以后是否先经审核。改变以后，正在审批的答复按新的步骤往下走。",
                    "Whether a draft is reviewed first. Drafts on their way go on by the new steps.",
                ),
                "条例 45",
            ),
        ),
    ),
    SettingGroup(
        "publications",
        Text("公开的答复", "Published replies"),
        (
            Setting(
                "publish_after_days",
                Text(
                    "负责人决定向社会公开答复时，公开之日不能早于答复送出以后的这一天。对以后的决定有效。",
                    "A reply can’t be published earlier than so many days after it left. Holds for decisions from now "
                    "on.",
                ),
                "条例 44(2)",
                reading=True,
            ),
        ),
    ),
    SettingGroup(
        "report",
        Text("年度报告", "The annual report"),
        (
            Setting(
                "report_due_on",
                Text(
                    "本地通知要求更早报送、公布的，填写该日期；晚于法定日期的不起作用。",
                    "Where a local notice sets an earlier day; one after the day of the law has no effect.",
                ),
                "条例 49",
                reading=True,
            ),
            Setting(
                "region_report_due_on",
                Text(
                    "政府信息公开工作主管部门公布本级政府年度报告的日期，同上。",
                    "The same for the report of the government, which its competent department publishes.",
                ),
                "条例 49",
                reading=True,
            ),
            Setting(
                "report_grace_days",
                Text(
                    "年度结束以后，这么多个工作日内不能签发年度报告，等迟到的登记到齐。",
                    "For so many working days after the end of the year its report can’t be signed, so that what is "
                    "registered late is counted.",
                ),
                reading=True,
            ),
        ),
    ),
    SettingGroup(
        "statistics",
        Text("公开的统计", "Public statistics"),
        (
            Setting(
                "small_number",
                Text(
                    "公开的统计页和开放数据里，少于这么多件的数字不单独显示；已经公布的年度报告照原样显示。",
                    "On public pages and in open data a figure below it is not shown by itself; what a published "
                    "annual report says is shown as it is.",
                ),
                reading=True,
            ),
        ),
    ),
    SettingGroup(
        "watch",
        Text("提醒", "Reminders"),
        (
            Setting(
                "remind_days",
                Text(
                    "离最迟答复日还有多少个工作日时提醒承办人；0是当天，负数是逾期以后。十分钟内对在办申请生效。",
                    "Working days before the last day for the reply on which the clerk is reminded; 0 is that day, "
                    "negative is after it. Holds for open cases within ten minutes.",
                ),
            ),
            Setting(
                "escalate_days",
                Text(
                    "同样，什么时候报告负责人。",
                    "Likewise, when the head is told.",
                ),
            ),
        ),
    ),
)
SETTINGS: Final[dict[str, Setting]] = {each.field: each for group in GROUPS for each in group.settings}
#: Facts of an agency that others change, and that stand in the same record.
FACTS: Final[dict[str, Text]] = {
    "successor": Text("承继机关", "Successor"),
    "outside": Text("以文件报送年度报告", "Sends its annual report as a file"),
    "created": Text("建立机关", "Agency created"),
    "name": Text("名称", "Name"),
    "level": Text("层级", "Level"),
    "parent": Text("上级机关", "Agency above"),
    "closed_on": Text("停用之日", "Closed on"),
    "second_factor_roles": Text("必须使用双因素登录的角色", "Roles that need a second factor"),
    "networks": Text("可以登录的网段", "Networks from which it is used"),
    "numbering": Text("下一号的写法", "How the next number is written"),
}
#: What an agency is; set when it is created, and by no administrator of its own.
NOT_CHOSEN: Final = frozenset(
    {"code", "name", "level", "parent", "successor", "succeeded_on", "path", "outside", "applies_regulation"}
    # and what has its own page, because a slip in it locks people out
    | {"closed_on", "second_factor_roles", "networks"}
)


class SettingChangeQuerySet(AppendOnlyQuerySet["SettingChange"]):
    """Changes are added and read."""


class SettingChange(AppendOnly):
    """One setting of one agency changed: from what, to what, by whom, and why where the law leaves it open."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="setting_changes")
    field = models.CharField(max_length=40)
    before = models.JSONField(_("原来"))
    after = models.JSONField(_("改为"))
    reason = models.TextField(_("理由"), blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = SettingChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("设置变更")
        verbose_name_plural = _("设置变更")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.field}: {self.before!r} → {self.after!r}"
