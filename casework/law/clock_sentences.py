"""What the clock says: why a period starts, why a fact is refused, what a clerk should look at."""

from typing import Final

from casework.law.due import Waiting
from casework.law.words import Text

# -- why a period starts, pauses or stands still ---------------------------------------------------------------------

RECEIVED: Final = Text("收到申请之日，不计算在内", "The day of receipt does not count")
SUPPLEMENTED: Final = Text(
    "收到补正之日，答复期限重新计算，当日不计算在内",
    "The supplement was received: the period starts anew, and this day does not count",
)
PAID: Final = Text(
    "缴费之日，办理期限自次日起重新计算",
    "The fee was paid: the period starts anew on the next day",
)
WAITING: Final = {
    Waiting.SUPPLEMENT: Text(
        "正在等待申请人补正，收到补正后重新计算答复期限，目前没有届满日。",
        "The applicant's supplement is awaited; the period starts anew when it is received, so no due date runs now.",
    ),
    Waiting.PAYMENT: Text(
        "正在等待申请人缴费，缴费次日起重新计算办理期限，目前没有届满日。",
        "Payment is awaited; the period starts anew on the day after it, so no due date runs now.",
    ),
}

ORDERED_EARLIER: Final = Text(
    "决定、裁判限定在{until}以前重新答复，早于法定期限{statutory}，以限定的日期为准；征求意见、延期都不改变这一天。",
    "The decision sets {until} for the new reply, before the statutory date of {statutory}, and holds; neither a "
    "consultation nor an extension moves that day.",
)
ORDERED_WHILE_WAITING: Final = Text(
    "决定、裁判限定在{until}以前重新答复，等待申请人补正、缴费不改变这一天。",
    "The decision sets {until} for the new reply; waiting for the applicant doesn’t move that day.",
)

# -- refused ---------------------------------------------------------------------------------------------------------

OUT_OF_ORDER: Final = Text(
    "{on}的事项早于{latest}：各事项应当不早于收到申请之日，并按发生的先后排列，请核对日期。",
    "The fact of {on} is earlier than {latest}: facts must not precede the receipt and must stand in the order in"
    " which they took effect; please check the dates.",
)
SECOND_SUPPLEMENT: Final = Text(
    "{on}不能再次告知补正：补正应当一次性告知。",
    "No second supplement notice can be sent on {on}: the applicant is told once and for all.",
)
SUPPLEMENTED_ALREADY: Final = Text(
    "{on}不能再次登记补正：补正已经收到。",
    "No supplement can be recorded on {on}: it has already been received.",
)
SUPPLEMENT_NOT_REQUESTED: Final = Text(
    "{on}不能登记收到补正：此前没有告知补正。",
    "No supplement can be recorded on {on}: none has been asked for.",
)
DELIVERED_TOO_EARLY: Final = Text(
    "征求意见函的送达日期{on}早于寄出日期{sent}，请核对。",
    "The letter's delivery on {on} is earlier than its dispatch on {sent}; please check.",
)
ANSWERED_TOO_EARLY: Final = Text(
    "征求意见的答复日期{on}早于寄出或者送达日期{sent}，请核对。",
    "The opinion of {on} is earlier than the letter's dispatch or delivery on {sent}; please check.",
)
SECOND_EXTENSION: Final = Text(
    "{on}不能再次延期：答复期限只能延长一次。",
    "No further extension is possible on {on}: the period can be extended once only.",
)
EXTENSION_LENGTH: Final = Text(
    "延长答复期限的时间应为1至{limit}个工作日，不能是{days}个。",
    "An extension must be of 1 to {limit} working days, not {days}.",
)
NOTHING_TO_EXTEND: Final = Text(
    "{on}不能延期：正在等待申请人补正或者缴费，答复期限没有进行。",
    "No extension is possible on {on}: the applicant's supplement or payment is awaited and no period runs.",
)
EXTENDED_TOO_LATE: Final = Text(
    "{on}不能延期：答复期限已于{due}届满，延期应当在届满之前告知申请人。",
    "No extension is possible on {on}: the period ended on {due}, and the applicant must be told before it ends.",
)
SECOND_DELAY: Final = Text(
    "{on}不能再次延迟答复：延迟答复的期限只确定一次。",
    "No further delay can be set on {on}: the reasonable delay is set once only.",
)
NOTHING_TO_DELAY: Final = Text(
    "{on}不能确定延迟答复的期限：正在等待申请人补正或者缴费，答复期限没有进行。",
    "No delay can be set on {on}: the applicant's supplement or payment is awaited and no period runs.",
)
DELAYED_TOO_LATE: Final = Text(
    "{on}不能确定延迟答复的期限：答复期限已于{due}届满，应当在届满之前告知申请人。",
    "No delay can be set on {on}: the period ended on {due}, and the applicant must be told before it ends.",
)
NO_DELAY: Final = Text(
    "延迟答复的期限{until}不晚于现在的最迟答复日{due}，不需要延迟。",
    "The delay until {until} is not later than the last day for the reply, {due}, so none is needed.",
)
SECOND_FEE_NOTICE: Final = Text(
    "{on}不能再次发出收费通知：{since}的收费通知尚未缴费。",
    "No further fee notice can be sent on {on}: that of {since} is still unpaid.",
)
FEE_WHILE_WAITING: Final = Text(
    "{on}不能发出收费通知：正在等待申请人补正，办理期限没有进行。",
    "No fee notice can be sent on {on}: the applicant's supplement is awaited and no period runs.",
)
FEE_TOO_LATE: Final = Text(
    "{on}不能发出收费通知：办理期限已于{due}届满，收费通知应当在期限内发出。",
    "No fee notice can be sent on {on}: the period ended on {due}, and the notice must be sent within it.",
)
NOTHING_TO_PAY: Final = Text(
    "{on}不能登记缴费：没有尚未缴费的收费通知。",
    "No payment can be recorded on {on}: there is no unpaid fee notice.",
)

