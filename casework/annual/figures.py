"""The figures of a year that the prose of its report can name, each with the way to what it counts."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Count, F, Q

from casework.law.claims import FEE_ASKED, FEE_COLLECTED, FEE_NOTICES, PUBLISHED
from casework.law.figures import figures_of_tables
from casework.law.prose import Figure, by_key
from casework.law.registers import CHANNELS
from casework.law.report import Report
from casework.law.words import Text
from casework.models import Agency, Case

from .fees import fees_of
from .registers import publication_counts
from .table3 import Agencies, keys

Provider = Callable[[Agencies, int], Iterable[Figure]]
ON_TIME_RATE: Final = "按期办结率"
LATE: Final = "逾期办结件数"


def figures_of(report: Report, agencies: Agencies) -> dict[str, Figure]:
    """All named figures by key: the tables of ``report``, then what each provider adds for the agencies and year."""
    listed: list[Agency] = list(agencies)
    added = [figure for provider in PROVIDERS for figure in provider(listed, report.year or 0)]
    return figures_of_tables(report) | by_key(added)


def fee_figures(agencies: Agencies, year: int) -> Iterable[Figure]:
    """The processing fee of section 六 (law.md 5.11)."""
    fees = fees_of(agencies, year)
    yield Figure(FEE_NOTICES, Text(FEE_NOTICES, "Fee notices sent"), fees.notices, "件", "fees/")
    yield Figure(FEE_ASKED, Text(FEE_ASKED, "Processing fee asked for, in yuan"), fees.asked, "元", "fees/")
    yield Figure(FEE_COLLECTED, Text(FEE_COLLECTED, "Processing fee collected, in yuan"), fees.collected, "元", "fees/")


def timeliness(agencies: Agencies, year: int) -> Iterable[Figure]:
    """How many of the year's closed cases were closed by their due date (law.md 4.10), and the share in per cent."""
    closed = (
        Case.objects.applications()
        .filter(agency__in=keys(agencies), closed_on__range=(date(year, 1, 1), date(year, 12, 31)))
        .aggregate(all=Count("*"), late=Count("pk", filter=Q(closed_on__gt=F("due_on"))))
    )
    yield Figure(LATE, Text(LATE, "Closed late"), closed["late"])
    if closed["all"]:
        share = Decimal(100 * (closed["all"] - closed["late"])) / closed["all"]
        # Rounded down: one late case among thousands must not read as 100%.
        shown = share.quantize(Decimal("0.1"), rounding="ROUND_DOWN")
        yield Figure(ON_TIME_RATE, Text(ON_TIME_RATE, "Share closed in time, in per cent"), shown, "%")


def publications(agencies: Agencies, year: int) -> Iterable[Figure]:
    """What the registers count of section 一, where any are kept; a channel without any is not named."""
    counts = publication_counts(agencies, year)
    if not counts.total:
        return
    listed = list(agencies)
    link = f"../../../registers/{listed[0].code}/{year}/publications/" if len(listed) == 1 else ""
    yield Figure(PUBLISHED, Text(PUBLISHED, "Items published proactively"), counts.total, "条", link)
    for channel, number in counts.channels.items():
        if number:
            words = Text("主动公开·{channel}", "Published proactively, {channel}").format(channel=CHANNELS[channel])
            yield Figure(words.zh, words, number, "条", link)


PROVIDERS: Final[list[Provider]] = [publications, fee_figures, timeliness]
"""What else prose can name; a register adds its counts here."""
