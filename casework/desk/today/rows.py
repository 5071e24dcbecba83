"""The table of today's page: one line of words and a set of cases for each thing that a day may ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework.access import Verb
from casework.law.approval import STEPS, Step
from casework.law.states import State
from casework.models import (
    Assistance,
    Consultation,
    Decision,
    Delivery,
    ExtensionRequest,
    Kind,
    Letter,
)
from casework.models.case import CaseQuerySet

from .asking import AWAITING, CONFIRMED, RESTING, just, notice_ends, silent, unheard, unsent, untaken
from .seat import DESK, HEAD, Seat


class Group(StrEnum):
    """The five questions of a working day."""

    SEND = "send"
    TELL = "tell"
    BACK = "back"
    WAITING = "waiting"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class GroupRow:
    words: StrOrPromise
    empty: StrOrPromise


GROUPS: Final[dict[Group, GroupRow]] = {
    Group.SEND: GroupRow(_("今天必须送出"), _("今天没有必须送出的答复。")),
    Group.TELL: GroupRow(_("今天必须告知"), _("今天没有不告知就会失效的事。")),
    Group.BACK: GroupRow(_("有回音的"), _("没有新的回音。")),
    Group.WAITING: GroupRow(_("等我办的"), _("没有等您办的事。")),
    Group.LEFT: GroupRow(_("落下的"), _("没有落下的事。")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the page: the cases it is about, and what to do with them. ``roles``: for whom it is."""

    key: str
    group: Group
    words: StrOrPromise
    todo: StrOrPromise
    cases: Callable[[Seat], CaseQuerySet]
    roles: frozenset[str] = DESK
    alarming: bool = False


