"""Words and dates in the language of the page: ``{% load words %}``."""

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import get_language

from casework.law import supplement
from casework.law.citation import cited as read_citation
from casework.law.citation import numbered
from casework.law.words import Text, said

register = template.Library()

WEEKDAYS = (
    Text("周一", "Monday"),
    Text("周二", "Tuesday"),
    Text("周三", "Wednesday"),
    Text("周四", "Thursday"),
    Text("周五", "Friday"),
    Text("周六", "Saturday"),
    Text("周日", "Sunday"),
)


def read(text: Text) -> str:
    """A bilingual text in the language of the page."""
    return text.read_in(get_language())


@register.filter
def words(value: Any) -> str:
    """``{{ outcome.word|words }}``; what is not a ``Text`` (a name, a number) is shown as it is."""
    if isinstance(value, Text):
        return read(value)
    return "" if value is None else str(value)


@register.filter
def cited(law: str | None) -> str:
    """条例 33(2), Regulation, art. 33(2)."""
    return read(read_citation(law or ""))


@register.filter
def place(number: str) -> str:
    """A place in the printed form: 三(三)5, 3(3)5."""
    return read(numbered(number))


@register.filter
def day(value: date | None) -> str:
    """2026年11月18日, 18 November 2026."""
    return "" if value is None else read(said(_date_of(value)))


@register.filter
def day_of_week(value: date | None) -> str:
    """2026年11月18日（周三）, Wednesday 18 November 2026."""
    if value is None:
        return ""
    on = _date_of(value)
    return read(Text("{day}（{name}）", "{name} {day}").format(day=said(on), name=WEEKDAYS[on.weekday()]))


@register.filter
def moment(value: datetime | None) -> str:
    """2026年11月18日 10:00, 18 November 2026, 10:00; in the office's time."""
    if value is None:
        return ""
    at = timezone.localtime(value)
    return read(Text("{day} {time}", "{day}, {time}").format(day=said(at), time=f"{at:%H:%M}"))


@register.filter
def to_the_second(value: datetime) -> str:
    """The same with seconds, as a receipt prints it: 2026年11月18日 10:00:07."""
    at = timezone.localtime(value)
    return read(Text("{day} {time}", "{day}, {time}").format(day=said(at), time=f"{at:%H:%M:%S}"))


@register.filter
def is_address(value: str) -> bool:
    """Whether a text is an address of the web that may become a link."""
    return value.startswith(("https://", "http://")) and not any(map(str.isspace, value))


@register.filter
def month(value: date) -> str:
    """2026年11月, November 2026."""
    return read(Text(f"{value.year}年{value.month}月", said(value).en.split(" ", 1)[1]))


@register.filter
def weekday_letter(index: int) -> str:
    """The head of a calendar's column, 0 being Monday: 一, Mo."""
    return read(Text(WEEKDAYS[index].zh[-1], WEEKDAYS[index].en[:2]))


@register.filter
def spans(text: str, excerpts: list[str]) -> list[tuple[str, bool]]:
    """A text in pieces, and which are unclear words: ``{% for piece, unclear in case.content|spans:… %}``."""
    return list(supplement.spans(text, excerpts))


@register.filter
def focus_id(field: BoundField) -> str:
    """The id of the first control of a field, to which an error summary links."""
    return f"{field.auto_id}_0" if field.field.widget.use_fieldset else str(field.auto_id)


def _date_of(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
