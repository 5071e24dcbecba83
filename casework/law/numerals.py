"""Numbers in Chinese official prose: which of them count something, and how exactly they say it.

``494条``, ``２３件``, ``3,119 件``, ``5500余条``, ``1.2万条``, ``二十三件``, ``百分之九十八``. Dates, documents,
articles, ordinals, telephone numbers and names such as 12345热线 count nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_WIDE: Final = str.maketrans("０１２３４５６７８９．％－／：", "0123456789.%-/:")
_DIGITS: Final = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_MYRIADS: Final = {"万": 10**4, "亿": 10**8}
_SAID: Final = "零〇一二两三四五六七八九十百千万亿"

_YEAR: Final = r"(?:19|20)\d\d"
_GAP: Final = r"\s{0,3}"
#: What looks like a number and counts nothing, the longer before the shorter.
_NAMES: Final = re.compile(
    "|".join(
        (
            r"https?://[^\s\u3000-\uffef\u4e00-\u9fff]+|www\.[^\s\u3000-\uffef\u4e00-\u9fff]+|[A-Za-z\d_.-]{1,64}@[A-Za-z\d_.-]{1,99}",
            # documents: 〔2019〕60号, [2019]60号, 第711号, 109号
            rf"[〔\[（(﹝［【]{_GAP}{_YEAR}{_GAP}[〕\])）﹞］】](?:{_GAP}第?{_GAP}\d+{_GAP}号)?",
            rf"(?<!\d)\d{{1,9}}{_GAP}号",
            # dates: 2024年1月1日, 2023—2025年, 2024-01-31, 12月, 9时30分, 8:30
            rf"{_YEAR}{_GAP}(?:[-—–~～至、]+{_GAP}{_YEAR}{_GAP})?年(?:{_GAP}\d{{1,2}}{_GAP}月份?(?:{_GAP}\d{{1,2}}{_GAP}[日号])?)?",
            rf"{_YEAR}{_GAP}[-—–~～至]+{_GAP}{_YEAR}(?=年)",
            r"(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}",
            rf"\d{{1,2}}{_GAP}月(?!度?[内来])(?:份|底|初|中旬|上旬|下旬)?(?:{_GAP}\d{{1,2}}{_GAP}[日号])?",
            rf"\d{{1,2}}{_GAP}日(?!常)",
            rf"\d{{1,2}}{_GAP}年(?![度鉴])|\d{{1,2}}{_GAP}[时点](?:{_GAP}\d{{1,2}}{_GAP}分)?(?!击)|\d{{1,2}}:\d\d",
            # articles and ordinals: 第20条, 第二十条第（一）项, 第3期; (1), （一）, 一是, 1．
            rf"第{_GAP}[（(]?{_GAP}(?:\d{{1,9}}|[{_SAID}]{{1,9}}){_GAP}[）)]?(?:{_GAP}[-—–~～至、]{_GAP}(?:第{_GAP})?\d+)?",
            rf"[（(]{_GAP}(?:\d{{1,2}}|[{_SAID}]{{1,3}}){_GAP}[）)]",
            rf"(?:(?m:^)|(?<=[。；：;:]))[\s\u3000]*(?:\d{{1,2}}|[{_SAID}]{{1,3}})[.．、)）](?!\d)|[{_SAID}]{{1,3}}是",
            # telephone, post code, hot lines
            r"(?:电话|传真|手机|热线)[^\d。；，,;]{0,6}[\d][\d\-—() 转/、]{4,}|邮(?:政编码|编)[^\d。；]{0,3}\d{6}",
            r"\b0\d{2,3}-\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)",
            r"(?:12345|12315|12388|12389|12388|110|119|120)(?=[”\"’]?(?:[政便热平服电举投]|市民|政务))",
            # Latin neighbours and slogans: 5G, V3.0, A4, 7×24小时, “1+3+N”, 3.0版
            r"(?<![A-Za-z])[A-Za-z]{1,20}[-.]?\d{1,9}(?:\.\d{1,9})*[A-Za-z]*|(?<![\d.])\d{1,9}(?:\.\d{1,9})?[A-Za-z]+",
            rf"(?<!\d)\d{{1,4}}{_GAP}[×xX*＊]{_GAP}\d{{1,4}}(?:小时)?",
            r"(?<!\d)\d{1,4}(?:[+＋][\dA-Za-z]{1,9})+",
            r"\d\.\d(?:版|时代)",
        )
    )
)
_MEASURES: Final = (
    "人次|万元|亿元|百分点|工作日|件|条|篇|份|场|宗|期|封|起|元|例|次|个|项|部|则|幅|人|家|户|卷|页|字|批|天|日|%|"
    "小时|分钟|名|张|站|处|类|种|款|套|台|场次|批次|篇次|条次"
)
#: Said in characters a number counts only before these; 一事一申请, 两个维护, 三审三校 are words.
_SAID_MEASURES: Final = "人次|万元|亿元|件|篇|份|场|宗|封|起|元|例|条|期|人"
_ABOUT_BEFORE: Final = re.compile(r"(近|约|大约|超过|超|逾|突破|破|达到?近)\s*$")
_LONGEST: Final = 18
"""Digits of the longest number; what is longer identifies something."""
_AND_MORE: Final = frozenset({"余", "多", "来", "以上", "超过", "超", "逾", "突破", "破"})
_ARABIC: Final = re.compile(r"(?<![\d.])(\d{1,3}(?:[,，]\d{3})+(?![\d,，])|\d+)(\.\d+)?")
_AFTER: Final = re.compile(rf"\s*([百千万亿]*)\s*(余|多|来)?\s*([万亿]?)\s*({_MEASURES})?\s*(以上|左右)?")
_CHARACTERS: Final = re.compile(rf"(?<![{_SAID}])([{_SAID}]{{1,16}})(余|多|来)?({_SAID_MEASURES})(以上|左右)?")
_PERCENT: Final = re.compile(rf"百分之([{_SAID}]{{1,9}})(?:点([{_SAID}]{{1,9}}))?")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that counts something: where it stands, what it says, its measure word.

    ``low`` and ``high`` are the figures that it is right for, both included: 2623条 is right for 2623 alone, 5500余条
    for 5500 to 5599, 近2万 for 10001 to 20000, 1.2万 for 11500 to 12499.
    """

    start: int
    end: int
    shown: str
    value: Decimal
    measure: str
    low: Decimal
    high: Decimal

    def fits(self, figure: Decimal | int) -> bool:
        """Whether the number may stand for this figure."""
        return self.low <= figure <= self.high

    def agrees(self, other: "Number") -> bool:
        """Whether some figure is right for both."""
        return self.low <= other.high and other.low <= self.high

    @property
    def exact(self) -> bool:
        return self.low == self.high


