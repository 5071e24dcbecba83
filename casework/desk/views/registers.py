"""The registers behind table 二 and section 一: the year at a glance, lists, entries and their corrections, files."""

import tempfile
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access, annual
from casework.access import AgencyAct
from casework.actions import registers as verbs
from casework.desk.entry_words import changes, fact_in_words, lines_of
from casework.desk.forms.registers import EntryForm, RegisterFileForm, StrikeForm
from casework.desk.lookback import seen_of, suffix
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.views.annual import table_or_404
from casework.exports.parts import draw_publications
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.law.registers import CHANNELS, FORMS, REGISTERS, Register, RegisterRow
from casework.law.report import DECISIONS, FEES_WORDS, STOCK_COLUMNS, STOCKS
from casework.law.words import Text
from casework.ledger import headings_of, read_register, store_register, write_register
from casework.models import ENTRIES, Agency, Entry, Publication, accounts_of
from casework.models.register import uncleared
from casework.templatetags.words import read

A_PAGE: Final = 50
#: Registers whose entries belong to one year, by the field that says so; the others are shown whole.
_YEARLY: Final = {
    Register.PUBLICATIONS: "on__year",
    Register.EXPLANATIONS: "on__year",
    Register.FIGURES: "year",
}
_SEARCHED: Final = {
    Register.PUBLICATIONS: ("title", "column"),
    Register.ACCOUNTS: ("name",),
    Register.DOCUMENTS: ("title", "number"),
    Register.STOCKS: ("source",),
    Register.FIGURES: ("source",),
    Register.EXPLANATIONS: ("title", "explains"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """What every page of a register is about."""

    agency: Agency
    row: RegisterRow
    may_keep: bool

    @property
    def register(self) -> Register:
        return self.row.register

    @property
    def entries(self) -> QuerySet[Any]:
        return ENTRIES[self.register].objects.filter(agency=self.agency)

    def address(self, name: str, **more: Any) -> str:
        return reverse(f"desk:{name}", kwargs={"code": self.agency.code, "register": self.register.value, **more})


@require_safe
@desk
def first(request: DeskRequest) -> HttpResponseBase:
    """The way in: this year of the first agency whose figures the person may read."""
    agency = access.figures_visible_to(request.user).order_by("path").first()
    if agency is None:
        raise PermissionDenied
    return redirect("desk:registers_of", agency.code, timezone.localdate().year)


@require_safe
@desk
def registers_of(request: DeskRequest, code: str, year: int) -> HttpResponseBase:
    """A year at a glance: what lacks, table 二 with the records behind each figure, what was published where."""
    on = timezone.localdate()
    visible = access.figures_visible_to(request.user)
    agency = _agency(request, code, year)

    def link(row: str, column: str) -> str:
        return reverse("desk:table2_cell", kwargs={"code": code, "year": year, "row": row, "column": column})

    reported = list(annual.agencies_of(agency, region=False, year=year))
    table, counts = annual.publications_of(reported, year), annual.publication_counts([agency], year)
    context = {
        "agency": agency,
        "agencies": visible.order_by("path")[:200],
        "year": year,
        "years": sorted({year, *annual.register_years([agency], until=on.year)}, reverse=True),
        "may_keep": access.may_for_agency(request.user, AgencyAct.KEEP_REGISTERS, agency),
        "findings": annual.findings(agency, year, on=on),
        "drawing": draw_publications(table, link),
        "counts": counts,
        "explained": [(FORMS[form], n) for form, n in counts.explanations.items()],
        "registers": [
            (row, _of_year(_place(request, agency, row.register), year).count()) for row in REGISTERS.values()
        ],
    }
    return page(request, "desk/registers/year.html", context, section="registers")


@require_safe
@desk
def table2_cell(request: DeskRequest, code: str, year: int, row: str, column: str) -> HttpResponseBase:
    """The records behind a figure of table 二; with ``?region=1`` those of the agency and all below it."""
    on = timezone.localdate()
    shown = table_or_404(request, code, year, on)
    try:
        seen = seen_of(request.GET, year, on)
        as_of, known_at = (seen.as_of, seen.known_at) if seen else (None, None)
        records = annual.records_of(shown.those(seen), year, row, column, as_of=as_of, known_at=known_at)
    except Refused as refused:
        raise Http404 from refused
    documents = Paginator(records.documents.select_related("agency"), A_PAGE).get_page(request.GET.get("page"))
    lists = [
        (REGISTERS[Register.DOCUMENTS], lines_of(Register.DOCUMENTS, list(documents))),
        (REGISTERS[Register.STOCKS], lines_of(Register.STOCKS, list(records.stocks.select_related("agency")[:500]))),
        (
            REGISTERS[Register.FIGURES],
            lines_of(Register.FIGURES, list(records.figures.select_related("agency")[:2000])),
        ),
    ]
    asked = suffix(region=shown.region, seen=seen)
    context = {
        "table": shown,
        "seen": seen,
        "name": {**STOCKS, **DECISIONS}.get(row, FEES_WORDS),
        "column": STOCK_COLUMNS.get(column),
        "figure": records.figure,
        "lists": [(each, lines) for each, lines in lists if lines],
        "several": len(shown.agencies) > 1,
        "shown": documents,
        "asked": asked.removeprefix("?"),
        "back": shown.address() + asked,
        "registers": reverse("desk:registers_of", args=[code, year]),
    }
    return page(request, "desk/registers/cell.html", context, section="registers")


@require_safe
@desk
def entries(request: DeskRequest, code: str, year: int, register: str) -> HttpResponseBase:
    """The entries of a register, a page at a time, as far as the filters let them through."""
    place = _place(request, _agency(request, code, year), register)
    found = _filtered(request, place, _of_year(place, year))
    shown = Paginator(found.select_related("agency"), A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "place": place,
        "year": year,
        "yearly": place.register in _YEARLY,
        "heads": [column for column in place.row.columns if column.listed],
        "lines": lines_of(place.register, list(shown)),
        "shown": shown,
        "q": request.GET.get("q", ""),
        "channel": request.GET.get("channel", ""),
        "channels": CHANNELS.items() if place.register is Register.PUBLICATIONS else (),
        "uncleared": request.GET.get("uncleared", ""),
        "filtered": any(request.GET.get(name) for name in ("q", "channel", "uncleared", "column", "account")),
        "asked": asked.urlencode(),
        "downloads": [(form, place.address("export_register", year=year, form=form)) for form in ("xlsx", "csv")],
        "back": reverse("desk:registers_of", args=[code, year]),
    }
    return page(request, "desk/registers/list.html", context, section="registers")


@require_safe
@desk
def entry(request: DeskRequest, code: str, register: str, pk: str) -> HttpResponseBase:
    """One entry as it stands, and every row that it had before, with who wrote it and why."""
    place = _place(request, _agency(request, code), register)
    rows = list(place.entries.of_entry(int(pk)).select_related("recorded_by", "agency"))  # type: ignore[attr-defined]
    if not rows or rows[0].first_id is not None:
        raise Http404
    newest = rows[-1]
    accounts = accounts_of([place.agency])
    context = {
        "place": place,
        "newest": newest,
        "facts": [(c, fact_in_words(c, newest, accounts)) for c in place.row.columns],
        "uncleared": isinstance(newest, Publication) and newest.current and not newest.is_cleared,
        "history": [
            (row, changes(place.row, before, row, accounts)) for before, row in zip([None, *rows], rows, strict=False)
        ],
        "back": place.address("entries", year=_year_of(newest)),
    }
    return page(request, "desk/registers/entry.html", context, section="registers")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def add(request: DeskRequest, code: str, register: str) -> HttpResponseBase:
    """A new entry."""
    place = _kept(request, code, register)
    batch = "batch" in request.GET
    form = EntryForm(
        request.POST if request.method == "POST" else None, register=place.register, agency=place.agency, batch=batch
    )
    if form.is_valid():
        try:
            added = verbs.record(place.agency, place.register, form.facts(), by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经登记：%(entry)s。") % {"entry": added})
            return redirect(place.address("add_entry") + ("?batch=1" if batch else ""))
    context = {
        "place": place,
        "form": form,
        "batch": batch,
        "no_account": place.register is Register.PUBLICATIONS and not accounts_of([place.agency]),
        "back": place.address("entries", year=timezone.localdate().year),
    }
    return page(request, "desk/registers/form.html", context, section="registers")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def correct(request: DeskRequest, code: str, register: str, pk: str) -> HttpResponseBase:
    """The entry is followed by another row of it."""
    place = _kept(request, code, register)
    newest = _newest_or_404(place, pk)
    form = EntryForm(
        request.POST if request.method == "POST" else None, register=place.register, agency=place.agency, entry=newest
    )
    if form.is_valid() and request.POST.get("seen") != str(newest.pk):
        form.refuse(Refused(_OVERTAKEN))
    elif form.is_valid():
        try:
            facts, reason = newest.facts | form.facts(), form.cleaned_data["reason"]
            verbs.correct(newest, facts, reason=reason, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经更正，原来的内容留存在下面。"))
            return redirect(place.address("entry", pk=pk))
    context = {"place": place, "form": form, "newest": newest, "back": place.address("entry", pk=pk)}
    return page(request, "desk/registers/form.html", context, section="registers")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def strike(request: DeskRequest, code: str, register: str, pk: str) -> HttpResponseBase:
    """The entry was made by mistake."""
    place = _kept(request, code, register)
    newest = _newest_or_404(place, pk)
    form = StrikeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.strike(newest, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经注销，不再计入任何数字。"))
            return redirect(place.address("entry", pk=pk))
    context = {"place": place, "form": form, "newest": newest, "back": place.address("entry", pk=pk)}
    return page(request, "desk/registers/strike.html", context, section="registers")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def take_in(request: DeskRequest, code: str, register: str) -> HttpResponseBase:
    """A file with entries is judged, or stored as a whole."""
    at = timezone.now()
    place = _kept(request, code, register)
    form = RegisterFileForm(*((request.POST, request.FILES) if request.method == "POST" else (None, None)))
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "headings": headings_of(place.register).values(),
        "templates": [(form, place.address("register_sheet", form=form)) for form in ("xlsx", "csv")],
        "back": place.address("entries", year=timezone.localdate(at).year),
    }
    if form.is_valid():
        dry_run, file = form.cleaned_data["what"] == "check", form.cleaned_data["file"]
        try:
            reading = read_register(file.file, file.name, place.register, agency=place.agency, on=day_of(at))
            taken = store_register(reading, place.agency, at=at, by=request.user, dry_run=dry_run)
        except Refused as refused:
            context["refusal"] = refused
        else:
            said = [each.said(get_language() or "") for each in reading.faults.shown]
            context |= {"reading": reading, "taken": taken, "dry_run": dry_run, "said": said}
    return page(request, "desk/registers/import.html", context, section="registers")


@require_safe
@desk
def sheet(request: DeskRequest, code: str, register: str, form: str) -> HttpResponseBase:
    """The headings of a register as a file to fill in."""
    return _file(_kept(request, code, register), form, [], gettext("模板"))


@require_safe
@desk
def export(request: DeskRequest, code: str, year: int, register: str, form: str) -> HttpResponseBase:
    """The entries of a year, in the form in which they can be read back."""
    place = _place(request, _agency(request, code, year), register)
    return _file(place, form, _of_year(place, year).iterator(chunk_size=1000), str(year))


def _file(place: Place, form: str, rows: Any, what: str) -> FileResponse:
    file = tempfile.TemporaryFile(prefix="register-")  # noqa: SIM115 - closed by the response
    try:
        write_register(file, form, place.register, rows)
    except Refused as refused:
        file.close()
        raise Http404 from refused
    file.seek(0)
    name = f"{place.agency.code}-{what}-{read(place.row.words)}.{form}"
    return FileResponse(file, as_attachment=True, filename=name)


# ── What exists for this person ──────────────────────────────────────────────────────────────────────────────────────


def _agency(request: DeskRequest, code: str, year: int | None = None) -> Agency:
    agency = get_object_or_404(access.figures_visible_to(request.user), code=code)
    try:
        if year is not None:
            annual.check_year(year, on=timezone.localdate())
    except Refused as refused:
        raise Http404 from refused
    return agency


def _place(request: DeskRequest, agency: Agency, register: str) -> Place:
    if register not in list(Register):
        raise Http404
    may_keep = access.may_for_agency(request.user, AgencyAct.KEEP_REGISTERS, agency)
    return Place(agency, REGISTERS[Register(register)], may_keep)


def _kept(request: DeskRequest, code: str, register: str) -> Place:
    """A register that this person may write; for whoever may only read it there is no such page."""
    place = _place(request, _agency(request, code), register)
    if not place.may_keep:
        raise Http404
    return place


def _newest_or_404(place: Place, pk: str) -> Entry:
    found: Entry = get_object_or_404(place.entries.counting().filter(Q(pk=int(pk), first=None) | Q(first_id=int(pk))))  # type: ignore[attr-defined]
    return found


# ── Lists and facts as they are read ─────────────────────────────────────────────────────────────────────────────────


def _of_year(place: Place, year: int) -> QuerySet[Any]:
    found = place.entries.counting()  # type: ignore[attr-defined]
    return found.filter(**{_YEARLY[place.register]: year}) if place.register in _YEARLY else found  # type: ignore[no-any-return]


def _filtered(request: DeskRequest, place: Place, found: QuerySet[Any]) -> QuerySet[Any]:
    asked = request.GET
    if words := asked.get("q", "").strip()[:100]:
        wanted = Q()
        for name in _SEARCHED[place.register]:
            wanted |= Q(**{f"{name}__icontains": words})
        found = found.filter(wanted)
    if place.register is Register.PUBLICATIONS:
        accounts = accounts_of([place.agency])
        if channel := asked.get("channel"):
            found = found.filter(account__in=[pk for pk, account in accounts.items() if account.channel == channel])
        if account := asked.get("account"):
            found = found.filter(account__in=[pk for pk in accounts if str(pk) == account])
        if column := asked.get("column"):
            found = found.filter(column=column)
        if asked.get("uncleared"):
            found = uncleared(found)
    return found


def _year_of(row: Entry) -> int:
    """The year of whose list an entry is part; the running one for those that belong to none."""
    field = _YEARLY.get(row.register)
    if field is None:
        return timezone.localdate().year
    return row.on.year if field == "on__year" else row.year  # type: ignore[attr-defined, no-any-return]


_OVERTAKEN: Final = Text(
    "这一条刚刚被别人更正过，您的更正没有保存。请看过现在的内容以后再更正。",
    "Somebody else has just corrected this entry, so nothing of yours was saved. Look at it as it is now.",
)
