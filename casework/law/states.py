"""The states of a case, one row each: whose turn it is, whether the clock runs, and the words for both sides."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .words import Text


class Turn(StrEnum):
    """Who has to do something next."""

    OFFICE = "office"
    APPLICANT = "applicant"
    NOBODY = "nobody"


class State(StrEnum):
    """Where a case stands (design: few and legal); the closed ones are the classes of 条例 36 to 39."""

    RECEIVED = "received"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    FEE_NOTIFIED = "fee_notified"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    DISCLOSED = "disclosed"
    PARTIALLY_DISCLOSED = "partially_disclosed"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    NOT_PROCESSED = "not_processed"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True)
class StateRow:
    """What a state means. ``running``: the days of the reply period are being counted against the office."""

    state: State
    turn: Turn
    running: bool
    final: bool
    clerk: Text
    citizen: Text
    meaning: Text


def _row(state: State, turn: Turn, clerk: Text, citizen: Text, meaning: Text) -> StateRow:
    return StateRow(state, turn, turn is Turn.OFFICE, turn is Turn.NOBODY, clerk, citizen, meaning)


STATES: Final[dict[State, StateRow]] = {
    row.state: row
    for row in (
        _row(
            State.RECEIVED,
            Turn.OFFICE,
            Text("办理中", "In progress"),
            Text("正在办理", "Being handled"),
            Text(
                "行政机关已经收到申请，正在查找信息、研究答复。答复期限在计算。",
                "The office has your application and is searching for the information. The reply period is running.",
            ),
        ),
        _row(
            State.SUPPLEMENT_REQUESTED,
            Turn.APPLICANT,
            Text("待申请人补正", "Waiting for the supplement"),
            Text("请您补正", "Waiting for your answer"),
            Text(
                "申请内容还不够明确，行政机关请您补充说明。收到您的补正之后，答复期限重新计算。",
                "The office needs you to make your application clearer. "
                "The reply period starts afresh on the day it receives your answer.",
            ),
        ),
        _row(
            State.FEE_NOTIFIED,
            Turn.APPLICANT,
            Text("待申请人缴费", "Waiting for payment"),
            Text("请您缴费", "Waiting for your payment"),
            Text(
                "行政机关依法通知您缴纳信息处理费。缴费完成次日起，办理期限重新计算。",
                "The office has lawfully asked for an information processing fee. "
                "The period is counted afresh from the day after payment.",
            ),
        ),
        _row(
            State.IN_REVIEW,
            Turn.OFFICE,
            Text("审签中", "Awaiting signature"),
            Text("答复正在审签", "The reply is being approved"),
            Text(
                "答复意见已经拟好，正在内部审核和签发。答复期限仍在计算。",
                "A reply has been drafted and is being checked and signed. The reply period is still running.",
            ),
        ),
        _row(
            State.SIGNED,
            Turn.OFFICE,
            Text("已签发，待送出", "Signed, to be dispatched"),
            Text("答复即将送出", "The reply is about to be sent"),
            Text(
                "答复已经签发，尚未送出。送出（交邮、当面送达或者网上发出）之日才算答复。",
                "The reply is signed but not yet sent. It counts as given on the day it is posted, handed over "
                "or sent online.",
            ),
        ),
        _row(
            State.DISCLOSED,
            Turn.NOBODY,
            Text("已办结：予以公开", "Closed: granted"),
            Text("已公开", "Granted"),
            Text(
                "行政机关已经提供您申请的信息，或者告知了获取的方式、途径。",
                "The office has given you the information, or told you where and how to get it.",
            ),
        ),
        _row(
            State.PARTIALLY_DISCLOSED,
            Turn.NOBODY,
            Text("已办结：部分公开", "Closed: granted in part"),
            Text("部分公开", "Granted in part"),
            Text(
                "能够公开的部分已经提供，其余部分不予公开，并说明了理由。",
                "You have been given the part that can be disclosed; the rest is withheld, with reasons.",
            ),
        ),
        _row(
            State.REFUSED,
            Turn.NOBODY,
            Text("已办结：不予公开", "Closed: refused"),
            Text("不予公开", "Refused"),
            Text(
                "行政机关依法决定不公开您申请的信息，并说明了理由。",
                "The office has decided by law not to disclose the information, and has given its reasons.",
            ),
        ),
        _row(
            State.UNAVAILABLE,
            Turn.NOBODY,
            Text("已办结：无法提供", "Closed: unavailable"),
            Text("无法提供", "Unavailable"),
            Text(
                "行政机关没有您申请的信息，或者没有现成的信息，或者补正后仍无法确定您申请的内容。",
                "The office does not hold the information, would have to create it, "
                "or still cannot tell what is asked for.",
            ),
        ),
        _row(
            State.NOT_PROCESSED,
            Turn.NOBODY,
            Text("已办结：不予处理", "Closed: not processed"),
            Text("不予处理", "Not processed"),
            Text(
                "您的申请依法不作为政府信息公开申请处理，行政机关已经说明理由。",
                "By law the office does not process this as an application for disclosure; it has told you why.",
            ),
        ),
        _row(
            State.TERMINATED,
            Turn.NOBODY,
            Text("已办结：其他处理", "Closed: ended otherwise"),
            Text("已终止办理", "Ended"),
            Text(
                "申请因撤回、逾期不补正、逾期不缴费或者其他原因终止办理。",
                "The case ended because the application was withdrawn, not supplemented or paid for in time, "
                "or for another reason.",
            ),
        ),
    )
}

OPEN: Final = frozenset(s for s, row in STATES.items() if not row.final)
CLOSED: Final = frozenset(s for s, row in STATES.items() if row.final)
RUNNING: Final = frozenset(s for s, row in STATES.items() if row.running)
