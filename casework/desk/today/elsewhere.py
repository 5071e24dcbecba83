"""Things on today's page that are no cases of the seat, and the pages where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from casework import access
from casework.desk import undelivered

from .asking import answers_owed
from .rows import Group
from .seat import Seat


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One line about things that are no cases of this seat; they have a page of their own, at ``address``."""

    key: str
    group: Group
    words: StrOrPromise
    todo: StrOrPromise
    things: Callable[[Seat], QuerySet[Any]]
    address: str
    alarming: bool = False
    asked: str = ""


ELSEWHERE: Final[dict[str, Elsewhere]] = {
    row.key: row
    for row in (
        Elsewhere(
            "asked",
            Group.WAITING,
            _("等我答复的协办"),
            _("别的科室或者单位请您协助，请在内部期限以前答复。"),
            lambda seat: access.asked_of(seat.user).awaited(),
            "desk:requests",
        ),
        Elsewhere(
            "reports",
            Group.WAITING,
            _("还没有公布的年度报告"),
            _("部门在1月31日前、县级以上人民政府在3月31日前公布（条例 49）；休息日不顺延，逾期的仍然应当公布。"),
            lambda seat: seat.reports,
            "desk:reports",
        ),
        Elsewhere(
            "answers",
            Group.SEND,
            _("等本机关提交答复的复议、诉讼"),
            _("复议10个工作日（简易程序5个），诉讼15日，从收到之日起算；逾期不提交的，视为没有证据。"),
            answers_owed,
            "desk:disputes",
            alarming=True,
            asked="?show=answer",
        ),
        Elsewhere(
            "mail",
            Group.LEFT,
            _("收到的邮件还没有登记"),
            _("期限从签收之日起算，不从登记之日起算（条例 31）；不是申请的，注明理由。"),
            lambda seat: access.arrivals_visible_to(seat.user).waiting(),
            "desk:arrivals",
            alarming=True,
        ),
        Elsewhere(
            "undelivered",
            Group.LEFT,
            _("没有送到的通知"),
            _("地址有误的更正后重新发送，或者改用其他方式告知；没有送到的不算告知。"),
            lambda seat: undelivered.seen_by(seat.user),
            "desk:undeliverable",
            alarming=True,
        ),
    )
}
