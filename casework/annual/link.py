"""R5 against what was filed: item 2 of this year beside item 4 of last year's report, and why they differ.

What was filed stays, and item 2 shows what the records give: a difference is explained case by case in a note of
reconciliation and is never smoothed away (law.md 7.2, 7.10).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from casework.law.calendar import day_of
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, NEW, TOTAL, Check, Matrix, year_link
from casework.law.outcomes import KINDS, ApplicantKind
from casework.law.words import Text, said
from casework.models import Agency, Case, CountChange, Counted, Event, ReportEdition

from .before import Before, before_of
from .region import of_records_alone, region_of, region_report
from .table3 import agencies_of, cases_of_cell, matrix_of

NAMED: Final = 200
"""So many cases that entered, and so many that left, are looked up and named; a longer note is not read."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A case that last year's report carried out otherwise than this year's table carries it in."""

    number: str
    agency_code: str
    filed: str
    """Its column in item 4 as filed; empty if it was not there."""
    now: str
    """Its column in item 2 now; empty if it is not there."""
    why: Text
    pk: int | None = None

    @property
    def sentence(self) -> Text:
        return _SENTENCES[bool(self.filed), bool(self.now)].format(
            number=self.number,
            filed=COLUMNS[self.filed].words if self.filed else "",
            now=COLUMNS[self.now].words if self.now else "",
            why=self.why,
        )


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Item 2 of a year beside item 4 of the year before, column by column, and the cases between them."""

    year: int
    before: Before | None
    """What was filed; without it the year before is derived from the records and R5 holds by construction."""
    checks: tuple[Check, ...]
    moved: tuple[Moved, ...] = ()

    @property
    def edition(self) -> ReportEdition | None:
        """What the agency itself filed, or another that is part of it now."""
        return self.before.editions[0][0] if self.before else None

    @property
    def several(self) -> bool:
        """Whether more than one organ stands behind last year's item 4."""
        return self.before is not None and len(self.before.editions) + len(self.before.unfiled) > 1

    @property
    def holds(self) -> bool:
        """Whether every column agrees; single cases may still have changed places."""
        return all(check.holds for check in self.checks)

    @property
    def sentences(self) -> tuple[Text, ...]:
        """The note of reconciliation; empty where nothing differs."""
        return tuple(self._said()) if self.before is not None and (self.moved or not self.holds) else ()

    def _said(self) -> Iterator[Text]:
        assert self.before is not None  # asked by ``sentences``
        total = next(check for check in self.checks if check.column == TOTAL)
        yield _HEAD.format(
            last=self.year - 1, year=self.year, filed=total.right, now=total.left, editions=_editions(self.before)
        )
        failing = [check for check in self.checks if not check.holds and check.column != TOTAL]
        if failing:
            yield _COLUMNS.format(columns=_listed(failing))
        for moved in self.moved:
            yield moved.sentence
        for check in self.checks:
            named = sum(
                (check.column in (moved.now, TOTAL) and bool(moved.now))
                - (check.column in (moved.filed, TOTAL) and bool(moved.filed))
                for moved in self.moved
            )
            if check.left - check.right != named:
                yield _UNNAMED.format(
                    column=COLUMNS[check.column or TOTAL].words, n=abs(check.left - check.right - named)
                )
        yield _TAIL.format(last=self.year - 1)


def reconciliation(
    agency: Agency,
    year: int,
    *,
    region: bool = False,
    this: Matrix | None = None,
    agencies: Sequence[Agency] | None = None,
) -> Reconciliation:
    """Item 2 of the year as the records give it now, against what the agency filed for the year before.

    ``this``, ``agencies``: the year's table and those whose cases it counts, where they have been read already.
    """
    counted = list(agencies or agencies_of(agency, region=region, year=year))
    before = before_of(agency, year, region=region, agencies=counted)
    if before is None and region and not of_records_alone(agency, year):
        return Reconciliation(year, None, region_of(agency, year).links)
    if this is None:
        this = region_report(agency, year).table3 if region else matrix_of(counted, year)
    if before is None:
        return Reconciliation(year, None, tuple(year_link(matrix_of(counted, year - 1), this)))
    checks = tuple(year_link(before.report.table3, this))
    moved = [each for edition, those in before.editions for each in _moved(list(those), year, edition)]
    return Reconciliation(year, before, checks, tuple(moved))


