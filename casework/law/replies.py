"""What a reply says by its code: the result in one sentence, the articles, and the elements it must contain."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .letters import LETTERS, Element, LetterKind, formal
from .outcomes import OUTCOMES, Ground, Group, Outcome, OutcomeRow, Requirement

_WITHHELD: Final = "本机关决定不予公开。"
_NOT_PROCESSED: Final = "本机关不予处理。"

#: The result as the document states it; ``{ground}`` is the word of the statutory situation.
RESULTS: Final[dict[Outcome, str]] = {
    Outcome.GRANTED: "该政府信息可以公开，本机关决定予以公开。",
    Outcome.PARTIAL: "该信息含有不应当公开的内容，但能够作区分处理，本机关决定公开可以公开的部分，其余部分不予公开。",
    Outcome.REFUSED_1: f"该信息属于依法确定为国家秘密的政府信息，{_WITHHELD}",
    Outcome.REFUSED_2: f"该信息属于法律、行政法规禁止公开的政府信息，{_WITHHELD}",
    Outcome.REFUSED_3: f"该信息公开后可能危及{{ground}}，{_WITHHELD}",
    Outcome.REFUSED_4: f"该信息涉及{{ground}}，公开会对第三方合法权益造成损害，{_WITHHELD}",
    Outcome.REFUSED_5: f"该信息属于行政机关{{ground}}方面的内部事务信息，{_WITHHELD}",
    Outcome.REFUSED_6: f"该信息属于行政机关在履行行政管理职能过程中形成的{{ground}}，系过程性信息，{_WITHHELD}",
    Outcome.REFUSED_7: f"该信息属于行政执法案卷信息，{_WITHHELD}",
    Outcome.REFUSED_8: "法律、行政法规对该信息的获取另有规定，请依照该规定办理。",
    Outcome.UNAVAILABLE_1: "本机关不掌握该政府信息，无法提供。",
    Outcome.UNAVAILABLE_2: "该信息没有现成的，需要本机关对现有政府信息进行加工、分析，本机关不予提供。",
    Outcome.UNAVAILABLE_3: "经补正，申请内容仍不明确，本机关无法提供。",
    Outcome.NOT_PROCESSED_1: f"该申请系以政府信息公开申请的形式进行信访、投诉、举报等活动，{_NOT_PROCESSED}",
    Outcome.NOT_PROCESSED_2: f"行政机关已经就该政府信息作出答复，该申请属于重复申请，{_NOT_PROCESSED}",
    Outcome.NOT_PROCESSED_3: f"该申请要求提供政府公报、报刊、书籍等公开出版物，{_NOT_PROCESSED}",
    Outcome.NOT_PROCESSED_4: f"申请公开政府信息的数量、频次明显超过合理范围，且所述理由不合理，{_NOT_PROCESSED}",
    Outcome.NOT_PROCESSED_5: f"该申请要求对已经获取的政府信息进行确认或者重新出具，{_NOT_PROCESSED}",
    Outcome.OTHER_1: "无正当理由逾期不补正，视为放弃申请，本机关不再处理该政府信息公开申请。",
    Outcome.OTHER_2: "逾期未缴纳信息处理费，视为放弃申请，本机关不再处理该政府信息公开申请。",
    Outcome.OTHER_3: "本机关终止办理该政府信息公开申请。",
}

#: The one ground whose result differs from that of its code.
_ON_GROUND: Final[dict[LetterKind, str]] = {
    LetterKind.PUBLISHED: "该政府信息已经主动公开。",
    LetterKind.NOT_EXISTING: "经检索，本机关没有该政府信息，该政府信息不存在。",
    LetterKind.OTHER_BODY: "该政府信息不属于本机关负责公开。",
}


def result(row: OutcomeRow, ground_key: str) -> str:
    """The result in one sentence, as the document prints it."""
    ground = row.ground(ground_key)
    sentence = _ON_GROUND.get(row.document_on(ground_key), RESULTS[row.code])
    return sentence.format(ground=ground.words.zh if ground else "")


def articles(row: OutcomeRow, ground_key: str) -> str:
    """The articles by paragraph and item (law.md 9.2); a refusal rests on 36(3) and on the article that withholds."""
    ground = row.ground(ground_key)
    if row.group is Group.REFUSED and row.document is LetterKind.REFUSAL:
        withholding = (ground or row).law.partition(" ")[2]
        return formal(f"条例 36(3)、{withholding}")
    return formal((ground or row).law)


#: How a prerequisite that is a fact on file is told; one that is stated bears the name of its element.
_OF_FACTS: Final[dict[Requirement, Element]] = {
    Requirement.CONSULTATION: Element.THIRD_PARTY_REPLY,
    Requirement.SUPPLEMENT_RECEIVED: Element.SUPPLEMENTED_ON,
    Requirement.SUPPLEMENT_LAPSED: Element.LAPSED_ON,
    Requirement.REASONS_ASKED: Element.ASKED_ON,
    Requirement.FEE_LAPSED: Element.LAPSED_ON,
}


@dataclass(frozen=True, slots=True)
class Situation:
    """One combination of code and ground under which a document is made; both are ``None`` for process notices."""

    row: OutcomeRow | None = None
    ground: Ground | None = None

    def is_of(self, outcome: str, ground: str) -> bool:
        """Whether it belongs to this code and ground; an empty word stands for all of them."""
        own = (self.row.code.value if self.row else "", self.ground.key if self.ground else "")
        return outcome in ("", own[0]) and ground in ("", own[1])

    def must(self, kind: LetterKind) -> tuple[Element, ...]:
        """What the body of the document must contain in this situation."""
        needs = self.row.requirements(self.ground.key if self.ground else "") if self.row else ()
        told = (_OF_FACTS.get(need) or Element(need.value) for need in needs)
        return tuple(dict.fromkeys((*LETTERS[kind].mandatory, *told)))


def situations(kind: LetterKind) -> Iterator[Situation]:
    """Every situation in which this document is made."""
    found = False
    for row in OUTCOMES.values():
        for ground in row.grounds or (None,):
            if row.document_on(ground.key if ground else "") is kind:
                found = True
                yield Situation(row, ground)
    if not found:
        yield Situation()
