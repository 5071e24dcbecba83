"""The words of the printed form: by them a label in a cell is told from a remark that stands in place of a figure."""

import re
from itertools import chain, pairwise
from typing import Final

from casework.law.matrix import COLUMNS, ROWS, group_heads
from casework.law.report import DECISIONS, DISPUTE_COLUMNS, DISPUTES, FEES_WORDS, STOCK_COLUMNS, STOCKS

_PRINTED: Final = (
    *(head.printed for head in ROWS.values()),
    *(head.printed for head in COLUMNS.values()),
    *(printed for printed, _ in group_heads()),
    *(
        words.zh
        for words in chain(DISPUTES.values(), DISPUTE_COLUMNS.values(), STOCKS.values(), STOCK_COLUMNS.values())
    ),
    *(words.zh for words in chain(DECISIONS.values(), [FEES_WORDS])),
    "三、本年度办理结果（六）其他处理",
    "本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和",
    "申请人情况法人或其他组织行政诉讼项目",
    "第二十条第项信息内容本年处理决定数量本年收费金额单位对外管理服务事项",
)
_NUMERAL: Final = re.compile(r"\(?[一二三四五六七]+[、.)]")
_SIGNS: Final = re.compile(r"[^\u4e00-\u9fff]+")


def _pairs(text: str) -> list[tuple[str, str]]:
    return list(pairwise(_SIGNS.sub("", text)))


_KNOWN: Final = frozenset(pair for printed in _PRINTED for pair in _pairs(printed))


def is_of_the_form(text: str) -> bool:
    """Whether at least half of a text's neighbouring characters stand together in the form: misprints are forgiven."""
    if _NUMERAL.fullmatch(text.strip()):
        return True
    pairs = _pairs(text)
    return bool(pairs) and sum(pair in _KNOWN for pair in pairs) * 2 >= len(pairs)
