"""Who may do what about a request to correct one's own record (条例 41): acts × roles × standings as one table."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import AnonymousUser

from casework.law.correction import Standing
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import RecordCorrection, Role, Staff
from casework.models.correction import RecordCorrectionQuerySet
from casework.models.querycode import matches

from .agencies import AGENCY_ACTS, AgencyAct
from .roles import DESK, HEAD, agencies_where, role_words


class CorrectionAct(StrEnum):
    """What can be done at the desk; the names of the verbs in ``actions.correction``."""

    TAKE = "take"
    ASK = "ask"
    RECORD_ANSWER = "record_answer"
    RECORD_WITHDRAWAL = "record_withdrawal"
    CORRECT = "put_right"
    REFUSE = "refuse"
    TRANSFER = "pass_on"
    DIRECT = "direct"
    READ_IDENTITY = "read_identity"


@dataclass(frozen=True, slots=True)
class CorrectionActRow:
    """One act: its words, the roles that may, and where the request has to stand."""

    words: Text
    roles: frozenset[str]
    standings: frozenset[Standing]


_OPEN: Final = frozenset({Standing.RECEIVED, Standing.ASKED})
CORRECTION_ACTS: Final[dict[CorrectionAct, CorrectionActRow]] = {
    CorrectionAct.TAKE: CorrectionActRow(Text("受理", "Take in hand"), DESK, _OPEN),
    CorrectionAct.ASK: CorrectionActRow(Text("请申请人补充", "Ask for more"), DESK, frozenset({Standing.RECEIVED})),
    # What whoever asked sends on paper is written down for them.
    CorrectionAct.RECORD_ANSWER: CorrectionActRow(
        Text("登记书面补充", "Record what came on paper"), DESK, frozenset({Standing.ASKED})
    ),
    CorrectionAct.CORRECT: CorrectionActRow(Text("已经更正，答复", "Reply: corrected"), DESK, _OPEN),
    # Against whoever asks only the head decides; nobody refuses alone what they have handled alone.
    CorrectionAct.REFUSE: CorrectionActRow(Text("不予更正，答复", "Reply: not corrected"), HEAD, _OPEN),
    CorrectionAct.TRANSFER: CorrectionActRow(Text("转送有权更正的机关", "Pass on to the competent organ"), DESK, _OPEN),
    CorrectionAct.DIRECT: CorrectionActRow(Text("告知向有权更正的机关提出", "Tell them whom to ask"), DESK, _OPEN),
    CorrectionAct.RECORD_WITHDRAWAL: CorrectionActRow(
        Text("登记书面撤回", "Record a withdrawal on paper"), DESK, _OPEN
    ),
    CorrectionAct.READ_IDENTITY: CorrectionActRow(
        Text("查看证件号码", "Read the identity number"), DESK | {Role.AUDITOR.value}, frozenset(Standing)
    ),
}


def corrections_visible_to(user: Staff | AnonymousUser) -> RecordCorrectionQuerySet:
    """The requests of this person's agencies, which name people; another's is answered with 404."""
    seen = agencies_where(user, AGENCY_ACTS[AgencyAct.SEE_CORRECTIONS].roles)
    return RecordCorrectionQuerySet(RecordCorrection).filter(agency__in=seen)


def why_not_correction(by: Staff, act: CorrectionAct, correction: RecordCorrection) -> Text | None:
    """Why this person may not do this now; ``None`` where they may."""
    row = CORRECTION_ACTS[act]
    if not by.holds(correction.agency_id, *row.roles):
        return Text("需要的角色：{roles}。", "Needs the role of {roles}.").format(roles=role_words(row.roles))
    if Standing(correction.standing) not in row.standings:
        return Text("本件现在的状态是“{state}”。", "The request is “{state}” now.").format(
            state=correction.standing_row.clerk
        )
    return None


def check_may_correction(by: Staff, act: CorrectionAct, correction: RecordCorrection) -> None:
    """Raise ``Refused`` with the reason."""
    reason = why_not_correction(by, act, correction)
    if reason is not None:
        raise Refused(
            Text("不能{verb}：{reason}", "Not allowed – {verb}: {reason}").format(
                verb=CORRECTION_ACTS[act].words, reason=reason
            )
        )


def correction_acts_for(
    by: Staff, correction: RecordCorrection
) -> list[tuple[CorrectionAct, CorrectionActRow, Text | None]]:
    """Every act with why it is not possible, in the order of the table; identities are read where they stand."""
    return [
        (act, row, why_not_correction(by, act, correction))
        for act, row in CORRECTION_ACTS.items()
        if act is not CorrectionAct.READ_IDENTITY
    ]


def follow_correction(number: str, code: str) -> RecordCorrection | None:
    """The request that number and query code open together; an unknown number costs one comparison like a known one."""
    found = None
    requests = list(RecordCorrection.objects.filter(number=number.strip())[:5])
    for each in requests:
        if matches(code, each.query_code_hash):
            found = each
    if not requests:
        matches(code, "")
    return found
