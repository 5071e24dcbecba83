"""The prose of a year's report: the text with its figures put in, and everything about it that is to be put right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from casework.law.agreement import Agreement, agreement
from casework.law.copied import Copy, LeftOver, copies, left_over_years
from casework.law.prose import PROSE, Figure, Rendered, Span, render
from casework.law.report import Report
from casework.models import Agency, AnnualReport, ReportEdition

from .figures import figures_of
from .paragraphs import paragraphs_of
from .table3 import Agencies

_NEIGHBOURS: Final = 40
"""Reports of the same year that a draft is compared with: published ones of agencies beside it."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Sections 一, 五 and 六 by number: with marks, and as they read; ``figures`` by key."""

    marked: Mapping[str, str]
    rendered: Mapping[str, Rendered]
    figures: Mapping[str, Figure]
    agreement: Agreement
    left_over: tuple[LeftOver, ...]

    @property
    def faults(self) -> list[tuple[str, Span, str]]:
        """Section, number and words around it, of each number without source, unknown mark and blank."""
        return [
            (number, span, rendered.quote(span))
            for number, rendered in self.rendered.items()
            for span in rendered.faults
        ]

    @property
    def ready(self) -> bool:
        """Whether the report may be signed as far as its prose goes: R6 holds or is explained, no number is loose."""
        return not self.faults and not self.agreement.open


def prose_of(
    report: Report, agencies: Agencies, sections: Mapping[str, str], *, figures: Mapping[str, Figure] | None = None
) -> Prose:
    """Put the figures into marked sections and check them: R6, numbers without source, years left over.

    ``figures``: as ``figures_of`` gives them, where they are at hand already.
    """
    figures = figures_of(report, agencies) if figures is None else figures
    marked = {number: sections[number] for number in PROSE if number in sections}
    rendered = {number: render(text, figures) for number, text in marked.items()}
    texts = {number: each.text for number, each in rendered.items()}
    years = left_over_years(texts, report.year) if report.year is not None else []
    return Prose(marked, rendered, figures, agreement(rendered, figures), tuple(years))


def begun_with(
    agency: Agency, year: int, stored: Mapping[str, str], figures: Mapping[str, Figure], *, region: bool
) -> dict[str, str]:
    """The sections as stored; one that nobody has written yet begins with the paragraphs of the template."""
    return paragraphs_of(agency, year, figures, region=region) | dict(stored)


def stored_sections(agency: Agency, year: int, *, region: bool) -> dict[str, str]:
    """The marked sections of the agency's report, none where it was not begun."""
    row = AnnualReport.objects.filter(agency=agency, year=year, region=region).values_list("sections", flat=True)
    return dict(row.first() or {})


def copied_paragraphs(
    agency: Agency, year: int, sections: Mapping[str, str], figures: Mapping[str, Figure], *, region: bool
) -> list[Copy]:
    """Paragraphs taken from last year's report of the agency, or from this year's of a neighbour (law.md 7.9).

    Only what neighbours have published is read: a draft is nobody else's.
    """
    own = paragraphs_of(agency, year, figures, region=region).values()
    return copies(sections, _others(agency, year, region=region), own=own)


def _others(agency: Agency, year: int, *, region: bool) -> Iterator[tuple[str, Mapping[str, str]]]:
    name = f"{agency.name}{year - 1}年"
    filed = ReportEdition.objects.filter(report__agency=agency, report__year=year - 1, report__region=region)
    last = filed.order_by("-number").values_list("content__sections", flat=True).first()
    yield name, last or stored_sections(agency, year - 1, region=region)
    beside = (
        ReportEdition.objects.published()
        .filter(report__year=year, report__agency__parent=agency.parent_id)
        .exclude(report__agency=agency)
        .order_by("report__agency__path", "-number")
        .values_list("report__agency__name", "content__sections")[:_NEIGHBOURS]
    )
    for neighbour, sections in beside:
        yield f"{neighbour}{year}年", sections or {}
