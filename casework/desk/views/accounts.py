"""People: who has an account, their roles and by whom they were given, and what can be done when something is lost."""

from collections.abc import Callable
from typing import Any, Final

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import access
from casework.actions import accounts as verbs
from casework.actions.invite import invite
from casework.desk.forms.administration import AppointForm, NewPersonForm, PersonForm, SureForm
from casework.desk.pages import DeskRequest, desk, page
from casework.law.refusals import Refused
from casework.models import Appointment, Case, Staff

_SHOWN = 50
#: What a button does, what the page says before and after; ``True``: it is asked twice.
_DEEDS: Final[dict[str, tuple[Callable[..., Any], Any, Any]]] = {
    "deactivate": (verbs.deactivate, _("停用账户"), _("账户已经停用，正在登录的已经退出。")),
    "reactivate": (verbs.reactivate, _("恢复账户"), _("账户已经恢复。")),
    "invite": (invite, _("发出邀请邮件，由本人设置密码"), _("邀请邮件正在发出。以前的邀请链接不再有效。")),
    "password": (verbs.give_password, _("发给新的初始密码"), ""),
    "second-factor": (verbs.reset_second_factor, _("重置双因素登录"), _("双因素登录已经重置。")),
    "unlock": (verbs.unlock, _("解除锁定"), _("锁定已经解除。")),
    "sign-out": (verbs.sign_out_everywhere, _("退出所有登录"), _("已经退出所有登录。")),
}


