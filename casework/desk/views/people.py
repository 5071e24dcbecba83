"""Logging in and out, and the table of who may do what."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from casework import access
from casework.desk.pages import DeskRequest, desk, page
from casework.fields import Line
from casework.law.states import STATES


class LoginForm(AuthenticationForm):
    """Name and password; which of the two is wrong is not said."""

    error_messages = {
        "invalid_login": _("用户名和密码对不上。请检查大小写，忘记密码的请联系本机关管理员。"),
        "inactive": _("用户名和密码对不上。请检查大小写，忘记密码的请联系本机关管理员。"),
    }
    username = Line(
        label=_("用户名"),
        missing=_("请填写用户名。"),
        limit=150,
        widget=forms.TextInput(attrs={"class": "middle", "autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"class": "middle", "autocomplete": "current-password"}),
        error_messages={"required": _("请填写密码。"), "max_length": _("密码太长。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)


class Login(LoginView):
    """The door of the desk."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


class Logout(LogoutView):
    """Out again; only by POST."""

    next_page = "desk:login"


@require_safe
@desk
def roles(request: DeskRequest) -> HttpResponseBase:
    """Who may do what, and which roles the reader has."""
    appointments = request.user.appointments.select_related("agency").order_by("agency__path", "role")
    rows = [
        {
            "row": row,
            "roles": access.role_words(row.roles),
            "states": [STATES[state].clerk for state in STATES if state in row.states],
            "everywhere": row.states == frozenset(STATES),
        }
        for row in access.VERBS.values()
    ]
    others = [
        (row.words, row.roles)
        for table in (access.MATERIAL_ACTS, access.AGENCY_ACTS, access.REPORT_ACTS, access.EDITION_ACTS)
        for row in table.values()
    ]
    context = {
        "rows": rows,
        "others": [(words, access.role_words(held)) for words, held in others],
        "appointments": [(a, access.ROLE_WORDS[a.role]) for a in appointments],
    }
    return page(request, "desk/roles.html", context, section="roles")
