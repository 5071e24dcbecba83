"""Why a date is the date, in stretches: every day said once, with the kind, the number and the article it has."""

from datetime import date
from itertools import pairwise
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from casework.law import strip
from casework.law.calendar import published
from casework.law.clock import (
    Channel,
    Consultation,
    Delayed,
    Extended,
    Fact,
    Party,
    Receipt,
    SupplementRequested,
    replay,
)
from casework.law.due import ONE_DAY, Due, StepKind
from casework.law.periods import PeriodKind, period_due
from casework.law.refusals import Refused
from tests.law.test_clock_oracle import as_fact, dated, receipts, rows

CALENDAR: Final = published()
EXTENDED_OVER_A_HOLIDAY: Final[tuple[Receipt, list[Fact]]] = (
    Receipt(Channel.IN_PERSON, date(2024, 9, 2)),
    [
        Consultation(Party.THIRD_PARTY, date(2024, 9, 3), date(2024, 9, 4), date(2024, 9, 11)),
        Extended(date(2024, 9, 20), 5),
    ],
)


def run(receipt: Receipt, facts: list[Fact]) -> Due:
    return replay(receipt, facts, calendar=CALENDAR)


def drawn(due: Due) -> list[tuple[str, str, str]]:
    return [
        (f"{each.first:%m-%d}/{each.last:%m-%d}", each.kind.value, each.sentence.zh) for each in strip.stretches(due)
    ]


def test_a_period_that_met_everything_is_told_in_its_stretches() -> None:
    """Paused for a third party, over Mid-Autumn and National Day with their swapped days, and extended (law.md 4)."""
    assert drawn(run(*EXTENDED_OVER_A_HOLIDAY)) == [
        ("09-02/09-02", "start", "收到申请之日，不计算在内"),
        ("09-03/09-03", "counted", "工作日，计入：第1个工作日"),
        ("09-04/09-11", "paused", "征求第三方意见期间，不计入"),
        ("09-12/09-13", "counted", "工作日，计入：第2至第3个工作日"),
        ("09-14/09-14", "makeup", "因中秋节调休上班，计入：第4个工作日"),
        ("09-15/09-17", "holiday", "中秋节放假，不计入"),
        ("09-18/09-20", "counted", "工作日，计入：第5至第7个工作日"),
        ("09-21/09-22", "weekend", "休息日，不计入"),
        ("09-23/09-27", "counted", "工作日，计入：第8至第12个工作日"),
        ("09-28/09-28", "weekend", "休息日，不计入"),
        ("09-29/09-29", "makeup", "因国庆节调休上班，计入：第13个工作日"),
        ("09-30/09-30", "counted", "工作日，计入：第14个工作日"),
        ("10-01/10-07", "holiday", "国庆节放假，不计入"),
        ("10-08/10-11", "counted", "工作日，计入：第15至第18个工作日"),
        ("10-12/10-12", "makeup", "因国庆节调休上班，计入：第19个工作日"),
        ("10-13/10-13", "weekend", "休息日，不计入"),
        ("10-14/10-14", "counted", "工作日，计入：第20个工作日"),
        ("10-15/10-18", "extended", "延长的期限，计入：第21至第24个工作日（延长的第1至第4个）"),
        ("10-19/10-20", "weekend", "休息日，不计入"),
        ("10-21/10-21", "extended", "延长的期限，计入：第25个工作日（延长的第5个）"),
    ]


def test_each_stretch_names_its_article() -> None:
    laws = {each.kind: each.law for each in strip.stretches(run(*EXTENDED_OVER_A_HOLIDAY))}
    assert laws[StepKind.START] == "条例 31"
    assert laws[StepKind.COUNTED] == laws[StepKind.MAKEUP] == "条例 33(2)"
    assert laws[StepKind.PAUSED] == "条例 33(3)"
    assert laws[StepKind.EXTENDED] == "条例 33(2)"
    assert laws[StepKind.WEEKEND] == "国务院关于职工工作时间的规定 7"
    assert laws[StepKind.HOLIDAY] == "国办发明电〔2023〕7号"


