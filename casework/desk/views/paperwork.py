"""What an office puts on paper and on the web in its own way: how its numbers are written, and its texts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.access import AgencyAct
from casework.actions.officetexts import checked_text, last_version, write_text
from casework.actions.renumber import KINDS, Series, checked_form, renumber, series_of
from casework.desk.forms.administration import NumberingForm, OfficeTextForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.officetexts import PLACES, Place
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, OfficeText

_CHANGES_SHOWN = 50


def _agency(request: DeskRequest, code: str, act: AgencyAct) -> tuple[Agency, dict[str, Any]]:
    mine = access.agencies_for(request.user, act)
    found = get_object_or_404(mine, code=code)
    return found, {"agency": found, "agencies": mine}


@require_safe
@desk
def numbering(request: DeskRequest, code: str) -> HttpResponseBase:
    """Every kind of number of an office with the last and the next of it, and the record of changes."""
    agency, context = _agency(request, code, AgencyAct.CHANGE_NUMBERING)
    year = timezone.localdate().year
    context |= {
        "year": year,
        "rows": list(enumerate(series_of(agency, year))),
        "later": list(agency.numberings.filter(from_year__gt=year).select_related("by")),
        "words": KINDS,
        "changes": agency.setting_changes.filter(field="numbering").select_related("by")[:_CHANGES_SHOWN],
    }
    return page(request, "desk/administration/numbering.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def series(request: DeskRequest, code: str, place: int) -> HttpResponseBase:
    """One kind of number: how the next is written. First it is shown, then, pressed again, it holds."""
    agency, context = _agency(request, code, AgencyAct.CHANGE_NUMBERING)
    year = timezone.localdate().year
    found = dict(enumerate(series_of(agency, year))).get(place)
    if found is None:
        raise Http404
    form = NumberingForm(request.POST if request.method == "POST" else None, series=found, begun=bool(found.last))
    if form.is_valid():
        facts = form.facts()
        try:
            if request.POST.get("do") == "preview":
                context["preview"] = _next_numbers(agency, found, facts)
            else:
                made = renumber(agency, found.kind, **facts, by=request.user, at=timezone.now())
                messages.success(request, gettext("编号的写法已经保存。") if made else gettext("没有要保存的修改。"))
                return redirect("desk:numbering", agency.code)
        except Refused as refused:
            form.refuse(refused)
    context |= {"form": form, "series": found, "back": reverse("desk:numbering", args=[agency.code])}
    return page(request, "desk/administration/series.html", context, section="administration")


def _next_numbers(agency: Agency, found: Series, facts: dict[str, Any]) -> list[str]:
    """The last number as it was given and the two after it."""
    form = checked_form(found.kind, facts["form"])
    if facts["next_year"]:
        return [form.written(found.year + 1, serial) for serial in (1, 2)]
    last = facts["elsewhere"] or found.last
    return [form.written(found.year, last + 1), form.written(found.year, last + 2)]


@require_safe
@desk
def texts(request: DeskRequest, code: str) -> HttpResponseBase:
    """All that an office tells the public in its own words, and where each is read."""
    agency, context = _agency(request, code, AgencyAct.CHANGE_TEXTS)
    held = OfficeText.objects.of(agency)
    context["rows"] = [(row, held.get(place)) for place, row in PLACES.items()]
    context["public"] = Agency.objects.open_to_applications().filter(pk=agency.pk).exists()
    return page(request, "desk/administration/texts.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def text(request: DeskRequest, code: str, place: str) -> HttpResponseBase:
    """One text in Chinese and English: preview, publish, and every version with who wrote it."""
    agency, context = _agency(request, code, AgencyAct.CHANGE_TEXTS)
    if place not in PLACES:
        raise Http404
    row = PLACES[Place(place)]
    versions = list(agency.texts.filter(place=place).select_related("by"))
    shown = _version(versions, request.GET.get("version", "")) or (versions[0] if versions else None)
    drawn: dict[str, Any] = {
        "row": row,
        "zh": shown.zh if shown else "",
        "en": shown.en if shown else "",
        "seen": last_version(agency, row.place),
    }
    form = OfficeTextForm(request.POST if request.method == "POST" else None, **drawn)
    if form.is_valid():
        given = form.cleaned_data
        try:
            if request.POST.get("do") == "preview":
                zh, en = checked_text(row.place, given["zh"], given["en"])
                context["preview"] = Text(zh, en or zh)
            else:
                made = write_text(agency, row.place, **given, by=request.user, at=timezone.now())
                messages.success(request, gettext("已经公布。") if made else gettext("没有要保存的修改。"))
                return redirect("desk:text", agency.code, place)
        except Refused as refused:
            if refused.field:
                form.refuse(refused)
            else:
                # Somebody was faster: what holds is drawn, and what was typed stands beside it.
                context |= {"refusal": refused, "typed": Text(given["zh"], given["en"])}
                form = OfficeTextForm(**drawn)
    context |= {"form": form, "row": row, "versions": versions, "shown": shown}
    context["back"] = reverse("desk:texts", args=[agency.code])
    return page(request, "desk/administration/text.html", context, section="administration")


def _version(versions: list[OfficeText], asked: str) -> OfficeText | None:
    return next((each for each in versions if str(each.version) == asked), None)
