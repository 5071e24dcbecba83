"""Calendar editions: which are in force, a year as a picture, and putting the next one in force."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import access
from casework.access import EditionAct
from casework.actions import calendar as verbs
from casework.desk.forms.calendar import ConfirmForm, NoticeForm, WrittenForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.calendar import Calendar, Day, DayKind, day_of
from casework.law.edition_file import EditionFile
from casework.law.editions import EDITIONS
from casework.law.refusals import Refused
from casework.law.words import Text
from casework.models import Agency, CalendarEdition
from casework.models.edition import Shelf, Source, national_calendar, shelf
from notifications.nudge import ask_for

#: Class of a cell and the word that says the same as its colour.
LOOKS: Final = {
    DayKind.HOLIDAY: ("holiday", Text("休", "off")),
    DayKind.MAKEUP: ("swapped", Text("班", "work")),
    DayKind.WEEKEND: ("weekend", Text("", "")),
    DayKind.WORKDAY: ("workday", Text("", "")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """``regional``: the region's own days say otherwise than the country's."""

    day: Day
    look: str
    mark: Text
    regional: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: list[list[Cell | None]]


def _check(request: DeskRequest, act: EditionAct) -> None:
    if not access.may_about_editions(request.user, act):
        raise PermissionDenied


@require_safe
@desk
def editions(request: DeskRequest) -> HttpResponseBase:
    """Those applied here, those built in, and for a system administrator the way to the next."""
    _check(request, EditionAct.SEE)
    return _editions(request, NoticeForm())


def _editions(request: DeskRequest, form: NoticeForm) -> HttpResponseBase:
    known = national_calendar()
    context = {
        "form": form,
        "may_apply": access.may_about_editions(request.user, EditionAct.APPLY),
        "applied": CalendarEdition.objects.select_related("applied_by", "recomputation", "superseded_by"),
        "built_in": [(e.year, notice) for e in reversed(EDITIONS) for notice in reversed(e.notices)],
        "years": range(known.last_known_day.year, known.first_day.year - 1, -1),
    }
    return page(request, "desk/calendar/editions.html", context, section="calendar")


@require_safe
@desk
def year(request: DeskRequest, year: int) -> HttpResponseBase:
    """The twelve months of the country's calendar, or of a region with its own days marked."""
    _check(request, EditionAct.SEE)
    known, region = national_calendar(), request.GET.get("region", "")
    regions = sorted({file.region for file in shelf().regional if file.year == year})
    first, last = known.first_day.year, known.last_known_day.year
    if not first <= year <= last or (region and region not in regions):
        raise Http404
    context = {
        "year": year,
        "years": range(max(first, year - 3), min(last, year + 3) + 1),
        "region": region,
        "regions": regions,
        **drawn(shelf().calendar((region,)), year, country=known),
    }
    return page(request, "desk/calendar/year.html", context, section="calendar")


@require_POST
@desk
def preview(request: DeskRequest) -> HttpResponseBase:
    """What the uploaded notice would move; nothing is stored."""
    _check(request, EditionAct.APPLY)
    form = NoticeForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return _preview(request, form.cleaned_data["file"])
        except Refused as refused:
            form.refuse(refused)
    return _editions(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def write(request: DeskRequest) -> HttpResponseBase:
    """A notice typed by hand, the country's or a region's, instead of a file; then the same preview."""
    _check(request, EditionAct.APPLY)
    regional = request.GET.get("for") == "region"
    posted = request.POST if request.method == "POST" else None
    form = WrittenForm(posted, regional=regional, year=national_calendar().last_known_day.year + (not regional))
    if form.is_valid():
        try:
            return _preview(request, form.file())
        except Refused as refused:
            form.refuse(refused)
    context = {"form": form, "regional": regional, "back": reverse("desk:editions")}
    return page(request, "desk/calendar/write.html", context, section="calendar")


def _preview(request: DeskRequest, file: EditionFile) -> HttpResponseBase:
    found = verbs.preview(file, on=day_of(timezone.now()))
    context = {
        "file": file,
        "found": found,
        "moves": _named(found.shown),
        "more": max(0, found.moved + found.refused - len(found.shown)),
        "form": ConfirmForm.of(file),
        **drawn(_with_file(file), file.year, country=national_calendar() if file.region else None),
    }
    return page(request, "desk/calendar/preview.html", context, section="calendar")


def _with_file(file: EditionFile) -> Calendar:
    on_shelf: Shelf = shelf().with_file(file)
    return on_shelf.calendar((file.region,))


def _named(moves: list[verbs.Move]) -> list[tuple[str, verbs.Move]]:
    names = dict(Agency.objects.filter(pk__in={m.agency_id for m in moves}).values_list("pk", "name"))
    return [(names[move.agency_id], move) for move in moves]


@require_POST
@desk
def apply(request: DeskRequest) -> HttpResponseBase:
    """Put the previewed notice in force; a worker brings the cases in step, which the next page shows."""
    _check(request, EditionAct.APPLY)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.warning(request, gettext("没有启用：请先预览，并勾选已经核对。"))
        return redirect("desk:editions")
    try:
        applied = verbs.apply(form.cleaned_data["notice"], source=Source.FORM, by=request.user, at=timezone.now())
    except Refused as refused:
        again = NoticeForm({})
        again.errors.clear()
        again.refuse(refused)
        return _editions(request, again)
    ask_for("casework.tasks.carry_on_editions")
    return redirect("desk:edition", applied.pk)


@require_safe
@desk
def edition(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One edition, and how far the open cases have been brought in step."""
    _check(request, EditionAct.SEE)
    rows = CalendarEdition.objects.select_related("applied_by", "recomputation", "supersedes")
    found = get_object_or_404(rows, pk=pk)
    context = {"edition": found, "run": found.recomputation, "file": found.as_file()}
    return page(request, "desk/calendar/edition.html", context, section="calendar")


def drawn(known: Calendar, year: int, *, country: Calendar | None = None) -> dict[str, object]:
    """The months with their weeks, and the days of rest and of work in exchange as a list in words.

    ``country``: the calendar against which a region's days are marked.
    """
    days = [
        known.day(date(year, 1, 1) + timedelta(days=n)) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    own = {day.on for day in days if country is not None and country.day(day.on).is_workday != day.is_workday}
    return {
        "months": [Month(date(year, month, 1), list(_weeks(days, month, own))) for month in range(1, 13)],
        "named_days": [(day, day.on in own) for day in days if day.kind in (DayKind.HOLIDAY, DayKind.MAKEUP)],
        "workdays": sum(day.is_workday for day in days),
        "has_regional_days": bool(own),
    }


def _weeks(days: list[Day], month: int, own: Container[date]) -> Iterator[list[Cell | None]]:
    cells: list[Cell | None] = [None for _ in range(date(days[0].on.year, month, 1).weekday())]
    cells += [Cell(day, *LOOKS[day.kind], regional=day.on in own) for day in days if day.on.month == month]
    cells += [None for _ in range(-len(cells) % 7)]
    for start in range(0, len(cells), 7):
        yield cells[start : start + 7]
