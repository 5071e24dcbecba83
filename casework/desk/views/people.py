"""Logging in and out, one's own password and sessions, and the table of who may do what."""

from datetime import timedelta
from typing import Any, Final

from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework import access
from casework.actions.accounts import sign_out_everywhere
from casework.actions.invite import DEAD, take_up
from casework.actions.passwords import change_password
from casework.desk.door import KEPT, opened
from casework.desk.forms.account import InvitedForm, LoginForm, PasswordForm
from casework.desk.pages import DeskRequest, at_door, desk, page
from casework.law.refusals import Refused
from casework.law.states import STATES
from casework.models import Invitation, Role, Staff

_UNSENT: Final = "unsent"


class Login(LoginView):
    """The door of the desk: the password first, then what allauth asks of whoever has a second factor."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "kept": self.request.POST.get(KEPT) or self.request.GET.get(KEPT, ""),
            "single_sign_on": settings.OIDC_NAME if settings.OIDC_URL else "",
            "unguarded": settings.SECOND_FACTOR == "off",
        }

    def form_valid(self, form: Any) -> HttpResponse:
        person: Staff = form.get_user()
        if person.initial_until is not None and person.initial_until < timezone.now():
            form.add_error(None, gettext("初始密码已经过期。请联系本机关管理员，另外发给一个。"))
            return self.form_invalid(form)
        where = self.get_success_url()
        self.request.session.pop(_UNSENT, None)
        if kept := self.request.POST.get(KEPT, ""):
            self.request.session[_UNSENT] = kept
            where = reverse("desk:unsent")
        answer: HttpResponse = perform_login(self.request, person, email_verification="none", redirect_url=where)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Where the account waits, that is said and nothing else: whether this password was right is not told."""
        if getattr(self.request, "axes_locked_out", False):
            wait = get_cool_off(self.request) or timedelta()
            form.errors.clear()
            form.add_error(
                None,
                gettext(
                    "这个用户名从这里连续输错多次，请等 %(minutes)s 分钟再试。着急的，请本机关管理员解除锁定。"
                    "别人从这里登录不受影响。"
                )
                % {"minutes": int(wait.total_seconds() // 60)},
            )
            self.request.axes_locked_out = False  # type: ignore[attr-defined]
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().form_invalid(form)


class Logout(LogoutView):
    """Out again; only by POST."""

    next_page = "desk:login"


@require_http_methods(["GET", "HEAD", "POST"])
@at_door
@never_cache
def password(request: DeskRequest) -> HttpResponseBase:
    """One's own password; the page to which whoever must change it is led."""
    at = timezone.now()
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            change_password(request.user, old=facts["old"], new=facts["new"], at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            update_session_auth_hash(request, request.user)
            UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key).delete()
            messages.success(request, gettext("密码已经修改，在别处的登录已经退出。"))
            return redirect("desk:account")
    context = {
        "form": form,
        "initial": request.user.initial_until,
        "must": access.must_change_password(request.user, at=at),
    }
    return page(request, "desk/account/password.html", context, section="roles")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whoever was invited sets their password, once. A dead link says so, and not whose it was."""
    at = timezone.now()
    found = Invitation.objects.opened(token)
    if found is None or not found.opens(at=at):
        answer = render(request, "desk/account/uninvited.html", {"dead": DEAD}, status=404)
    else:
        form = InvitedForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                take_up(token, new=form.cleaned_data["new"], at=at)
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, gettext("密码已经设置，请登录。"))
                return redirect("desk:login")
        context = {"form": form, "person": found.staff, "until": found.until}
        answer = render(request, "desk/account/invited.html", context)
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def account(request: DeskRequest) -> HttpResponseBase:
    """One's own account: second factor, sessions and what was done to it; posted, other sessions end."""
    if request.method == "POST":
        sign_out_everywhere(request.user, keep=request.session.session_key or "", by=request.user, at=timezone.now())
        messages.success(request, gettext("在别处的登录已经全部退出。"))
        return redirect("desk:account")
    context = {
        "sessions": [
            (each, each.session_key == request.session.session_key)
            for each in UserSession.objects.purge_and_list(request.user)
        ],
        "has_second_factor": access.has_second_factor(request.user),
        "needs": access.role_words(access.roles_that_need_a_second_factor(request.user)),
        "changes": request.user.changes.select_related("by", "agency")[:50],
        "idle": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
    }
    return page(request, "desk/account/account.html", context, section="roles")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def unsent(request: DeskRequest) -> HttpResponseBase:
    """What was being typed when the session ended: to send it once more, or to throw it away."""
    if request.method == "POST":
        request.session.pop(_UNSENT, None)
        return redirect("desk:today")
    found = opened(request.session.get(_UNSENT, ""), str(request.user.pk))
    if found is None:
        request.session.pop(_UNSENT, None)
        return redirect("desk:today")
    shown = [value for name, value in found["fields"] if name != "version" and len(value) > 3]
    context = {"found": found, "shown": shown}
    return page(request, "desk/account/unsent.html", context)


@require_safe
@desk
def roles(request: DeskRequest) -> HttpResponseBase:
    """Who may do what, and which roles the reader has."""
    appointments = request.user.appointments.select_related("agency", "given_by").order_by("agency__path", "role")
    rows = [
        {
            "row": row,
            "roles": access.role_words(row.roles),
            "held": row.roles,
            "states": [STATES[state].clerk for state in STATES if state in row.states],
            "everywhere": row.states == frozenset(STATES),
        }
        for row in access.VERBS.values()
    ]
    others = [
        (row.words, row.roles)
        for table in (
            access.MATERIAL_ACTS,
            access.PUBLISH_ACTS,
            access.AGENCY_ACTS,
            access.REPORT_ACTS,
            access.EDITION_ACTS,
        )
        for row in table.values()
    ]
    context = {
        "rows": rows,
        "others": [(words, access.role_words(held)) for words, held in others],
        "appointments": [(a, access.ROLE_WORDS[a.role]) for a in appointments],
        "columns": [
            (
                access.ROLE_WORDS[role.value],
                [row.words for row in access.VERBS.values() if role.value in row.roles],
                [words for words, held in others if role.value in held],
                role.value in access.READS_CASES,
                role.value in access.READS_FIGURES,
            )
            for role in Role
        ],
    }
    return page(request, "desk/roles.html", context, section="roles")
