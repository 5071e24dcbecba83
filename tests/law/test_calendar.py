"""Working days against the notices' own words and against two packages that keep the same days."""

import random
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from casework.law.calendar import Calendar, DayKind, published
from casework.law.editions import EDITIONS, HOLIDAYS, Notice, Overlay, notice
from casework.law.refusals import Refused
from casework.law.words import Text

FIRST, LAST = date(2008, 1, 1), date(2026, 12, 31)
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def stepped(start: date, days: int, calendar: Calendar) -> date:
    """The slow way: one day after the other."""
    while days:
        start += timedelta(days=1)
        days -= calendar.is_workday(start)
    return start


def test_every_day_from_2008_to_2026_agrees_with_chinesecalendar() -> None:
    calendar = published()
    assert [on for on in EVERY_DAY if calendar.is_workday(on) != chinese_calendar.is_workday(on)] == []


def test_every_day_from_2008_to_2026_agrees_with_holidays() -> None:
    calendar, other = published(), holidays.country_holidays("CN", years=range(2008, 2027))
    assert [on for on in EVERY_DAY if calendar.is_workday(on) != other.is_working_day(on)] == []


def test_the_kind_of_a_day_never_contradicts_the_count() -> None:
    calendar = published()
    assert [on for on in EVERY_DAY if calendar.day(on).is_workday != calendar.is_workday(on)] == []
    assert not any(calendar.day(on).provisional for on in EVERY_DAY)


def test_every_notice_lies_in_or_beside_its_year_and_swaps_weekends_only() -> None:
    for edition in EDITIONS:
        for each in edition.notices:
            for on in (*each.off, *each.make_up):
                assert date(edition.year - 1, 12, 25) < on <= date(edition.year, 12, 31)
            assert all(on.weekday() >= 5 for on in each.make_up)
    assert [edition.year for edition in EDITIONS] == list(range(2008, 2027))
    assert [edition.year for edition in EDITIONS if not edition.verified] == [2008]


@pytest.mark.parametrize(
    ("on", "kind", "name", "edition"),
    [
        (date(2024, 2, 9), DayKind.WORKDAY, None, "国办发明电〔2023〕7号"),  # 除夕 2024: legally a working day
        (date(2025, 1, 28), DayKind.HOLIDAY, "春节", "国办发明电〔2024〕12号"),
        (date(2022, 10, 8), DayKind.MAKEUP, "国庆节", "国办发明电〔2021〕11号"),
        (date(2011, 12, 31), DayKind.MAKEUP, "元旦", "国办发明电〔2011〕45号"),  # fixed by the next year's notice
        (date(2018, 12, 31), DayKind.HOLIDAY, "元旦", "国办发明电〔2018〕15号"),
        (date(2019, 5, 2), DayKind.HOLIDAY, "劳动节", "国办发明电〔2019〕3号"),  # changed within the year
        (date(2019, 4, 28), DayKind.MAKEUP, "劳动节", "国办发明电〔2019〕3号"),
        (date(2020, 2, 1), DayKind.HOLIDAY, "春节", "国办发明电〔2020〕1号"),  # had been a make-up workday
        (date(2020, 1, 28), DayKind.HOLIDAY, "春节", "国办发明电〔2019〕16号"),
        (date(2015, 9, 4), DayKind.HOLIDAY, "抗战胜利70周年纪念日", "国发明电〔2015〕1号"),
        (date(2015, 9, 6), DayKind.MAKEUP, "抗战胜利70周年纪念日", "国发明电〔2015〕1号"),
        (date(2026, 11, 14), DayKind.WEEKEND, None, "国办发明电〔2025〕7号"),
    ],
)
def test_a_day_names_its_holiday_and_the_notice_that_fixed_it(
    on: date, kind: DayKind, name: str | None, edition: str
) -> None:
    day = published().day(on)
    assert (day.kind, day.name.zh if day.name else None, day.edition) == (kind, name, edition)


def test_adding_working_days_equals_stepping() -> None:
    calendar, dice = published(), random.Random(711)
    for _ in range(400):
        start = FIRST + timedelta(days=dice.randrange(7500))
        days = dice.randrange(1, 61)
        assert calendar.add_workdays(start, days) == stepped(start, days, calendar)


def test_counting_between_is_the_inverse_of_adding() -> None:
    calendar, dice = published(), random.Random(33)
    for _ in range(400):
        start, days = FIRST + timedelta(days=dice.randrange(9000)), dice.randrange(1, 500)
        assert calendar.workdays_between(start, calendar.add_workdays(start, days)) == days
    assert calendar.workdays_between(date(2025, 3, 3), date(2025, 3, 1)) == 0


def test_a_period_rolls_over_rest_days_but_not_over_a_worked_weekend() -> None:
    calendar = published()
    assert calendar.roll_forward(date(2025, 10, 4)) == date(2025, 10, 9)
    assert calendar.roll_forward(date(2025, 10, 11)) == date(2025, 10, 11)


def test_days_past_the_last_notice_are_estimates() -> None:
    calendar = published()
    assert calendar.known(LAST)
    assert not calendar.known(date(2027, 1, 1))
    assert calendar.day(date(2027, 1, 1)).provisional
    assert calendar.day(date(2027, 1, 1)).edition == ""
    assert calendar.is_workday(date(2030, 6, 3))
    assert not calendar.is_workday(date(2030, 6, 2))


@pytest.mark.parametrize("on", [date(1900, 1, 1), date(2007, 12, 31), date(2041, 1, 1), date(9999, 12, 31)])
def test_a_day_outside_the_calendar_is_refused_with_a_sentence(on: date) -> None:
    calendar = published()
    for ask in (calendar.is_workday, calendar.day, calendar.roll_forward, lambda d: calendar.add_workdays(d, 1)):
        with pytest.raises(Refused, match="推算"):
            ask(on)


def test_a_working_day_must_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least one"):
        published().add_workdays(date(2025, 1, 1), 0)


def test_a_gap_between_editions_is_noticed() -> None:
    with pytest.raises(ValueError, match="gap"):
        Calendar([edition for edition in EDITIONS if edition.year != 2015])


def test_a_region_lays_its_own_days_over_the_national_ones() -> None:
    """凉府办发〔2010〕31号: Liangshan's torch festival and Yi new year of 2011."""
    torch, anniversary = Text("火把节", "Torch Festival"), Text("州庆", "Prefecture anniversary")
    own = Notice(
        "凉府办发〔2010〕31号",
        date(2010, 12, 20),
        off={date(2011, 7, 25) + timedelta(days=n): torch for n in range(5)} | {date(2011, 10, 8): anniversary},
        make_up={date(2011, 7, 31): torch},
    )
    national = published()
    regional = national.with_overlays(Overlay("513400", own))
    assert regional.day(date(2011, 7, 26)).edition == "凉府办发〔2010〕31号"
    assert regional.is_workday(date(2011, 7, 31))
    assert national.is_workday(date(2011, 10, 8))  # a national make-up day that the region has off
    assert not regional.is_workday(date(2011, 10, 8))
    assert national.add_workdays(date(2011, 7, 22), 1) == date(2011, 7, 25)
    assert regional.add_workdays(date(2011, 7, 22), 1) == date(2011, 7, 31)


@pytest.mark.parametrize("line", ["春节 2-10..2-1", "春节 2-30", "狂欢节 2-1"])
def test_a_slip_in_the_table_is_noticed(line: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        notice(2024, "国办发明电〔2023〕7号", "2023-10-25", line)
    assert all(name.en for name in HOLIDAYS.values())
