"""A year of an agency, or of it and all below it, as the report that the records give now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from casework.law.matrix import Matrix
from casework.law.refusals import Refused
from casework.law.report import Report
from casework.law.words import Text
from casework.models import Agency

from .disputes import disputes_of
from .prose import prose_of, stored_sections
from .registers import publications_of
from .table3 import Agencies, agencies_of, matrix_of

FIRST_YEAR = 2008
"""The Regulation came into force on 1 May 2008."""


def report_of(
    agency: Agency,
    year: int,
    *,
    region: bool = False,
    as_of: date | None = None,
    known_at: datetime | None = None,
    agencies: Sequence[Agency] | None = None,
) -> Report:
    """The annual report that the records give now, with the prose that has been written so far.

    A region's is the sum of its units' (``annual.region``); as of an earlier day it is that of the records alone: what
    was sent by then is not asked. ``known_at``: the tables as they were on record at that moment. ``agencies``: those
    whose cases it counts, where they have been read already.
    """
    agencies = agencies or list(agencies_of(agency, region=region, year=year, known_at=known_at))
    if region and as_of is None and known_at is None:
        from .region import region_report

        report = region_report(agency, year)
    else:
        report = derived(agency, agencies, year, as_of=as_of, known_at=known_at)
    written = stored_sections(agency, year, region=region)
    if not written:
        return report
    rendered = prose_of(report, agencies, written).rendered
    return replace(report, sections={number: each.text for number, each in rendered.items()})


def derived(
    agency: Agency,
    agencies: Agencies,
    year: int,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    table3: Matrix | None = None,
) -> Report:
    """The tables that the records of ``agencies`` give together, under the name of ``agency``.

    ``table3``: theirs, where it has been read already; the largest query is then spared.
    """
    counted = table3 or matrix_of(agencies, year, as_of=as_of, known_at=known_at)
    return Report(
        agency.code,
        agency.name,
        year,
        counted,
        table2=publications_of(agencies, year, as_of=as_of, known_at=known_at),
        table4=disputes_of(agencies, year, as_of=as_of, known_at=known_at),
    )


def check_year(year: int, *, on: date) -> None:
    """Refuse a year before the Regulation or one that has not begun."""
    if not FIRST_YEAR <= year <= on.year:
        raise Refused(
            Text(
                f"没有{year}年的年度报告：年度应在{FIRST_YEAR}至{on.year}之间。",
                f"There is no annual report of {year}: the year must lie between {FIRST_YEAR} and {on.year}.",
            ),
            field="year",
        )
