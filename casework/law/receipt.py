"""The day on which an application counts as received, by the channel through which it came (条例 31)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from casework.law.calendar import Calendar
from casework.law.refusals import Refused
from casework.law.words import Text, said


class Channel(StrEnum):
    """How an application reaches the agency; the keys of the ledger."""

    IN_PERSON = "in_person"
    SIGNED_MAIL = "signed_mail"
    ORDINARY_MAIL = "ordinary_mail"
    ONLINE = "online"
    EMAIL = "email"
    FAX = "fax"
    OTHER = "other"

    @property
    def words(self) -> Text:
        return CHANNEL_WORDS[self]

    @property
    def rule(self) -> Text:
        return CHANNEL_RULES[self]

    @property
    def needs_confirmation(self) -> bool:
        """Received on the day both sides confirm; the others on the day of arrival (条例 31)."""
        return self in _CONFIRMED


CHANNEL_WORDS: Final[dict[Channel, Text]] = {
    Channel.IN_PERSON: Text("当面", "In person"),
    Channel.SIGNED_MAIL: Text("邮寄", "Signed-for mail"),
    Channel.ORDINARY_MAIL: Text("平信", "Ordinary mail"),
    Channel.ONLINE: Text("网络", "Online"),
    Channel.EMAIL: Text("电子邮件", "E-mail"),
    Channel.FAX: Text("传真", "Fax"),
    Channel.OTHER: Text("其他", "Other"),
}
CHANNEL_RULES: Final[dict[Channel, Text]] = {
    Channel.IN_PERSON: Text(
        "当面提交的，以提交之日为收到申请之日。", "Handed in: received on the day on which it was handed in."
    ),
    Channel.SIGNED_MAIL: Text(
        "以邮寄方式提交、需要签收的（挂号信、特快专递），以本机关签收之日为收到申请之日；收发室签收的，也是本机关签收。",
        "Mail that is signed for: received on the day on which the agency signs, its mail room included.",
    ),
    Channel.ORDINARY_MAIL: Text(
        "以平常信函等无需签收的邮寄方式提交的，应当于收到的当日与申请人确认，确认之日为收到申请之日。",
        "Mail that is not signed for: confirm with the applicant on the day it arrives; received on the day confirmed.",
    ),
    Channel.ONLINE: Text(
        "通过网上平台提交的，以平台确认提交成功之日为收到申请之日，内部转办所需时间不能扣除。",
        "An online platform: received on the day it confirms the submission; passing it on inside takes no days off.",
    ),
    Channel.EMAIL: Text(
        "通过电子邮件提交的，以双方确认之日为收到申请之日。请在到达的当日回复确认。",
        "E-mail: received on the day both sides confirm. Answer on the day it arrives.",
    ),
    Channel.FAX: Text(
        "通过传真提交的，以双方确认之日为收到申请之日。请在到达的当日与申请人确认。",
        "Fax: received on the day both sides confirm. Confirm with the applicant on the day it arrives.",
    ),
    Channel.OTHER: Text(
        "通过其他已公布的渠道提交的，以双方确认之日为收到申请之日。",
        "Another published channel: received on the day both sides confirm.",
    ),
}
"""What 条例 31 says of each channel, for the person who registers."""

_CONFIRMED: Final = frozenset({Channel.ORDINARY_MAIL, Channel.EMAIL, Channel.FAX, Channel.OTHER})


@dataclass(frozen=True, slots=True)
class Readings:
    """How an agency reads what the law leaves open; the defaults are the cautious ones."""

    late_notice_restarts: bool = False
    """A supplement notice after the 7th working day restarts the period all the same (条例 30, disputed)."""
    rest_day_receipt_moves: bool = False
    """An e-mail that counts as received on a rest day counts as received on the next working day (not in 条例 31)."""
    dismissal_is_other: bool = False
    """A claim dismissed on its merits is no 维持 in table 四 but another result (law.md 7.5 is silent)."""


CONSERVATIVE: Final = Readings()

FORWARDED_RULE: Final = Text(
    "其他机关转来的，以转到本机关之日为收到申请之日；转送机关收到的日期只作记录（207号 一.5）。",
    "Forwarded by another organ: received on the day on which it reached this agency; the day on which the other organ "
    "had it is only noted (Letter 207 of 2015, I.5).",
)
"""The agency's own rule for what no published channel brought; without it mutual confirmation would be needed."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The arrival of an application and, where the channel needs it, the day both sides confirmed it."""

    channel: Channel
    arrived_on: date
    confirmed_on: date | None = None
    forwarded: bool = False
    """Sent on by another organ: the agency's own rule is the day it reached us (207号 一.5), not a confirmation."""

    @property
    def awaits_confirmation(self) -> bool:
        """Whether the day of receipt may still move to the day on which both sides confirm."""
        return self.confirmed_on is None and _counts_confirmation(self)


