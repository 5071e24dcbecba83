"""R6: do the numbers of the prose agree with the tables, with each other, and with their own parts (law.md 7.2)?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .claims import PUBLISHED, Claim, Sentence, claims_in, sentences_of
from .figures import FEES, figures_of_tables
from .matrix import Check, Relation
from .numerals import Number
from .prose import Figure, Rendered, SpanKind
from .report import SECTIONS, Report
from .words import Text

DIFFERS_FROM_TABLE: Final = "与表不同"
"""A source that begins with this says why a number is another than the table's."""

_CLAIMS: Final = 500
"""More numbers of tables no report says in its prose."""
_FINDINGS: Final = 50
_CUT: Final = re.compile(r"同比|环比|比上年|较上年|增长|下降|增加|减少|此外|另外|另|累计|平均|点击|阅读|浏览|访问|转载")
_OPEN_END: Final = re.compile(r"主要|等(?:[。，；]|$)|左右")
_UNCOUNTED: Final = re.compile(r"[（(][^（）()]*[）)]")


@dataclass(frozen=True, slots=True)
class Finding:
    """Two numbers that disagree: the check with both sides, where they stand, and the words around them.

    ``explained``: the editor typed one of them with a source that accounts for it.
    """

    check: Check
    sections: tuple[str, ...]
    quotes: tuple[str, ...]
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many numbers could be compared, and those that disagree."""

    compared: int
    findings: tuple[Finding, ...]

    @property
    def open(self) -> list[Finding]:
        """What has to be put right or explained before the report is signed."""
        return [finding for finding in self.findings if not finding.explained]


def agreement_of_report(report: Report) -> Agreement:
    """R6 of a report as published: its prose against its own tables."""
    sections = {number: Rendered(prose) for number, prose in report.sections.items()}
    return agreement(sections, figures_of_tables(report))


def agreement(sections: Mapping[str, Rendered], figures: Mapping[str, Figure]) -> Agreement:
    """R6 of prose that was rendered, against the figures by key."""
    claims = [claim for number, rendered in sections.items() for claim in claims_in(number, rendered)][:_CLAIMS]
    compared = 0
    findings: list[Finding] = []
    unbacked: list[Claim] = []
    for claim in claims:
        sums = [_sum(keys, figures) for keys in claim.accepted]
        wanted = [value for value in sums if value is not None]
        if not wanted:
            unbacked.append(claim)
            continue
        compared += 1
        if not any(claim.number.fits(value) for value in wanted):
            findings.append(_against_table(claim, wanted[0], figures))
    parts = [found for number, rendered in sections.items() for found in _parts(number, rendered)]
    apart = list(_against_each_other(unbacked))
    findings += [finding for _, finding in (*parts, *apart) if finding is not None]
    return Agreement(compared + len(parts) + len(apart), tuple(findings[:_FINDINGS]))


def _sum(keys: Sequence[str], figures: Mapping[str, Figure]) -> Decimal | None:
    found = [figures.get(key) for key in keys]
    if any(figure is None for figure in found):
        return None
    total = sum((Decimal(figure.value) for figure in found if figure), Decimal(0))
    return total * 10_000 if list(keys) == [FEES.zh] else total  # prose counts yuan, the table 万元


def _against_table(claim: Claim, value: Decimal, figures: Mapping[str, Figure]) -> Finding:
    key = claim.accepted[0][0]
    left, right = claim.number.value, value
    words = Text(
        "{where}：“{name}”写的是{left}，按记录应当是{right}",
        "In {where}, “{name}” is given as {left}; the records and tables have {right}",
    ).format(where=_where(claim.section), name=figures[key].words, left=_shown(left), right=_shown(right))
    check = Check(Relation.R6, False, int(left), int(right), words, row=key)
    explained = (claim.source or "").startswith(DIFFERS_FROM_TABLE)
    return Finding(check, (claim.section,), (claim.quote,), explained)


def _against_each_other(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Finding | None]]:
    """Claims of one thing, no figure of which is known: the second and later ones are held against the first."""
    first: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        other = first.setdefault((claim.key, claim.channel), claim)
        if other is not claim:
            agrees = other.number.agrees(claim.number)
            yield claim, None if agrees else _two_places(other, claim)
    # 通过网站主动公开494条，其中概况24条… reads as the whole, where the channel has another number elsewhere.
    whole = first.get((PUBLISHED, ""))
    for claim in claims:
        rivals = [c for c in claims if c.channel == claim.channel and c is not claim and c.key == claim.key]
        alone = rivals and not any(claim.number.agrees(rival.number) for rival in rivals)
        if whole is not None and claim.channel and claim.divided and alone and not whole.number.agrees(claim.number):
            yield claim, _two_places(claim, whole)


def _two_places(one: Claim, two: Claim) -> Finding:
    channel = one.channel if one.channel == two.channel else ""
    left, right = one.number.value, two.number.value
    words = Text(
        "{name}前后不一：{where}写的是{left}，{other}写的是{right}",
        "{name} not the same everywhere: {where} has {left}, {other} has {right}",
    ).format(
        name=_ONE_CHANNEL.format(channel=channel) if channel else _NAMES.get(one.key, _ONE_THING),
        where=_where(one.section),
        other=_where(two.section) if one.section != two.section else Text("另一处", "another place"),
        left=_shown(left),
        right=_shown(right),
    )
    check = Check(Relation.R6, False, int(left), int(right), words, row=f"{one.key}·{channel}" if channel else one.key)
    sections = tuple(dict.fromkeys((one.section, two.section)))
    return Finding(check, sections, (one.quote, two.quote), bool(one.source or two.source))


# ── Parts and their total ────────────────────────────────────────────────────────────────────────────────────────────


def _parts(section: str, rendered: Rendered) -> Iterator[tuple[Sentence, Finding | None]]:
    """2623条，其中网站610条、抖音24条、微信1989条: the parts named reach the total, none is more than it."""
    typed = rendered.of(SpanKind.TYPED)
    for sentence in sentences_of(section, rendered.text):
        for total, parts, open_end in _divisions(sentence):
            least = sum((part.low for part in parts), Decimal(0))
            unsaid = open_end or len(parts) == 1  # others may be left out, so that the parts may be fewer
            if _reached(total, parts) or (unsaid and least <= total.high):
                yield sentence, None
                continue
            places = [sentence.origin[number.start] for number in (total, *parts)]
            explained = any(span.start <= place < span.end for span in typed for place in places)
            yield sentence, _unequal(sentence, total, parts, explained=explained)


def _divisions(sentence: Sentence) -> Iterator[tuple[Number, list[Number], bool]]:
    """Each 其中 with the number before it, the numbers of its measure after it, and whether others are left unsaid."""
    text = _UNCOUNTED.sub(lambda match: "　" * len(match[0]), sentence.text)
    numbers = [number for number in sentence.numbers if text[number.start] != "　"]
    marks = [match.start() for match in re.finditer("其中", text)]
    for at, mark in enumerate(marks):
        before = [number for number in numbers if number.end <= mark]
        end = _end_of_parts(text, mark, marks[at + 1] if at + 1 < len(marks) else None)
        if not before or mark - before[-1].end > 6 or not before[-1].measure:
            continue
        total = before[-1]
        parts = [n for n in numbers if mark < n.start < end and n.measure == total.measure]
        if parts:
            yield total, parts, _OPEN_END.search(text, mark, min(end + 1, len(text))) is not None


def _end_of_parts(text: str, mark: int, following: int | None) -> int:
    """Where what 其中 divides comes to its end: another 其中, or a word that begins another matter."""
    end = len(text)
    if following is not None:
        end = max(text.rfind("；", mark, following), text.rfind(";", mark, following))
        end = end if end > mark else following
    other = _CUT.search(text, mark, end)
    return other.start() if other else end


def _reached(total: Number, parts: Sequence[Number]) -> bool:
    """Whether all the parts, or the first of them, sum to the total: what follows may be said of something else."""
    low = high = Decimal(0)
    for at, part in enumerate(parts, start=1):
        low, high = low + part.low, high + part.high
        if low <= total.high and total.low <= high and (at > 1 or len(parts) == 1):
            return True
    return False


def _unequal(sentence: Sentence, total: Number, parts: Sequence[Number], *, explained: bool) -> Finding:
    value = sum((part.value for part in parts), Decimal(0))
    words = Text(
        "{where}：总数{right}，其中各项之和是{left}（{parts}）",
        "In {where} the total is {right}, its parts sum to {left} ({parts})",
    ).format(
        where=_where(sentence.section),
        left=_shown(value),
        right=_shown(total.value),
        parts=" + ".join(_shown(part.value) for part in parts),
    )
    check = Check(Relation.R6, False, int(value), int(total.value), words)
    return Finding(check, (sentence.section,), (sentence.quote(total),), explained)


def _shown(value: Decimal) -> str:
    return f"{value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize():f}"


def _where(section: str) -> Text:
    number = "一二三四五六"[int(section) - 1] if section in SECTIONS else section
    return Text(f"第{number}部分", f"section {section}")


_NAMES: Final = {PUBLISHED: Text("主动公开信息的数量", "The number of items published is")}
_ONE_THING: Final = Text("同一事项的数量", "The number of one thing is")
_ONE_CHANNEL: Final = Text(
    "通过同一渠道（{channel}）主动公开信息的数量", "The number of items published through one channel is"
)
