"""An administrator says how the next numbers are written, and where a year begins that was begun elsewhere.

A number that was given is never given again and none is passed over: the serial goes on, whatever stands around it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from casework.access import AgencyAct, check_may_for_agency
from casework.law.calendar import day_of
from casework.law.letters import LETTERS
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.letters import numbers
from casework.models import Agency, Numbering, NumberSeries, SettingChange, Staff
from casework.models.numbering import NumberForm

from . import numbering
from .record import clean

#: What a serial may begin with elsewhere; a slip of typing is not to cost a million numbers.
MOST_ELSEWHERE: Final = 99_999
_BEFORE: Final = re.compile(r"[0-9A-Za-z\u4e00-\u9fff〔\[(（./-]*[A-Za-z\u4e00-\u9fff〔\[(（./-]|")
_BETWEEN: Final = re.compile(r"[\u4e00-\u9fff〕\])）./-]+")
_AFTER: Final = re.compile(r"[\u4e00-\u9fff〕\])）]*")


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an office in a year: its form, the last serial that was given, and the number after it."""

    kind: str
    words: Text
    form: NumberForm
    year: int
    last: int

    @property
    def is_of_letters(self) -> bool:
        return self.kind != numbering.SERIES

    @property
    def newest(self) -> str:
        """The last number as it is written now; empty before the first."""
        return self.form.written(self.year, self.last) if self.last else ""

    @property
    def next(self) -> str:
        return self.form.written(self.year, self.last + 1)


def series_of(agency: Agency, year: int) -> Iterator[Series]:
    """Of the cases first, then of the letters in the order of their table; three queries."""
    last = dict(NumberSeries.objects.filter(agency=agency, year=year).values_list("kind", "last"))
    chosen: dict[str, NumberForm] = {}
    for row in agency.numberings.filter(from_year__lte=year):
        chosen.setdefault(row.kind, row.form)
    for kind, words in KINDS.items():
        yield Series(kind, words, chosen.get(kind) or house_form(agency, kind), year, last.get(kind, 0))


def house_form(agency: Agency, kind: str) -> NumberForm:
    """As numbers are written where the office chose nothing."""
    if kind == numbering.SERIES:
        return numbering.house_form(agency)
    return numbers.house_form(agency, kind.removeprefix(numbers.KIND))


def renumber(
    agency: Agency,
    kind: str,
    *,
    form: NumberForm,
    next_year: bool = False,
    elsewhere: int = 0,
    by: Staff,
    at: datetime,
) -> Numbering | None:
    """Write numbers so from the next one on, or from the first of next year; ``None`` where nothing differs.

    ``elsewhere``: the last serial of the year that was given outside of this system; only before it gave the first.
    """
    check_may_for_agency(by, AgencyAct.CHANGE_NUMBERING, agency)
    form = checked_form(kind, form)
    year = day_of(at).year + next_year
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        now = {series.kind: series for series in series_of(agency, year)}
        if kind not in now:
            raise Refused(Text("没有这种编号。", "There is no such series."))
        if form == now[kind].form and not elsewhere:
            return None
        for other in now.values():
            if other.kind != kind and other.form.before == form.before and other.form.between == form.between:
                raise Refused(_SAME.format(what=other.words), field="before")
        _check_elsewhere(now[kind], elsewhere)
        made = Numbering(
            agency=agency,
            kind=kind,
            from_year=year,
            before=form.before,
            between=form.between,
            after=form.after,
            width=form.width,
            elsewhere=elsewhere,
            at=at,
            by=by,
        )
        made.save()
        if elsewhere:
            NumberSeries.advance(agency, kind, year, elsewhere)
        before, after = (series.form.written(year, series.last + 1) for series in (now[kind], _of(agency, kind, year)))
        SettingChange(agency=agency, field="numbering", before=before, after=after, at=at, by=by).save()
    return made


def checked_form(kind: str, form: NumberForm) -> NumberForm:
    """The form as it may be stored; raises ``Refused`` with the field.

    Of a letter only the organ's own words and the kind's are free: brackets, year and serial are as GB/T 9704 wants.
    """
    before, between, after = (
        clean(text, field, longest=longest, required=field == "between", lines=False).replace(" ", "")
        for field, text, longest in (
            ("before", form.before, 24),
            ("between", form.between, 6),
            ("after", form.after, 6),
        )
    )
    if kind != numbering.SERIES:
        words = before.removesuffix("〔")
        if not re.fullmatch(r"[\u4e00-\u9fff]{2,20}", words):
            raise Refused(_WORDS, field="before")
        return NumberForm(f"{words}〔", "〕", "号", 1)
    for field, text, pattern in (("before", before, _BEFORE), ("between", between, _BETWEEN), ("after", after, _AFTER)):
        if not pattern.fullmatch(text):
            raise Refused(_SIGNS[field], field=field)
    if not 4 <= form.width <= 8:
        raise Refused(Text("顺序号为4至8位。", "A serial has 4 to 8 digits."), field="width")
    return NumberForm(before, between, after, form.width)


def _check_elsewhere(series: Series, elsewhere: int) -> None:
    if elsewhere and series.last:
        raise Refused(_BEGUN.format(number=series.newest), field="elsewhere")
    if not 0 <= elsewhere <= MOST_ELSEWHERE:
        raise Refused(Text("请填写0至99999之间的整数。", "A whole number from 0 to 99,999."), field="elsewhere")


def _of(agency: Agency, kind: str, year: int) -> Series:
    return next(series for series in series_of(agency, year) if series.kind == kind)


def _kinds() -> Iterator[tuple[str, Text]]:
    yield numbering.SERIES, Text("申请的登记编号", "Numbers of applications")
    titles: dict[str, list[Text]] = {}
    for row in LETTERS.values():
        if row.series:
            titles.setdefault(row.series, []).append(row.title)
    for series, named in titles.items():
        more = Text(f"等{len(named)}种", f" and {len(named) - 1} more") if len(named) > 1 else Text("", "")
        yield numbers.key(series), Text(f"{named[0].zh}{more.zh}", f"{named[0].en}{more.en}")


#: Every kind of number that an office gives, with its words.
KINDS: Final[dict[str, Text]] = dict(_kinds())
_WORDS: Final = Text(
    "机关代字和文种字用2至20个汉字；年份、括号和顺序号的写法由公文格式规定（GB/T 9704 7.2.5）。",
    "Two to twenty Chinese characters; year, brackets and serial are as the standard of documents wants.",
)
_SIGNS: Final = {
    "before": Text(
        "年份前面只能有汉字、字母、数字、括号、点、斜线和连字符，并且不能以数字结尾。",
        "Before the year: characters, letters, digits, brackets, dots, slashes, hyphens; no digit at its end.",
    ),
    "between": Text(
        "年份和顺序号之间应当有括号、点、斜线、连字符或者汉字，不能有数字和字母。",
        "Between year and serial: a bracket, dot, slash, hyphen or character; no digits or letters.",
    ),
    "after": Text("顺序号后面只能有汉字和括号。", "After the serial: characters and brackets alone."),
}
_SAME: Final = Text(
    "与“{what}”的编号写法相同，两种编号会混在一起。", "“{what}” is numbered so already; the two would mix."
)
_BEGUN: Final = Text(
    "本系统已经编到{number}，编号不能跳过、不能重来。", "The last number here is {number}; none is skipped or repeated."
)
