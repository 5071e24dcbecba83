"""The figures behind the pictures against a count by hand, case after case and day after day."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

import pytest
from chinese_calendar import is_workday
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from casework import annual
from casework.annual import pictures, statistics
from casework.exports.pictures import Picture
from casework.law.outcomes import OUTCOMES, ApplicantKind, Group, Outcome
from casework.law.receipt import Channel
from casework.models import Agency
from tests.cast import Cast, cast
from tests.law.oracle import nth_workday
from tests.ledgers import as_csv, row, table, take_in

pytestmark = pytest.mark.django_db
YEARS = (2022, 2023, 2024)
LATER = date(2026, 1, 1)


@dataclass(frozen=True)
class Life:
    """A case of an agency as it was lived."""

    agency: str
    received: date
    kind: ApplicantKind
    channel: Channel
    extension: int
    closed: date | None
    outcome: Outcome | None

    @property
    def replied(self) -> bool:
        return self.outcome is not None and OUTCOMES[self.outcome].group is not Group.OTHER

    @property
    def late(self) -> bool:
        return self.closed is not None and self.closed > nth_workday(self.received, 20 + self.extension)

    @property
    def days(self) -> int:
        assert self.closed is not None
        span = range(1, (self.closed - self.received).days + 1)
        return sum(is_workday(self.received + timedelta(days=day)) for day in span)


def lives(seed: int, number: int) -> list[Life]:
    """Over three years, many near a year's end; replied to on the last day, a day later, or any other day."""
    dice = random.Random(seed)
    found = []
    for _ in range(number):
        year = dice.choice(YEARS)
        received = date(year, 1, 1) + timedelta(days=dice.choice([0, 1, 30, 362, 364, dice.randrange(365)]))
        extension = dice.choice([0, 0, 0, 5, 20])
        due = nth_workday(received, 20 + extension)
        closed = dice.choice([received, due, due + timedelta(days=1), received + timedelta(days=dice.randrange(90))])
        is_open = dice.random() < 0.15
        found.append(
            Life(
                dice.choice(["230406", "230406", "230406-MZ"]),
                received,
                dice.choice(list(ApplicantKind)),
                # Those of the register that are received on the day they arrive.
                dice.choice([Channel.IN_PERSON, Channel.SIGNED_MAIL, Channel.OTHER]),
                extension,
                None if is_open else closed,
                None if is_open else dice.choice(list(Outcome)),
            )
        )
    return found


@pytest.fixture
def players() -> Cast:
    return cast()


@pytest.fixture
def lived(players: Cast, tmp_path: Path) -> list[Life]:
    found = lives(7, 150)
    for code in ("230406", "230406-MZ"):
        rows = [
            row(
                number=f"{code}-{at}",
                received_on=life.received.isoformat(),
                channel=life.channel.value,
                applicant_kind=life.kind.value,
                identity_number="",
                extension_days=str(life.extension or ""),
                outcome=life.outcome.value if life.outcome else "",
                closed_on=life.closed.isoformat() if life.closed else "",
                document_number="",
            )
            for at, life in enumerate(found)
            if life.agency == code
        ]
        take_in(as_csv(table(rows)), tmp_path, agency=code)
    return found


def region(players: Cast) -> list[Agency]:
    return list(annual.agencies_of(players.dongshan, region=True))


def by_month(days: Iterable[date]) -> tuple[int, ...]:
    counted = Counter(day.month for day in days)
    return tuple(counted[month] for month in range(1, 13))


def test_a_year_equals_the_count_by_hand(players: Cast, lived: list[Life]) -> None:
    for year in (*YEARS, 2025):
        came = [life for life in lived if life.received.year == year]
        ended = [life for life in lived if life.closed and life.closed.year == year]
        replies = [life for life in ended if life.replied]
        found = statistics.figures_of_year(region(players), year)
        assert found.received == by_month(life.received for life in came)
        assert found.closed == by_month(life.closed for life in ended if life.closed)
        assert tuple(rate.replied for rate in found.replies) == by_month(life.closed for life in replies if life.closed)
        assert tuple(rate.late for rate in found.replies) == by_month(
            life.closed for life in replies if life.closed and life.late
        )
        assert found.days == Counter((life.days, life.late) for life in replies)
        assert found.median_days == (median(life.days for life in replies) if replies else None)
        assert found.outcomes == Counter(life.outcome for life in ended)
        assert found.kinds == Counter(life.kind for life in came)
        assert found.channels == Counter(life.channel for life in came)


