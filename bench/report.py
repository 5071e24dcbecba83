"""An edition of the whole region frozen: time, against the lines of the same cases written by one SQL statement."""

import resource
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from django.db import connection, transaction

from casework import annual
from casework.actions import report as verbs
from casework.models import Agency, AnnualReport, ReportEdition, ReportState, ReportStep, Role, Staff, StepKind

from .build import YEAR
from .measure import Result, count

BY_HAND = f"""
    SELECT a.code || ',' || c.number || ',' || c.applicant_kind || ',' ||
           CASE WHEN c.received_on < '{YEAR}-01-01' THEN 'carried_in' ELSE 'new' END || ',' ||
           CASE WHEN c.closed_on <= '{YEAR}-12-31' THEN c.outcome ELSE 'carried_out' END
    FROM casework_case c JOIN casework_agency a ON a.id = c.agency_id
    WHERE a.path LIKE %s AND c.received_on <= '{YEAR}-12-31'
      AND (c.closed_on IS NULL OR c.closed_on >= '{YEAR}-01-01')
    ORDER BY a.code, c.id
"""
AT = datetime(YEAR + 1, 3, 2, 10, tzinfo=timezone(timedelta(hours=8)))


def run(district: Agency) -> Iterator[Result]:
    """The signature of the region's report, with all that it freezes; then the proof of what was frozen."""
    with transaction.atomic():
        report, head = _checked(district)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        edition = verbs.sign(report, make=annual.frozen, version=0, by=head, at=AT)
        spent = time.perf_counter() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        began = time.perf_counter()
        lines = _by_hand(district)
        floor = time.perf_counter() - began
        same = sum(1 for _line in edition.case_lines()) == len(lines) == edition.made_with["cases"]
        name = f"edition frozen, of {len(lines)} cases, same lines: {same}"
        yield count(name, connection.vendor, spent, floor, "s", "≤ 10", holds=spent <= 10 and same)
        yield count("edition: memory grown", connection.vendor, grown, 0, "MB", "≤ 100", holds=grown <= 100)
        yield _proved(edition)
        transaction.set_rollback(True)


def _checked(district: Agency) -> tuple[AnnualReport, Staff]:
    """A report that waits for its signature, without what the check would have to say."""
    head = Staff.objects.get(username=f"{district.code}-{Role.HEAD}")
    head.appointments.create(agency=district, role=Role.REGION_SUPERVISOR)
    report = AnnualReport.objects.create(agency=district, year=YEAR, region=True, state=ReportState.CHECKED)
    clerk = Staff.objects.get(username=f"{district.code}-{Role.CLERK}")
    digest = annual.content_digest(report)
    ReportStep.objects.create(report=report, kind=StepKind.CHECKED, by=clerk, at=AT, content_digest=digest)
    return report, head


def _by_hand(district: Agency) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [f"{district.path}%"])
        rows: list[tuple[str]] = cursor.fetchall()
    return rows


def _proved(edition: ReportEdition) -> Result:
    began = time.perf_counter()
    faults = annual.faults_of(edition)
    spent = time.perf_counter() - began
    return count("edition proved", connection.vendor, spent, 0, "s", "≤ 10", holds=spent <= 10 and not faults)
