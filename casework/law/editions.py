"""The State Council's holiday notices, year by year, as the notices word them.

One line a holiday: its name, the days off, then ``+`` and each weekend day worked in exchange (调休上班).
A date of another year than the edition's is written with its year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from casework.law.words import Text


@dataclass(frozen=True, slots=True)
class Notice:
    """One document that fixes days off and weekend days worked."""

    number: str
    issued_on: date | None
    off: Mapping[date, Text]
    make_up: Mapping[date, Text]
    verified: bool = True
    """False when the number was found in secondary lists only, not on a copy of the notice itself."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A year's arrangement: the yearly notice and what was changed within the year, the later one prevailing."""

    year: int
    notices: tuple[Notice, ...]
    off: Mapping[date, Notice] = field(init=False, repr=False)
    make_up: Mapping[date, Notice] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        off: dict[date, Notice] = {}
        make_up: dict[date, Notice] = {}
        for notice in self.notices:
            for day in notice.off:
                make_up.pop(day, None)
                off[day] = notice
            for day in notice.make_up:
                off.pop(day, None)
                make_up[day] = notice
        object.__setattr__(self, "off", MappingProxyType(off))
        object.__setattr__(self, "make_up", MappingProxyType(make_up))

    @property
    def number(self) -> str:
        """The document number of the yearly notice."""
        return self.notices[0].number

    @property
    def issued_on(self) -> date | None:
        return self.notices[0].issued_on

    @property
    def verified(self) -> bool:
        return all(notice.verified for notice in self.notices)


@dataclass(frozen=True, slots=True)
class Overlay:
    """Days that only a region has off or works (放假办法 4), laid over the national editions."""

    region: str
    notice: Notice


HOLIDAYS: Mapping[str, Text] = MappingProxyType(
    {
        name.zh: name
        for name in (
            Text("元旦", "New Year's Day"),
            Text("春节", "Spring Festival"),
            Text("清明节", "Tomb-sweeping Day"),
            Text("劳动节", "Labour Day"),
            Text("端午节", "Dragon Boat Festival"),
            Text("中秋节", "Mid-Autumn Festival"),
            Text("国庆节", "National Day"),
            Text("国庆节、中秋节", "National Day and Mid-Autumn Festival"),
            Text("抗战胜利70周年纪念日", "70th anniversary of victory in the War of Resistance"),
        )
    }
)


def notice(year: int, number: str, issued_on: str, lines: str, *, verified: bool = True) -> Notice:
    """Read the lines of one notice; ``ValueError`` or ``KeyError`` on a slip of the pen."""
    off: dict[date, Text] = {}
    make_up: dict[date, Text] = {}
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, *days = line.split()
        for day in days:
            target = make_up if day.startswith("+") else off
            first, _, last = day.removeprefix("+").partition("..")
            _fill(target, _date(year, first), _date(year, last or first), HOLIDAYS[name])
    issued = date.fromisoformat(issued_on) if issued_on else None
    return Notice(number, issued, MappingProxyType(off), MappingProxyType(make_up), verified)


def _fill(target: dict[date, Text], first: date, last: date, name: Text) -> None:
    if last < first:
        raise ValueError(f"{first}..{last}")
    for offset in range((last - first).days + 1):
        target[first + timedelta(days=offset)] = name


