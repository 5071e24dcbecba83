"""Why a part of a record is withheld: the codes that a black area may carry (条例 14 to 16, 37)."""

from dataclasses import dataclass
from typing import Final

from casework.law.outcomes import OUTCOMES, Group, Outcome
from casework.law.words import Text


@dataclass(frozen=True, slots=True)
class Withholding:
    """One reason: its words and article, and the same for somebody who does not know the law."""

    key: str
    words: Text
    law: str
    plain: Text


#: What was not asked for is left out of a copy; no article speaks of it, so it makes no reply a partial one.
NOT_ASKED_FOR: Final = "not_asked_for"
#: Given to the applicant, whom it concerns; a stranger must not read it.
OF_THE_APPLICANT: Final = "applicant"


def _from_the_table() -> dict[str, Withholding]:
    """Every refusal of the table, by its situations where it has some.

    Not state secrets: a record that holds one must not be in this system at all, and goes back (保密法 35).
    """
    found: dict[str, Withholding] = {}
    for code, row in OUTCOMES.items():
        if row.group is not Group.REFUSED or code in (Outcome.REFUSED_1, Outcome.REFUSED_8):
            continue
        for ground in row.grounds:
            key = f"{code.value}.{ground.key}"
            found[key] = Withholding(key, ground.words, ground.law, row.plain)
        if not row.grounds:
            found[code.value] = Withholding(code.value, row.words, row.law, row.plain)
    return found


WITHHOLDINGS: Final[dict[str, Withholding]] = _from_the_table() | {
    OF_THE_APPLICANT: Withholding(
        OF_THE_APPLICANT,
        Text("申请人本人的信息", "The applicant's own particulars"),
        "条例 15",
        Text(
            "这是申请人本人的信息，只提供给申请人，不向公众公开。",
            "These are the applicant's own particulars; they are given to the applicant and not to the public.",
        ),
    ),
    NOT_ASKED_FOR: Withholding(
        NOT_ASKED_FOR,
        Text("不属于申请的内容", "Not part of what was asked for"),
        "",
        Text("这部分不在您申请的范围以内。", "This part is outside what you asked for."),
    ),
}


def is_a_refusal(key: str) -> bool:
    """Whether withholding on this ground refuses a part of what was asked for, so that the reply is partial."""
    return key not in (NOT_ASKED_FOR, OF_THE_APPLICANT)