class _Line(NamedTuple):
    """A case as the lines of an edition name it: ``fresh`` tells numbers of the last year from older ones."""

    agency: str
    number: str
    fresh: bool
    kind: str


def _carried_out(lines: Iterable[str]) -> Iterator[_Line]:
    for line in lines:
        # A number may hold a comma, the other four can't.
        agency, rest = line.split(",", 1)
        number, kind, way_in, way_out = rest.rsplit(",", 3)
        if way_out == CARRIED_OUT:
            yield _Line(agency, number, way_in == NEW, kind)


def _moved(agencies: list[Agency], year: int, edition: ReportEdition) -> Iterator[Moved]:
    """Every case that stands in one of the two and not in the other, or in another column."""
    filed = Counter(_carried_out(edition.case_lines()))
    if not filed and edition.content["table3"]["rows"][CARRIED_OUT][-1]:
        return  # an edition without its lines is compared by figures alone
    codes = {agency.pk: agency.code for agency in agencies}
    now: defaultdict[_Line, list[int]] = defaultdict(list)
    fields = ("pk", "agency_id", "number", "year", "applicant_kind")
    for pk, agency, number, of, kind in cases_of_cell(agencies, year, CARRIED_IN, TOTAL).values_list(*fields):
        now[_Line(codes[agency], number, of == year - 1, kind)].append(pk)
    left = list((filed - Counter({line: len(those) for line, those in now.items()})).elements())[:NAMED]
    entered = {pk: line for line, those in now.items() for pk in those[filed[line] :][:NAMED]}
    found = _found(agencies, left, year=year, since=edition.signed_at)
    cases = {case.pk: case for case in Case.objects.among([*entered, *(pk for pk in found if pk is not None)])}
    rows = CountChange.objects.first_after(edition.signed_at).filter(case__in=list(cases))
    story = _Story(edition.signed_at, date(year, 1, 1), cases, {row.case_id: row for row in rows})
    for pk, line in zip(found, left, strict=True):
        same = entered.pop(pk, None) if pk is not None else None
        yield Moved(line.number, line.agency, line.kind, same.kind if same else "", story.why(pk), pk)
    for pk, line in entered.items():
        yield Moved(line.number, line.agency, "", line.kind, story.why(pk), pk)


def _found(agencies: list[Agency], lines: list[_Line], *, year: int, since: datetime) -> list[int | None]:
    """The case of each line, by the number that it has now or had when the report was signed."""
    numbers = {line.number for line in lines}
    at_hand: defaultdict[tuple[str, str], list[tuple[bool, int]]] = defaultdict(list)
    fields = ("agency__code", "number", "year", "pk")
    for code, number, of, pk in Case.objects.filter(agency__in=agencies, number__in=numbers).values_list(*fields):
        at_hand[code, number].append((of == year - 1, pk))
    renumbered = Event.objects.filter(case__agency__in=agencies, at__gt=since, payload__number_before__in=numbers)
    before = {
        (code, payload["number_before"]): pk
        for code, payload, pk in renumbered.values_list("case__agency__code", "payload", "case")
    }
    found: list[int | None] = []
    for line in lines:
        those = at_hand[line.agency, line.number]
        fitting = [pk for fresh, pk in those if fresh == line.fresh] or [pk for _fresh, pk in those]
        found.append(before.get((line.agency, line.number)) or (fitting[0] if fitting else None))
    return found


@dataclass(frozen=True, slots=True)
class _Story:
    """What has been recorded of cases since a report was signed; ``begin`` is the first day of the year after it."""

    signed_at: datetime
    begin: date
    cases: dict[int, Case]
    before: dict[int, CountChange]

    def why(self, pk: int | None) -> Text:
        case = self.cases.get(pk or 0)
        if case is None:
            return _GONE
        if case.registered_at > self.signed_at:
            return _LATE.format(received=said(case.received_on), at=said(day_of(case.registered_at)))
        row = self.before.get(case.pk)
        parts = list(self._differences(row, Counted.of(case))) if row is not None else []
        return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts)) if parts else _UNKNOWN

    def _differences(self, row: CountChange, now: Counted) -> Iterator[Text]:
        was, at = Counted.of(row), said(day_of(row.at))
        if was.received_on != now.received_on:
            yield _RECEIVED.format(was=said(was.received_on), now=said(now.received_on), at=at)
        if was.applicant_kind != now.applicant_kind:
            yield _KIND.format(was=_kind(was.applicant_kind), now=_kind(now.applicant_kind), at=at)
        if self._ended(was) == self._ended(now):
            return
        if was.closed_on is None and now.closed_on is not None:
            yield _CLOSED.format(closed=said(now.closed_on), at=at)
        else:
            yield _CLOSING.format(was=was.end, now=now.end, at=at)

    def _ended(self, counted: Counted) -> bool:
        return counted.closed_on is not None and counted.closed_on < self.begin