@require_safe
@desk
def people(request: DeskRequest) -> HttpResponseBase:
    """The accounts that this person keeps, a page at a time."""
    _check(request)
    agencies = access.administered(request.user)
    asked, code = request.GET.get("q", "").strip()[:80], request.GET.get("agency", "")
    found = access.people_visible_to(request.user)
    if asked:
        found = found.filter(Q(username__icontains=asked) | Q(name__icontains=asked))
    if code:
        found = found.filter(appointments__agency__code=code).distinct()
    held = Appointment.objects.select_related("agency").order_by("agency__path", "id")
    rows = Paginator(
        found.order_by("-is_active", "username").prefetch_related(Prefetch("appointments", held)), _SHOWN
    ).get_page(request.GET.get("page"))
    context = {
        "rows": [(each, [(a, access.ROLE_WORDS[a.role]) for a in each.appointments.all()]) for each in rows],
        "shown": rows,
        "asked": asked,
        "code": code,
        "agencies": agencies,
    }
    return page(request, "desk/administration/people.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def new_person(request: DeskRequest) -> HttpResponseBase:
    """A new account; the page that answers shows the initial password, and nothing does after that."""
    _check(request)
    form = NewPersonForm(
        request.POST if request.method == "POST" else None,
        agencies=access.administered(request.user),
        from_above=access.is_system_administrator(request.user),
        initial={"agency": access.administered(request.user).filter(code=request.GET.get("agency", "")).first()},
    )
    if form.is_valid():
        facts = dict(form.cleaned_data)
        invited = facts.pop("way") == "mail"
        try:
            with transaction.atomic():
                at = timezone.now()
                agency = facts.pop("agency")
                person, password = verbs.add_person(agency, **facts, invited=invited, by=request.user, at=at)
                if invited:
                    invite(person, by=request.user, at=at)
        except Refused as refused:
            form.refuse(refused)
        else:
            if not invited:
                return _password_page(request, person, password)
            messages.success(request, gettext("账户已经建立，邀请邮件正在发出。"))
            return redirect("desk:person", person.pk)
    context = {"form": form, "title": gettext("建立账户"), "back": reverse("desk:people")}
    return page(request, "desk/administration/form.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def person(request: DeskRequest, pk: int) -> HttpResponseBase:
    """One account: who it is, the roles with who gave them, what can be done, and the record."""
    _check(request)
    found = _or_404(request, pk)
    may = access.may_touch(request.user, found)
    posted = request.POST if request.method == "POST" else None
    form = PersonForm(posted, initial={"name": found.name, "email": found.email, "phone": found.phone})
    if form.is_valid():
        try:
            changed = verbs.change_person(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("修改已经保存。") if changed else gettext("没有要保存的修改。"))
            return redirect("desk:person", found.pk)
    return _person_page(request, found, form=form if may else None)


@require_POST
@desk
def appoint(request: DeskRequest, pk: int) -> HttpResponseBase:
    """Give a role."""
    _check(request)
    found = _or_404(request, pk)
    form = _appoint_form(request, posted=True)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            new = verbs.appoint(found, facts["agency"], facts["role"], by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("任命已经登记。") if new else gettext("已有这个角色。"))
            return redirect("desk:person", found.pk)
    return _person_page(request, found, appoint=form)


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def dismiss(request: DeskRequest, pk: int, appointment_pk: int) -> HttpResponseBase:
    """Take a role away, after asking once more."""
    _check(request)
    found = _or_404(request, pk)
    agencies = access.administered(request.user)
    held = get_object_or_404(found.appointments.select_related("agency").filter(agency__in=agencies), pk=appointment_pk)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verbs.dismiss(found, held.agency, held.role, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, gettext("已经免去。办过的事项不变。"))
            return redirect("desk:person", found.pk)
    role = access.ROLE_WORDS[held.role].read_in(request.LANGUAGE_CODE)
    context = {
        "form": form,
        "title": gettext("免去%(agency)s%(role)s") % {"agency": held.agency.name, "role": role},
        "of": found.get_full_name(),
        "back": reverse("desk:person", args=[pk]),
        "grave": True,
    }
    return page(request, "desk/administration/form.html", context, section="administration")


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def deed(request: DeskRequest, pk: int, deed: str) -> HttpResponseBase:
    """What is done to an account as a whole, after asking once more."""
    _check(request)
    found = _or_404(request, pk)
    if deed not in _DEEDS:
        raise Http404
    verb, title, done = _DEEDS[deed]
    if not access.may_touch(request.user, found):
        raise PermissionDenied
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = verb(found, by=request.user, at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            if deed == "password":
                return _password_page(request, found, made)
            messages.success(request, str(done))
            return redirect("desk:person", found.pk)
    open_cases = Case.objects.still_open().filter(clerk=found).count() if deed == "deactivate" else 0
    context = {
        "form": form,
        "title": title,
        "of": found.get_full_name(),
        "open_cases": open_cases,
        "back": reverse("desk:person", args=[pk]),
        "grave": deed in ("deactivate", "second-factor", "password"),
    }
    return page(request, "desk/administration/form.html", context, section="administration")


def _check(request: DeskRequest) -> None:
    if not access.administered(request.user).exists():
        raise PermissionDenied


def _or_404(request: DeskRequest, pk: int) -> Staff:
    return get_object_or_404(access.people_visible_to(request.user), pk=pk)


def _appoint_form(request: DeskRequest, *, posted: bool = False) -> AppointForm:
    return AppointForm(
        request.POST if posted else None,
        agencies=access.administered(request.user),
        from_above=access.is_system_administrator(request.user),
    )


def _person_page(
    request: DeskRequest, found: Staff, *, form: PersonForm | None = None, appoint: AppointForm | None = None
) -> HttpResponseBase:
    mine = set(access.administered(request.user).values_list("pk", flat=True))
    may, own = access.may_touch(request.user, found), found.pk == request.user.pk
    if form is None and may:
        form = PersonForm(initial={"name": found.name, "email": found.email, "phone": found.phone})
    limit = settings.AXES_FAILURE_LIMIT
    context = {
        "person": found,
        "form": appoint if appoint is not None and appoint.is_bound else form,
        "person_form": form,
        "appoint": None if own else (appoint or _appoint_form(request)),
        "appointments": [
            (each, access.ROLE_WORDS[each.role], each.agency_id in mine and not own)
            for each in found.appointments.select_related("agency", "given_by").order_by("agency__path", "id")
        ],
        "may_touch": may,
        "own": own,
        "has_second_factor": access.has_second_factor(found),
        "locked": AccessAttempt.objects.filter(username=found.username, failures_since_start__gte=limit).exists(),
        "invitation": found.invitations.still_open(at=timezone.now()).first(),
        "changes": found.changes.select_related("by", "agency")[:100],
    }
    return page(request, "desk/administration/person.html", context, section="administration")


def _password_page(request: DeskRequest, person: Staff, password: str) -> HttpResponseBase:
    context = {"person": person, "password": password, "back": reverse("desk:person", args=[person.pk])}
    return page(request, "desk/administration/password.html", context, section="administration")
