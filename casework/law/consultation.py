"""What a consultation means on a day: awaited, answered, or silent, and what the law makes of silence.

Three kinds of opinion are kept apart. A third party (条例 32) has fifteen working days from receiving the letter, and
its silence leaves the decision to the agency. A joint maker of the information (条例 34) has as long, and its silence
is consent. For any other organ (条例 33(3); on secrecy the competent department, 17(3)) the law sets no period, and
its silence means nothing.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .calendar import Calendar
from .clock import Party, consultation_lapse
from .letters import LetterKind
from .words import Text


class Consulted(StrEnum):
    """Under which rule somebody outside is asked; a division of the same agency is nobody outside (law.md 4.5)."""

    THIRD_PARTY = "third_party"
    JOINT_ORGAN = "joint_organ"
    OTHER_AGENCY = "other_agency"

    @property
    def row(self) -> "ConsultedRow":
        return CONSULTED[self]


class Silence(StrEnum):
    """What the law makes of no answer in time."""

    AGENCY_DECIDES = "agency_decides"
    CONSENT = "consent"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ConsultedRow:
    """One kind of consultation. ``party``: its word in the clock (formats.md 5), which knows two."""

    words: Text
    law: str
    party: Party
    letter: LetterKind
    silence: Silence
    effect: Text
    """What silence means, as a clerk reads it."""

    @property
    def has_period(self) -> bool:
        return self.silence is not Silence.NOTHING


CONSULTED: Final[dict[Consulted, ConsultedRow]] = {
    Consulted.THIRD_PARTY: ConsultedRow(
        Text("第三方", "third party"),
        "条例 32",
        Party.THIRD_PARTY,
        LetterKind.THIRD_PARTY,
        Silence.AGENCY_DECIDES,
        Text(
            "第三方逾期未答复：由本机关依法决定，既不视为同意，也不视为不同意",
            "The third party did not answer in time: this agency decides under the Regulation; "
            "silence is neither consent nor refusal",
        ),
    ),
    Consulted.JOINT_ORGAN: ConsultedRow(
        Text("共同制作机关", "joint organ"),
        "条例 34",
        Party.OTHER_AGENCY,
        LetterKind.JOINT_ORGAN,
        Silence.CONSENT,
        Text(
            "共同制作机关逾期未答复：视为同意公开",
            "The joint organ did not answer in time: it counts as consenting to disclosure",
        ),
    ),
    Consulted.OTHER_AGENCY: ConsultedRow(
        Text("其他机关", "other organ"),
        "条例 33(3)",
        Party.OTHER_AGENCY,
        LetterKind.OTHER_ORGAN,
        Silence.NOTHING,
        Text(
            "其他机关没有答复：法律没有规定答复期限，不产生任何后果，由本机关依法决定",
            "The other organ has not answered: the law sets it no period, so nothing follows; this agency decides",
        ),
    ),
}


class Position(StrEnum):
    """What somebody who was asked says."""

    CONSENTS = "consents"
    PARTLY = "partly"
    REFUSES = "refuses"
    NONE = "none"

    @property
    def words(self) -> Text:
        return _POSITIONS[self]

    @property
    def objects(self) -> bool:
        """Whether something is not to be disclosed as far as they are concerned."""
        return self in (Position.PARTLY, Position.REFUSES)


_POSITIONS: Final = {
    Position.CONSENTS: Text("同意公开", "Consents to disclosure"),
    Position.PARTLY: Text("只同意公开部分内容", "Consents to disclosure in part"),
    Position.REFUSES: Text("不同意公开", "Does not consent"),
    Position.NONE: Text("没有明确表示", "Takes no position"),
}


class Judgement(StrEnum):
    """What the agency makes of a third party's objection (条例 15, 32)."""

    WITHHELD = "withheld"
    UNFOUNDED = "unfounded"
    OVERRIDDEN = "overridden"

    @property
    def words(self) -> Text:
        return _JUDGEMENTS[self]


_JUDGEMENTS: Final = {
    Judgement.WITHHELD: Text("理由成立，所涉内容不公开", "The reasons hold; what they cover is withheld"),
    Judgement.UNFOUNDED: Text("理由不成立，可以公开", "The reasons do not hold; it can be disclosed"),
    Judgement.OVERRIDDEN: Text(
        "不公开可能对公共利益造成重大影响，决定公开",
        "Withholding may gravely affect the public interest; it is disclosed",
    ),
}


class Stage(StrEnum):
    """How far a consultation has come on a day."""

    AWAITED = "awaited"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"
    LAPSED = "lapsed"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Standing:
    """A consultation as it stands on a day.

    ``lapse_on``: the last day for the opinion, ``None`` where the law sets none or the day of delivery is not known.
    ``counted_until``: the last day that can be left out of the reply period.
    """

    stage: Stage
    lapse_on: date | None
    counted_until: date
    words: Text
    law: str

    @property
    def over(self) -> bool:
        """Whether nothing more need be waited for: it has been answered, or its time is past."""
        return self.stage is not Stage.AWAITED

    @property
    def answered(self) -> bool:
        return self.stage in (Stage.ANSWERED, Stage.ANSWERED_LATE)


def standing(
    consulted: Consulted,
    *,
    sent_on: date,
    delivered_on: date | None,
    answered_on: date | None,
    position: Position | None,
    on: date,
    calendar: Calendar,
) -> Standing:
    """Where a consultation stands on a day and what that means.

    The fifteen working days run from the day on which the letter was received (条例 32, 34). Where that day is not
    known, the reply period is suspended from dispatch for no longer than that, but no silence can be held against
    anybody: the standing is ``UNPROVEN``. The same length bounds what is left out for an organ without a period.
    """
    row = consulted.row
    counted_until = consultation_lapse(delivered_on or sent_on, calendar=calendar)
    lapse_on = counted_until if row.has_period and delivered_on is not None else None
    if answered_on is not None and position is not None:
        stage = Stage.ANSWERED_LATE if lapse_on is not None and answered_on > lapse_on else Stage.ANSWERED
        words = _LATE.format(position=position.words) if stage is Stage.ANSWERED_LATE else position.words
    elif on <= counted_until:
        stage, words = Stage.AWAITED, _AWAITED
    elif row.has_period and delivered_on is None:
        stage, words = Stage.UNPROVEN, _UNPROVEN
    else:
        stage, words = Stage.LAPSED, row.effect
    return Standing(stage, lapse_on, counted_until, words, row.law)


_AWAITED: Final = Text("等待答复", "An answer is awaited")
_LATE: Final = Text("{position}（逾期答复，供决定时参考）", "{position} (answered late; to be weighed all the same)")
_UNPROVEN: Final = Text(
    "送达日期没有登记，不能认定对方逾期未答复；请先登记对方收到文书的日期",
    "The day of delivery is not on record, so no silence can be held against them; record it first",
)