def said_value(characters: str) -> int | None:
    """``二十三`` → 23, ``两千零五`` → 2005, ``二〇二四`` → 2024; ``None`` for what is no number."""
    if not characters or any(c not in _SAID for c in characters):
        return None
    if all(c in _DIGITS for c in characters):
        return int("".join(str(_DIGITS[c]) for c in characters))
    total = section = digit = 0
    for c in characters:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _PLACES:
            section += (digit or 1) * _PLACES[c]
            digit = 0
        else:
            total = (total + section + digit or 1) * _MYRIADS[c]
            section = digit = 0
    return total + section + digit


def numbers_in(text: str) -> list[Number]:
    """Every number of a text that counts something, in the order of the text."""
    narrow = text.translate(_WIDE)
    covered = [match.span() for match in _NAMES.finditer(narrow)]
    found = [*_percents(narrow), *_arabic(narrow, text), *_in_characters(narrow)]
    kept: list[Number] = []
    at = 0
    for number in sorted(found, key=lambda each: (each.start, -each.end)):
        while at < len(covered) and covered[at][1] <= number.start:
            at += 1
        in_name = at < len(covered) and covered[at][0] < number.end
        if not in_name and (not kept or number.start >= kept[-1].end):
            kept.append(number)
    return kept


def _percents(text: str) -> Iterator[Number]:
    for match in _PERCENT.finditer(text):
        whole, part = said_value(match[1]), match[2]
        if whole is not None:
            tail = "".join(str(_DIGITS.get(c, 0)) for c in part) if part else ""
            value = Decimal(f"{whole}.{tail}") if tail else Decimal(whole)
            yield Number(match.start(), match.end(), match[0], value, "%", value, value)


def _arabic(text: str, original: str) -> Iterator[Number]:
    for match in _ARABIC.finditer(text):
        after = _AFTER.match(text, match.end())
        if after is None:  # every group of it may be empty
            continue
        digits = re.sub("[,，]", "", match[1]) + (match[2] or "")
        if len(digits) > _LONGEST:
            continue
        factor = 1
        for sign in (after[1] or "") + (after[3] or ""):
            factor *= (_PLACES | _MYRIADS)[sign]
        # The number ends with its 万 or 余 and leaves its measure word to the text.
        end = max(match.end(), *(after.end(group) for group in (1, 2, 3) if after[group]), match.end())
        words = after[2] or after[5] or _before(text, match.start())
        yield _number(
            (match.start(), end),
            original,
            Decimal(digits) * factor,
            after[4] or "",
            _step(digits) * factor,
            words,
            coarse=factor > 1,
        )


def _in_characters(text: str) -> Iterator[Number]:
    for match in _CHARACTERS.finditer(text):
        value, measure = said_value(match[1]), match[3]
        at_rest = match.start() == 0 or text[match.start() - 1] not in "第每数几一事" + _SAID
        if value is None or not at_rest or value < (10 if measure in {"条", "期", "人"} else 2):
            continue
        words = match[2] or match[4] or _before(text, match.start())
        span = (match.start(), match.end(2) if match[2] else match.end(1))
        yield _number(span, text, Decimal(value), measure, _step(str(value)), words, coarse=False)


def _before(text: str, start: int) -> str | None:
    match = _ABOUT_BEFORE.search(text, max(0, start - 4), start)
    return match[1] if match else None


def _step(digits: str) -> Decimal:
    """The worth of the last digit that is not nought: 100 for 5500, 1 for 2623, 0.1 for 2.3."""
    if "." in digits:
        return Decimal(1).scaleb(-len(digits.split(".")[1]))
    bare = digits.rstrip("0")
    return Decimal(10) ** (len(digits) - len(bare)) if bare else Decimal(1)


def _number(
    span: tuple[int, int], text: str, value: Decimal, measure: str, step: Decimal, words: str | None, *, coarse: bool
) -> Number:
    """``step``: the worth of the last digit given; ``words``: what makes it vague; ``coarse``: rounded to its 万."""
    low = high = value
    least = min(step, Decimal(1))
    if words in _AND_MORE:
        high = value + step - least
    elif words and words.endswith("近"):
        low = value - step + least
    elif words:
        low, high = value - step, value + step
    elif coarse:
        low, high = value - step / 2, value + step / 2 - least
    return Number(*span, text[slice(*span)], value, measure, low, high)
