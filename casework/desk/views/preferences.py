"""How I want to be told."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from casework.actions.preferences import choose
from casework.desk.forms.channels import PreferencesForm
from casework.desk.pages import DeskRequest, desk, page
from notifications import sms


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def preferences(request: DeskRequest) -> HttpResponseBase:
    """Show the choices, or keep them."""
    form = PreferencesForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        choose(by=request.user, phone=form.cleaned_data["phone"], **form.hours(), choices=form.choices())
        messages.success(request, gettext("已经保存。"))
        return redirect("desk:preferences")
    context = {"form": form, "texts": sms.is_offered()}
    return page(request, "desk/preferences.html", context, section="roles")