# -- to be looked at -------------------------------------------------------------------------------------------------

LATE_NOTICE: Final = Text(
    "补正告知（{on}）晚于收到申请后的第7个工作日（{limit}）：答复期限不重新计算，仍按原期限届满（条例 30）。",
    "The supplement notice of {on} came after the 7th working day from receipt ({limit}): the period does not start"
    " anew and ends as before (Regulation, art. 30).",
)
LATE_NOTICE_RESTARTS: Final = Text(
    "补正告知（{on}）晚于收到申请后的第7个工作日（{limit}）：按本机关设定仍重新计算期限，法院可能不予认可（条例 30）。",
    "The supplement notice of {on} came after the 7th working day from receipt ({limit}): by this agency's setting the"
    " period still starts anew, which a court may not accept (Regulation, art. 30).",
)
CONSULTED_TOO_LATE: Final = Text(
    "征求意见函于{on}寄出，答复期限于{due}届满，征求意见的时间不再影响期限（条例 33(3)）。",
    "The consultation letter went out on {on} and the period ends on {due}: the time for the opinion no longer moves"
    " the due date (Regulation, art. 33(3)).",
)
NOT_DELIVERED: Final = Text(
    "征求{party}意见函没有送达日期，暂自寄出之日{on}起计算15个工作日，至{lapse}止。",
    "No delivery date is recorded for the letter to the {party}; its 15 working days are counted from dispatch on"
    " {on} and end on {lapse}.",
)
ANSWERED_TOO_LATE: Final = Text(
    "{party}的意见于{on}收到，晚于{lapse}；{lapse}以后的时间不再扣除。",
    "The opinion of the {party} came on {on}, after {lapse}; the time after {lapse} is not excluded.",
)
ANOTHER_FEE: Final = Text(
    "{on}为再次发出收费通知，请核对是否必要。",
    "The fee notice of {on} is a further one; please check that it is needed.",
)
FEE_BEFORE_MEASURES: Final = Text(
    "收费通知（{on}）早于《政府信息公开信息处理费管理办法》施行之日{since}，请核对。",
    "The fee notice of {on} is earlier than {since}, when the fee measures came into force; please check.",
)
PAID_LATE: Final = Text(
    "缴费（{on}）晚于收费通知后的第20个工作日（{limit}），可能已视为放弃申请，请核对收到收费通知的日期。",
    "The payment of {on} came after the 20th working day from the fee notice ({limit}); the application may count as"
    " abandoned, so please check when the notice was received.",
)
