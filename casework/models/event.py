"""Events: append-only sentences in the past. Wording is made when they are read, from the table ``SENTENCES``."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.law import clock
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.words import Text, said

from .case import Case
from .decision import MODE_WORDS, DispatchMode
from .person import Staff


class Kind(StrEnum):
    """What happened; the past tense of the verb that did it."""

    REGISTERED = "registered"
    SUBMITTED = "submitted"
    IMPORTED = "imported"
    CORRECTED = "corrected"
    ASSIGNED = "assigned"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    SUPPLEMENT_RECEIVED = "supplement_received"
    CONSULTED = "consulted"
    OPINION_RECORDED = "opinion_recorded"
    EXTENDED = "extended"
    FEE_NOTIFIED = "fee_notified"
    PAYMENT_RECORDED = "payment_recorded"
    REASONS_ASKED = "reasons_asked"
    REASONS_RECORDED = "reasons_recorded"
    PROPOSED = "proposed"
    SENT_BACK = "sent_back"
    SIGNED = "signed"
    DISPATCHED = "dispatched"
    DELIVERY_RECORDED = "delivery_recorded"
    WITHDRAWN = "withdrawn"
    IDENTITY_READ = "identity_read"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    LAPSE_FOUND = "lapse_found"
    LEFT_UNTAKEN = "left_untaken"
    CALENDAR_CHANGED = "calendar_changed"


class Actor(models.TextChoices):
    """Who acted, where it was not a member of staff."""

    STAFF = "staff", _("工作人员")
    APPLICANT = "applicant", _("申请人")
    CLOCK = "clock", _("系统")


@dataclass(frozen=True, slots=True)
class Sentence:
    """How an event reads: to the office, and to the applicant (``None``: it stays inside).

    ``personal`` names the keys of the payload that an erasure of the applicant has to empty.
    """

    clerk: Text
    citizen: Text | None
    personal: tuple[str, ...] = ()


SENTENCES: Final[dict[Kind, Sentence]] = {
    Kind.SUBMITTED: Sentence(
        Text("申请人在网上提交申请，当日为收到申请之日。", "The applicant filed online; that day is the receipt day."),
        Text(
            "您在网上提交了申请，当日为收到申请之日。",
            "You filed online; that day is the day of receipt.",
        ),
    ),
    Kind.REGISTERED: Sentence(
        Text(
            "{by}登记了{arrived_on}以{channel}方式到达的申请，收到日期为{received_on}。",
            "{by} registered the application that arrived on {arrived_on} by {channel}; received on {received_on}.",
        ),
        Text(
            "行政机关登记了您的申请，收到日期为{received_on}。",
            "The office registered your application as received on {received_on}.",
        ),
    ),
    Kind.IMPORTED: Sentence(
        Text(
            "由台账导入，收到日期为{received_on}。",
            "Imported from the ledger; received on {received_on}.",
        ),
        Text("行政机关收到您的申请。", "The office received your application."),
    ),
    Kind.CORRECTED: Sentence(
        Text("{by}更正了登记事项：{fields}。理由：{reason}", "{by} corrected the record: {fields}. Reason: {reason}"),
        Text("行政机关更正了登记事项。", "The office corrected the record."),
    ),
    Kind.ASSIGNED: Sentence(
        Text("{by}将本件交{clerk}办理。", "{by} assigned the case to {clerk}."),
        Text("您的申请已交工作人员办理。", "Your application has been given to an officer."),
    ),
    Kind.SUPPLEMENT_REQUESTED: Sentence(
        Text(
            "{by}告知申请人补正，补正期限至{until}。",
            "{by} asked the applicant for a supplement by {until}.",
        ),
        Text(
            "行政机关请您在{until}以前补正申请。", "The office asked you to make your application clearer by {until}."
        ),
    ),
    Kind.SUPPLEMENT_RECEIVED: Sentence(
        Text("收到申请人的补正。", "The applicant's supplement was received."),
        Text("行政机关收到了您的补正。", "The office received your supplement."),
    ),
    Kind.CONSULTED: Sentence(
        Text(
            "{by}向{name}征求意见，所需时间不计入答复期限。",
            "{by} consulted {name}; the time needed is not counted.",
        ),
        Text(
            "行政机关正在征求有关方面的意见，所需时间依法不计入答复期限。",
            "The office is consulting others; by law the time needed is not counted.",
        ),
        personal=("name",),
    ),
    Kind.OPINION_RECORDED: Sentence(
        Text("收到{name}的意见。", "The opinion of {name} was received."),
        Text("行政机关收到了征求的意见。", "The office received the opinion it had asked for."),
        personal=("name",),
    ),
    Kind.EXTENDED: Sentence(
        Text(
            "经{by}同意，答复期限延长{days}个工作日。理由：{reason}",
            "With the consent of {by} the period was extended by {days} working days. Reason: {reason}",
        ),
        Text(
            "答复期限延长{days}个工作日。理由：{reason}",
            "The reply period was extended by {days} working days. Reason: {reason}",
        ),
    ),
    Kind.FEE_NOTIFIED: Sentence(
        Text(
            "{by}通知申请人在{until}以前缴纳信息处理费{amount}元。",
            "{by} asked the applicant to pay a processing fee of {amount} yuan by {until}.",
        ),
        Text(
            "行政机关通知您在{until}以前缴纳信息处理费{amount}元。",
            "The office asked you to pay a processing fee of {amount} yuan by {until}.",
        ),
    ),
    Kind.PAYMENT_RECORDED: Sentence(
        Text("{by}登记申请人已缴费。", "{by} recorded the payment."),
        Text("行政机关登记您已缴费。", "The office recorded your payment."),
    ),
    Kind.REASONS_ASKED: Sentence(
        Text(
            "{by}要求申请人说明理由（条例第三十五条）。", "{by} asked the applicant for reasons (Regulation art. 35)."
        ),
        Text("行政机关请您说明申请的理由。", "The office asked you for the reasons of your applications."),
    ),
    Kind.REASONS_RECORDED: Sentence(
        Text("{by}登记了申请人说明的理由。", "{by} recorded the applicant's reasons."),
        Text("行政机关收到了您说明的理由。", "The office received your reasons."),
    ),
    Kind.PROPOSED: Sentence(
        Text("{by}拟答复“{outcome}”，送签。", "{by} proposed “{outcome}” for signature."),
        Text("答复已经拟好，正在审签。", "A reply has been drafted and is being approved."),
    ),
    Kind.SENT_BACK: Sentence(
        Text("{by}退回重办：{remark}", "{by} sent the draft back: {remark}"),
        None,
    ),
    Kind.SIGNED: Sentence(
        Text("{by}签发“{outcome}”。", "{by} signed “{outcome}”."),
        Text("答复已经签发，即将送出。", "The reply has been signed and is about to be sent."),
    ),
    Kind.DISPATCHED: Sentence(
        Text(
            "{by}以{mode}方式送出答复“{outcome}”，本件办结。",
            "{by} dispatched the reply “{outcome}” by {mode}; the case is closed.",
        ),
        Text("答复已经送出：{outcome}。", "The reply has been sent: {outcome}."),
    ),
    Kind.DELIVERY_RECORDED: Sentence(
        Text("{by}登记答复于{delivered_on}送达。", "{by} recorded delivery on {delivered_on}."),
        Text("答复于{delivered_on}送达。", "The reply was delivered on {delivered_on}."),
    ),
    Kind.WITHDRAWN: Sentence(
        Text("申请人撤回申请，本件办结。", "The applicant withdrew the application; the case is closed."),
        Text("您撤回了申请。", "You withdrew your application."),
        personal=("statement",),
    ),
    Kind.IDENTITY_READ: Sentence(
        Text("{by}查看了申请人的证件号码。", "{by} read the applicant's identity number."),
        None,
    ),
    Kind.REMINDED: Sentence(
        Text("系统提醒承办人：{days_left}。", "The clerk was reminded: {days_left}."),
        None,
    ),
    Kind.ESCALATED: Sentence(
        Text("系统报告负责人：{days_left}。", "The head was told: {days_left}."),
        None,
    ),
    Kind.LAPSE_FOUND: Sentence(
        Text(
            "申请人期限已于{until}届满，请承办人确认有无正当理由，再决定是否终止办理。",
            "The applicant's period ran out on {until}; the clerk is to find whether there was good reason "
            "before ending the case.",
        ),
        None,
    ),
    Kind.LEFT_UNTAKEN: Sentence(
        Text(
            "收到申请后已过一个工作日，尚无承办人，已报告负责人。",
            "A working day after receipt nobody had taken the application; the head was told.",
        ),
        None,
    ),
    Kind.CALENDAR_CHANGED: Sentence(
        Text(
            "{year}年放假安排（{edition}）公布，重新计算期限：{change}。",
            "The holidays of {year} ({edition}) were published and the period reckoned again: {change}.",
        ),
        Text(
            "{year}年放假安排（{edition}）公布，答复期限重新计算：{change}。",
            "The holidays of {year} ({edition}) were published and the reply period reckoned again: {change}.",
        ),
    ),
}


class EventQuerySet(models.QuerySet["Event"]):
    """Events are added, read, and nothing else."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("events are append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("events are append-only")


