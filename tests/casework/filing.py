"""An edition as it would be frozen, for tests of what stands beside it."""

from collections.abc import Iterator
from datetime import datetime

from casework import annual
from casework.models import AnnualReport, Case, ReportEdition
from tests.cast import Cast


def filed(players: Cast, year: int, *, at: datetime, number: int = 1, published: bool = False) -> ReportEdition:
    """An edition of Dongshan as it would be frozen at that moment: the table, and a line for each case."""

    def lines() -> Iterator[str]:
        for case in Case.objects.filter(agency=players.dongshan).order_by("number"):
            standing = annual.standing_of(case, year)
            if standing is not None:
                yield ",".join(("230406", case.number, standing.column, standing.way_in, standing.way_out))

    report, _ = AnnualReport.objects.get_or_create(agency=players.dongshan, year=year)
    return ReportEdition.objects.create(
        report=report,
        number=number,
        reason="更正" if number > 1 else "",
        content=annual.report_of(players.dongshan, year).as_dict(),
        packed_cases=ReportEdition.pack(lines()),
        digest="0" * 64,
        signed_by=players.li,
        signed_at=at,
        published_by=players.li if published else None,
        published_at=at if published else None,
    )