def test_years_and_units_beside_each_other_equal_the_count_by_hand(players: Cast, lived: list[Life]) -> None:
    lines = statistics.years_beside(region(players), until=2025)
    assert [line.year for line in lines] == [2022, 2023, 2024, 2025]
    for line in lines:
        ended = [life for life in lived if life.closed and life.closed.year == line.year]
        replies = [life for life in ended if life.replied]
        assert line.received == sum(life.received.year == line.year for life in lived)
        assert line.rate == statistics.Rate(len(replies), sum(life.late for life in replies))
    units = {line.agency.code: line for line in statistics.units_beside(region(players), 2023)}
    assert set(units) == {"230406", "230406-MZ"}
    for code, unit in units.items():
        replies = [
            life for life in lived if life.agency == code and life.replied and life.closed and life.closed.year == 2023
        ]
        assert unit.rate == statistics.Rate(len(replies), sum(life.late for life in replies))
        assert unit.median_days == median(life.days for life in replies)


def test_units_sum_to_the_region_and_the_table_counts_the_same_cases(players: Cast, lived: list[Life]) -> None:
    for year in YEARS:
        matrix = annual.matrix_of(region(players), year)
        whole = statistics.figures_of_year(region(players), year)
        assert sum(whole.received) == matrix.figure("new", "total")
        assert sum(whole.closed) == matrix.figure("total", "total")
        units = statistics.units_beside(region(players), year)
        assert sum(unit.received for unit in units) == sum(whole.received)
        assert sum(unit.rate.replied for unit in units) == sum(rate.replied for rate in whole.replies)


def test_pictures_of_a_region_take_as_many_queries_as_those_of_one_agency(players: Cast, lived: list[Life]) -> None:
    def cost(agencies: list[Agency]) -> int:
        with CaptureQueriesContext(connection) as asked:
            annual.pictures_of(agencies, 2023, on=LATER, units=True)
        return len(asked)

    cost([players.dongshan])  # the calendar is read once a process
    assert cost(region(players)) == cost([players.dongshan]) <= 30


def drawn(players: Cast, year: int, on: date = LATER) -> dict[str, Picture]:
    found = annual.pictures_of(region(players), year, on=on, units=True)
    assert len({each.key for each in found}) == len(found)
    return {each.key: each for each in found}


def test_the_histogram_draws_the_limit_of_the_law_and_says_who_may_be_beyond_it(
    players: Cast, lived: list[Life]
) -> None:
    """条例 33(2): 20 working days, and more where the period was extended."""
    days = drawn(players, 2023)["days"]
    assert days.limit is not None
    assert days.labels[days.limit.before - 1].zh == "16–20"
    replies = [life for life in lived if life.replied and life.closed and life.closed.year == 2023]
    assert sum(figure or 0 for each in days.series for figure in each.figures) == len(replies)
    extended = sum(1 for life in replies if life.days > 20 and not life.late)
    assert extended
    assert f"超过20个工作日仍在期限内的有{extended}件" in days.remarks[1].zh


@pytest.mark.parametrize(("year", "limit"), [(2012, 15), (2018, 15), (2019, None), (2020, 20), (2026, 20)])
def test_the_limit_is_that_of_the_year(year: int, limit: int | None) -> None:
    """2007年条例 24(2): 15; 条例 33(2), since 15 May 2019: 20. In the year of the change none is drawn."""
    assert statistics.reply_limit(year) == limit


def test_months_to_come_are_blank_and_not_nought(players: Cast) -> None:
    figures = statistics.figures_of_year([players.dongshan], 2026)
    assert pictures.by_month(figures, 2).series[0].figures == (0, 0, *[None] * 10)


def test_units_with_few_replies_are_marked(players: Cast, lived: list[Life]) -> None:
    found = drawn(players, 2025)["units-on-time"]
    assert all("（答复" in label.zh for label in found.labels)


@given(st.dictionaries(st.integers(0, 60), st.integers(0, 9), max_size=8))
def test_the_median_of_counts_is_that_of_the_values(counts: dict[int, int]) -> None:
    values = [value for value, number in counts.items() for _ in range(number)]
    assert statistics.median_of(counts) == (median(values) if values else None)
