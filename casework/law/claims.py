"""What the sentences of a report claim: which number is said of which figure (law.md 7.2 R6).

A claim is taken only from the words directly before a number, as reports write them; what they do not clearly name is
left alone, because a false alarm costs trust in the true ones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .figures import FEES, LITIGATION
from .matrix import COLUMNS, KIND_KEYS
from .numerals import Number, numbers_in
from .outcomes import GROUPS
from .prose import Rendered, SpanKind
from .report import DISPUTE_RESULTS, DISPUTES, RECONSIDERATION, STOCKS

PUBLISHED: Final = "主动公开信息"
FEE_NOTICES: Final = "收费通知件数"
FEE_ASKED: Final = "收费通知金额"
FEE_COLLECTED: Final = "信息处理费金额"

_COUNTED: Final = frozenset({"件", "份", "宗", "例", "起"})
_ITEMS: Final = frozenset({"条", "篇", "条次", "篇次"})
_MONEY: Final = frozenset({"元"})
_LINK: Final = r"(?:总数|总量|数量|共计|共有|合计|总计|累计|共|为|达到|达|有|：|:)*"
_APPLICATION: Final = (
    r"(?:(?:公民、法人(?:和|或|或者)其他组织|社会公众|群众|各类|有效|依申请公开|政府信息公开|政府信息|信息公开|依申请|的|提出|提交|"
    r"新)*申请(?:公开)?(?:事项|件)?)"
)
_CHANNELS: Final = "网站|微信|抖音|快手|微博|客户端|头条|报纸|电视|广播|公告栏|公报|小红书|视频号"
_CHANNEL: Final = re.compile(rf"({_CHANNELS})")
_FOOTER: Final = re.compile(r"(?m)^[\s\u3000]*[-—–]\s*\d{1,3}\s*[-—–][\s\u3000]*$")
_ENDS: Final = "。！？：:；;"
_QUOTED: Final = 18
#: Anybody may paste anything: a section is read so far, a sentence so far, and a number is said of words so near.
_READ: Final = 40_000
_SENTENCE: Final = 2_000
_NEAR: Final = 160


@dataclass(frozen=True, slots=True)
class Subject:
    """What a number is said of. ``accepted``: the figures whose sum it may be, the likeliest first."""

    key: str
    pattern: re.Pattern[str]
    accepted: tuple[tuple[str, ...], ...]
    measures: frozenset[str] = _COUNTED
    after: re.Pattern[str] | None = None
    needs: str = ""


def _subject(key: str, pattern: str, *accepted: tuple[str, ...], **more: object) -> Subject:
    return Subject(key, re.compile(pattern + _LINK + "$"), accepted or ((key,),), **more)  # type: ignore[arg-type]


def _of_kinds() -> Iterator[Subject]:
    for kind in KIND_KEYS[:-1]:
        name = COLUMNS[kind].words.zh
        sums = ((f"本年新收·{name}",), (f"本年新收·{name}", f"上年结转·{name}"), (f"办理结果总计·{name}",))
        yield _subject(sums[0][0], rf"{name}(?:申请|提交|提出)?(?:的)?{_APPLICATION}?", *sums)


SUBJECTS: Final[tuple[Subject, ...]] = (
    _subject(
        "本年新收",
        rf"(?:新收|收到|受理|接收|接到|新收到)(?:了)?{_APPLICATION}",
        ("本年新收",),
        ("本年新收", "上年结转"),
    ),
    _subject("本年新收", rf"{_APPLICATION}(?:新收|受理)", ("本年新收",), ("本年新收", "上年结转")),
    _subject(
        "办理结果总计",
        rf"(?:^|[，,、；（(]|已|均|全部|共|按时|按期|依法|及时)(?:办结|答复)(?:{_APPLICATION})?",
        ("办理结果总计",),
    ),
    _subject("上年结转", rf"上一?年度?结转(?:的)?(?:{_APPLICATION})?"),
    _subject(
        "结转下年度",
        rf"结转(?:至|到|入)?(?:下年度?|次年|下一年度?|20\d\d年度?)(?:继续)?(?:办理|答复)?(?:的)?(?:{_APPLICATION})?",
    ),
    Subject(
        "结转下年度",
        re.compile(""),
        (("结转下年度",),),
        after=re.compile(r"^件(?:申请)?(?:顺延|结转|转)(?:至|到|入)?(?:下年度?|次年|下一年度?|20\d\d年)"),
    ),
    *(
        _subject(head.words.zh, rf"(?<!不){head.words.zh}(?:的)?(?:{_APPLICATION})?")
        for head in GROUPS.values()
        if head.words.zh != "其他处理"
    ),
    *_of_kinds(),
    *(
        _subject(words.zh, rf"(?<![、和及]){words.zh}(?:案件)?", needs="信息公开")
        for words in (LITIGATION, *DISPUTES.values())
    ),
    _subject("行政许可", "行政许可(?:处理)?(?:决定)?", measures=frozenset({"件", "宗"})),
    _subject("行政处罚", "行政处罚(?:处理)?(?:决定)?", measures=frozenset({"件", "宗", "起"})),
    _subject("行政强制", "行政强制(?:措施)?(?:处理)?(?:决定)?", measures=frozenset({"件", "宗", "起"})),
    _subject(FEES.zh, "行政事业性收费(?:金额)?", measures=_MONEY),
    _subject(FEE_COLLECTED, "(?<!应)收取(?:政府信息公开)?信息处理费", measures=_MONEY),
    _subject(FEE_NOTICES, "收费通知"),
    _subject(PUBLISHED, "主动公开(?:了)?(?:各类|各项|的|政府|相关|有关|工作)*信息", measures=_ITEMS),
)
#: Words whose subject stands earlier in the sentence: 行政复议351件，其中结果维持72件.
_RESULT: Final = re.compile(rf"({'|'.join(w.zh for w in DISPUTE_RESULTS.values())}|维持|纠正|未审结){_LINK}$")
_RESULT_NAMES: Final = {"维持": "结果维持", "纠正": "结果纠正", "未审结": "尚未审结"}
_DISPUTE: Final = re.compile("|".join(sorted((words.zh for words in (LITIGATION, *DISPUTES.values())), key=len)[::-1]))
_STOCK: Final = re.compile(
    rf"(制发|制定|出台|印发|废止|现行有效)(?:了)?(?:的)?(?:政府|行政)?(规章|规范性文件)?{_LINK}$"
)
_STOCK_NAMES: Final = {"废止": "本年废止件数", "现行有效": "现行有效件数"}

_NONE: Final = r"(?:没有|未曾|尚未|从未|未)"
_NO_APPLICATION: Final = re.compile(rf"{_NONE}(?:收到|接到|受理)(?:过)?([^。；，,\d]{{0,30}})申请(?!行政)")
_NO_CARRIED_IN: Final = re.compile(rf"{_NONE}(?:有)?上一?年度?结转")
_NO_DISPUTE: Final = re.compile(rf"(?:{_NONE}|无)[^。；，,\d]{{0,24}}?((?:行政复议|行政诉讼)[^。；，,\d]*)")
_NO_FEE: Final = re.compile(rf"{_NONE}收取(?:政府信息公开)?信息处理费")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in the narrow form in which it is read: no spaces, no page feet; ``origin`` as in the section."""

    section: str
    text: str
    origin: tuple[int, ...]
    numbers: tuple[Number, ...]

    def quote(self, number: Number) -> str:
        """The number with the words around it."""
        start, end = max(0, number.start - _QUOTED), min(len(self.text), number.end + _QUOTED // 2)
        return f"{'…' if start else ''}{self.text[start:end]}{'…' if end < len(self.text) else ''}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A number said of something: ``accepted`` as for a subject, ``channel`` where only that channel is meant."""

    key: str
    number: Number
    sentence: Sentence
    accepted: tuple[tuple[str, ...], ...] = ()
    channel: str = ""
    source: str | None = None
    divided: bool = False

    @property
    def section(self) -> str:
        return self.sentence.section

    @property
    def quote(self) -> str:
        return self.sentence.quote(self.number)


def sentences_of(section: str, text: str) -> Iterator[Sentence]:
    """The sentences of a section; lines that a page broke are joined."""
    text = _FOOTER.sub(lambda match: " " * len(match[0]), text[:_READ])
    chars: list[str] = []
    origin: list[int] = []

    def finish() -> Iterator[Sentence]:
        if chars:
            line = "".join(chars)
            yield Sentence(section, line, tuple(origin), tuple(numbers_in(line)))
        chars.clear()
        origin.clear()

    for place, char in enumerate(text):
        if char == "\n" and chars and chars[-1] in _ENDS:
            yield from finish()
        elif not char.isspace():
            chars.append(char)
            origin.append(place)
            if char in "。！？" or len(chars) >= _SENTENCE:
                yield from finish()
    yield from finish()


def claims_in(section: str, rendered: Rendered) -> Iterator[Claim]:
    """What a section claims, sentence by sentence."""
    typed = rendered.of(SpanKind.TYPED)
    for sentence in sentences_of(section, rendered.text):
        for at, number in enumerate(sentence.numbers):
            before = sentence.text[sentence.numbers[at - 1].end if at else 0 : number.start]
            claim = _claim(sentence, number, before)
            if claim is not None:
                first, last = sentence.origin[number.start], sentence.origin[number.end - 1]
                source = next((span.says for span in typed if span.start <= last and first < span.end), None)
                yield _with_channel(claim, before, source)
        yield from _nothing(sentence)


def _claim(sentence: Sentence, number: Number, before: str) -> Claim | None:
    head = sentence.text[max(0, number.start - _NEAR) : number.start]
    tail = sentence.text[number.end : number.end + 24]
    for subject in SUBJECTS:
        if number.measure not in subject.measures or subject.needs not in head:
            continue
        if subject.after.search(tail) if subject.after else subject.pattern.search(head):
            return Claim(subject.key, number, sentence, subject.accepted)
    if number.measure not in _COUNTED:
        channel = _CHANNEL.search(before)
        if channel and number.measure in _ITEMS and re.search("主动公开|公开(?:政府)?信息", head):
            return Claim(PUBLISHED, number, sentence, (), channel[1])
        return None
    return _dispute_result(sentence, number, head) or _stock(sentence, number, head)


def _dispute_result(sentence: Sentence, number: Number, head: str) -> Claim | None:
    found, contexts = _RESULT.search(head), _DISPUTE.findall(head)
    if found is None or not contexts or "信息公开" not in head:
        return None
    key = f"{contexts[-1]}·{_RESULT_NAMES.get(found[1], found[1])}"
    return Claim(key, number, sentence, ((key,),))


def _stock(sentence: Sentence, number: Number, head: str) -> Claim | None:
    found = _STOCK.search(head)
    contexts = re.findall("规章|规范性文件", head)
    if found is None or not contexts:
        return None
    stock = next(words.zh for words in STOCKS.values() if words.zh.endswith(contexts[-1]))
    key = f"{stock}·{_STOCK_NAMES.get(found[1], '本年制发件数')}"
    return Claim(key, number, sentence, ((key,),))


def _with_channel(claim: Claim, before: str, source: str | None) -> Claim:
    """A claim of what was published is one of a channel if the words since the last number name one."""
    channel, accepted = claim.channel, claim.accepted
    if claim.key == PUBLISHED:
        named = _CHANNEL.findall(before)
        channel = named[-1] if named else ""
        accepted = ((f"主动公开·{channel}",),) if channel else ((PUBLISHED,),)
    rest = claim.sentence.text[claim.number.end :]
    divided = re.match(r"[^，,。；]{0,4}[，,（(]?其中", rest) is not None
    return Claim(claim.key, claim.number, claim.sentence, accepted, channel, source, divided)


def _nothing(sentence: Sentence) -> Iterator[Claim]:
    """Nought said in words: 没有收到任何申请, 未发生行政复议."""

    def nought(match: re.Match[str], key: str) -> Claim:
        zero = Decimal(0)
        number = Number(match.start(), match.end(), match[0], zero, "", zero, zero)
        return Claim(key, number, sentence, ((key,),))

    text = sentence.text
    for match in _NO_APPLICATION.finditer(text):
        if not re.search("复议|诉讼|举报|投诉|不服|网上|邮寄|信函|当面", match[1]):
            yield nought(match, "本年新收")
    for match in _NO_CARRIED_IN.finditer(text):
        yield nought(match, "上年结转")
    for match in _NO_FEE.finditer(text):
        yield nought(match, FEE_COLLECTED)
    for match in _NO_DISPUTE.finditer(text):
        if "信息公开" in text and not re.search("纠正|败诉|维持|撤销", match[0]):
            for words in (DISPUTES[RECONSIDERATION], LITIGATION):
                if words.zh in match[1]:
                    yield nought(match, words.zh)
