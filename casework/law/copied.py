"""What last year's report left behind in this year's: its year, and its paragraphs (30号 三(四), law.md 7.9)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

ALIKE: Final = 0.9
"""Paragraphs that share this much of their three-character sequences are pointed out as copied."""
SHORTEST: Final = 40
"""Characters below which two paragraphs may well be alike by chance."""

_SPAN: Final = re.compile(r"((?:19|20)\d\d)年1月1日起?(?:至|到|[-—–~～])+((?:19|20)\d\d)?年?12月31日")
_YEAR: Final = re.compile(r"((?:19|20)\d\d)年(度?)")
_COMPARED: Final = re.compile(r"(?:较|比|与|同|自|从|截至|截止|对比|相比|超|至|到|于|在|《[^》]*|[〔\[（(])$")
_OTHER_TIME: Final = re.compile(r"^(?:年?底|末|以来|以后|以前|相比|同期|起|至|到|的?结转|[-—–~～])")
_OPENING: Final = re.compile(r"(?:^|[。；！？：:\n，,]|现将[^，。；]{0,24})$")
_MASKED: Final = re.compile(r"[{｛]{2}[^{}｛｝\n]*[}｝]{2}|[\d０-９]+")


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A year that is not the one reported, where the text speaks of the year reported."""

    section: str
    year: int
    quote: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A paragraph that is (almost) another report's: whose, and how alike, 1 being equal but for its numbers."""

    section: str
    paragraph: str
    whose: str
    likeness: float


def left_over_years(sections: Mapping[str, str], year: int) -> list[LeftOver]:
    """Years before ``year`` at the opening of a statement, and any other year in the statement of the period.

    A comparison (较2022年), a beginning (自2019年起), a title or a document number may name another year.
    """
    return [found for section, text in sections.items() for found in _years_of(section, text, year)]


def _years_of(section: str, text: str, year: int) -> Iterator[LeftOver]:
    narrow = re.sub(r"[ \t\u3000]", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    told: set[int] = set()
    for match in _SPAN.finditer(narrow):
        wrong = [int(named) for named in match.groups() if named and int(named) != year]
        told.update(range(match.start(), match.end()))
        if wrong:
            yield LeftOver(section, wrong[0], _around(narrow, match.start(), match.end()))
    for match in _YEAR.finditer(narrow):
        before, after = narrow[max(0, match.start() - 30) : match.start()], narrow[match.end() :]
        past = int(match[1]) < year and match.start() not in told
        if past and _OPENING.search(before) and not _COMPARED.search(before) and not _OTHER_TIME.match(after):
            yield LeftOver(section, int(match[1]), _around(narrow, match.start(), match.end()))


def _around(text: str, start: int, end: int) -> str:
    return text[max(0, start - 10) : end + 16].replace("\n", " ")


def copies(
    sections: Mapping[str, str], others: Iterable[tuple[str, Mapping[str, str]]], *, own: Iterable[str] = ()
) -> list[Copy]:
    """Paragraphs that stand in another report too, each once with the likest.

    Numbers are left out of the comparison: a paragraph with new figures alone is a copy. ``others``: whose report, and
    its sections. ``own``: paragraphs that the system itself suggests, which are alike everywhere.
    """
    known = {_masked(paragraph) for text in own for paragraph in text.splitlines()}
    wanted = [
        (section, paragraph, _sequences(masked))
        for section, text in sections.items()
        for paragraph in text.splitlines()
        if len(masked := _masked(paragraph)) >= SHORTEST and masked not in known
    ]
    best: dict[int, Copy] = {}
    if not wanted:
        return []
    sizes = [len(mine) for _, _, mine in wanted]
    for whose, texts in others:
        for paragraph in (line for text in texts.values() for line in text.splitlines()):
            masked = _masked(paragraph)
            # Without this most paragraphs of a hundred reports would be taken apart for nothing.
            if not ALIKE * min(sizes) / 2 <= len(masked) <= 2 * max(sizes) + SHORTEST:
                continue
            theirs = _sequences(masked)
            for at, (section, mine_text, mine) in enumerate(wanted):
                if min(len(mine), len(theirs)) * 2 < ALIKE * (len(mine) + len(theirs)):
                    continue
                likeness = 2 * len(mine & theirs) / (len(mine) + len(theirs))
                if likeness > ALIKE and (at not in best or likeness > best[at].likeness):
                    best[at] = Copy(section, mine_text, whose, likeness)
    return [best[at] for at in sorted(best)]


def _masked(paragraph: str) -> str:
    return _MASKED.sub("0", "".join(paragraph.split()))


def _sequences(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))
