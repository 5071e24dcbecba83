"""Which cases this visitor has opened, with their codes or through an account, and what happens when that has ended."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from casework.doors import signed_in
from casework.models import Case, KeptCase

#: Without a page being opened for so long, number and code are asked for again.
OPEN_FOR: Final = timedelta(minutes=30)
OPENED: Final = "opened_cases"
WANTED: Final = "wanted_page"


def remember(request: HttpRequest, pk: int, *, at: datetime) -> None:
    """The case was opened, or a page of it was."""
    opened = request.session.get(OPENED, {})
    request.session[OPENED] = {**opened, str(pk): at.timestamp()}


def opened(request: HttpRequest, pk: int, *, at: datetime) -> Case | None:
    """The case, if this visitor opened it with its code not long ago, or it stands in the list of their account."""
    return opened_by_code(request, pk, at=at) or _opened_by_account(request, pk)


def opened_by_code(request: HttpRequest, pk: int, *, at: datetime) -> Case | None:
    """The case, if this visitor opened it with its code not long ago."""
    since = request.session.get(OPENED, {}).get(str(pk))
    if since is None or at.timestamp() - since > OPEN_FOR.total_seconds():
        return None
    if at.timestamp() - since > 60:
        remember(request, pk, at=at)
    return _read(pk)


def _opened_by_account(request: HttpRequest, pk: int) -> Case | None:
    account = signed_in(request)
    if account is None or not KeptCase.objects.filter(account=account, case=pk).exists():
        return None
    return _read(pk)


def _read(pk: int) -> Case | None:
    cases = Case.objects.with_clock_facts().select_related("agency", "applicant", "acknowledgement")
    return cases.prefetch_related("decisions__deliveries").filter(pk=pk).first()


def ask_again(request: HttpRequest, *, kept: bool = False) -> HttpResponse:
    """Number and code once more; then back to the page that was wanted. The same for every case that is not open.

    ``kept``: what was typed on this page waits in the session.
    """
    request.session[WANTED] = request.path
    if kept:
        messages.info(request, gettext("请输入登记编号和查询码。您刚才填写的内容已经保留。"))
    else:
        messages.info(request, gettext("请输入登记编号和查询码。"))
    return redirect("portal:follow")