def receipt_date(receipt: Receipt, *, calendar: Calendar | None = None, readings: Readings = CONSERVATIVE) -> date:
    """The day of receipt (条例 31); ``calendar`` is needed only for the reading that moves rest days."""
    confirmed_on = receipt.confirmed_on
    if confirmed_on is not None and confirmed_on < receipt.arrived_on:
        raise Refused(
            _CONFIRMED_TOO_EARLY.format(confirmed=said(confirmed_on), arrived=said(receipt.arrived_on)),
            law="条例 31",
            field="confirmed_on",
        )
    on = receipt.arrived_on
    if confirmed_on is not None and _counts_confirmation(receipt):
        on = confirmed_on
    if readings.rest_day_receipt_moves and receipt.channel is Channel.EMAIL:
        if calendar is None:
            raise ValueError("the reading that moves a receipt on a rest day needs the calendar")
        return calendar.roll_forward(on)
    return on


def receipt_warnings(receipt: Receipt) -> tuple[Text, ...]:
    """What a clerk should look at before relying on the day of receipt."""
    confirmed_on, arrived_on = receipt.confirmed_on, receipt.arrived_on
    if _counts_confirmation(receipt):
        if confirmed_on is None:
            return (_NOT_CONFIRMED.format(channel=receipt.channel.words, arrived=said(arrived_on)),)
        if confirmed_on > arrived_on:
            return (_CONFIRMED_LATE.format(arrived=said(arrived_on), confirmed=said(confirmed_on)),)
    elif confirmed_on is not None and confirmed_on > arrived_on:
        return (_CONFIRMATION_IDLE.format(channel=receipt.channel.words, arrived=said(arrived_on)),)
    return ()


def _counts_confirmation(receipt: Receipt) -> bool:
    return receipt.channel.needs_confirmation and not receipt.forwarded


_CONFIRMED_TOO_EARLY: Final = Text(
    "确认日期{confirmed}早于到达日期{arrived}，请核对。",
    "The confirmation of {confirmed} is earlier than the arrival on {arrived}; please check.",
)
_NOT_CONFIRMED: Final = Text(
    "{channel}应当由双方确认收到，尚无确认日期，暂以到达之日{arrived}为收到之日（条例 31）。",
    "For the channel “{channel}” both sides must confirm receipt; no confirmation is recorded, so the day of arrival,"
    " {arrived}, is taken (Regulation, art. 31).",
)
_CONFIRMED_LATE: Final = Text(
    "{arrived}到达，{confirmed}才确认；条例第三十一条要求收到当日确认，延误的理由应当存卷。",
    "Arrived on {arrived} but confirmed only on {confirmed}; article 31 asks for confirmation on the day of arrival,"
    " so the reason for the delay belongs on file.",
)
_CONFIRMATION_IDLE: Final = Text(
    "申请渠道为“{channel}”，以{arrived}为收到之日，其后的确认或者登记不影响期限（条例 31）。",
    "For the channel “{channel}” the day of receipt is {arrived}; a later confirmation or registration does not move"
    " the period (Regulation, art. 31).",
)