def _editions(before: Before) -> Text:
    """Which editions say it; of organs that have merged since, each by name."""
    parts = []
    alone = len(before.editions) + len(before.unfiled) == 1
    for edition, _those in before.editions:
        words = _EDITION.format(number=edition.number, signed=said(day_of(edition.signed_at)))
        parts.append(words if alone else _OF.format(name=edition.report.agency.name, edition=words))
    parts += [_UNFILED.format(name=unit.name) for unit in before.unfiled]
    return Text("、".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _kind(key: str) -> Text:
    return KINDS[ApplicantKind(key)].words


def _listed(checks: list[Check]) -> Text:
    sentences = [check.sentence for check in checks]
    return Text("；".join(text.zh for text in sentences), "; ".join(text.en for text in sentences))


_HEAD: Final = Text(
    "{last}年年度报告{editions}第四项“结转下年度继续办理”为{filed}件，{year}年第二项“上年结转”"
    "按现有登记为{now}件。差异说明如下：",
    "The report of {last} ({editions}) carried out {filed} under item 4; by the records as they are now {now} come "
    "into {year} under item 2. The difference is explained here:",
)
_EDITION: Final = Text("第{number}版（{signed}签发）", "edition {number}, signed on {signed}")
_OF: Final = Text("{name}{edition}", "{name}: {edition}")
_UNFILED: Final = Text("{name}（没有签发，按登记推算）", "{name}: not signed, taken from the records")
_COLUMNS: Final = Text("按申请人类型：{columns}。", "By kind of applicant: {columns}.")
_UNNAMED: Final = Text(
    "“{column}”列还有{n}件的差异不能由办件记录说明，请核对该版报告的数字。",
    "In column “{column}” a difference of {n} can't be explained from the cases; check the figures of that edition.",
)
_TAIL: Final = Text(
    "已经报送、公布的{last}年数字不作改动；需要更正的，另编新版并说明理由。",
    "The figures filed for {last} stay as they are; to correct them, make a new edition with its reason.",
)
_SENTENCES: Final[dict[tuple[bool, bool], Text]] = {
    (True, True): Text(
        "{number}：报送时列在“{filed}”，现在列在“{now}”。{why}。",
        "{number}: filed under “{filed}”, now under “{now}”. {why}.",
    ),
    (True, False): Text(
        "{number}：报送时列入结转（{filed}），现在不再结转。{why}。",
        "{number}: filed as carried out ({filed}), no longer carried. {why}.",
    ),
    (False, True): Text(
        "{number}：报送时没有列入结转，现在列入（{now}）。{why}。",
        "{number}: not filed as carried out, now carried in ({now}). {why}.",
    ),
}
_GONE: Final = Text("系统中没有这个编号的办件", "There is no case with this number on record")
_LATE: Final = Text(
    "{received}收到，{at}才登记，当时上年报告已经签发",
    "Received on {received} but registered on {at}, when last year’s report had been signed",
)
_UNKNOWN: Final = Text(
    "签发以后没有更正记录，请核对该版所附的办件清单",
    "Nothing has been corrected since the signature; check the list of cases of that edition",
)
_RECEIVED: Final = Text("{at}更正：收到日期由{was}更正为{now}", "Corrected on {at}: day of receipt from {was} to {now}")
_KIND: Final = Text(
    "{at}更正：申请人类型由“{was}”更正为“{now}”", "Corrected on {at}: kind of applicant from “{was}” to “{now}”"
)
_CLOSED: Final = Text(
    "{closed}办结，{at}才登记，当时上年报告已经签发",
    "Closed on {closed} but recorded on {at}, when last year’s report had been signed",
)
_CLOSING: Final = Text("{at}更正：办结日期由{was}更正为{now}", "Corrected on {at}: day of closing from {was} to {now}")
