"""What stands in the way of a year's report: one list, to which each source adds its sentences.

A source is a function of ``Looked``; to add one, put it into ``SOURCES``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from casework.actions.report import signing_opens
from casework.law.filing import Obstacle, Weight
from casework.law.matrix import TOTAL, Check
from casework.law.outcomes import Outcome
from casework.law.report import SECTIONS, Report, links
from casework.law.words import Text, said
from casework.models import AnnualReport

from .before import before_of
from .freezing import live
from .prose import prose_of, stored_sections
from .table3 import agencies_of


@dataclass(frozen=True, slots=True)
class Looked:
    """What the sources look at: the report under work, its figures and text now, and what was filed for last year."""

    work: AnnualReport
    report: Report
    before: Report | None

    def link(self, *more: str) -> str:
        """A page of the desk about this report."""
        return desk_link(self.work, *more)


Source = Callable[[Looked], Iterator[Obstacle]]


def obstacles(work: AnnualReport) -> list[Obstacle]:
    """Everything that stands in the way, the heaviest first."""
    before = before_of(work.agency, work.year, region=work.region)
    looked = Looked(work, live(work), before.report if before else None)
    found = [obstacle for source in SOURCES for obstacle in source(looked)]
    return sorted(found, key=lambda obstacle: -obstacle.weight)


def desk_link(work: AnnualReport, *more: str) -> str:
    """The address of a page of the desk below this report's year."""
    below = "".join(f"{part}/" for part in more)
    return f"/desk/annual/{work.agency.code}/{work.year}/{below}{'?region=1' if work.region else ''}"


def relations(looked: Looked) -> Iterator[Obstacle]:
    """R1 to R4 and T4: the relations that the form itself prints (law.md 7.2, 7.5)."""
    yield from _failing(looked.report.checks(), looked)


def year_before(looked: Looked) -> Iterator[Obstacle]:
    """R5 and T2 against what was filed for last year (law.md 7.2, 7.4)."""
    if looked.before is None:
        yield Obstacle(Weight.HINT, _NO_YEAR_BEFORE.format(year=looked.work.year - 1))
        return
    yield from _failing(links(looked.before, looked.report), looked)


def _failing(checks: list[Check], looked: Looked) -> Iterator[Obstacle]:
    for check in checks:
        if not check.holds:
            sentence = Text("{relation}：{sentence}", "{relation}: {sentence}").format(
                relation=check.relation.value, sentence=check.sentence
            )
            yield Obstacle(Weight.EXPLAIN, sentence, looked.link())


def whole(looked: Looked) -> Iterator[Obstacle]:
    """Nothing of the form may be left out (30号)."""
    for number, table in (("2", looked.report.table2), ("4", looked.report.table4)):
        if table is None:
            yield Obstacle(Weight.EXPLAIN, _NO_TABLE.format(heading=SECTIONS[number]), looked.link())
    for number in ("1", "5", "6"):
        if not looked.report.sections.get(number, "").strip():
            yield Obstacle(Weight.EXPLAIN, _NO_TEXT.format(heading=SECTIONS[number]), looked.link())


def words(looked: Looked) -> Iterator[Obstacle]:
    """R6, and numbers that are bound to no figure and have no source (law.md 7.2)."""
    work = looked.work
    agencies = list(agencies_of(work.agency, region=work.region, year=work.year))
    prose = prose_of(looked.report, agencies, stored_sections(work.agency, work.year, region=work.region))
    for number, _span, quote in prose.faults:
        sentence = _LOOSE.format(heading=SECTIONS[number], quote=quote)
        yield Obstacle(Weight.EXPLAIN, sentence, looked.link("prose"))
    for finding in prose.agreement.open:
        sentence = Text("R6：{sentence}", "R6: {sentence}").format(sentence=finding.check.sentence)
        yield Obstacle(Weight.EXPLAIN, sentence, looked.link("prose"))


def under_other(looked: Looked) -> Iterator[Obstacle]:
    """Cases under 其他 that may belong elsewhere (law.md 6.4)."""
    if others := looked.report.table3.figure(Outcome.OTHER_3.value, TOTAL):
        yield Obstacle(Weight.HINT, _OTHERS.format(n=others), looked.link(Outcome.OTHER_3.value, TOTAL))


def not_yet(looked: Looked) -> Iterator[Obstacle]:
    """From when it may be signed (law.md 7.3): always said, since figures move until then."""
    yield Obstacle(Weight.HINT, _OPENS.format(opens=said(signing_opens(looked.work))))


SOURCES: Final[list[Source]] = [relations, year_before, whole, words, under_other, not_yet]

_NO_YEAR_BEFORE: Final = Text(
    "本系统没有{year}年的已签发报告，上年结转（R5）没有与公布的数字核对。",
    "No signed report of {year} is here, so what was carried in (R5) is not compared with what was published.",
)
_NO_TABLE: Final = Text("“{heading}”的表还没有数字。", "The table of “{heading}” has no figures yet.")
_NO_TEXT: Final = Text("“{heading}”还没有内容。", "“{heading}” has no text yet.")
_LOOSE: Final = Text(
    "“{heading}”里的数字没有对应统计数，也没有注明来源：{quote}",
    "A number in “{heading}” is bound to no figure and has no source: {quote}",
)
_OTHERS: Final = Text(
    "有{n}件计入“（六）其他处理—3.其他”，请逐件核对。", "Counted under “6(3) other”: {n}. Look at each of them."
)
_OPENS: Final = Text("自{opens}起可以签发。", "It can be signed from {opens}.")
