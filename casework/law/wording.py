"""How a description can be searched for: what is vague in it, and how it reads better (条例 29(2)(二)).

These are hints. The law asks for a name, a number or other features by which the information can be searched, and an
office that finds them lacking asks for a supplement (条例 30); no rule here refuses anything.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .words import Text


class Hint(StrEnum):
    """What a rule finds."""

    VAGUE = "vague"
    NO_TIME = "no_time"
    QUESTION = "question"
    PETITION = "petition"
    SEVERAL = "several"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class HintRow:
    """One rule: the sentence, an example that reads better, and the article.

    ``finds`` gives the words of the text that speak for it, ``None`` where nothing does; the words may be none at all.
    """

    hint: Hint
    said: Text
    instead: Text
    better: Text
    law: str
    finds: Callable[[str], tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class Found:
    """A rule, and the words of the text for which it speaks."""

    row: HintRow
    words: tuple[str, ...]


def hints(subject: str, content: str) -> list[Found]:
    """What could be written better, in the order of the table. ``subject``: a name or a number, if one was given."""
    text = f"{subject}\n{content}".strip()
    found = []
    for row in HINTS:
        words = row.finds(text)
        if words is not None and not (_NUMBERED.search(text) and row.hint in _SPARED_BY_A_NUMBER):
            found.append(Found(row, words))
    return found


#: 东政发〔2023〕5号: who can name a document has said everything that art. 29 asks for.
_NUMBERED: Final = re.compile(r"[〔\[（(【]\s*(?:19|20)\d\d\s*[〕\]）)】]\s*第?\s*\d+\s*号")
_SPARED_BY_A_NUMBER: Final = frozenset({Hint.VAGUE, Hint.NO_TIME, Hint.SHORT})
_YEARS: Final = re.compile(
    r"(?:19|20)\d\d|[〇零一二三四五六七八九]{4}年|\d+\s*(?:年|月|季度)|今年|去年|前年|本年|近[一二两三四五六七八九十\d]+[年个]|"
    r"(?:第?[一二三四])季度|上半年|下半年|以来|至今|期间"
)
_EVERYTHING: Final = re.compile(r"所有|一切|全部|任何|相关|有关|等资料|等材料|等信息|等文件|之类|方方面面|来龙去脉")
_OF_WHICH_KIND: Final = re.compile(
    r"(?:所有|一切|全部|任何|相关|有关)(?:的|该)?(?:资料|材料|信息|文件|情况|内容|手续|东西)|等资料|等材料|等信息|等文件|之类|"
    r"方方面面|来龙去脉"
)
_QUESTIONS: Final = re.compile(
    r"为什么|为何|怎么(?:办|处理|回事|没有?|会|还)|凭什么|是不是|是否(?:合法|合理|违法|违规|符合|属于|应当|可以)|能不能|可不可以|"
    r"什么时候(?:才|能)|请(?:予以?)?(?:解释|解答|答复|说明)|咨询"
)
_PETITIONS: Final = re.compile(
    r"举报|投诉|信访|上访|检举|控告|反映.{0,12}问题|要求(?:贵|你)?(?:局|单位|政府|机关)?(?:查处|处理|处罚|解决|赔偿|补偿|纠正|履行)|"
    r"请(?:求)?(?:依法)?(?:查处|处罚|解决|赔偿|补偿)|追究.{0,12}责任"
)
#: 1. or (1) or 一、 or 第一，at the beginning of a line or after a stop.
_ITEM: Final = re.compile(
    r"(?:^|[\n。；;：:])\s*(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）、．]|\.(?!\d))|第[一二三四五六七八九十]+[、，项]|[①-⑳])"
)
_SHORTEST: Final = 8


def _words(pattern: re.Pattern[str]) -> Callable[[str], tuple[str, ...] | None]:
    def finds(text: str) -> tuple[str, ...] | None:
        return tuple(dict.fromkeys(pattern.findall(text)))[:5] or None

    return finds


def _without_time(text: str) -> tuple[str, ...] | None:
    """“All” of something is a heap without an end as long as no period is named."""
    everything = tuple(dict.fromkeys(_EVERYTHING.findall(text)))[:5]
    return everything if everything and not _YEARS.search(text) else None


def _several(text: str) -> tuple[str, ...] | None:
    items = [found.strip(" \n。；;：:") for found in _ITEM.findall(text)]
    return tuple(items[:5]) if len(items) > 1 else None


def _short(text: str) -> tuple[str, ...] | None:
    said = sum(character.isalnum() for character in text)
    return () if 0 < said < _SHORTEST else None


HINTS: Final[tuple[HintRow, ...]] = (
    HintRow(
        Hint.VAGUE,
        Text(
            "没有说清是哪一种文件，查找的人不知道查到哪里为止。",
            "It does not say which kind of document, so whoever searches does not know where to stop.",
        ),
        Text(
            "写明文件的种类：批复、合同、会议纪要、清单、预算表。",
            "Name the kind: approval, contract, minutes, list, budget.",
        ),
        Text(
            "××路改造工程的立项批复和中标合同", "The project approval and the awarded contract for rebuilding ×× Road"
        ),
        "条例 29(2)(二)",
        _words(_OF_WHICH_KIND),
    ),
    HintRow(
        Hint.NO_TIME,
        Text("没有时间范围，多少年的都可能算在内。", "It names no period, so it may reach back any number of years."),
        Text("写明从哪年哪月到哪年哪月。", "Say from which month to which."),
        Text("2023年1月至12月低保资金发放明细表", "The table of minimum allowances paid from January to December 2023"),
        "条例 29(2)(二)",
        _without_time,
    ),
    HintRow(
        Hint.QUESTION,
        Text(
            "这像是在提问或者咨询。申请公开得到的是已经有的文件，不是解答。",
            "This reads as a question. An application gets documents that exist, not an explanation.",
        ),
        Text("写出能回答这个问题的文件。", "Name the document that would answer it."),
        Text(
            "不写“物业费为什么涨价”，写“××小区2023年物业服务收费备案表”",
            "Not “why did the charges rise” but “the 2023 filing of service charges for ×× Estate”",
        ),
        "条例 2",
        _words(_QUESTIONS),
    ),
    HintRow(
        Hint.PETITION,
        Text(
            "这像是信访、投诉、举报。以申请公开的形式提出的，行政机关不按申请公开办理，会告知您通过相应渠道提出。",
            "This reads as a complaint or a petition. Sent as an application, it is not handled as one; the office "
            "will tell you through which channel to bring it.",
        ),
        Text(
            "要处理的事，向信访部门或者主管部门提出；这里只写要哪份文件。",
            "Bring it to the petitions or competent office; here only name a document.",
        ),
        Text(
            "不写“请查处××工地”，写“对××工地2024年的检查记录”",
            "Not “punish the site” but “the inspection records of the site for 2024”",
        ),
        "条例 39(1)",
        _words(_PETITIONS),
    ),
    HintRow(
        Hint.SEVERAL,
        Text(
            "一份申请里写了几项。互不相关的，分开申请，各自办理会更快。",
            "There are several items in one application. Unrelated ones are handled faster one by one.",
        ),
        Text("同一件事的几份文件可以写在一起。", "Several documents on one matter may stay together."),
        Text(
            "一份申请只写征地批复，另一份再写学校招生名额",
            "One application for the land approval, another for school places",
        ),
        "国办函〔2020〕109号 4",
        _several,
    ),
    HintRow(
        Hint.SHORT,
        Text("写得太少，恐怕查不到。", "This is too little to search by."),
        Text("写明什么事、什么地方、什么时间、什么文件。", "Say what, where, when, and which document."),
        Text(
            "东山区工农路2024年道路改造工程的施工许可证",
            "The building permit for rebuilding Gongnong Road, Dongshan, in 2024",
        ),
        "条例 29(2)(二)",
        _short,
    ),
)
