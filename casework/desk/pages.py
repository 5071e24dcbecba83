"""What every page of the desk shares: who comes in, which case they may reach, and the frame around it."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, Final, NamedTuple, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from casework import access
from casework.desk.door import KEPT
from casework.desk.file import read_file, with_file
from casework.desk.today import has_day
from casework.models import Case, Role, Staff
from casework.models.edition import is_urgent, missing_year
from notifications.outbox import unread_by

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who has logged in."""

    user: Staff
    #: Of which case the page tells, for the record of accesses.
    read_case: Case


def desk(
    view: Callable[Concatenate[DeskRequest, P], HttpResponseBase],
) -> Callable[Concatenate[DeskRequest, P], HttpResponseBase]:
    """A page for staff alone, never kept by a browser or a proxy: what it shows may be another's secret tomorrow.

    Before it stand the networks of the person's agencies, a password that must be changed and a second factor that
    must be set up.
    """

    @wraps(view)
    def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.stand_at(access.address_of(request)) is False and not request.user.roles:
            return page(request, "desk/account/elsewhere.html", {}, status=403)
        if access.must_change_password(request.user, at=timezone.now()):
            return redirect("desk:password")
        if access.lacks_second_factor(request.user):
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return never_cache(at_door(guarded))


def at_door(
    view: Callable[Concatenate[DeskRequest, P], HttpResponseBase],
) -> Callable[Concatenate[DeskRequest, P], HttpResponseBase]:
    """For whoever has logged in. A form from a session that has ended is answered with the log-in and carried on."""

    @wraps(view)
    def known(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visitor: HttpRequest = request  # who may not have logged in
        return view(request, *args, **kwargs) if visitor.user.is_authenticated else _door(request)

    return known


def _door(request: HttpRequest) -> HttpResponseBase:
    """To the log-in, or with a text in hand its page at once: a redirect would lose it."""
    unsent = getattr(request, "unsent", "")
    if not unsent:
        return redirect_to_login(request.get_full_path())
    from casework.desk.views.people import Login  # the door is built of these pages

    request.method = "GET"
    request.POST, request.GET = QueryDict(), QueryDict(urlencode({KEPT: unsent}))
    return Login.as_view()(request)


def page(
    request: DeskRequest, template: str, context: dict[str, Any], *, section: str = "", status: int = 200
) -> TemplateResponse:
    """A page in the frame of the desk."""
    return TemplateResponse(request, template, frame(request, section) | context, status=status)


def frame(request: DeskRequest, section: str = "") -> dict[str, Any]:
    """The frame with its menus: what one opens once a day and not once a case, under a word each."""
    around = _around(request, section)
    menus = []
    for words, entries in _MENUS:
        shown = [_Entry(each, said, reverse(f"desk:{name}")) for each, said, name, key in entries if around[key]]
        if shown:
            menus.append({"words": words, "entries": shown, "here": section in [each.section for each in shown]})
    return around | {"menus": menus}


class _Entry(NamedTuple):
    section: str
    words: Any
    address: str


#: The word of a menu, and what stands in it: section, words, name of the address, who is shown it (``frame``).
_MENUS: Final[tuple[tuple[Any, tuple[tuple[str, Any, str, str], ...]], ...]] = (
    (
        _("登记和台账"),
        (
            ("disputes", _("复议、诉讼"), "disputes", "reads_cases"),
            ("corrections", _("更正请求"), "corrections", "reads_cases"),
            ("publications", _("公开的答复"), "publications", "reads_cases"),
            ("proposals", _("主动公开建议"), "proposals", "reads_cases"),
            ("letters", _("文书登记簿"), "letters", "reads_cases"),
            ("registers", _("公开登记簿"), "registers", "reads_figures"),
            ("ledger", _("台账"), "ledger", "reads_cases"),
        ),
    ),
    (
        _("统计"),
        (
            ("annual", _("年度统计"), "figures", "reads_figures"),
            ("workload", _("工作量"), "workload", "sees_workload"),
        ),
    ),
    (
        _("管理"),
        (
            ("administration", _("系统管理"), "administration", "administers"),
            ("calendar", _("放假安排"), "editions", "sees_editions"),
            ("audit", _("审计"), "audit", "audits"),
            ("undeliverable", _("没有送到的消息"), "undeliverable", "sees_undelivered"),
            ("mailbox", _("发出的邮件和短信"), "mailbox", "has_mailbox"),
        ),
    ),
)


def _around(request: DeskRequest, section: str) -> dict[str, Any]:
    """What stands around every page: the count of unread messages and the way to each part."""
    return {
        **_calendar_banner(request.user, timezone.localdate()),
        "section": section,
        "administers": bool(access.agencies_where(request.user, access.ADMINISTRATORS)),
        "administers_agency": bool(
            access.agencies_where(request.user, access.AGENCY_ACTS[access.AgencyAct.CHANGE_SETTINGS].roles)
        ),
        "merges": bool(access.agencies_where(request.user, access.AGENCY_ACTS[access.AgencyAct.MERGE_AGENCIES].roles)),
        "unguarded": access.unguarded(request.user),
        "has_today": has_day(request.user),
        "asked_of_me": access.asked_of(request.user).awaited().count(),
        "unread": unread_by(request.user),
        "sees_undelivered": bool(
            access.agencies_where(request.user, access.AGENCY_ACTS[access.AgencyAct.SEE_UNDELIVERED].roles)
        ),
        "sees_ratings": bool(
            access.agencies_where(request.user, access.AGENCY_ACTS[access.AgencyAct.SEE_RATINGS].roles)
        ),
        "has_mailbox": bool(getattr(settings, "EMAIL_FILE_PATH", None)),
        "reads_figures": bool(access.agencies_where(request.user, access.READS_FIGURES)),
        "reads_cases": bool(access.agencies_where(request.user, access.READS_CASES)),
        "audits": bool(access.agencies_where(request.user, access.AGENCY_ACTS[access.AgencyAct.SEE_AUDIT].roles)),
        "sees_workload": bool(
            access.agencies_where(
                request.user,
                access.AGENCY_ACTS[access.AgencyAct.SEE_WORKLOAD].roles | {Role.CLERK.value},
            )
        ),
        "sees_arrivals": bool(access.agencies_where(request.user, access.AGENCY_ACTS[access.AgencyAct.SEE_MAIL].roles)),
        "may_register": bool(access.agencies_where(request.user, access.VERBS[access.Verb.REGISTER].roles)),
    }


def _calendar_banner(user: Staff, on: date) -> dict[str, Any]:
    """Next year's missing holidays: administrators see it from 1 November, heads too once it is urgent."""
    sees_editions = access.may_about_editions(user, access.EditionAct.SEE)
    year = missing_year(on)
    urgent = year is not None and is_urgent(year, on)
    heads = bool(access.agencies_where(user, frozenset({Role.HEAD.value})))
    return {
        "sees_editions": sees_editions,
        "missing_year": year if sees_editions or (urgent and heads) else None,
        "missing_year_is_urgent": urgent,
    }


def case_or_404(request: DeskRequest, pk: int) -> Case:
    """The case with everything that its page shows, in a fixed number of queries; another's does not exist."""
    found = read_file(get_object_or_404(with_file(access.visible_to(request.user)), pk=pk))
    request.read_case = found
    return found
