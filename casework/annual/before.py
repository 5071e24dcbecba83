"""What was filed for the year before by all who go on in a year's report; R5 and T2 go by it (law.md 7.2, 7.8).

Mostly that is one edition of the agency itself. In the year of a merger there are several, because each organ filed
its own report before; whoever filed nothing is taken from the records.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casework.law.report import Report
from casework.law.summing import summed
from casework.models import Agency, ReceivedReport, ReportEdition

from .filed import filed_edition, report_of_edition
from .mergers import Mergers
from .report import derived
from .table3 import agencies_of


@dataclass(frozen=True, slots=True)
class Before:
    """``editions``: each with the agencies whose cases it counted; ``report``: all together.

    ``unfiled``: organs that filed nothing for the year, of which the records or a received file stand in.
    """

    editions: tuple[tuple[ReportEdition, tuple[Agency, ...]], ...]
    unfiled: tuple[Agency, ...]
    report: Report


def before_of(agency: Agency, year: int, *, region: bool, agencies: Sequence[Agency] | None = None) -> Before | None:
    """What was filed for the year before; ``None`` where nothing was, or where it can't be held against this year.

    That is so of a region into which or out of which organs have gone since: its edition is of other units.
    ``agencies``: those whose cases the year counts, where they have been read already.
    """
    if region:
        edition = filed_edition(agency, year - 1, region=True)
        if edition is None or _crossed(agency, year, Mergers.known()):
            return None
        those = tuple(agencies_of(agency, region=True, year=year - 1))
        return Before(((edition, those),), (), report_of_edition(edition))
    if agencies is not None and len(agencies) == 1:
        edition = filed_edition(agency, year - 1)
        return Before(((edition, (agency,)),), (), report_of_edition(edition)) if edition else None
    mergers = Mergers.known()
    units = [each for each in mergers.reported_by(agency.pk, year) if mergers.reporter(each, year - 1) == each]
    if units == [agency.pk]:
        edition = filed_edition(agency, year - 1)
        those = tuple(agencies_of(agency, region=False, year=year - 1)) if mergers.rows else (agency,)
        return Before(((edition, those),), (), report_of_edition(edition)) if edition else None
    known = Agency.objects.in_bulk(units)
    return _together(agency, year, [known[each] for each in units])


def _together(agency: Agency, year: int, units: list[Agency]) -> Before | None:
    """Of organs that have become one since: what each filed for the year before."""
    editions = {unit.pk: filed_edition(unit, year - 1) for unit in units}
    if not any(editions.values()):
        return None
    reports = [
        report_of_edition(edition) if (edition := editions[unit.pk]) else _unfiled(unit, year - 1) for unit in units
    ]
    filed = tuple((edition, _of(unit, year - 1)) for unit in units if (edition := editions[unit.pk]))
    unfiled = tuple(unit for unit in units if not editions[unit.pk])
    return Before(filed, unfiled, summed(agency.code, agency.name, year - 1, reports))


def _unfiled(unit: Agency, year: int) -> Report:
    """What it sent as a file, else what the records give."""
    received = ReceivedReport.objects.filter(agency=unit, year=year).order_by("-number").first()
    if received is not None and received.withdrawn_at is None:
        return Report.from_dict(received.content)
    return derived(unit, _of(unit, year), year)


def _of(unit: Agency, year: int) -> tuple[Agency, ...]:
    return tuple(agencies_of(unit, region=False, year=year))


def _crossed(top: Agency, year: int, mergers: Mergers) -> bool:
    """Whether an organ went into or out of the region in the year: then its units are not those of the year before."""
    if not mergers.rows:
        return False

    def reported(of: int) -> Iterator[int]:
        for pk in tree:
            if mergers.reporter(pk, of) == pk:
                yield from mergers.reported_by(pk, of)

    tree = set(Agency.objects.within(top).values_list("pk", flat=True))
    return set(reported(year)) != set(reported(year - 1))
