"""The queue of cases: a page of it, and the same as a file."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from casework import access
from casework.actions.filters import record_taken_out
from casework.desk import takeout
from casework.desk.filters import FilterForm, HasteCount, Horizon, by_haste, narrowed
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.queue import ORDERS, counts, inside, sheet
from casework.desk.trays import TRAYS, Tray
from casework.desk.urgency import urgency_of
from casework.exports import write_csv, write_xlsx
from casework.models import Case, Role, SavedFilter

_WRITERS: Final[dict[str, Any]] = {"csv": write_csv, "xlsx": partial(write_xlsx, sheet="办件")}


@dataclass(frozen=True, slots=True)
class Look:
    """One way to look at the queue, as the address says it. ``address``: what is kept from page to page."""

    form: FilterForm
    given: Mapping[str, Any]
    tray: Tray
    sort: str
    address: dict[str, str]
    horizon: Horizon

    def cases(self, request: DeskRequest, *, on: date, but: str = "") -> QuerySet[Case]:
        """The cases that are looked at, before they are laid out in a tray; ``but``: as if that were not asked."""
        given = {name: value for name, value in self.given.items() if name != but}
        return narrowed(access.visible_to(request.user), given, user=request.user, horizon=self.horizon)

    def link(self, **changes: str) -> str:
        """The same with something changed; what is empty is left out."""
        return "?" + urlencode({name: value for name, value in (self.address | changes).items() if value})


def look_of(request: DeskRequest, *, on: date) -> Look:
    """Read the address; what nobody offered is left aside."""
    form = FilterForm(request.GET, user=request.user)
    given = form.given()
    handles = access.agencies_where(request.user, frozenset({Role.CLERK.value}))
    shown = request.GET.get("show", "")
    tray = TRAYS.get(shown) or TRAYS["all" if given.get("q") else "mine" if handles and not given else "open"]
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in ORDERS else ""
    address = {"show": tray.key, **{name: str(value) for name, value in given.items()}, "sort": sort}
    kept = {name: value for name, value in address.items() if value}
    return Look(form, given, tray, sort, kept, Horizon(request.user, on=on))


@require_safe
@desk
def queue(request: DeskRequest) -> HttpResponseBase:
    """Cases by the days that are left, in trays; a search looks through closed ones too."""
    on = timezone.localdate()
    look = look_of(request, on=on)
    found = sheet(
        look.cases(request, on=on),
        look.tray,
        request.GET.get("after", ""),
        user=request.user,
        on=on,
        sort=look.sort,
    )
    counted = counts(access.visible_to(request.user), user=request.user, on=on)
    reads = access.agencies_where(request.user, access.READS_CASES)
    saved = list(SavedFilter.objects.for_person(request.user).select_related("owner", "shared_with"))
    here = urlencode(look.address)
    context = {
        "form": look.form,
        "sought": look.given.get("q", ""),
        "tray": look.tray,
        "kept": [(name, value) for name, value in look.address.items() if name in ("show", "sort")],
        "tabs": [
            {
                "words": each.words,
                "address": look.link(show=each.key),
                "count": counted.of.get(each.key),
                "here": each is look.tray,
                "alarming": each.key == "late" and counted.of["late"],
            }
            for each in TRAYS.values()
        ],
        "at_least": counted.bounded,
        "hastes": _hastes(request, look, on=on),
        "chips": _chips(look),
        "heads": _heads(look),
        "saved": [(each, each.query == here) for each in saved],
        "query": here,
        "lines": [(case, urgency_of(case, on=on)) for case in found.cases],
        "next": look.link(after=found.next) if found.next else "",
        "begun": "after" in request.GET,
        "first": look.link(),
        "several_agencies": len(reads) > 1,
        "reads_nothing": not reads,
        "may_assign": bool(access.agencies_where(request.user, access.VERBS[access.Verb.ASSIGN].roles)),
    }
    return page(request, "desk/queue.html", context, section="queue")


@require_safe
@desk
def take_out(request: DeskRequest, form: str) -> HttpResponseBase:
    """What the queue shows, all pages of it, as CSV or XLSX; identity numbers masked, and on record who took it."""
    if form not in _WRITERS:
        raise Http404
    if not access.agencies_where(request.user, access.READS_CASES):
        raise PermissionDenied
    on = timezone.localdate()
    look = look_of(request, on=on)
    cases = inside(look.cases(request, on=on), look.tray, user=request.user, on=on)
    file = tempfile.TemporaryFile(prefix="queue-")  # noqa: SIM115 - closed by the response
    written = _WRITERS[form](file, takeout.headings(), takeout.rows(cases, on=on))
    record_taken_out(form=form, query=urlencode(look.address), cases=written, by=request.user, at=timezone.now())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"办件-{on:%Y%m%d}.{form}")


def _hastes(request: DeskRequest, look: Look, *, on: date) -> list[HasteCount]:
    """Counts by urgency of what is looked at, were urgency not asked; none where no case is open.

    None beside a search either: it reads every text, and would have to do so once more.
    """
    if look.given.get("q") or look.tray.key in ("closed", "returned"):
        return []
    cases = inside(look.cases(request, on=on, but="haste"), look.tray, user=request.user, on=on)
    return by_haste(cases, look.address, chosen=str(look.given.get("haste", "")), horizon=look.horizon)


def _chips(look: Look) -> list[dict[str, Any]]:
    """What narrows the queue, each in words and with the address without it."""
    chips = []
    for name in look.form.order_of_chips:
        if name in look.given:
            field = look.form.fields[name]
            offered = dict(getattr(field, "choices", ()))
            value = look.given[name]
            chips.append(
                {"words": field.label, "value": offered.get(str(value), value), "without": look.link(**{name: ""})}
            )
    return chips


def _heads(look: Look) -> Iterator[dict[str, Any]]:
    """The heads of the columns, each a link that turns the order round; ``aria`` says how it stands now."""
    now = look.sort or ("due" if look.tray.counted else "")
    for order in ORDERS.values():
        way = "ascending" if now == order.key else "descending" if now == f"-{order.key}" else ""
        turned = f"-{order.key}" if way == "ascending" else order.key
        yield {"words": order.words, "address": look.link(sort=turned), "way": way}
