"""The labels of table 三 in a text, found in printed order, however they were broken, misspelt or repeated."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from casework.law.matrix import CARRIED_IN, CARRIED_OUT, NEW, ROWS, TOTAL
from casework.law.outcomes import Outcome

from .plain import Squeezed, squeeze

OTHER_AS_ONE: Final = "other"
"""The single row （六）其他处理 of the 2019 form, before it was divided in three."""

# A label is known by its beginning: a cell that is broken over lines has its figures in the middle. The first pattern
# is sure; the second is what a misprint leaves of it; the third what a narrow column leaves on the label's first line.
_PATTERNS: Final[dict[str, tuple[str, str, str]]] = {
    NEW: ("本年度?新收(?:政府)?信息公开", "本年度?新收|新收政府信息", "本年新"),
    CARRIED_IN: ("上一?年度?结转(?:政府)?信息公开", "上一?年度?结转", "上年结"),
    Outcome.GRANTED: (r"\(一\)予以公开", "予以公开", "予以公"),
    Outcome.PARTIAL: (r"\(二\)部分公开", "部分公开|区分处理的", "部分公"),
    Outcome.REFUSED_1: ("属于国家秘密", "国家秘密", "属于国"),
    Outcome.REFUSED_2: ("其他法律、?行政法规", "其他法律|行政法规禁止", "其他法"),
    Outcome.REFUSED_3: ("危及三安全一稳定", "危及|三安全", "危及"),
    Outcome.REFUSED_4: ("保护第三方合法", "保护第三|第三方合法", "保护第"),
    Outcome.REFUSED_5: ("属于三类内部事务", "三类内|内部事务", "属于三"),
    Outcome.REFUSED_6: ("属于四类过程性", "四类过|过程性信息", "属于四"),
    Outcome.REFUSED_7: ("属于行政执法案", "行政执法|执法案卷", r"(?<=7[.、:)])属于行政"),
    Outcome.REFUSED_8: ("属于行政查询事", "行政查询|查询事项", r"(?<=8[.、:)])属于行政"),
    Outcome.UNAVAILABLE_1: ("本机关不掌握相关", "本机关不掌|不掌握相关", "本机关"),
    Outcome.UNAVAILABLE_2: ("没有现成信息", "没有现成|现成信息", "没有现"),
    Outcome.UNAVAILABLE_3: ("补正后申请内容", "补正后申", "补正后"),
    Outcome.NOT_PROCESSED_1: ("信访、?举报、?投诉", "信访举", "信访"),
    Outcome.NOT_PROCESSED_2: (r"(?<=2[.、,:)])重复申请", "重复申请", "重复申"),
    Outcome.NOT_PROCESSED_3: ("要求提供公开出版", "提供公开出版|公开出版物", "要求提"),
    Outcome.NOT_PROCESSED_4: ("无正当理由大量反复", "无正当理由大量|大量反复", "无正当"),
    Outcome.NOT_PROCESSED_5: ("要求行政机关确认或", "要求行政机关确|确认或重新|重新出具", "要求行政"),
    # In the 2021 form these words stand beside a row and may come out after it: they must not outweigh its label.
    OTHER_AS_ONE: ("$.", "$.", "其他处理"),
    Outcome.OTHER_1: ("申请人无正当理由逾期", "无正当理由逾期|逾期不补正", "申请人无"),
    Outcome.OTHER_2: ("申请人逾期未按收费", "逾期未按收费|收费通知", "申请人逾"),
    Outcome.OTHER_3: (r"(?<=3[.、,:)])其他(?!处理|法律)", "其他(?!处理|法律|行政|组织)", "其他$"),
    TOTAL: (r"\(七\)总计", r"\(七|总计|合计", "总计"),
    CARRIED_OUT: ("四、?[.]?结转下一?年", "结转(?:至|到)?下|下年度继续", "结转下"),
}
_SURE: Final = 10
_LIKELY: Final = 6
_FAINT: Final = 3
_ONE_LABEL: Final = 40
"""Squeezed signs between fragments of one label: seven figures may stand between them."""

_WINDOW: Final = 40_000
_MOST_WINDOWS: Final = 20
_MOST_SIGHTINGS: Final = 300
_OPENING: Final = re.compile(r"新\s*收\s*政?\s*府?\s*信?\s*息|上\s*一?\s*年\s*度?\s*结\s*转|予\s*以\s*公\s*开")
_ORDER: Final = tuple(_PATTERNS)
_PRINTED_NUMBER: Final = re.compile(r"(?:[一二三四]、|\([一二三四五六七]\)|\(?[1-8][.、:)])$")


@dataclass(frozen=True, slots=True)
class Label:
    """A row's label in the text: where its words begin, and where its printed number before them begins."""

    row: str
    start: int
    number_start: int


