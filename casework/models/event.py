"""Events: append-only sentences in the past. Wording is made when they are read, from the table ``SENTENCES``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.law import clock
from casework.law.consultation import Judgement
from casework.law.disputes import RESULTS, STAGES, Result, Stage
from casework.law.letters import LETTERS, LetterKind
from casework.law.outcomes import OUTCOMES, Outcome
from casework.law.report import DISPUTES
from casework.law.words import Text, said

from .appendonly import AppendOnly, AppendOnlyQuerySet
from .case import Case
from .delivery import MODE_WORDS, DispatchMode
from .eventwords import AUDIENCES, HELPERS, LINKS, SENT_BY, WHOSE, field_words, in_a_row, withheld_because
from .person import Staff


class Kind(StrEnum):
    """What happened; the past tense of the verb that did it."""

    REGISTERED = "registered"
    SUBMITTED = "submitted"
    HELPED = "helped"
    IMPORTED = "imported"
    CORRECTED = "corrected"
    ASSIGNED = "assigned"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    SUPPLEMENT_RECEIVED = "supplement_received"
    CONSULTED = "consulted"
    SERVICE_RECORDED = "service_recorded"
    LINK_OFFERED = "link_offered"
    LINK_REVOKED = "link_revoked"
    OPINION_RECORDED = "opinion_recorded"
    EXTENSION_ASKED = "extension_asked"
    OBJECTION_JUDGED = "objection_judged"
    CONSULTATION_CANCELLED = "consultation_cancelled"
    EXTENDED = "extended"
    EXTENSION_DECLINED = "extension_declined"
    FEE_NOTIFIED = "fee_notified"
    FEE_DELIVERED = "fee_delivered"
    PAYMENT_RECORDED = "payment_recorded"
    FEE_CANCELLED = "fee_cancelled"
    REASONS_ASKED = "reasons_asked"
    REASONS_RECORDED = "reasons_recorded"
    REASONS_JUDGED = "reasons_judged"
    DELAYED = "delayed"
    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    SECRECY_CLEARED = "secrecy_cleared"
    CLASSIFIED_FOUND = "classified_found"
    SENT_BACK = "sent_back"
    SIGNED = "signed"
    TAKEN_BACK = "taken_back"
    THIRD_PARTY_INFORMED = "third_party_informed"
    DISPATCHED = "dispatched"
    LETTER_MADE = "letter_made"
    LETTER_SENT = "letter_sent"
    LETTER_VOIDED = "letter_voided"
    LETTER_DELIVERED = "letter_delivered"
    LETTER_RETURNED = "letter_returned"
    DELIVERY_RECORDED = "delivery_recorded"
    DELIVERY_CORRECTED = "delivery_corrected"
    REPLY_RETURNED = "reply_returned"
    REDISPATCHED = "redispatched"
    PROOF_FILED = "proof_filed"
    REPLY_OPENED = "reply_opened"
    WITHDRAWN = "withdrawn"
    ASSISTANCE_REQUESTED = "assistance_requested"
    ASSISTANCE_ANSWERED = "assistance_answered"
    ASSISTANCE_CANCELLED = "assistance_cancelled"
    CHASED = "chased"
    CONTACT_ATTEMPTED = "contact_attempted"
    RECEIPT_CONFIRMED = "receipt_confirmed"
    SPLIT = "split"
    SPLIT_OFF = "split_off"
    LINKED = "linked"
    TRANSFERRED = "transferred"
    IDENTITY_READ = "identity_read"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    LAPSE_FOUND = "lapse_found"
    LEFT_UNTAKEN = "left_untaken"
    EXTENSION_UNTOLD = "extension_untold"
    SUPPLEMENT_REMINDED = "supplement_reminded"
    ASSISTANCE_REMINDED = "assistance_reminded"
    ASSISTANCE_ESCALATED = "assistance_escalated"
    CALENDAR_CHANGED = "calendar_changed"
    CONTACT_CHANGED = "contact_changed"
    KEPT_IN_ACCOUNT = "kept_in_account"
    TAKEN_FROM_ACCOUNT = "taken_from_account"
    UNDELIVERED = "undelivered"
    TOLD_OTHERWISE = "told_otherwise"
    DISPUTED = "disputed"
    DISPUTE_ADVANCED = "dispute_advanced"
    DISPUTE_CORRECTED = "dispute_corrected"
    DISPUTE_NARROWED = "dispute_narrowed"
    REOPENED = "reopened"
    REDECISION_BEGUN = "redecision_begun"
    MATERIAL_ADDED = "material_added"
    MATERIAL_READ = "material_read"
    AREAS_MARKED = "areas_marked"
    AREA_LIFTED = "area_lifted"
    FILE_PASSED = "file_passed"
    FILE_STOPPED = "file_stopped"
    VIRUS_FOUND = "virus_found"
    PUBLICATION_PROPOSED = "publication_proposed"
    PUBLICATION_CLEARED = "publication_cleared"
    PUBLICATION_DECIDED = "publication_decided"
    PUBLICATION_RETURNED = "publication_returned"
    PUBLICATION_REVOKED = "publication_revoked"
    LIKE_REPLY_TOLD = "like_reply_told"
    LIKE_REPLY_TAKEN = "like_reply_taken"
    LIKE_REPLY_GONE = "like_reply_gone"


class Actor(models.TextChoices):
    """Who acted, where it was not a member of staff."""

    STAFF = "staff", _("工作人员")
    APPLICANT = "applicant", _("申请人")
    CONSULTED = "consulted", _("被征求意见的一方")
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
    Kind.HELPED: Sentence(
        Text(
            "申请由{helper}{helper_name}协助填写，申请人本人{sent_by}，确认后提交。",
            "{helper}{helper_name} helped to fill in the application; the applicant {sent_by}, and sent it.",
        ),
        Text(
            "{helper}{helper_name}协助您填写了申请，由您本人{sent_by}，确认后提交。",
            "{helper}{helper_name} helped you to fill in the application; you {sent_by}, and sent it.",
        ),
        personal=("helper_name",),
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
        personal=("personal_before", "personal_after"),
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
    Kind.SERVICE_RECORDED: Sentence(
        Text("{by}登记了{name}收到征求意见文书的日期。", "{by} recorded the day on which {name} received the letter."),
        None,
        personal=("name",),
    ),
    Kind.LINK_OFFERED: Sentence(
        Text("{by}为{name}生成了网上答复的一次性链接。", "{by} made a link by which {name} can answer once."),
        None,
        personal=("name",),
    ),
    Kind.LINK_REVOKED: Sentence(
        Text("{by}撤销了{name}的答复链接。", "{by} revoked the link of {name}."),
        None,
        personal=("name",),
    ),
    Kind.OPINION_RECORDED: Sentence(
        Text("收到{name}的意见。", "The opinion of {name} was received."),
        Text("行政机关收到了征求的意见。", "The office received the opinion it had asked for."),
        personal=("name",),
    ),
    Kind.OBJECTION_JUDGED: Sentence(
        Text("{by}判断{name}的不同意见：{judgement}。", "{by} judged the objection of {name}: {judgement}."),
        None,
        personal=("name",),
    ),
    Kind.CONSULTATION_CANCELLED: Sentence(
        Text(
            "{by}撤销了对{name}的征求意见，期限按没有征求过计算。理由：{reason}",
            "{by} cancelled the consultation of {name}; the period is counted as if it had not been. Reason: {reason}",
        ),
        Text(
            "行政机关撤销了一次征求意见，答复期限按没有征求过计算。",
            "The office cancelled a consultation; the reply period is counted as if it had not been.",
        ),
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
    Kind.EXTENSION_ASKED: Sentence(
        Text(
            "{by}报请延长答复期限{days}个工作日。理由：{reason}",
            "{by} asked the head for {days} more working days. Reason: {reason}",
        ),
        None,
    ),
    Kind.EXTENSION_DECLINED: Sentence(
        Text("{by}不同意延期：{remark}", "{by} declined the extension: {remark}"),
        None,
    ),
    Kind.FEE_NOTIFIED: Sentence(
        Text(
            "{by}通知申请人自收到通知次日起20个工作日内缴纳信息处理费{amount}元。",
            "{by} asked the applicant to pay a processing fee of {amount} yuan within 20 working days of the notice.",
        ),
        Text(
            "行政机关通知您自收到通知次日起20个工作日内缴纳信息处理费{amount}元。",
            "The office asked you to pay a processing fee of {amount} yuan within 20 working days of the notice.",
        ),
    ),
    Kind.FEE_DELIVERED: Sentence(
        Text(
            "{by}登记收费通知送达，缴费期限至{until}。",
            "{by} recorded the delivery of the fee notice; the fee is payable by {until}.",
        ),
        Text("收费通知已经送达，缴费期限至{until}。", "You received the fee notice; the fee is payable by {until}."),
    ),
    Kind.FEE_CANCELLED: Sentence(
        Text(
            "{by}撤销收费通知，期限按没有发出过通知计算。理由：{reason}",
            "{by} cancelled the fee notice; the period runs as if it had never been sent. Reason: {reason}",
        ),
        Text("行政机关撤销了收费通知，您不需要缴费。", "The office cancelled the fee notice; you have nothing to pay."),
    ),
    Kind.PAYMENT_RECORDED: Sentence(
        Text("{by}登记申请人已缴费{amount}元。", "{by} recorded the payment of {amount} yuan."),
        Text("行政机关登记您已缴费。", "The office recorded your payment."),
    ),
    Kind.REASONS_ASKED: Sentence(
        Text(
            "{by}要求申请人在{until}以前说明理由（条例第三十五条）。",
            "{by} asked the applicant for reasons by {until} (Regulation art. 35).",
        ),
        Text(
            "行政机关请您在{until}以前说明申请的理由。",
            "The office asked you for the reasons of your applications by {until}.",
        ),
    ),
    Kind.REASONS_RECORDED: Sentence(
        Text("{by}登记了申请人说明的理由。", "{by} recorded the applicant's reasons."),
        Text("行政机关收到了您说明的理由。", "The office received your reasons."),
    ),
    Kind.REASONS_JUDGED: Sentence(
        Text("{by}认定申请人的理由{judged}：{reason}", "{by} found the applicant's reasons {judged}: {reason}"),
        None,
    ),
    Kind.DELAYED: Sentence(
        Text(
            "{by}确定延迟答复至{until}（条例第三十五条）。理由：{reason}",
            "{by} set a reasonable delay until {until} (Regulation art. 35). Reason: {reason}",
        ),
        Text(
            "行政机关确定延迟答复至{until}（条例第三十五条）。理由：{reason}",
            "The office will reply by {until}, after a reasonable delay (Regulation art. 35). Reason: {reason}",
        ),
    ),
    Kind.PROPOSED: Sentence(
        Text("{by}拟答复“{outcome}”，送审。", "{by} proposed “{outcome}” for approval."),
        Text("答复已经拟好，正在审签。", "A reply has been drafted and is being approved."),
    ),
    Kind.REVIEWED: Sentence(
        Text("{by}审核通过拟写的答复。{remark}", "{by} reviewed the draft and passed it on. {remark}"),
        None,
    ),
    Kind.SECRECY_CLEARED: Sentence(
        Text(
            "{by}保密审查，结论为可以公开。{remark}",
            "{by} found no secret in the draft: it may be made public. {remark}",
        ),
        None,
    ),
    Kind.CLASSIFIED_FOUND: Sentence(
        Text(
            "{by}保密审查，认定拟写的答复涉及国家秘密，退回重办；附件已从系统中删除（{count}个{digests}）。",
            "{by} found a state secret in the draft and sent it back; its attachments were removed "
            "from the system ({count}{digests}).",
        ),
        None,
    ),
    Kind.SENT_BACK: Sentence(
        Text("{by}退回重办：{remark}", "{by} sent the draft back: {remark}"),
        None,
    ),
    Kind.SIGNED: Sentence(
        Text("{by}签发“{outcome}”。", "{by} signed “{outcome}”."),
        Text("答复已经签发，即将送出。", "The reply has been signed and is about to be sent."),
    ),
    Kind.TAKEN_BACK: Sentence(
        Text(
            "{by}撤回签发，文书{letter_number}作废，退回重办：{remark}",
            "{by} took the signature back; letter {letter_number} is void, and the draft goes back: {remark}",
        ),
        Text("答复还在办理中。", "The reply is still being prepared."),
    ),
    Kind.THIRD_PARTY_INFORMED: Sentence(
        Text(
            "已将决定公开的内容和理由书面告知{name}（条例第三十二条）。",
            "{name} was told in writing what is disclosed and why (Regulation art. 32).",
        ),
        None,
        personal=("name",),
    ),
    Kind.DISPATCHED: Sentence(
        Text(
            "{by}以{mode}方式送出答复“{outcome}”，本件办结。",
            "{by} dispatched the reply “{outcome}” by {mode}; the case is closed.",
        ),
        Text("答复已经送出：{outcome}。", "The reply has been sent: {outcome}."),
    ),
    Kind.LETTER_MADE: Sentence(
        Text(
            "{by}制作了《{letter}》{letter_number}，送出以后生效。",
            "{by} made “{letter}” {letter_number}, to take effect when it leaves.",
        ),
        None,
    ),
    Kind.LETTER_SENT: Sentence(
        Text("{by}以{mode}方式送出《{letter}》{letter_number}。", "{by} sent “{letter}” {letter_number} by {mode}."),
        None,
    ),
    Kind.LETTER_VOIDED: Sentence(
        Text(
            "{by}将《{letter}》{letter_number}作废。理由：{reason}",
            "{by} declared “{letter}” {letter_number} void. Reason: {reason}",
        ),
        None,
    ),
    Kind.DELIVERY_RECORDED: Sentence(
        Text("{by}登记答复于{delivered_on}送达。", "{by} recorded delivery on {delivered_on}."),
        Text("答复于{delivered_on}送达。", "The reply was delivered on {delivered_on}."),
    ),
    Kind.DELIVERY_CORRECTED: Sentence(
        Text(
            "{by}将送达日期由{before_on}更正为{delivered_on}。理由：{reason}",
            "{by} corrected the day of delivery from {before_on} to {delivered_on}. Reason: {reason}",
        ),
        Text(
            "送达日期由{before_on}更正为{delivered_on}。",
            "The day of delivery was corrected from {before_on} to {delivered_on}.",
        ),
    ),
    Kind.REPLY_RETURNED: Sentence(
        Text(
            "{by}登记答复被退回，需要重新送达。原因：{reason}",
            "{by} recorded that the reply came back. Reason: {reason}",
        ),
        Text("寄给您的答复被退回，将重新送达。", "The reply posted to you came back and will be served again."),
    ),
    Kind.REDISPATCHED: Sentence(
        Text("{by}以{mode}方式重新送出答复。", "{by} sent the reply again by {mode}."),
        Text("答复已经重新送出。", "The reply has been sent again."),
    ),
    Kind.PROOF_FILED: Sentence(
        Text("{by}将送达凭证归档。", "{by} filed the proof of service."),
        None,
    ),
    Kind.REPLY_OPENED: Sentence(
        Text("申请人首次在网上查看答复。", "The applicant read the reply online for the first time."),
        Text("您在网上查看了答复。", "You read the reply online."),
    ),
    Kind.LETTER_DELIVERED: Sentence(
        Text(
            "{by}登记《{letter}》{letter_number}于{delivered_on}送达。",
            "{by} recorded that “{letter}” {letter_number} was delivered on {delivered_on}.",
        ),
        None,
    ),
    Kind.LETTER_RETURNED: Sentence(
        Text(
            "{by}登记《{letter}》{letter_number}被退回，需要重新送达。原因：{reason}",
            "{by} recorded that “{letter}” {letter_number} came back and has to be served again. Reason: {reason}",
        ),
        None,
    ),
    Kind.WITHDRAWN: Sentence(
        Text("申请人撤回申请，本件办结。", "The applicant withdrew the application; the case is closed."),
        Text("您撤回了申请。", "You withdrew your application."),
        personal=("statement",),
    ),
    Kind.ASSISTANCE_REQUESTED: Sentence(
        Text("{by}请{name}协办，内部答复期限至{until}。", "{by} asked {name} for assistance by {until}."),
        None,
    ),
    Kind.ASSISTANCE_ANSWERED: Sentence(
        Text("{name}的协办意见由{by}答复或者登记。", "The answer of {name} was given or recorded by {by}."),
        None,
    ),
    Kind.ASSISTANCE_CANCELLED: Sentence(
        Text("{by}取消请{name}协办：{reason}", "{by} cancelled the request to {name}: {reason}"),
        None,
    ),
    Kind.CHASED: Sentence(
        Text("{by}催{name}答复协办事项。", "{by} reminded {name} of the request for assistance."),
        None,
    ),
    Kind.CONTACT_ATTEMPTED: Sentence(
        Text(
            "{by}联系申请人确认收到，未能联系上（{how}）。{note}",
            "{by} tried to reach the applicant to confirm receipt, without success ({how}). {note}",
        ),
        Text(
            "行政机关与您联系确认收到申请，未能联系上。请主动与行政机关联系。",
            "The office tried to reach you to confirm receipt and could not. Please get in touch with it.",
        ),
        personal=("how", "note"),
    ),
    Kind.RECEIPT_CONFIRMED: Sentence(
        Text(
            "{by}登记与申请人确认收到（{how}），收到日期为{received_on}。{reason}",
            "{by} recorded that the applicant and the office confirmed receipt ({how}); received on {received_on}. "
            "{reason}",
        ),
        Text(
            "您与行政机关确认了收到申请，收到日期为{received_on}，登记编号为{case}。",
            "You and the office confirmed receipt: received on {received_on}, number {case}.",
        ),
        personal=("how",),
    ),
    Kind.SPLIT: Sentence(
        Text(
            "{by}按一事一申请拆分本件，另立{numbers}，收到日期不变。理由：{reason}",
            "{by} split the application, one for each matter: {numbers} stand beside this one, received the same day. "
            "Reason: {reason}",
        ),
        Text(
            "您的申请含有数项请求，行政机关按一事一申请拆分：本件以外另有{numbers}，收到日期不变，用同一个查询码查询。",
            "Your application asked for several things, so the office split it: besides this one there are {numbers}, "
            "received on the same day. The same query code opens them.",
        ),
        personal=("whole",),
    ),
    Kind.SPLIT_OFF: Sentence(
        Text(
            "{by}由{number}拆分立为本件，收到日期为{received_on}。",
            "{by} split this case off {number}; received on {received_on}.",
        ),
        Text(
            "本件由{number}拆分，收到日期为{received_on}，用同一个查询码查询。",
            "This was split off {number}; received on {received_on}. The same query code opens it.",
        ),
    ),
    Kind.LINKED: Sentence(
        Text("{by}关联{number}：{link}。{reason}", "{by} linked {number}: {link}. {reason}"),
        None,
    ),
    Kind.TRANSFERRED: Sentence(
        Text(
            "{by}经申请人同意，将申请转送{agency}。申请人的同意：{consent}",
            "{by} forwarded the application to {agency} with the applicant's consent: {consent}",
        ),
        Text(
            "经您同意，行政机关将申请转送{agency}，由该机关另行登记、答复。",
            "With your consent the office forwarded your application to {agency}, which will register and answer it.",
        ),
        personal=("consent",),
    ),
    Kind.IDENTITY_READ: Sentence(
        Text("{by}查看了{whose}的证件号码。", "{by} read the identity number of {whose}."),
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
    Kind.EXTENSION_UNTOLD: Sentence(
        Text(
            "负责人同意的延期尚未告知申请人，今天是可以告知的最后一天，已提醒承办人和负责人。",
            "The extension to which the head consented has not been told to the applicant, and today is the last day "
            "to tell it; clerk and head were warned.",
        ),
        None,
    ),
    Kind.SUPPLEMENT_REMINDED: Sentence(
        Text(
            "系统提醒承办人：内容不明确的，最迟在{until}告知补正（条例 30）。",
            "The clerk was reminded: if the application is unclear, ask for a supplement by {until} (art. 30).",
        ),
        None,
    ),
    Kind.ASSISTANCE_REMINDED: Sentence(
        Text(
            "系统催{name}答复协办事项：{days_left}。", "{name} was reminded of the request for assistance: {days_left}."
        ),
        None,
    ),
    Kind.ASSISTANCE_ESCALATED: Sentence(
        Text(
            "请{name}协办的事项{days_left}，已报告负责人。",
            "The request for assistance to {name} is {days_left}; the head was told.",
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
    Kind.CONTACT_CHANGED: Sentence(
        Text("申请人的联系方式或者通知方式有变更。", "The applicant's contact details or ways of notice were changed."),
        Text("联系方式或者通知方式有变更。", "Your contact details or ways of notice were changed."),
    ),
    # Which account is not said, and no personal data is in it: the row of the account tells, while there is one.
    Kind.KEPT_IN_ACCOUNT: Sentence(
        Text("本件放入申请人的网上账户。", "The case was put into an account of the applicant’s."),
        Text(
            "本件放入了一个网上账户，从那个账户可以打开。",
            "The case was put into an account and can be opened from there.",
        ),
    ),
    Kind.TAKEN_FROM_ACCOUNT: Sentence(
        Text("本件移出申请人的网上账户。", "The case was taken out of an account of the applicant’s."),
        Text(
            "本件移出了一个网上账户，从那个账户不能再打开。",
            "The case was taken out of an account and can no longer be opened from there.",
        ),
    ),
    Kind.UNDELIVERED: Sentence(
        Text(
            "发给申请人的{way}没有送到，请核对联系方式，或者改用其他方式告知。",
            "A notice to the applicant by {way} was not delivered; check the contact details or tell them otherwise.",
        ),
        None,
    ),
    Kind.TOLD_OTHERWISE: Sentence(
        Text(
            "没有送到的通知，{by}已于{told_on}另行告知申请人：{how}",
            "What had not been delivered {by} told the applicant otherwise on {told_on}: {how}",
        ),
        Text("行政机关于{told_on}另行告知您。", "The office told you in another way on {told_on}."),
        personal=("how",),
    ),
    Kind.DISPUTED: Sentence(
        Text(
            "{by}登记了{dispute}：{organ}，{notified_on}收到通知。",
            "{by} recorded – {dispute}: {organ}, notice received on {notified_on}.",
        ),
        None,
    ),
    Kind.DISPUTE_ADVANCED: Sentence(
        Text("{by}登记{dispute}的进展：{stage}{result}。", "{by} recorded – {dispute}: {stage}{result}."),
        None,
    ),
    Kind.DISPUTE_CORRECTED: Sentence(
        Text(
            "{by}更正{dispute}的“{stage}”。理由：{reason}",
            "{by} corrected – {dispute}, {stage}. Reason: {reason}",
        ),
        None,
    ),
    Kind.DISPUTE_NARROWED: Sentence(
        Text(
            "{by}登记{dispute}针对的不予公开内容：{count}处，其中{corrected}处被纠正。",
            "{by} recorded – {dispute}: withheld places contested: {count}, corrected: {corrected}.",
        ),
        None,
    ),
    Kind.REOPENED: Sentence(
        Text(
            "{by}根据{dispute}的结果{result}，另立案卷{number}重新办理。",
            "{by} opened file {number} to decide again after: {dispute}{result}.",
        ),
        Text("本件的答复将重新作出，请以编号{number}查询。", "The reply will be made again; follow it as {number}."),
    ),
    Kind.REDECISION_BEGUN: Sentence(
        Text(
            "{by}立本件，对{number}重新作出答复；收到决定、裁判之日为{received_on}。不计入表三。",
            "{by} opened this file to decide {number} again; the decision was received on {received_on}. "
            "Table 3 does not count it.",
        ),
        Text(
            "行政机关根据复议、诉讼的结果，对您的申请（{number}）重新作出答复，期限自{received_on}起重新计算。",
            "After reconsideration or a suit the office decides your application ({number}) again; "
            "the period runs anew from {received_on}.",
        ),
    ),
    Kind.MATERIAL_ADDED: Sentence(
        Text("{by}放入案卷材料“{file}”。", "{by} laid the record “{file}” on the file."),
        None,
        personal=("file",),
    ),
    Kind.MATERIAL_READ: Sentence(
        Text("{by}查看了案卷材料“{file}”的原件。", "{by} read the original of “{file}”."),
        None,
        personal=("file",),
    ),
    Kind.AREAS_MARKED: Sentence(
        Text(
            "{by}在“{file}”上标明不提供的内容：第{areas}处。理由：{why}",
            "{by} marked what is withheld from “{file}”: area {areas}. Ground: {why}",
        ),
        None,
        personal=("file",),
    ),
    Kind.AREA_LIFTED: Sentence(
        Text("{by}取消了“{file}”上的第{areas}处。", "{by} lifted area {areas} of “{file}”."),
        None,
        personal=("file",),
    ),
    Kind.FILE_PASSED: Sentence(
        Text(
            "“{file}”（给{audience}）已经生成，重新打开检查通过，SHA-256 {sha256}。",
            "The file of “{file}” for {audience} was made, opened again and passed, SHA-256 {sha256}.",
        ),
        None,
        personal=("file",),
    ),
    Kind.FILE_STOPPED: Sentence(
        Text(
            "“{file}”（给{audience}）没有通过检查，不能提供：{why}",
            "The file of “{file}” for {audience} did not pass and can't be given: {why}",
        ),
        None,
        personal=("file",),
    ),
    Kind.VIRUS_FOUND: Sentence(
        Text(
            "在“{file}”里发现病毒（{virus}），已经封存。", "A virus ({virus}) was found in “{file}”; it is locked away."
        ),
        None,
        personal=("file",),
    ),
    # What a title says of a person keeps it from being published; here it stands before anybody has judged it.
    Kind.PUBLICATION_PROPOSED: Sentence(
        Text(
            "{by}提出将答复向社会公开，标题“{title}”，送保密审查。{reason}",
            "{by} proposed to publish the reply as “{title}”; it goes to secrecy review. {reason}",
        ),
        None,
        personal=("title",),
    ),
    Kind.PUBLICATION_CLEARED: Sentence(
        Text(
            "{by}对拟公开的标题、摘要和文件作保密审查，结论为可以公开。",
            "{by} found no secret in the title, summary and files to be published.",
        ),
        None,
    ),
    Kind.PUBLICATION_DECIDED: Sentence(
        Text("{by}决定自{from_on}起向社会公开本件的答复。", "{by} decided to publish the reply from {from_on}."),
        Text(
            "答复的内容自{from_on}起向社会公开，不含您的姓名、联系方式和证件信息。",
            "What the reply disclosed is public from {from_on}, without your name, contact or identity.",
        ),
    ),
    Kind.PUBLICATION_RETURNED: Sentence(
        Text("{by}退回公开答复的提议：{remark}", "{by} sent the proposal to publish back: {remark}"),
        None,
    ),
    Kind.PUBLICATION_REVOKED: Sentence(
        Text("{by}撤下了公开的答复。理由：{reason}", "{by} withdrew the published reply. Reason: {reason}"),
        Text("行政机关不再公开本件的答复。", "The office no longer publishes the reply."),
    ),
    Kind.LIKE_REPLY_TOLD: Sentence(
        Text(
            "系统告知申请人：相近申请的答复“{title}”已经公开。",
            "The applicant was told that the reply “{title}” to a like application is public.",
        ),
        Text(
            "与您的申请相近的答复“{title}”已经公开。您的申请照常办理，答复期限不变。",
            "The reply “{title}” to a like application is public. Your application goes on; its period stays.",
        ),
    ),
    Kind.LIKE_REPLY_TAKEN: Sentence(
        Text(
            "申请人表示，公开的答复“{title}”可以回答本件。{statement}请承办人拟写答复，告知获取的方式、途径。",
            "The applicant says that the published reply “{title}” answers this. {statement} Propose the reply that "
            "tells where it is.",
        ),
        Text(
            "您表示公开的答复“{title}”可以回答您的申请。行政机关仍将书面答复您。",
            "You said that the published reply “{title}” answers you. The office will still reply in writing.",
        ),
        personal=("statement",),
    ),
    Kind.LIKE_REPLY_GONE: Sentence(
        Text(
            "申请人表示可以回答本件的公开答复“{title}”已经撤下，请按原申请办理。",
            "The published reply “{title}”, which the applicant took, was withdrawn: decide the application as it is.",
        ),
        Text(
            "您选用的公开答复“{title}”已经撤下，您的申请照常办理。",
            "The published reply “{title}” that you chose was withdrawn; your application goes on.",
        ),
    ),
}

#: The ways of a message to an applicant, in a sentence.
WAYS: Final[dict[str, Text]] = {"email": Text("电子邮件", "e-mail"), "sms": Text("短信", "text message")}


class EventQuerySet(AppendOnlyQuerySet["Event"]):
    """Events are added, read, and nothing else."""


class Event(AppendOnly):
    """One thing that happened to a case: what, when it took effect, when it was recorded, who, and what it moved."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in Kind])
    on = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=10, choices=Actor.choices, default=Actor.STAFF)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    for_whom = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
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

    def for_office(self) -> Text:
        """The sentence for clerk, head and auditor."""
        return SENTENCES[Kind(self.kind)].clerk.format(**self._values())

    def for_applicant(self) -> Text | None:
        """The sentence for the applicant; ``None`` for what stays inside."""
        sentence = SENTENCES[Kind(self.kind)].citizen
        return sentence.format(**self._values()) if sentence else None

    def _values(self) -> dict[str, object]:
        by: object = self.by.get_full_name() if self.by else _ACTORS[Actor(self.actor)]
        if self.for_whom is not None:
            by = _AS_DEPUTY.format(by=by, away=self.for_whom.get_full_name())
        # A payload written by an older release may lack a key: the sentence shows a dash rather than failing.
        case = {"case": self.case.number} if self.case_id else {}
        return _DASHES | {"by": by} | case | {key: _read(key, value) for key, value in self.payload.items()}


