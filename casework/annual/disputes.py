"""Table 四: reconsideration and suits of a year, each in one of its twelve cells (law.md 7.5)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from casework.law.disputes import PENDING, Result, column_of, counts
from casework.law.refusals import Refused
from casework.law.report import DISPUTE_COLUMNS, DISPUTE_RESULTS, DISPUTE_TOTAL, DISPUTES, DisputeTable
from casework.law.words import Text
from casework.models import Agency, Dispute

from .table3 import Agencies


def disputes_of(
    agencies: Agencies, year: int, *, as_of: date | None = None, known_at: datetime | None = None
) -> DisputeTable:
    """Table 四 of the agencies together, all fifteen figures; ``as_of`` looks at the year as it stood on that day.

    ``known_at``: by the steps that were on record at that moment, before later ones, corrections and strikes. A total
    is the sum of its four results, so T4 holds by construction.
    """
    cells = Counter((group, column) for _key, group, column in _placed(list(agencies), year, as_of, known_at))
    groups = {group: {column: cells[group, column] for column in DISPUTE_RESULTS} for group in DISPUTES}
    return DisputeTable({group: {**row, DISPUTE_TOTAL: sum(row.values())} for group, row in groups.items()})


def disputes_of_cell(
    agencies: Agencies,
    year: int,
    group: str,
    column: str,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> QuerySet[Dispute]:
    """The disputes that a cell counts, in the order in which they were recorded; their number is its figure."""
    if group not in DISPUTES or column not in DISPUTE_COLUMNS:
        raise Refused(Text("表四没有这一格。", "Table 4 has no such cell."))
    placed = _placed(list(agencies), year, as_of, known_at)
    wanted = [key for key, its, where in placed if its == group and column in (where, DISPUTE_TOTAL)]
    return Dispute.objects.filter(pk__in=wanted).order_by("pk")


def _placed(
    agencies: list[Agency], year: int, as_of: date | None, known_at: datetime | None
) -> Iterator[tuple[int, str, str]]:
    """Each dispute of the year with its group and column; one query, some hundreds of rows for a whole city."""
    end = min(date(year, 12, 31), as_of or date.max)
    of = {agency.pk: agency for agency in agencies}
    rows: QuerySet[Any] = Dispute.objects.filter(agency__in=of).stood(until=end, known_at=known_at)
    for key, agency, kind, stands, since in rows.values_list("pk", "agency", "kind", "stands", "stands_since"):
        if counts(year, since, pending=not stands):
            reading = of[agency].readings_on(since) if stands else None
            other = reading is not None and reading.dismissal_is_other
            yield key, kind, column_of(Result(stands), dismissal_is_other=other) if stands else PENDING