class Event(models.Model):
    """One thing that happened to a case: what, when it took effect, when it was recorded, who, and what it moved."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in Kind])
    on = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=10, choices=Actor.choices, default=Actor.STAFF)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    once = models.CharField(max_length=60, null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "once"], name="what_time_causes_happens_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in Kind]), name="event_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.for_office().zh}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("events are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("events are append-only")

    def for_office(self) -> Text:
        """The sentence for clerk, head and auditor."""
        return SENTENCES[Kind(self.kind)].clerk.format(**self._values())

    def for_applicant(self) -> Text | None:
        """The sentence for the applicant; ``None`` for what stays inside."""
        sentence = SENTENCES[Kind(self.kind)].citizen
        return sentence.format(**self._values()) if sentence else None

    def _values(self) -> dict[str, object]:
        by: object = self.by.get_full_name() if self.by else _ACTORS[Actor(self.actor)]
        # A payload written by an older release may lack a key: the sentence shows a dash rather than failing.
        return _DASHES | {"by": by} | {key: _read(key, value) for key, value in self.payload.items()}


_ACTORS: Final = {
    Actor.STAFF: Text("工作人员", "an officer"),
    Actor.APPLICANT: Text("申请人", "the applicant"),
    Actor.CLOCK: Text("系统", "the system"),
}
#: What a new calendar does to a due date.
CHANGES: Final[dict[str, Text]] = {
    "moved": Text("最迟答复日随之改变", "the last day for the reply has moved"),
    "confirmed": Text("最迟答复日不变，不再是暂定", "the last day for the reply stays and is no longer provisional"),
    "provisional": Text("最迟答复日不变，改为暂定", "the last day for the reply stays and is now provisional"),
}
_PLACEHOLDERS: Final = (
    "arrived_on received_on channel fields reason clerk until name days amount outcome remark mode "
    "delivered_on days_left year edition change"
)
_DASHES: Final[dict[str, object]] = dict.fromkeys(_PLACEHOLDERS.split(), "—")


def _read(key: str, value: Any) -> object:
    """A stored value as it stands in a sentence."""
    if key == "outcome" and value in list(Outcome):  # Python 3.11 refuses a plain string in the class
        return OUTCOMES[Outcome(value)].words
    if key == "channel":
        return clock.Channel(value).words
    if key == "mode":
        return MODE_WORDS[DispatchMode(value)]
    if key in _AS_WORDS:
        return _AS_WORDS[key](value)
    if isinstance(value, str) and (key.endswith("_on") or key == "until"):
        return said(date.fromisoformat(value))
    return value


def change_words(change: str) -> Text:
    """What a new calendar did to a due date."""
    return CHANGES.get(change, Text("—", "—"))


def days_left(days: int) -> Text:
    """Working days until the due date in words; negative when it has passed."""
    if days > 0:
        return Text(f"还有{days}个工作日到期", f"{days} working day{'s' if days > 1 else ''} left")
    if days == 0:
        return Text("今日到期", "due today")
    return Text(f"已逾期{-days}个工作日", f"{-days} working day{'s' if days < -1 else ''} overdue")


_AS_WORDS: Final[dict[str, Callable[[Any], Text]]] = {
    "days_left": lambda days: days_left(int(days)),
    "change": change_words,
}