_AS_DEPUTY: Final = Text("{by}（代{away}）", "{by} (for {away})")
_ACTORS: Final = {
    Actor.STAFF: Text("工作人员", "an officer"),
    Actor.APPLICANT: Text("申请人", "the applicant"),
    Actor.CONSULTED: Text("被征求意见的一方", "the party consulted"),
    Actor.CLOCK: Text("系统", "the system"),
}
#: What a new calendar does to a due date.
CHANGES: Final[dict[str, Text]] = {
    "moved": Text("最迟答复日随之改变", "the last day for the reply has moved"),
    "confirmed": Text("最迟答复日不变，不再是暂定", "the last day for the reply stays and is no longer provisional"),
    "provisional": Text("最迟答复日不变，改为暂定", "the last day for the reply stays and is now provisional"),
}
_PLACEHOLDERS: Final = (
    "arrived_on received_on channel fields reason clerk until name days amount outcome remark mode before_on "
    "delivered_on days_left year edition change letter letter_number count digests judgement how numbers "
    "number link agency consent case way told_on judged dispute organ notified_on stage result "
    "corrected file areas audience sha256 virus why helper sent_by title from_on"
)
_DASHES: Final[dict[str, object]] = dict.fromkeys(_PLACEHOLDERS.split(), "—") | {
    "whose": WHOSE["applicant"],
    "note": "",
    "helper_name": "",
    "statement": "",
}