def _date(year: int, text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    return date(*parts) if len(parts) == 3 else date(year, *parts)


EDITIONS: tuple[Edition, ...] = (
    Edition(2008, (notice(2008, "国办发明电〔2007〕52号", "", """
        元旦 2007-12-30..1-1 +2007-12-29
        春节 2-6..2-12 +2-2 +2-3
        清明节 4-4..4-6
        劳动节 5-1..5-3 +5-4
        端午节 6-7..6-9
        中秋节 9-13..9-15
        国庆节 9-29..10-5 +9-27 +9-28
        """, verified=False),)),
    Edition(2009, (notice(2009, "国办发明电〔2008〕42号", "", """
        元旦 1-1..1-3 +1-4
        春节 1-25..1-31 +1-24 +2-1
        清明节 4-4..4-6
        劳动节 5-1..5-3
        端午节 5-28..5-30 +5-31
        国庆节、中秋节 10-1..10-8 +9-27 +10-10
        """),)),
    Edition(2010, (notice(2010, "国办发明电〔2009〕27号", "2009-12-07", """
        元旦 1-1..1-3
        春节 2-13..2-19 +2-20 +2-21
        清明节 4-3..4-5
        劳动节 5-1..5-3
        端午节 6-14..6-16 +6-12 +6-13
        中秋节 9-22..9-24 +9-19 +9-25
        国庆节 10-1..10-7 +9-26 +10-9
        """),)),
    Edition(2011, (notice(2011, "国办发明电〔2010〕40号", "2010-12-09", """
        元旦 1-1..1-3
        春节 2-2..2-8 +1-30 +2-12
        清明节 4-3..4-5 +4-2
        劳动节 4-30..5-2
        端午节 6-4..6-6
        中秋节 9-10..9-12
        国庆节 10-1..10-7 +10-8 +10-9
        """),)),
    Edition(2012, (notice(2012, "国办发明电〔2011〕45号", "2011-12-05", """
        元旦 1-1..1-3 +2011-12-31
        春节 1-22..1-28 +1-21 +1-29
        清明节 4-2..4-4 +3-31 +4-1
        劳动节 4-29..5-1 +4-28
        端午节 6-22..6-24
        国庆节、中秋节 9-30..10-7 +9-29
        """),)),
    Edition(2013, (notice(2013, "国办发明电〔2012〕33号", "2012-12-08", """
        元旦 1-1..1-3 +1-5 +1-6
        春节 2-9..2-15 +2-16 +2-17
        清明节 4-4..4-6 +4-7
        劳动节 4-29..5-1 +4-27 +4-28
        端午节 6-10..6-12 +6-8 +6-9
        中秋节 9-19..9-21 +9-22
        国庆节 10-1..10-7 +9-29 +10-12
        """),)),
    Edition(2014, (notice(2014, "国办发明电〔2013〕28号", "2013-12-11", """
        元旦 1-1
        春节 1-31..2-6 +1-26 +2-8
        清明节 4-5 4-7
        劳动节 5-1..5-3 +5-4
        端午节 6-2
        中秋节 9-8
        国庆节 10-1..10-7 +9-28 +10-11
        """),)),
    Edition(2015, (
        notice(2015, "国办发明电〔2014〕28号", "2014-12-16", """
        元旦 1-1..1-3 +1-4
        春节 2-18..2-24 +2-15 +2-28
        清明节 4-5 4-6
        劳动节 5-1
        端午节 6-20 6-22
        中秋节 9-27
        国庆节 10-1..10-7 +10-10
        """),
        notice(2015, "国发明电〔2015〕1号", "2015-05-13", "抗战胜利70周年纪念日 9-3..9-5 +9-6"),
    )),
    Edition(2016, (notice(2016, "国办发明电〔2015〕18号", "2015-12-10", """
        元旦 1-1
        春节 2-7..2-13 +2-6 +2-14
        清明节 4-4
        劳动节 5-1 5-2
        端午节 6-9..6-11 +6-12
        中秋节 9-15..9-17 +9-18
        国庆节 10-1..10-7 +10-8 +10-9
        """),)),
    Edition(2017, (notice(2017, "国办发明电〔2016〕17号", "2016-12-01", """
        元旦 1-1 1-2
        春节 1-27..2-2 +1-22 +2-4
        清明节 4-2..4-4 +4-1
        劳动节 5-1
        端午节 5-28..5-30 +5-27
        国庆节、中秋节 10-1..10-8 +9-30
        """),)),
    Edition(2018, (notice(2018, "国办发明电〔2017〕12号", "2017-11-30", """
        元旦 1-1
        春节 2-15..2-21 +2-11 +2-24
        清明节 4-5..4-7 +4-8
        劳动节 4-29..5-1 +4-28
        端午节 6-18
        中秋节 9-24
        国庆节 10-1..10-7 +9-29 +9-30
        """),)),
    Edition(2019, (
        notice(2019, "国办发明电〔2018〕15号", "2018-12-04", """
        元旦 2018-12-30..1-1 +2018-12-29
        春节 2-4..2-10 +2-2 +2-3
        清明节 4-5
        劳动节 5-1
        端午节 6-7
        中秋节 9-13
        国庆节 10-1..10-7 +9-29 +10-12
        """),
        notice(2019, "国办发明电〔2019〕3号", "2019-03-22", "劳动节 5-1..5-4 +4-28 +5-5"),
    )),
    Edition(2020, (
        notice(2020, "国办发明电〔2019〕16号", "2019-11-21", """
        元旦 1-1
        春节 1-24..1-30 +1-19 +2-1
        清明节 4-4..4-6
        劳动节 5-1..5-5 +4-26 +5-9
        端午节 6-25..6-27 +6-28
        国庆节、中秋节 10-1..10-8 +9-27 +10-10
        """),
        notice(2020, "国办发明电〔2020〕1号", "2020-01-26", "春节 1-31..2-2"),
    )),
    Edition(2021, (notice(2021, "国办发明电〔2020〕27号", "2020-11-25", """
        元旦 1-1..1-3
        春节 2-11..2-17 +2-7 +2-20
        清明节 4-3..4-5
        劳动节 5-1..5-5 +4-25 +5-8
        端午节 6-12..6-14
        中秋节 9-19..9-21 +9-18
        国庆节 10-1..10-7 +9-26 +10-9
        """),)),
    Edition(2022, (notice(2022, "国办发明电〔2021〕11号", "2021-10-25", """
        元旦 1-1..1-3
        春节 1-31..2-6 +1-29 +1-30
        清明节 4-3..4-5 +4-2
        劳动节 4-30..5-4 +4-24 +5-7
        端午节 6-3..6-5
        中秋节 9-10..9-12
        国庆节 10-1..10-7 +10-8 +10-9
        """),)),
    Edition(2023, (notice(2023, "国办发明电〔2022〕16号", "2022-12-08", """
        元旦 2022-12-31..1-2
        春节 1-21..1-27 +1-28 +1-29
        清明节 4-5
        劳动节 4-29..5-3 +4-23 +5-6
        端午节 6-22..6-24 +6-25
        国庆节、中秋节 9-29..10-6 +10-7 +10-8
        """),)),
    Edition(2024, (notice(2024, "国办发明电〔2023〕7号", "2023-10-25", """
        元旦 1-1
        春节 2-10..2-17 +2-4 +2-18
        清明节 4-4..4-6 +4-7
        劳动节 5-1..5-5 +4-28 +5-11
        端午节 6-10
        中秋节 9-15..9-17 +9-14
        国庆节 10-1..10-7 +9-29 +10-12
        """),)),
    Edition(2025, (notice(2025, "国办发明电〔2024〕12号", "2024-11-12", """
        元旦 1-1
        春节 1-28..2-4 +1-26 +2-8
        清明节 4-4..4-6
        劳动节 5-1..5-5 +4-27
        端午节 5-31..6-2
        国庆节、中秋节 10-1..10-8 +9-28 +10-11
        """),)),
    Edition(2026, (notice(2026, "国办发明电〔2025〕7号", "2025-11-04", """
        元旦 1-1..1-3 +1-4
        春节 2-15..2-23 +2-14 +2-28
        清明节 4-4..4-6
        劳动节 5-1..5-5 +5-9
        端午节 6-19..6-21
        中秋节 9-25..9-27
        国庆节 10-1..10-7 +9-20 +10-10
        """),)),
)  # fmt: skip
