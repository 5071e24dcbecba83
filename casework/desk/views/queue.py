"""The queue of cases."""

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from casework import access
from casework.desk.forms.acts import DeskForm
from casework.desk.pages import DeskRequest, desk, page
from casework.desk.queue import TRAYS, counts, search, sheet
from casework.desk.urgency import urgency_of
from casework.fields import Line
from casework.models import Role


class SearchForm(DeskForm):
    """Words that stand in the number, the name or the text."""

    q = Line(label=_("编号、申请人或者内容"), limit=100, required=False)


@require_safe
@desk
def queue(request: DeskRequest) -> HttpResponseBase:
    """Cases by the days that are left, in trays; a search looks through closed ones too."""
    on = timezone.localdate()
    form = SearchForm(request.GET if "q" in request.GET else None)
    sought = form.cleaned_data["q"] if form.is_valid() else ""
    asked_for = request.GET.get("show", "")
    handles = access.agencies_where(request.user, frozenset({Role.CLERK.value}))
    tray = TRAYS.get(asked_for) or TRAYS["all" if sought else "mine" if handles else "open"]
    cases = access.visible_to(request.user)
    found = sheet(search(cases, sought), tray, request.GET.get("after", ""), user=request.user, on=on)
    counted = counts(cases, user=request.user, on=on)
    tabs = [
        {
            "words": each.words,
            "address": "?" + urlencode({"show": each.key, **({"q": sought} if sought else {})}),
            "count": counted.of.get(each.key),
            "here": each is tray,
            "alarming": each.key == "late" and counted.of["late"],
        }
        for each in TRAYS.values()
    ]
    context = {
        "form": form,
        "sought": sought,
        "tray": tray,
        "tabs": tabs,
        "at_least": counted.bounded,
        "lines": [(case, urgency_of(case, on=on)) for case in found.cases],
        "next": "?" + urlencode({"show": tray.key, "q": sought, "after": found.next}) if found.next else "",
        "begun": "after" in request.GET,
        "several_agencies": len(access.agencies_where(request.user, access.READS_CASES)) > 1,
        "reads_nothing": not access.agencies_where(request.user, access.READS_CASES),
    }
    return page(request, "desk/queue.html", context, section="queue")
