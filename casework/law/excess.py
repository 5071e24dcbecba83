"""Applications beyond what is reasonable: when reasons may be judged, and what the judgement opens (条例 35)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from casework.law.refusals import Refused
from casework.law.words import Text

LAW: Final = "条例 35"


@dataclass(frozen=True, slots=True)
class Reasons:
    """What was asked of the applicant, until when, what came, and what the office made of it."""

    asked_on: date
    period_ends_on: date | None = None
    answered_on: date | None = None
    reasonable: bool | None = None


def check_ripe(reasons: Reasons, *, on: date) -> None:
    """Refuse to judge before the applicant has answered or the time to answer has run out.

    The law gives that time no length; what the notice names is kept (law.md 3.9).
    """
    ends_on = reasons.period_ends_on
    if reasons.answered_on is None and (ends_on is None or on <= ends_on):
        raise Refused(
            Text(
                "申请人还没有说明理由，说明的期限也没有届满，不能认定理由是否合理。",
                "The applicant has neither answered nor run out of time; the reasons can't be judged yet.",
            ),
            law=LAW,
        )


def unreasonable(reasons: Reasons | None) -> bool:
    """Whether the application may be left unprocessed: reasons were asked for and judged unreasonable.

    Having asked is not enough, and silence judges nothing by itself: somebody says so, with grounds.
    """
    return reasons is not None and reasons.reasonable is False


def check_may_delay(reasons: Reasons | None) -> None:
    """Refuse a reasonable delay where the reasons have not been asked for and judged reasonable."""
    if reasons is None or reasons.reasonable is not True:
        raise Refused(
            Text(
                "要求申请人说明理由，并且认定理由合理的，才能确定延迟答复的期限。",
                "A delay can be set only after reasons were asked for and judged reasonable.",
            ),
            law=LAW,
        )
