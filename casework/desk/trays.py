"""The trays of the queue: which cases lie in which, and what an empty one says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.law.approval import Step
from casework.law.states import State
from casework.models import Clearance, Delivery, Staff


def _not_passed(step: Step) -> Q:
    """The draft on the table of a case has not passed this step."""
    passed = Clearance.objects.filter(decision__case=OuterRef("pk"), decision__returned_at=None, step=step)
    return ~Q(Exists(passed))


#: For which step the draft of a case waits (``law.approval.awaited``), asked of the rows themselves.
AWAITS: Final = Choice(
    When(~Q(state=State.IN_REVIEW), then=Value("")),
    When(_not_passed(Step.REVIEW), agency__reviews_drafts=True, then=Value(Step.REVIEW)),
    When(_not_passed(Step.SECRECY), then=Value(Step.SECRECY)),
    default=Value(Step.SIGNATURE),
)


@dataclass(frozen=True, slots=True)
class Tray:
    """One way to look at the cases. ``counted`` trays hold open cases only and show how many."""

    key: str
    words: Promise
    holds: Callable[[Staff, date], Q]
    empty: Promise
    counted: bool = True
    #: It asks for which step a draft waits (``AWAITS``).
    awaited: bool = False


TRAYS: Final[dict[str, Tray]] = {
    tray.key: tray
    for tray in (
        Tray(
            "mine",
            _("我承办的"),
            lambda user, on: Q(closed_on=None, clerk=user),
            _("您现在没有承办的申请。可以到“未交办”里看看有没有要接的。"),
        ),
        Tray(
            "open",
            _("全部在办"),
            lambda user, on: Q(closed_on=None),
            _("现在没有在办的申请。网上提交的会自动出现在这里，其他渠道收到的请点“登记申请”。"),
        ),
        Tray(
            "late",
            _("已逾期"),
            lambda user, on: Q(closed_on=None, due_on__lt=on),
            _("没有逾期的申请。"),
        ),
        Tray(
            "unassigned",
            _("未交办"),
            lambda user, on: Q(closed_on=None, clerk=None),
            _("在办的申请都有承办人。"),
        ),
        Tray(
            "waiting",
            _("等待申请人"),
            lambda user, on: Q(closed_on=None, state__in=[State.SUPPLEMENT_REQUESTED, State.FEE_NOTIFIED]),
            _("没有等待申请人补正或者缴费的申请。"),
        ),
        Tray(
            "to_review",
            _("待审核"),
            lambda user, on: Q(closed_on=None, awaits=Step.REVIEW),
            _("没有等待审核的答复。"),
            awaited=True,
        ),
        Tray(
            "to_clear",
            _("待保密审查"),
            lambda user, on: Q(closed_on=None, awaits=Step.SECRECY),
            _("没有等待保密审查的答复。"),
            awaited=True,
        ),
        Tray(
            "to_sign",
            _("待签发"),
            lambda user, on: Q(closed_on=None, awaits=Step.SIGNATURE),
            _("没有等待签发的答复。"),
            awaited=True,
        ),
        Tray(
            "to_dispatch",
            _("待送出"),
            lambda user, on: Q(closed_on=None, state=State.SIGNED),
            _("没有等待送出的答复。"),
        ),
        Tray(
            "closed",
            _("已办结"),
            lambda user, on: Q(closed_on__isnull=False),
            _("还没有办结的申请。"),
            counted=False,
        ),
        Tray(
            "returned",
            _("退回，需要重新送达"),
            lambda user, on: Q(pk__in=Delivery.objects.returned().values("case")),
            _("没有退回的文书。"),
            counted=False,
        ),
        Tray("all", _("全部"), lambda user, on: Q(), _("还没有申请。"), counted=False),
    )
}
