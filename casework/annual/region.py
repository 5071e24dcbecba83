"""A region's report: the checked sum of its units', each once (law.md 7.8).

Of each unit the report that it filed counts, else the one received from it as a file, else what the records give now.
Organs that went into others are counted in their successor, see ``mergers``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, NEW, TOTAL, Check, Matrix, sum_of, year_link
from casework.law.report import Report
from casework.law.summing import blanks, blanks_filled, carried, summed
from casework.law.words import Text
from casework.models import Agency, ReceivedReport, ReportEdition

from .filed import filed_edition
from .mergers import Mergers
from .report import derived
from .table3 import matrices_of


class Source(StrEnum):
    """Where a unit's report comes from, in the order in which it is looked for."""

    FILED = "filed"
    RECEIVED = "received"
    RECORDS = "records"
    NONE = "none"


SOURCES: Final[dict[Source, Text]] = {
    Source.FILED: Text("已签发的年度报告", "Filed report"),
    Source.RECEIVED: Text("收到的文件", "Received file"),
    Source.RECORDS: Text("办理记录，还没有报出", "Records; not filed"),
    Source.NONE: Text("还没有收到", "Not received"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a region: its report as it is counted, and what is to be said of it.

    ``predecessors``: organs whose cases it reports. ``links``: R5 per column; empty where last year's is not known.
    """

    agency: Agency
    predecessors: tuple[Agency, ...]
    source: Source
    report: Report | None
    edition: ReportEdition | None = None
    received: ReceivedReport | None = None
    links: tuple[Check, ...] = ()
    remarks: tuple[Text, ...] = ()

    @property
    def sent(self) -> bool:
        return self.source in {Source.FILED, Source.RECEIVED}

    @property
    def failing(self) -> list[Check]:
        """Every relation of its tables that fails, R5 apart."""
        return [] if self.report is None else [check for check in self.report.checks() if not check.holds]

    @property
    def failing_links(self) -> list[Check]:
        return [check for check in self.links if not check.holds]

    def figure(self, row: str, column: str) -> int | None:
        return None if self.report is None else self.report.table3.cell(row, column)


@dataclass(frozen=True, slots=True)
class Region:
    """A year of a region: its units, their sum, and R5 between last year's units and the sum.

    ``filed_links``: R5 against the region's own report as filed last year, where there is one and the same units are
    in it.
    """

    agency: Agency
    year: int
    units: tuple[Unit, ...]
    report: Report
    links: tuple[Check, ...]
    filed_links: tuple[Check, ...] = ()
    remarks: tuple[Text, ...] = ()
    mergers: tuple[tuple[Agency, Agency], ...] = field(default=())

    @property
    def missing(self) -> list[Unit]:
        """Units that work elsewhere and have sent nothing."""
        return [unit for unit in self.units if unit.source is Source.NONE]

    @property
    def unfiled(self) -> list[Unit]:
        """Units of this system that have not signed their report yet."""
        return [unit for unit in self.units if unit.source is Source.RECORDS]

    @property
    def failing(self) -> list[Unit]:
        return [unit for unit in self.units if unit.failing or unit.failing_links]

    def unit(self, code: str) -> Unit | None:
        return next((unit for unit in self.units if unit.agency.code == code), None)


def region_report(agency: Agency, year: int) -> Report:
    """The sum alone. What comes from the records is derived in one query for all such units together."""
    return _sum(_Ground(agency, year))


def of_records_alone(agency: Agency, year: int) -> bool:
    """Whether the sum is the number of cases in the records, because no unit has filed or sent anything."""
    ground = _Ground(agency, year)
    return len(ground.of_records) == len(ground.units)


def _sum(ground: "_Ground", *, table3: Matrix | None = None) -> Report:
    """``table3``: that of all units that are counted from the records, where it has been read already."""
    agency, year = ground.top, ground.year
    sent = [counted for unit in ground.units if (counted := ground.counted(unit)) is not None]
    rest = [ground.agencies[each] for unit in ground.of_records for each in ground.reported_by(unit)]
    if not sent:
        return derived(agency, rest, year, table3=table3)
    if rest:
        sent.append(derived(agency, rest, year, table3=table3))
    return summed(agency.code, agency.name, year, sent)


def region_of(agency: Agency, year: int) -> Region:
    """Every unit with its report, its relations and R5, and the sum; one query over the cases, few others."""
    ground = _Ground(agency, year)
    units = tuple(ground.unit(pk) for pk in ground.units if ground.is_shown(pk))
    mapped = [unit for unit in units if unit.links]
    expected: Counter[str] = Counter()
    for unit in mapped:
        expected.update({check.column or TOTAL: check.right for check in unit.links})
    reports = [unit.report for unit in mapped if unit.report is not None]
    here = summed(agency.code, agency.name, year, [replace(each, table2=None, table4=None) for each in reports])
    of_records = [unit.report.table3 for unit in units if unit.source is Source.RECORDS and unit.report is not None]
    report = _sum(ground, table3=sum_of(year, of_records))
    filed, about_filed = ground.filed_links(report.table3)
    return Region(
        agency,
        year,
        units,
        report,
        tuple(year_link(carried(year - 1, expected), here.table3)) if mapped else (),
        filed,
        (*_about(units, report), *about_filed),
        tuple((ground.agencies[old], ground.agencies[unit]) for unit in ground.units for old in ground.gone_into(unit)),
    )


def _about(units: tuple[Unit, ...], report: Report) -> Iterator[Text]:
    """What the sum lacks, and what R5 of the sum could not look at."""
    if lacking := [unit for unit in units if unit.report is None]:
        yield Text(
            f"合计中没有{len(lacking)}个尚未报来的单位的数字",
            f"The sum lacks {len(lacking)} units that have sent nothing",
        )
    unlinked = sum(1 for unit in units if unit.report is not None and not unit.links)
    if unlinked:
        yield Text(
            f"有{unlinked}个单位没有上年的报告，合计的上年结转核对不包括这些单位",
            f"Last year’s report of {unlinked} units is not known; the link between the years leaves them out",
        )
    for table, words in (("table2", Text("表二", "Table 2")), ("table4", Text("表四", "Table 4"))):
        lack = [unit for unit in units if unit.sent and unit.report is not None and getattr(unit.report, table) is None]
        if lack and getattr(report, table) is not None:
            names = Text("、".join(u.agency.name for u in lack[:10]), ", ".join(u.agency.name for u in lack[:10]))
            yield Text(
                "{table}的合计不完整：{count}个单位的报告没有这张表（{names}）",
                "{table} is incomplete: the reports of {count} units lack it ({names})",
            ).format(table=words, count=len(lack), names=names)


class _Ground:
    """What is read once for a region and a year; keys are those of agencies."""

    def __init__(self, top: Agency, year: int) -> None:
        self.top, self.year = top, year
        self.mergers = Mergers.known()
        tree = {agency.pk: agency for agency in Agency.objects.within(top)}
        self.tree = tree
        self.units = [pk for pk in tree if self.mergers.reporter(pk, year) == pk]
        strangers = {each for unit in self.units for each in self.reported_by(unit)} - tree.keys()
        self.agencies = tree | (Agency.objects.in_bulk(strangers) if strangers else {})
        years = (year, year - 1)
        self.filed = _newest(
            ReportEdition.objects.filter(report__region=False, report__agency__in=list(self.agencies))
            .filter(report__year__in=years)
            .select_related("report")
            .defer("packed_cases", "parts", "report__sections")
        )
        received = ReceivedReport.objects.filter(agency__in=list(self.agencies), year__in=years).order_by("number")
        newest = {(each.agency_id, each.year): each for each in received}
        self.received = {key: each for key, each in newest.items() if each.withdrawn_at is None}

    # What a unit is ---------------------------------------------------------------------------------------------------

    def reported_by(self, unit: int) -> list[int]:
        return self.mergers.reported_by(unit, self.year)

    def gone_into(self, unit: int) -> list[int]:
        return self.reported_by(unit)[1:]

    def source(self, unit: int) -> Source:
        here = (unit, self.year)
        if self.agencies[unit].outside:
            return Source.RECEIVED if here in self.received else Source.NONE
        return Source.FILED if here in self.filed else Source.RECEIVED if here in self.received else Source.RECORDS

    def is_shown(self, unit: int) -> bool:
        """An office to which the Regulation does not apply sends no report, and is no gap (条例 54, 55)."""
        return self.agencies[unit].applies_regulation or unit in self.records or self.source(unit) is not Source.RECORDS

    @cached_property
    def of_records(self) -> list[int]:
        return [unit for unit in self.units if self.source(unit) is Source.RECORDS]

    def sent(self, unit: int) -> Report | None:
        """The report that a unit filed, or that was received from it, as it was sent."""
        source = self.source(unit)
        if source is Source.FILED:
            return Report.from_dict(self.filed[unit, self.year].content)
        return Report.from_dict(self.received[unit, self.year].content) if source is Source.RECEIVED else None

    def counted(self, unit: int) -> Report | None:
        """What was sent, as the sum takes it: with its blanks as nothing where they were explained."""
        report = self.sent(unit)
        if report is None or self.source(unit) is not Source.RECEIVED:
            return report
        return blanks_filled(report) if self.received[unit, self.year].explanation else report

    @cached_property
    def records(self) -> Mapping[int, Matrix]:
        """Table 三 by agency. Of the units that sent theirs too: whoever is counted twice would show here."""
        return matrices_of(self.agencies.values(), self.year)

    def unit(self, unit: int) -> Unit:
        agency, source, here = self.agencies[unit], self.source(unit), (unit, self.year)
        report = self.counted(unit)
        if source is Source.RECORDS:
            matrices = [self.records[each] for each in self.reported_by(unit) if each in self.records]
            report = Report(agency.code, agency.name, self.year, _together(self.year, matrices))
        before = self.carried_out(unit) if report is not None else None
        return Unit(
            agency,
            tuple(self.agencies[old] for old in self.gone_into(unit)),
            source,
            report,
            self.filed[here] if source is Source.FILED else None,
            self.received[here] if source is Source.RECEIVED else None,
            tuple(year_link(carried(self.year - 1, before), report.table3)) if report and before is not None else (),
            tuple(self.remarks(unit)),
        )

    # Last year --------------------------------------------------------------------------------------------------------

    def carried_out(self, unit: int) -> dict[str, int] | None:
        """Item 4 of last year by column, of the unit and of all that went into it; ``None``: not known of one."""
        found: Counter[str] = Counter(dict.fromkeys(COLUMNS, 0))
        for before in self.units_before(unit):
            columns = self.carried_out_of(before, records=self.source(unit) is not Source.RECEIVED)
            if columns is None:
                return None
            found.update(columns)
        return dict(found)

    def units_before(self, unit: int) -> list[int]:
        """Which units of last year go on in this one."""
        return [each for each in self.reported_by(unit) if self.mergers.reporter(each, self.year - 1) == each]

    def carried_out_of(self, before: int, *, records: bool) -> dict[str, int] | None:
        there = (before, self.year - 1)
        held = self.filed.get(there) or self.received.get(there)
        if self.agencies[before].outside and there in self.received:
            held = self.received[there]
        if held is not None:
            table = Report.from_dict(held.content).table3
            return {column: table.figure(CARRIED_OUT, column) for column in COLUMNS}
        if self.agencies[before].outside or not records:
            return None
        # One rule of dates: what the records carry out of a year is what they carry into the next (law.md 7.3).
        theirs = [
            self.records[each] for each in self.mergers.reported_by(before, self.year - 1) if each in self.records
        ]
        return {column: sum(matrix.figure(CARRIED_IN, column) for matrix in theirs) for column in COLUMNS}

    def filed_links(self, here: Matrix) -> tuple[tuple[Check, ...], list[Text]]:
        """R5 between the region's own report of last year and the sum, unless units crossed its border."""
        edition = filed_edition(self.top, self.year - 1, region=True)
        if edition is None:
            return (), []
        then = {pk for pk in self.tree if self.mergers.reporter(pk, self.year - 1) == pk}
        if then != {each for unit in self.units for each in self.units_before(unit)}:
            return (), [_CROSSED]
        return tuple(year_link(Report.from_dict(edition.content).table3, here)), []

    # Remarks ----------------------------------------------------------------------------------------------------------

    def remarks(self, unit: int) -> Iterator[Text]:
        source, here = self.source(unit), (unit, self.year)
        if source is Source.RECEIVED:
            received = self.received[here]
            if gaps := blanks(Report.from_dict(received.content)):
                words = Text("；".join(gap.zh for gap in gaps), "; ".join(gap.en for gap in gaps))
                yield (_FILLED if received.explanation else _BLANK).format(gaps=words, why=received.explanation)
        if source in {Source.RECEIVED, Source.NONE} and (count := self._cases(self.reported_by(unit))):
            yield _TWICE.format(count=count)
        for old in self.gone_into(unit):
            yield _GONE.format(name=self.agencies[old].name, unit=self.agencies[unit].name)
            if (old, self.year) in self.filed or (old, self.year) in self.received:
                yield _OWN.format(name=self.agencies[old].name, unit=self.agencies[unit].name)
            if source is Source.FILED and self._left_out(old, self.filed[here]):
                yield _LEFT_OUT.format(name=self.agencies[old].name, unit=self.agencies[unit].name)

    def _left_out(self, old: int, edition: ReportEdition) -> bool:
        """Whether the successor signed before the merger was recorded, so that nobody reports what it brought."""
        counted = edition.made_with.get("readings", {})
        return bool(counted) and self.agencies[old].code not in counted and bool(self._cases([old]))

    def _cases(self, agencies: Iterable[int]) -> int:
        found = [self.records[each] for each in agencies if each in self.records]
        return sum(matrix.figure(row, TOTAL) for matrix in found for row in (NEW, CARRIED_IN))


def _together(year: int, matrices: list[Matrix]) -> Matrix:
    return matrices[0] if len(matrices) == 1 else sum_of(year, matrices)


def _newest(editions: Iterable[ReportEdition]) -> dict[tuple[int, int], ReportEdition]:
    """The rule of ``filed_edition`` for many: the newest published, else the newest signed."""
    found: dict[tuple[int, int], ReportEdition] = {}
    for edition in sorted(editions, key=lambda each: (each.published_at is not None, each.number)):
        found[edition.report.agency_id, edition.report.year] = edition
    return found


_FILLED: Final = Text("{gaps}，按0计入合计。说明：{why}", "{gaps}, counted as nothing. Explanation: {why}")
_BLANK: Final = Text(
    "{gaps}，没有说明，合计的这些格因此也空着。请该单位补报，或者核实后说明空白就是0。",
    "{gaps}, unexplained, so these cells of the sum are blank too. Ask the unit to correct its report, or say why the "
    "blanks are nothing.",
)
_TWICE: Final = Text(
    "本系统里另有该单位本年的{count}件申请，不重复计入合计，只以收到的报告为准。",
    "The records hold {count} of the unit’s applications of that year as well; they are not counted again, only what "
    "was received is.",
)
_GONE: Final = Text("{name}已并入{unit}，由{unit}一并报告", "{name} went into {unit}, which reports for both")
_OWN: Final = Text(
    "{name}另有自己的本年报告，没有计入合计，以免重复。请核对{unit}的报告是否已经包括。",
    "{name} has a report of its own for that year, which is not counted, lest it be counted twice. Make sure that the "
    "report of {unit} includes it.",
)
_LEFT_OUT: Final = Text(
    "{unit}的报告在登记合并以前签发，没有包括{name}的申请，合计因此缺少这些申请。请{unit}另编新版。",
    "{unit} signed before the merger was recorded, so the applications of {name} are in no report and missing from the "
    "sum. {unit} has to make a new edition.",
)
_CROSSED: Final = Text(
    "有单位并出或者并入本区域，合计不能与上年报出的区域年报逐列核对",
    "Units went into or out of the region, so the sum can’t be held against the region’s report of last year",
)
