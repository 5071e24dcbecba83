"""Who may do what with the records of a case: lay them on the file, mark them, make what is given, read originals."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casework.law.refusals import Refused
from casework.law.states import CLOSED, OPEN, State
from casework.law.words import Text
from casework.models import Case, Role, Staff

from .roles import CLERK, HEAD, role_words


class MaterialAct(StrEnum):
    """What is done with records; each but the first is a verb of ``actions.materials`` or ``actions.redact``."""

    SEE = "see"
    ADD_MATERIALS = "add_materials"
    MARK = "mark"
    LIFT = "lift"
    ASK_RELEASE = "ask_release"
    MARK_PUBLIC = "mark_public"
    ASK_PUBLIC = "ask_public"
    READ_ORIGINAL = "read_original"


@dataclass(frozen=True, slots=True)
class MaterialActRow:
    """Its words, the roles that may, and the states of the case in which it is possible."""

    words: Text
    roles: frozenset[str]
    states: frozenset[State]


#: Nobody else needs what is withheld: an auditor reads the areas and their grounds, not what lies under them.
_APPROVAL: Final = CLERK | HEAD | {Role.REVIEWER.value, Role.SECRECY_REVIEWER.value}
#: While a draft is on its way nothing of what was approved with it may move.
_BEFORE_REVIEW: Final = frozenset({State.RECEIVED, State.SUPPLEMENT_REQUESTED, State.FEE_NOTIFIED})

MATERIAL_ACTS: Final[dict[MaterialAct, MaterialActRow]] = {
    MaterialAct.SEE: MaterialActRow(
        Text("查看案卷材料的目录和涂去的地方", "See the list of records and what is withheld"),
        _APPROVAL | {Role.AUDITOR.value},
        frozenset(State),
    ),
    MaterialAct.ADD_MATERIALS: MaterialActRow(Text("放入案卷材料", "Lay records on the file"), CLERK, OPEN),
    MaterialAct.MARK: MaterialActRow(Text("涂去内容", "Black out parts"), CLERK, _BEFORE_REVIEW),
    MaterialAct.LIFT: MaterialActRow(Text("取消涂去", "Lift a black area"), CLERK, _BEFORE_REVIEW),
    MaterialAct.ASK_RELEASE: MaterialActRow(
        Text("生成提供的文件", "Make the file that is given"), CLERK, _BEFORE_REVIEW
    ),
    # What the public does not get moves nothing of what the applicant got, so it may be marked when all has left.
    MaterialAct.MARK_PUBLIC: MaterialActRow(
        Text("只对公众涂去内容，取消只对公众的涂去", "Black out parts for the public alone, or lift that"),
        CLERK,
        _BEFORE_REVIEW | CLOSED,
    ),
    MaterialAct.ASK_PUBLIC: MaterialActRow(
        Text("生成给公众的文件", "Make the file for the public"), CLERK, _BEFORE_REVIEW | CLOSED
    ),
    MaterialAct.READ_ORIGINAL: MaterialActRow(
        Text("查看案卷材料的原件", "Read the originals"), _APPROVAL, frozenset(State)
    ),
}


def may_material(by: Staff, act: MaterialAct, case: Case) -> bool:
    """Whether the person may do it to the records of the case as it stands."""
    row = MATERIAL_ACTS[act]
    return by.is_active and by.holds(case.agency_id, *row.roles) and State(case.state) in row.states


def check_may_material(by: Staff, act: MaterialAct, case: Case) -> None:
    """Raise ``Refused`` with what is lacking."""
    row = MATERIAL_ACTS[act]
    if not by.is_active or not by.holds(case.agency_id, *row.roles):
        reason = Text("需要的角色：{roles}。", "needs the role of {roles}.").format(roles=role_words(row.roles))
    elif State(case.state) not in row.states:
        reason = Text("本件现在的状态是“{state}”。", "the case is “{state}” now.").format(state=case.standing.clerk)
    else:
        return
    raise Refused(Text("不能{act}：{reason}", "Not allowed – {act}: {reason}").format(act=row.words, reason=reason))


def material_acts_for(by: Staff, case: Case) -> Iterable[str]:
    """The names of all that this person may do now."""
    return frozenset(act.value for act in MaterialAct if may_material(by, act, case))
