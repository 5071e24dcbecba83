"""The page on which an administrator sets what the agency may choose, with the record of changes below."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.access import AgencyAct
from casework.actions.settings import change_settings, last_change
from casework.desk.forms.settings import SettingsForm, in_words
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import Agency
from casework.models.setting import FACTS, SETTINGS
from notifications.nudge import ask_for

_CHANGES_SHOWN = 100


@require_safe
@desk
def first(request: DeskRequest) -> HttpResponseBase:
    """The way in: the first agency that this person administers."""
    agency = access.agencies_for(request.user, AgencyAct.CHANGE_SETTINGS).first()
    if agency is None:
        raise PermissionDenied
    return redirect("desk:settings_of", agency.code)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def settings_of(request: DeskRequest, code: str) -> HttpResponseBase:
    """Show the settings of one agency, or change them."""
    mine = access.agencies_for(request.user, AgencyAct.CHANGE_SETTINGS)
    agency = get_object_or_404(mine, code=code)
    posted = request.POST if request.method == "POST" else None
    form = SettingsForm(posted, agency=agency, seen=last_change(agency))
    context: dict[str, Any] = {"agency": agency, "agencies": mine}
    if form.is_valid():
        answers = form.cleaned_data
        try:
            changes = change_settings(
                agency,
                form.wanted(),
                seen=answers["seen"],
                reason=answers["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refused:
            if refused.field:
                form.refuse(refused)
            else:
                # Others changed what this page was drawn from: it is drawn anew, and what was typed stands beside it.
                agency.refresh_from_db()
                context |= {"refusal": refused, "typed": list(_typed(form, agency))}
                form = SettingsForm(agency=agency, seen=last_change(agency))
        else:
            if any(change.field == "calendar_region" for change in changes):
                ask_for("casework.tasks.carry_on_editions")
            messages.success(request, gettext("设置已经保存。") if changes else gettext("没有要保存的修改。"))
            return redirect("desk:settings_of", agency.code)
    context |= {"form": form, "changes": list(_changes(agency))}
    return page(request, "desk/settings.html", context, section="administration")


def _typed(form: SettingsForm, agency: Agency) -> Any:
    for name, value in form.wanted().items():
        if value != getattr(agency, name):
            yield SETTINGS[name].words, in_words(name, value)


def _changes(agency: Agency) -> Any:
    rows = agency.setting_changes.select_related("by")[:_CHANGES_SHOWN]
    for row in rows:
        # A setting that a later release gave up keeps its record, under the name of its column.
        words = SETTINGS[row.field].words if row.field in SETTINGS else FACTS.get(row.field, row.field)
        yield row, words, *(in_words(row.field, value) for value in (row.before, row.after))