def test_the_legend_explains_what_occurs_and_nothing_else() -> None:
    found = {each.kind: each.words.zh for each in strip.meanings(run(*EXTENDED_OVER_A_HOLIDAY))}
    assert found == {
        StepKind.COUNTED: "计入，数字是第几个工作日",
        StepKind.PAUSED: "征求第三方意见，不计",
        StepKind.MAKEUP: "中秋节、国庆节调休上班，计入",
        StepKind.HOLIDAY: "中秋节、国庆节放假，不计",
        StepKind.WEEKEND: "休息日，不计",
        StepKind.EXTENDED: "延长的期限，计入",
    }
    plain = strip.meanings(run(Receipt(Channel.IN_PERSON, date(2026, 11, 2)), []))
    assert [each.kind for each in plain] == [StepKind.COUNTED, StepKind.WEEKEND]


def test_a_reasonable_delay_is_a_stretch_of_its_own() -> None:
    """条例 35: the office has set the day."""
    due = run(Receipt(Channel.IN_PERSON, date(2026, 11, 2)), [Delayed(date(2026, 11, 9), date(2026, 12, 10))])
    last = strip.stretches(due)[-1]
    assert (last.kind, last.law, last.first, last.last) == (
        StepKind.DELAYED,
        "条例 35",
        date(2026, 12, 1),
        date(2026, 12, 10),
    )


def test_calendar_days_and_the_days_rolled_over_are_told_apart() -> None:
    """E49: the 60th day lies in the Spring Festival and rolls (行政诉讼法解释 48)."""
    stretches = strip.stretches(period_due(PeriodKind.RECONSIDERATION_60D, date(2025, 12, 19), CALENDAR))
    assert [each.kind for each in stretches][:2] == [StepKind.START, StepKind.COUNTED]
    assert "第1至第60日" in stretches[1].sentence.zh
    assert {each.kind for each in stretches[2:]} == {StepKind.ROLLED}
    assert (stretches[-1].last, stretches[-1].ends) == (date(2026, 2, 24), True)


def test_while_the_applicant_is_awaited_there_is_one_sentence() -> None:
    due = run(Receipt(Channel.IN_PERSON, date(2026, 11, 2)), [SupplementRequested(date(2026, 11, 5))])
    (only,) = strip.stretches(due)
    assert (only.kind, only.law, only.ends) == (StepKind.WAITING, "条例 30", False)


@given(receipts, st.lists(rows, max_size=5))
def test_every_day_stands_in_exactly_one_stretch_and_counts_as_its_step_says(
    on: date, lived: list[tuple[object, ...]]
) -> None:
    facts, day = [], on
    for kind, gap, *values in lived:
        day = date.fromordinal(day.toordinal() + int(str(gap)))
        facts.append(as_fact(dated(str(kind), day, tuple(values))))  # type: ignore[arg-type]
    try:
        due = run(Receipt(Channel.IN_PERSON, on), facts)
    except Refused:
        return
    found, steps = strip.stretches(due), {step.on: step for step in due.steps()}
    assert (found[0].first, found[-1].last) == (min(steps), max(steps))
    for one, other in pairwise(found):
        assert other.first == one.last + ONE_DAY
    for each in found:
        day = each.first
        while day <= each.last:
            assert (each.kind, each.counts) == (steps[day].kind, steps[day].counts)
            day += ONE_DAY
        assert each.sentence.zh
        assert "{" not in each.sentence.zh + each.sentence.en
    assert [each.ends for each in found].count(True) == (due.due_on is not None)


def test_two_opinions_one_after_the_other_are_two_stretches() -> None:
    """条例 32, 34: each pause says whose opinion it is."""
    third = Consultation(Party.THIRD_PARTY, date(2024, 9, 3), date(2024, 9, 3), date(2024, 9, 5))
    organ = Consultation(Party.OTHER_AGENCY, date(2024, 9, 5), date(2024, 9, 5), date(2024, 9, 10))
    paused = [
        each
        for each in strip.stretches(run(Receipt(Channel.IN_PERSON, date(2024, 9, 2)), [third, organ]))
        if each.kind is StepKind.PAUSED
    ]
    assert [(each.first.day, each.last.day) for each in paused] == [(4, 5), (6, 10)]
    assert "第三方" in paused[0].sentence.zh
    assert "第三方" not in paused[1].sentence.zh
