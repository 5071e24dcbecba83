"""Disputes of the cast, made by the verbs."""

from datetime import date
from typing import Any

from casework.actions import dispute as verbs
from casework.law.outcomes import Outcome
from casework.models import Case, Dispute, DisputeStep
from tests.cast import Cast, closed, moment, registered


def refused(players: Cast, *, received: date, replied: date, outcome: Outcome = Outcome.REFUSED_5) -> Case:
    """A case of Dongshan, answered on a day."""
    case = registered(players, on=received).case
    closed(players, case, outcome, on=replied)
    return case


def disputed(players: Cast, case: Case | None, *, on: date, kind: str = "reconsideration", **more: Any) -> Dispute:
    """Wang records a notice on the day on which it came."""
    given: dict[str, Any] = {
        "organ": "鹤岗市人民政府" if kind == "reconsideration" else "东山区人民法院",
        "complainant": "张三",
        "about": "" if case else "2018年对张三的答复",
        "by": players.wang,
        "at": moment(on),
    }
    return verbs.record_dispute(players.dongshan, kind=kind, on=on, case=case, **(given | more))


def told(players: Cast, dispute: Dispute, stage: str, on: date, result: str = "", **more: Any) -> DisputeStep:
    """Wang records what happened on a day."""
    given: dict[str, Any] = {"by": players.wang, "at": moment(on)}
    return verbs.record_stage(dispute, stage=stage, on=on, result=result, **(given | more))