@dataclass(frozen=True, slots=True, order=True)
class _Sighting:
    rank: int
    index: int
    end: int
    weight: int


def find_labels(text: str) -> list[Label]:
    """The best run of labels in printed order; a text may mention single labels in its prose as well."""
    best: list[_Sighting] = []
    best_in: Squeezed | None = None
    for start in _starts(text):
        window = squeeze(text, start, start + _WINDOW)
        chain = _best_chain(_sightings(window.text))
        if _worth(chain) > _worth(best):
            best, best_in = chain, window
    if best_in is None:
        return []
    return [_label(best_in, sighting) for sighting in best]


def _starts(text: str) -> Iterator[int]:
    """Where the table may begin: wherever one of its first rows is named, in steps of at least half a window."""
    yield 0
    last = 0
    taken = 0
    for match in _OPENING.finditer(text):
        start = max(match.start() - 12, 0)
        if start - last >= _WINDOW // 2:
            yield start
            last, taken = start, taken + 1
        if taken == _MOST_WINDOWS:
            return


def _sightings(text: str) -> list[_Sighting]:
    found: list[_Sighting] = []
    for rank, row in enumerate(_ORDER):
        fragments = sorted(
            _Sighting(rank, match.start(), match.end(), weight)
            for pattern, weight in zip(_PATTERNS[row], (_SURE, _LIKELY, _FAINT), strict=True)
            for match in re.finditer(pattern, text)
        )
        found += _joined(fragments)
    found.sort(key=lambda sighting: (sighting.index, sighting.rank))
    # A text that repeats the labels hundreds of times is no report; it must not cost quadratic time either.
    return found[:_MOST_SIGHTINGS]


def _joined(fragments: list[_Sighting]) -> Iterator[_Sighting]:
    """One sighting for the fragments of one label: it begins with the first and is as sure as the surest."""
    at = 0
    while at < len(fragments):
        first = fragments[at]
        weight = first.weight
        at += 1
        while at < len(fragments) and fragments[at].index - first.index <= _ONE_LABEL:
            weight = max(weight, fragments[at].weight)
            at += 1
        yield _Sighting(first.rank, first.index, first.end, weight)


def _best_chain(sightings: list[_Sighting]) -> list[_Sighting]:
    """Heaviest increasing run; between equals the one that lies closest together."""
    scores: list[tuple[int, int]] = []
    before: list[int | None] = []
    for at, sighting in enumerate(sightings):
        best: tuple[int, int] = (0, 0)
        source: int | None = None
        for earlier in range(at):
            previous = sightings[earlier]
            if previous.rank < sighting.rank and previous.end <= sighting.index:
                weight, gap = scores[earlier]
                score = (weight, gap - (sighting.index - previous.index))
                if source is None or score > best:
                    best, source = score, earlier
        scores.append((best[0] + sighting.weight, best[1]))
        before.append(source)
    chain: list[_Sighting] = []
    at_now = max(range(len(scores)), key=scores.__getitem__, default=None)
    while at_now is not None:
        chain.append(sightings[at_now])
        at_now = before[at_now]
    return chain[::-1]


def _worth(chain: list[_Sighting]) -> tuple[int, int]:
    span = chain[-1].index - chain[0].index if chain else 0
    return sum(sighting.weight for sighting in chain), -span


def _label(window: Squeezed, sighting: _Sighting) -> Label:
    lead = window.text[max(sighting.index - 5, 0) : sighting.index]
    number = _PRINTED_NUMBER.search(lead)
    # A pattern that holds its own number, such as (七), needs none before it.
    begin = sighting.index - (len(lead) - number.start() if number else 0)
    return Label(_ORDER[sighting.rank], window.place(sighting.index), window.place(begin))


def printed_item(row: str) -> str:
    """The Arabic item number that the form prints before a row's label, ``""`` for rows without."""
    number = ROWS[row].number if row in ROWS else ""
    return number[-1] if number and number[-1].isdigit() else ""