ROWS: Final[dict[str, Row]] = {
    row.key: row
    for row in (
        Row(
            "late",
            Group.SEND,
            _("已经逾期"),
            _("逾期的答复仍然应当送出，越早越好。"),
            lambda seat: seat.open.filter(due_on__lt=seat.on),
            alarming=True,
        ),
        Row(
            "due",
            Group.SEND,
            _("今天到期"),
            _("今天交邮、当面签收或者网上送出，才是按期答复（235号）。"),
            lambda seat: seat.open.filter(due_on=seat.on),
            alarming=True,
        ),
        Row(
            "signed",
            Group.SEND,
            _("已经签发，还没有送出"),
            _("签发不是答复，送出才是。"),
            lambda seat: seat.open.filter(state=State.SIGNED).exclude(due_on__lte=seat.on),
        ),
        Row(
            "notice_today",
            Group.TELL,
            _("今天是告知补正的最后一天"),
            _("内容不明确的，今天告知；明天起告知，期限不再重新计算（条例 30）。"),
            lambda seat: notice_ends(seat, lambda calendar: seat.on),
            alarming=True,
        ),
        Row(
            "notice_next",
            Group.TELL,
            _("下一个工作日是告知补正的最后一天"),
            _("还没有人动手的申请，先看一看内容是否明确（条例 30）。"),
            lambda seat: notice_ends(seat, lambda calendar: calendar.add_workdays(seat.on, 1)),
        ),
        Row(
            "extension_untold",
            Group.TELL,
            _("延期已经同意，今天是告知申请人的最后一天"),
            _("今天没有送出告知书的，延期不成立（条例 33）。"),
            lambda seat: seat.open.filter(
                Exists(Letter.objects.not_sent().filter(case=OuterRef("pk"), act=Verb.EXTEND.value)), due_on=seat.on
            ),
            alarming=True,
        ),
        Row(
            "unsent",
            Group.TELL,
            _("文书已经制作，还没有送出"),
            _("告知自送出之日起才有效，做好了放着不算（235号）。"),
            unsent,
        ),
        Row(
            "supplement",
            Group.BACK,
            _("收到补正，还没有接着办"),
            _("答复期限已经从收到补正之日重新计算。"),
            lambda seat: just(
                seat.open.filter(state=State.RECEIVED, supplements__received_on__isnull=False),
                Kind.SUPPLEMENT_RECEIVED,
            ),
        ),
        Row(
            "opinion",
            Group.BACK,
            _("收到意见，还没有接着办"),
            _("收到意见的次日起，期限继续计算（条例 33）。"),
            lambda seat: just(
                seat.open.filter(
                    Exists(Consultation.objects.filter(case=OuterRef("pk"), answered_on__isnull=False)),
                    state__in=RESTING,
                ),
                Kind.OPINION_RECORDED,
            ),
        ),
        Row(
            "payment",
            Group.BACK,
            _("已经缴费，还没有接着办"),
            _("办理期限已经从缴费次日重新计算。"),
            lambda seat: just(
                seat.open.filter(state=State.RECEIVED, fee_notices__paid_on__isnull=False), Kind.PAYMENT_RECORDED
            ),
        ),
        Row(
            "reasons",
            Group.BACK,
            _("申请人说明了理由，还没有接着办"),
            _("判断理由是否合理（条例 35）；期限一直在计算。"),
            lambda seat: just(
                seat.open.filter(state__in=RESTING, reasons_requests__answered_on__isnull=False),
                Kind.REASONS_RECORDED,
            ),
        ),
        Row(
            "returned",
            Group.BACK,
            _("退回的邮件"),
            _("换一种方式再送；已经办结的不因退回而重开。"),
            lambda seat: seat.own.filter(pk__in=Delivery.objects.returned().values("case")),
        ),
        Row(
            "sent_back",
            Group.BACK,
            _("退回重办的拟稿"),
            _("按退回意见修改后再送。"),
            lambda seat: just(
                seat.open.filter(
                    Exists(Decision.objects.filter(case=OuterRef("pk"), returned_at__isnull=False)),
                    state__in=RESTING,
                ),
                Kind.SENT_BACK,
                Kind.TAKEN_BACK,
            ),
        ),
        Row(
            "assisted",
            Group.BACK,
            _("收到协办意见，还没有接着办"),
            _("协办不停表，期限一直在计算。"),
            lambda seat: just(
                seat.open.filter(
                    Exists(Assistance.objects.filter(case=OuterRef("pk"), answered_on__isnull=False)),
                    state__in=RESTING,
                ),
                Kind.ASSISTANCE_ANSWERED,
            ),
        ),
        Row(
            "to_review",
            Group.WAITING,
            _("等我审核"),
            _("核对后送保密审查或者退回。"),
            lambda seat: seat.awaiting(Step.REVIEW),
            roles=frozenset({STEPS[Step.REVIEW].role}),
        ),
        Row(
            "to_clear",
            Group.WAITING,
            _("等我保密审查"),
            _("审查答复的文字和全部附件，可以公开的送签发。"),
            lambda seat: seat.awaiting(Step.SECRECY),
            roles=frozenset({STEPS[Step.SECRECY].role}),
        ),
        Row(
            "extension_asked",
            Group.WAITING,
            _("承办人报请延期，等我决定"),
            _("同意的，制作延期告知书；应当在期限届满以前告知申请人（条例 33）。"),
            lambda seat: seat.open.filter(
                Exists(ExtensionRequest.objects.filter(case=OuterRef("pk"), consented=None)),
                agency__in=seat.heads,
            ),
            roles=HEAD,
        ),
        Row(
            "to_sign",
            Group.WAITING,
            _("等我签发"),
            _("拟稿人不是您本人的，核对后签发或者退回。"),
            lambda seat: seat.awaiting(Step.SIGNATURE),
            roles=HEAD,
        ),
        Row(
            "lapsed",
            Group.WAITING,
            _("申请人的期限已过，等着判断"),
            _("没有补正或者缴费，有无正当理由由承办人判断，不会自动终止（条例 30）。"),
            lambda seat: seat.open.filter(state__in=AWAITING, period_ends_on__lt=seat.on),
        ),
        Row(
            "unassigned",
            Group.WAITING,
            _("新到的，还没有承办人"),
            _("交办，或者自己接下来。"),
            lambda seat: untaken(seat, long=False),
        ),
        Row(
            "untaken",
            Group.LEFT,
            _("收到超过一个工作日，还没有承办人"),
            _("内部流转的时间不从期限中扣除（指导案例26号）。"),
            lambda seat: untaken(seat, long=True),
            alarming=True,
        ),
        Row(
            "unconfirmed",
            Group.LEFT,
            _("还没有与申请人确认收到"),
            _("平信、电子邮件、传真应当与申请人确认（条例 31）；确认以前按到达之日起算。"),
            lambda seat: seat.open.filter(channel__in=CONFIRMED, confirmed_on=None, forwarded_by=""),
        ),
        Row(
            "silent",
            Group.LEFT,
            _("征求意见期满没有答复，还没有接着办"),
            _("第三方逾期不答复的由本机关决定，共同制作机关逾期的视为同意（条例 32、34）。"),
            silent,
        ),
        Row(
            "undelivered",
            Group.LEFT,
            _("送出已久，还没有登记送达"),
            _("查一查邮件到了没有；申请人的救济期限自知道之日起算。"),
            unheard,
        ),
        Row(
            "unassisted",
            Group.LEFT,
            _("协办逾期没有答复"),
            _("催办，或者不再等待，取消协办。"),
            lambda seat: seat.open.filter(
                Exists(Assistance.objects.awaited().filter(case=OuterRef("pk"), due_on__lt=seat.on))
            ),
        ),
    )
}
