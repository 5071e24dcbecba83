"""The workload of an agency, where a head sees who has how much and where time goes, and a clerk their own."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from casework import access
from casework.access import AgencyAct
from casework.annual.statistics import Rate
from casework.desk import workload_pictures as drawn
from casework.desk.filters import HASTE_WORDS, NOBODY, Haste
from casework.desk.forms.acts import DeskForm
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.queue import counts
from casework.desk.workload import Load, Stretch, Workload, periods
from casework.fields import Day
from casework.models import Agency, Delegation, Role

_OWN_DAYS: Final = "days"
_WARNS_BELOW: Final = 95
"""Percent of the replies in time; below it the head is warned."""


class PeriodForm(DeskForm):
    """A period of one's own."""

    first = Day(label=_("从"), required=False)
    last = Day(label=_("到"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if first and last and first > last:
            self.add_error("last", _("止日早于起日。"))
        return given


@dataclass(frozen=True, slots=True)
class Line:
    """One clerk or division with the addresses that show its cases."""

    label: Any
    load: Load
    address: str
    counts: list[tuple[int, str, Haste]]

    @property
    def rate(self) -> Rate:
        return self.load.rate


@require_safe
@desk
def workload(request: DeskRequest) -> HttpResponseBase:
    """Open cases by clerk and division, the time of each step, replies in time, and what is pressing today."""
    on = timezone.localdate()
    places = _places(request)
    if not places:
        raise PermissionDenied
    agency = next((place for place in places if place.code == request.GET.get("agency")), places[0])
    whole = access.may_for_agency(request.user, AgencyAct.SEE_WORKLOAD, agency)
    form = PeriodForm(request.GET)
    key, period = _period(request, form, on)
    found = Workload(agency, whole=whole, user=request.user, on=on, period=period)
    by_clerk = found.loads("clerk")
    by_division = found.loads("division") if whole else []
    steps, only_newest = found.steps()
    months, rate = found.months(), found.rate()
    pressing = counts(found.cases.all(), user=request.user, on=on)
    total = {haste: sum(load.of[haste] for load in by_clerk) for haste in Haste}
    context = {
        "agency": agency,
        "places": [(place, "?" + urlencode({"agency": place.code, "period": key})) for place in places],
        "whole": whole,
        "form": form,
        "on": on,
        "period": period,
        "key": key,
        "periods": [
            (words, "?" + urlencode({"agency": agency.code, "period": each}), each == key)
            for each, (words, _stretch) in periods(on).items()
        ],
        "hastes": [
            (words, total[haste], "?" + urlencode(_queue(whole) | {"haste": haste.value}), haste)
            for haste, words in HASTE_WORDS.items()
        ],
        "to_sign": pressing.of["to_sign"],
        "to_dispatch": pressing.of["to_dispatch"],
        "unassigned": next((load.total for load in by_clerk if not load.clerk), 0),
        "at_least": pressing.bounded,
        "rate": rate,
        "slow": rate.on_time is not None and not rate.few and rate.on_time < _WARNS_BELOW,
        "warns_below": _WARNS_BELOW,
        "clerks": [_line("clerk", load) for load in by_clerk],
        "divisions": [_line("division", load) for load in by_division],
        "haste_words": list(HASTE_WORDS.values()),
        "steps": steps,
        "only_newest": only_newest,
        "pictures": [
            *([drawn.open_by("clerk", by_clerk)] if whole else []),
            *([drawn.open_by("division", by_division)] if whole else []),
            drawn.by_month(months),
            drawn.in_time(months),
            drawn.of_steps(steps),
        ],
        "quiet": not any(total.values()) and not rate.replied and not any(month.received for month in months),
        "delegations": _delegations(agency, on) if whole else [],
    }
    return page(request, "desk/workload.html", context, section="workload")


def _places(request: DeskRequest) -> list[Agency]:
    """The agencies of which this person sees the whole workload, and those in which they handle cases themselves."""
    roles = access.AGENCY_ACTS[AgencyAct.SEE_WORKLOAD].roles | {Role.CLERK.value}
    return list(Agency.objects.filter(pk__in=access.agencies_where(request.user, roles)).order_by("path"))


def _period(request: DeskRequest, form: PeriodForm, on: date) -> tuple[str, Stretch]:
    """The period that was asked for: two days of one's own, or one by name; the quarter where neither holds."""
    offered = periods(on)
    first, last = (form.cleaned_data.get(name) for name in ("first", "last")) if form.is_valid() else (None, None)
    if first or last:
        return _OWN_DAYS, Stretch(first or date(1990, 1, 1), last or on)
    key = request.GET.get("period", "")
    key = key if key in offered else "quarter"
    return key, offered[key][1]


def _queue(whole: bool) -> dict[str, str]:  # noqa: FBT001 - an answer, no switch
    return {"show": "open" if whole else "mine"}


def _line(by: str, load: Load) -> Line:
    address = "?" + urlencode({"show": "open", by: (load.clerk if by == "clerk" else load.division) or NOBODY})
    return Line(
        drawn.label_of(by, load),
        load,
        address,
        [(load.of[haste], f"{address}&{urlencode({'haste': haste.value})}", haste) for haste in HASTE_WORDS],
    )


def _delegations(agency: Agency, on: date) -> list[tuple[Delegation, Any]]:
    """Who stands in for whom in the approval today."""
    found = Delegation.objects.in_force(on).filter(agency=agency).select_related("person", "deputy")
    return [(each, access.ROLE_WORDS[each.role]) for each in found]
