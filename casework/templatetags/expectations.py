"""The distribution of days as a small drawing: ``{% load expectations %}{{ expected|bars }}``."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from casework.annual.expectations import Expectation

register = template.Library()

_WIDE, _TALL, _STEP = 360, 120, 40


@register.filter
def bars(expected: Expectation) -> SafeString:
    """Lying within 360 units; every column has its figure above and its days below, and a sentence says them all."""
    columns = expected.bars
    most = max(number for _first, _last, number in columns)
    last_place = len(columns) - 1
    labels = [f"{first}+" if at == last_place else f"{first}–{last}" for at, (first, last, _n) in enumerate(columns)]
    said = "; ".join(f"{label}: {number}" for label, (_f, _l, number) in zip(labels, columns, strict=True))
    drawn = []
    for at, (label, (_first, _last, number)) in enumerate(zip(labels, columns, strict=True)):
        height = round((_TALL - 36) * number / most, 1) if number else 0
        left, top = at * _STEP + 4, round(_TALL - 18 - height, 1)
        drawn.append((left, top, _STEP - 8, height, left + 16, top - 4, number, left + 16, _TALL - 4, label))
    inside = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/><text x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text>',
        drawn,
    )
    return format_html(
        '<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title>{}</svg>',
        _WIDE,
        _TALL,
        said,
        gettext("各段工作日答复的件数"),
        inside,
    )
