"""Why a case is counted where it is: year by year the row, the column, the fact behind each, and what was filed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from casework.law.calendar import day_of
from casework.law.matrix import CARRIED_IN, CARRIED_OUT, COLUMNS, NEW, ROWS, place, scope
from casework.law.outcomes import KINDS, ApplicantKind, Outcome
from casework.law.receipt import FORWARDED_RULE, Channel
from casework.law.words import Text, said
from casework.models import Case, CountChange, Counted, ReportEdition

from .filed import filed_edition
from .table3 import Standing, years_of_case

ANNUAL_FORM: Final = "国办公开办函〔2021〕30号"
CLOSING: Final = "国办公开办函〔2016〕235号 四"


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence with its source in the law; empty where the form leaves it to reason (law.md 7.3)."""

    sentence: Text
    law: str = ""


@dataclass(frozen=True, slots=True)
class FiledAs:
    """An edition in which the case was filed, and the rows and the column that counted it there."""

    edition: ReportEdition
    way_in: str
    way_out: str
    column: str


@dataclass(frozen=True, slots=True)
class CountedYear:
    """How one year's table counts a case now, why, and how it was filed."""

    standing: Standing
    way_in: Reason
    way_out: Reason
    column: Reason
    filed: tuple[FiledAs, ...]

    @property
    def as_filed(self) -> bool:
        """Whether the newest edition counted it as the records do now; true where nothing was filed."""
        if not self.filed:
            return True
        newest, now = self.filed[-1], self.standing
        return (newest.way_in, newest.way_out, newest.column) == (now.way_in, now.way_out, now.column)


def reasons_of(case: Case, *, on: date) -> list[CountedYear]:
    """Every year that counts the case, newest first, up to the year of ``on``; two queries and the editions' own."""
    years = years_of_case(case, until=on.year)
    filed = _filed(case)
    column = Reason(
        Text(
            "申请人是“{kind}”，按申请人本人而不按代理人归类。",
            "The applicant is “{kind}”: the applicant’s own kind counts, not the agent’s.",
        ).format(kind=KINDS[ApplicantKind(case.applicant_kind)].words),
        ANNUAL_FORM,
    )
    return [
        CountedYear(year, _in(case, year), _out(case, year, on), column, filed.get(year.year, ()))
        for year in reversed(years)
    ]


def corrections_of(case: Case) -> Iterator[tuple[CountChange, Text]]:
    """Every change of what the table counts, oldest first, with what it was before and after."""
    rows = list(case.count_changes.all())
    if not rows:
        return
    following = [*(Counted.of(row) for row in rows[1:]), Counted.of(case)]
    for row, after in zip(rows, following, strict=True):
        yield row, _changed(Counted.of(row), after)


def moves_of(case: Case, new: Counted, *, on: date) -> list[Text]:
    """What a correction would move in which year's table, and which of these years are filed already, newest first."""
    was = {standing.year: standing for standing in years_of_case(case, until=on.year)}
    becomes = {standing.year: standing for standing in _years_of(new, until=on.year)}
    return [
        _moved(case, year, was.get(year), becomes.get(year))
        for year in sorted({*was, *becomes}, reverse=True)
        if was.get(year) != becomes.get(year)
    ]


def _years_of(counted: Counted, *, until: int) -> Iterator[Standing]:
    last = counted.closed_on.year if counted.closed_on else max(until, counted.received_on.year)
    for year in range(counted.received_on.year, last + 1):
        found = scope(year, counted.received_on, counted.closed_on)
        if found is not None:
            outcome = Outcome(counted.outcome) if found.closed else None
            yield Standing(year, *place(carried_in=found.carried_in, outcome=outcome), counted.applicant_kind)


def _moved(case: Case, year: int, was: Standing | None, becomes: Standing | None) -> Text:
    edition = filed_edition(case.agency, year)
    filed = _FILED.format(number=edition.number, signed=said(day_of(edition.signed_at))) if edition else _NOT_FILED
    return _MOVES.format(year=year, was=_cells(was), becomes=_cells(becomes), filed=filed)


def _cells(standing: Standing | None) -> Text:
    if standing is None:
        return _NOWHERE
    return _CELLS.format(
        column=COLUMNS[standing.column].words, way_in=ROWS[standing.way_in].words, way_out=ROWS[standing.way_out].words
    )


def _in(case: Case, standing: Standing) -> Reason:
    received = said(case.received_on)
    if standing.way_in == CARRIED_IN:
        return Reason(
            Text(
                "{received}收到，{year}年1月1日以前没有办结，由上年结转。",
                "Received on {received} and not closed before 1 January {year}: carried in from the year before.",
            ).format(received=received, year=standing.year),
            ANNUAL_FORM,
        )
    rule = FORWARDED_RULE if case.forwarded_by else Channel(case.channel).rule
    return Reason(
        Text(
            "收到申请之日是{received}，在本年。{rule}", "The day of receipt is {received}, in this year. {rule}"
        ).format(received=received, rule=rule),
        "条例 31",
    )


