"""The ledger in the browser: judged row by row or stored as a whole, and taken out again."""

import tempfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from casework import access
from casework.actions.history import Admission
from casework.desk.forms.ledger import ExportForm, ImportForm
from casework.desk.forms.register import registrable
from casework.desk.pages import DeskRequest, desk, page
from casework.law.calendar import day_of
from casework.law.refusals import Refused
from casework.ledger import Reading, read, store, write


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def ledger(request: DeskRequest) -> HttpResponseBase:
    """Judge or store a ledger; the way out stands below."""
    at = timezone.now()
    if not access.agencies_where(request.user, access.READS_CASES):
        raise PermissionDenied
    may_import = registrable(request.user).exists()
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*posted, by=request.user)
    context: dict[str, Any] = {
        "form": form,
        "may_import": may_import,
        "export": ExportForm(by=request.user, on=day_of(at), prefix="out"),
    }
    if form.is_valid():
        answers = form.cleaned_data
        dry_run = answers["what"] == "check"
        try:
            with read(answers["file"].file, answers["file"].name, agency=answers["agency"], on=day_of(at)) as reading:
                admission = store(reading, answers["agency"], at=at, by=request.user, dry_run=dry_run)
        except Refused as refused:
            context["refusal"] = refused
        else:
            context |= _findings(reading, admission, dry_run=dry_run)
    return page(request, "desk/ledger.html", context, section="ledger")


def _findings(reading: Reading, admission: Admission | None, *, dry_run: bool) -> dict[str, Any]:
    language = get_language() or ""
    return {
        "reading": reading,
        "admission": admission,
        "dry_run": dry_run,
        "lists": [
            (kind, [entry.said(language) for entry in report.shown], report.more)
            for kind, report in (("fault", reading.faults), ("doubt", reading.doubts))
            if report.count
        ],
    }


@require_POST
@desk
def export(request: DeskRequest) -> HttpResponseBase:
    """A ledger of what the person may read, without the identity numbers: those are opened one by one."""
    if not access.agencies_where(request.user, access.READS_CASES):
        raise PermissionDenied
    form = ExportForm(request.POST, by=request.user, on=day_of(timezone.now()), prefix="out")
    if not form.is_valid():
        context = {
            "form": ImportForm(by=request.user),
            "export": form,
            "may_import": registrable(request.user).exists(),
        }
        return page(request, "desk/ledger.html", context, section="ledger")
    agency, year, ending = (form.cleaned_data[name] for name in ("agency", "year", "form"))
    file = tempfile.TemporaryFile(prefix="ledger-")  # noqa: SIM115 - closed by the response
    write(file, ending, agency, year=year, identities=False)
    file.seek(0)
    name = f"{agency.code}{f'-{year}' if year else ''}-台账.{ending}"
    return FileResponse(file, as_attachment=True, filename=name)
