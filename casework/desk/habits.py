"""How often an applicant applied, as the pages show it: in words, as a picture and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.exports.pictures import MONTHS, Kind, Picture, Series
from casework.law.words import Text
from casework.models.frequency import Frequency, Month


@dataclass(frozen=True, slots=True)
class Habits:
    """A frequency and its picture."""

    of: Frequency

    @property
    def share(self) -> str:
        return f"{float(self.of.share):.1%}"

    @property
    def picture(self) -> Picture:
        """Twelve months, each by its name alone: none of them comes twice."""
        months = self.of.months
        first, last = (
            Text(f"{day:%Y}年{day.month}月", f"{MONTHS[day.month - 1].en} {day:%Y}") for day in _ends(months)
        )
        span = Text("{first}至{last}", "{first} to {last}").format(first=first, last=last)
        return Picture(
            "habits",
            Text("近12个月每月的申请件数", "Applications in each of the last 12 months"),
            Text("{span}，共{n}件。", "{span}: {n} applications.").format(span=span, n=self.of.in_year),
            Kind.COLUMNS,
            Text("月份", "Month"),
            tuple(MONTHS[month.first_on.month - 1] for month in months),
            (Series(Text("件数", "Applications"), tuple(month.count for month in months)),),
            remarks=(span,),
        )


def _ends(months: Sequence[Month]) -> tuple[date, date]:
    return months[0].first_on, months[-1].first_on