def _out(case: Case, standing: Standing, on: date) -> Reason:
    if standing.way_out != CARRIED_OUT:
        assert case.closed_on is not None  # it stands in a row of results
        words = ROWS[standing.way_out].words
        decision = case.current_decision
        if decision is None or decision.dispatched_on is None:
            return Reason(_ENDED.format(closed=said(case.closed_on), outcome=words), ANNUAL_FORM)
        return Reason(_ANSWERED.format(closed=said(case.closed_on), outcome=words), CLOSING)
    signed = _signed_on(case)
    if standing.year < on.year:
        if signed is not None and signed.year == standing.year:
            return Reason(_SIGNED_ONLY.format(signed=said(signed), year=standing.year), CLOSING)
        return Reason(_OPEN_AT_END.format(year=standing.year), ANNUAL_FORM)
    return Reason(_OPEN_NOW.format(year=standing.year), ANNUAL_FORM)


def _signed_on(case: Case) -> date | None:
    decision = case.current_decision
    return day_of(decision.signed_at) if decision is not None and decision.signed_at else None


def _filed(case: Case) -> dict[int, tuple[FiledAs, ...]]:
    """The editions of the agency's own report that name the case, by year, the newest last."""
    found: dict[int, tuple[FiledAs, ...]] = {}
    years = range(case.received_on.year - 1, (case.closed_on or date.max).year + 1)
    editions = ReportEdition.objects.filter(
        report__agency=case.agency_id, report__region=False, report__year__gte=years[0], report__year__lt=years.stop
    )
    head = f"{case.agency.code},{case.number},"
    changes = list(case.count_changes.all())
    for edition in editions.select_related("report").order_by("report__year", "number"):
        year = edition.report.year
        then = Counted.of(next((row for row in changes if row.at > edition.signed_at), case))
        for line in edition.case_lines():
            if line.startswith(head):
                column, way_in, way_out = line.removeprefix(head).split(",")
                # Numbers may begin anew each year: another year's case with this number is not this one.
                if (way_in == NEW) == (then.received_on.year == year) and then.received_on.year <= year:
                    found[year] = (*found.get(year, ()), FiledAs(edition, way_in, way_out, column))
    return found


def _changed(was: Counted, now: Counted) -> Text:
    parts = []
    if was.received_on != now.received_on:
        parts.append(_RECEIVED.format(was=said(was.received_on), now=said(now.received_on)))
    if was.applicant_kind != now.applicant_kind:
        kinds = (KINDS[ApplicantKind(each.applicant_kind)].words for each in (was, now))
        parts.append(_KIND.format(was=next(kinds), now=next(kinds)))
    if was.closed_on != now.closed_on:
        parts.append(_CLOSED.format(was=was.end, now=now.end))
    if was.outcome and now.outcome and was.outcome != now.outcome:
        parts.append(_OUTCOME.format(was=ROWS[was.outcome].words, now=ROWS[now.outcome].words))
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


_ANSWERED: Final = Text(
    "答复于{closed}送出，结果是“{outcome}”。办结以送出之日为准，不以签发之日为准。",
    "The reply left on {closed}: “{outcome}”. A case is closed on the day its reply leaves, not when it is signed.",
)
_ENDED: Final = Text("{closed}办结，结果是“{outcome}”。", "Closed on {closed}: “{outcome}”.")
_SIGNED_ONLY: Final = Text(
    "虽然于{signed}签发，到{year}年12月31日24时还没有送出，结转下年度。",
    "Signed on {signed}, but it had not left by the end of 31 December {year}: carried out to the next year.",
)
_OPEN_AT_END: Final = Text(
    "到{year}年12月31日24时没有办结，结转下年度。",
    "Not closed by the end of 31 December {year}: carried out to the next year.",
)
_OPEN_NOW: Final = Text(
    "还没有办结。到{year}年12月31日仍未送出答复的，结转下年度。",
    "Not closed yet. If no reply has left by 31 December {year}, it is carried out to the next year.",
)
_MOVES: Final = Text(
    "{year}年表三：由{was}改为{becomes}。{filed}", "Table 3 of {year}: from {was} to {becomes}. {filed}"
)
_CELLS: Final = Text("“{column}”列的“{way_in}”“{way_out}”", "“{way_in}” and “{way_out}” under “{column}”")
_NOWHERE: Final = Text("不计入", "not counted")
_FILED: Final = Text(
    "该年度报告第{number}版已于{signed}签发，报告中的数字不改动，差异写入衔接说明。",
    "Edition {number} of that report was signed on {signed}: its figures stay, and the difference is explained in the "
    "note of reconciliation.",
)
_NOT_FILED: Final = Text("该年度报告还没有签发，数字随之改变。", "That report is not signed yet: its figures change.")
_RECEIVED: Final = Text("收到日期由{was}改为{now}", "day of receipt from {was} to {now}")
_KIND: Final = Text("申请人类型由“{was}”改为“{now}”", "kind of applicant from “{was}” to “{now}”")
_CLOSED: Final = Text("办结日期由{was}改为{now}", "day of closing from {was} to {now}")
_OUTCOME: Final = Text("办理结果由“{was}”改为“{now}”", "outcome from “{was}” to “{now}”")