def _read(key: str, value: Any) -> object:
    """A stored value as it stands in a sentence."""
    if key == "outcome" and value in list(Outcome):  # Python 3.11 refuses a plain string in the class
        return OUTCOMES[Outcome(value)].words
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


_RESULT: Final = Text("（{result}）", " ({result})")
#: How the reasons were judged.
JUDGED: Final[dict[str, Text]] = {
    "reasonable": Text("合理", "reasonable"),
    "unreasonable": Text("不合理", "unreasonable"),
}


def listed(digests: Sequence[str]) -> Text:
    """Digests as they stand after a count; nothing when there are none."""
    return Text("".join(f"，SHA-256 {each}" for each in digests), "".join(f", SHA-256 {each}" for each in digests))


_AS_WORDS: Final[dict[str, Callable[[Any], Text]]] = {
    "days_left": lambda days: days_left(int(days)),
    "digests": listed,
    "change": change_words,
    "way": lambda way: WAYS[way],
    "judged": lambda judged: JUDGED.get(judged, Text("—", "—")),
    "judgement": lambda judgement: Judgement(judgement).words,
    "fields": field_words,
    "numbers": in_a_row,
    "whose": lambda whose: WHOSE[whose],
    "helper": lambda helper: HELPERS[helper],
    "helper_name": lambda name: Text(f"“{name}”", f" “{name}”") if name else Text("", ""),
    "sent_by": lambda way: SENT_BY[way],
    "link": lambda link: LINKS[link],
    "dispute": lambda kind: DISPUTES[kind],
    "stage": lambda stage: STAGES[Stage(stage)].words,
    "audience": lambda audience: AUDIENCES[audience],
    "areas": in_a_row,
    "why": withheld_because,
    "result": lambda result: _RESULT.format(result=RESULTS[Result(result)].words) if result else Text("", ""),
    "channel": lambda channel: clock.Channel(channel).words,
    "mode": lambda mode: MODE_WORDS[DispatchMode(mode)],
    "letter": lambda kind: LETTERS[LetterKind(kind)].title,
    "letter_number": lambda number: Text(f"（{number}）", f"({number})") if number else Text("", ""),
}
