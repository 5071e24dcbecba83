"""The auditor's page: who read which personal data, who exported, who was turned away, and what was done to a case."""

import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from casework import access
from casework.access import AgencyAct
from casework.actions.filters import record_taken_out
from casework.audit.searching import accesses, events
from casework.desk.forms.audit import AuditForm
from casework.desk.pages import DeskRequest, desk, page
from casework.exports.sheets import write_csv
from casework.models import AccessRecord, Event, SealHead
from casework.templatetags.words import read

PAGE: Final = 50
Row = tuple[int, AccessRecord | None, Event | None]


@require_safe
@desk
def audit(request: DeskRequest) -> HttpResponseBase:
    """Newest first, a page at a time; looking is itself on record."""
    form = _form(request)
    before = request.GET.get("before", "")
    since = int(before) if before.isdecimal() and len(before) <= 18 else None
    rows = list(islice(_rows(request, form, before=since), PAGE + 1)) if form.is_valid() else []
    kept: dict[str, str] = {name: value for name in form.fields if (value := request.GET.get(name, ""))}
    context = {
        "form": form,
        "events": request.GET.get("log") == "events",
        "lines": [(record, event, event.for_office() if event else None) for _pk, record, event in rows[:PAGE]],
        "next": urlencode(kept | {"before": str(rows[PAGE - 1][0])}) if len(rows) > PAGE else "",
        "first": urlencode(kept),
        "begun": bool(before),
        "narrowed": bool(kept),
        "head": SealHead.objects.filter(pk=1).first(),
    }
    return page(request, "desk/audit.html", context, section="audit")


@require_safe
@desk
def export(request: DeskRequest) -> HttpResponseBase:
    """What the page shows, all of it, as CSV without live formulas; on record as a file taken out."""
    form = _form(request)
    if not form.is_valid():
        return redirect(f"{reverse('desk:audit')}?{request.GET.urlencode()}")
    file = tempfile.TemporaryFile(prefix="audit-")  # noqa: SIM115 - closed by the response
    written = write_csv(file, _heads(), _cells(_rows(request, form)))
    query = urlencode({name: request.GET.get(name, "") for name in form.fields})
    record_taken_out(form="csv", query=f"audit?{query}", cases=written, by=request.user, at=timezone.now())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"审计记录-{timezone.localdate():%Y%m%d}.csv")


def _form(request: DeskRequest) -> AuditForm:
    if not access.agencies_for(request.user, AgencyAct.SEE_AUDIT):
        raise PermissionDenied
    return AuditForm(request.GET, user=request.user)


def _rows(request: DeskRequest, form: AuditForm, *, before: int | None = None) -> Iterator[Row]:
    agencies, asked = list(access.agencies_for(request.user, AgencyAct.SEE_AUDIT)), form.asked()
    if form.cleaned_data.get("log") == "events":
        yield from ((row.pk, None, row) for row in events(agencies, asked, before=before))
    else:
        yield from ((row.pk, row, None) for row in accesses(agencies, asked, before=before))


def _heads() -> list[str]:
    return [
        *(gettext("序号"), gettext("时间"), gettext("人员"), gettext("种类"), gettext("登记编号")),
        *(gettext("页面"), gettext("内容"), gettext("来源地址"), gettext("请求编号")),
    ]


def _cells(rows: Iterator[Row]) -> Iterator[list[Any]]:
    for pk, record, event in rows:
        source = record or event
        assert source is not None
        when = date_format(timezone.localtime(source.at), "Y-m-d H:i:s")
        who = f"{source.by.get_full_name()}（{source.by.username}）" if source.by else ""
        case = source.case.number if source.case else ""
        if record is not None:
            kind = read(record.words)
            yield [
                pk,
                when,
                who or record.token_mark,
                kind,
                case,
                record.page,
                record.what,
                record.network,
                record.request_id,
            ]
        elif event is not None:
            yield [pk, when, who, event.kind, case, "", read(event.for_office()), "", ""]
