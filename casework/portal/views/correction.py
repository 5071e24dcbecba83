"""更正本人信息 (条例 41): the form, the receipt with its code, and the page on which it is followed."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from casework.actions import correction as verbs
from casework.law.refusals import Refused
from casework.models import Agency, RecordCorrection
from casework.models.querycode import new_code
from casework.models.sealing import seal, unseal
from casework.portal.forms.correction import AddForm, CorrectionForm
from casework.portal.opened import OPEN_FOR, WANTED
from casework.portal.receipts import SHOWN_FOR

#: In the session: codes of forms that are open, sealed; requests that were opened with their codes.
_CODES: Final = "correction_codes"
_OPENED: Final = "opened_corrections"
_PURPOSE: Final = "correction code"
#: Forms open in one browser at once.
_MOST: Final = 5


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correction(request: HttpRequest) -> HttpResponse:
    """One form; sent twice it makes one request, and the receipt shows the same code."""
    at = timezone.now()
    on = timezone.localdate(at)
    if request.method != "POST":
        initial = {"form_key": _new_form(request)}
        if code := request.GET.get("agency", "")[:32]:
            initial["agency"] = code
        elif len(only := Agency.objects.open_to_applications()[:2]) == 1:
            initial["agency"] = only[0].code
        return _form(request, CorrectionForm(initial=initial, on=on))
    form = CorrectionForm(request.POST, request.FILES, on=on)
    if not form.is_valid():
        return _form(request, form)
    key = form.cleaned_data["form_key"]
    code = _code_of(request, key) or ""
    if not code:  # a form of another browser, or of yesterday: it is taken under a new key
        key = _new_form(request)
        code = _code_of(request, key) or new_code()
    try:
        made = verbs.file_request(form.cleaned_data["agency"], form.request(), query_code=code, form_key=key, at=at)
    except Refused as refused:
        field = "evidence" if refused.field == "files" else refused.field
        form.add_error(field if field in form.fields else None, refused.sentence.read_in(get_language()))
        return _form(request, form)
    remember(request, made.pk, at=at)
    return redirect("portal:correction_receipt", made.pk)


def _form(request: HttpRequest, form: CorrectionForm) -> HttpResponse:
    groups = (
        (gettext("要更正的记录"), [form[name] for name in ("agency", "record", "wrong", "right")]),
        (gettext("证据"), [form[name] for name in ("grounds", "evidence")]),
        (gettext("您是谁"), [form[name] for name in ("name", "identity_kind", "identity_number")]),
        (gettext("怎样联系您"), [form[name] for name in ("phone", "email", "address")]),
    )
    context = {"section": "correction", "form": form, "groups": groups, "back": reverse("portal:home")}
    return render(request, "portal/correction/form.html", context)


@never_cache
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Number and code, shown for a while to the browser that sent the form."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return _ask_again(request)
    shown = at - found.received_at <= SHOWN_FOR
    context = {
        "section": "correction",
        "correction": found,
        "code": _code_of(request, found.form_key) if shown else None,
        "due": found.due(),
    }
    return render(request, "portal/correction/receipt.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def followed(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the request stands, what is asked for, the reply, and what can be done next."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return _ask_again(request)
    form = AddForm(request.POST, request.FILES) if request.method == "POST" else AddForm()
    if request.method == "POST" and form.is_valid():
        try:
            verbs.answer(found, **form.cleaned_data, at=at)
        except Refused as refused:
            form.add_error(None, refused.sentence.read_in(get_language()))
        else:
            messages.success(request, gettext("补充已经收到。"))
            return redirect("portal:correction_case", pk)
    verbs.record_opened(found, at=at)
    on = timezone.localdate(at)
    context = {
        "section": "correction",
        "correction": found,
        "form": form,
        "due": found.due() if found.is_open and not found.asked else None,
        "routes": found.routes(on),
        "passed_on": getattr(found, "passed_on", None),
        "events": [(event, text) for event in found.events.select_related("by") if (text := event.for_citizen())],
        "case": found,  # of the parts that say where to go
    }
    return render(request, "portal/correction/follow.html", context)


@require_POST
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the request up; ticked first, so that no stray press does it."""
    at = timezone.now()
    found = opened(request, pk, at=at)
    if found is None:
        return _ask_again(request)
    if "sure" not in request.POST:
        messages.warning(request, gettext("确定要撤回的，请先勾选。"))
        return redirect("portal:correction_case", pk)
    try:
        verbs.withdraw(found, at=at)
    except Refused as refused:
        messages.warning(request, refused.sentence.read_in(get_language()))
    else:
        messages.success(request, gettext("更正请求已经撤回。"))
    return redirect("portal:correction_case", pk)


def remember(request: HttpRequest, pk: int, *, at: datetime) -> None:
    """The request was opened with its code, or a page of it was looked at."""
    request.session[_OPENED] = {**request.session.get(_OPENED, {}), str(pk): at.timestamp()}


def opened(request: HttpRequest, pk: int, *, at: datetime) -> RecordCorrection | None:
    """The request, if this visitor opened it with its code not long ago."""
    since = request.session.get(_OPENED, {}).get(str(pk))
    if since is None or at.timestamp() - since > OPEN_FOR.total_seconds():
        return None
    if at.timestamp() - since > 60:
        remember(request, pk, at=at)
    return RecordCorrection.objects.select_related("agency", "passed_on__agency").filter(pk=pk).first()


def _ask_again(request: HttpRequest) -> HttpResponse:
    request.session[WANTED] = request.path
    messages.info(request, gettext("请输入编号和查询码。"))
    return redirect("portal:follow")


def _new_form(request: HttpRequest) -> str:
    """A key for a form that is shown now, with the code that its receipt will show."""
    key = secrets.token_urlsafe(24)
    codes = list(request.session.get(_CODES, []))[-_MOST + 1 :]
    sealed = urlsafe_b64encode(seal(new_code(), _PURPOSE)).decode()
    request.session[_CODES] = [*codes, [key, sealed]]
    return key


def _code_of(request: HttpRequest, key: str) -> str | None:
    sealed = dict(request.session.get(_CODES, [])).get(key)
    return unseal(urlsafe_b64decode(sealed), _PURPOSE) if sealed else None
