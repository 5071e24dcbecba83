"""Into an account and out of it: an address, six digits, and the second step of those who have set one up."""

from typing import Any, Final

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework import entries, signon
from casework.actions import applicants
from casework.actions.applicants import Proven
from casework.doors import PROVED, PROVINCE, signed_in
from casework.law.refusals import Refused
from casework.models import CodeWay, Staff
from casework.portal import attempts
from casework.portal.forms.account import AddressForm, DigitsForm, takes_phones
from casework.portal.own import AFTER, OwnRequest, own, remember_where, where_to

_ASKED: Final = require_http_methods(["GET", "HEAD", "POST"])
#: What a browser waits for: the token of the code, and what is done when it has been typed.
WAITING: Final = "code_waited_for"
SIGN_IN: Final = "sign_in"
AGAIN: Final = "again"
ADDRESS: Final = "address"


@_ASKED
@never_cache
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for an address. Known or unknown, it gets a code, and the same page follows."""
    remember_where(request)
    if signed_in(request):
        return redirect(where_to(request))
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and send(request, form, form.cleaned_data["address"], SIGN_IN):
        return redirect("portal:code")
    context = {
        "section": "account",
        "form": form,
        "province": settings.PROVINCE_OIDC_NAME if settings.PROVINCE_OIDC_URL else "",
        "phones": takes_phones(),
    }
    return render(request, "portal/account/sign_in.html", context)


def send(request: HttpRequest, form: AddressForm | DigitsForm, to: Proven, purpose: str) -> bool:
    """Send a code and wait for it, unless too many were sent of late; then the form says for how long."""
    at = timezone.now()
    if wait := attempts.seconds_to_next_code(request, to.address, at=at):
        form.add_error(
            None,
            gettext("刚刚向这个地址发过验证码，请等 %(seconds)s 秒再要。发出的验证码%(minutes)s分钟内有效。")
            % {"seconds": wait, "minutes": settings.SIGN_IN_CODE_MINUTES},
        )
        return False
    attempts.code_sent(request, to.address, at=at)
    request.session[WAITING] = [applicants.ask_code(to.way, to.address, at=at), purpose]
    return True


@_ASKED
@never_cache
def code(request: HttpRequest) -> HttpResponseBase:
    """The digits: right, they let in, prove once more, or make the address the account's."""
    at = timezone.now()
    token, purpose = request.session.get(WAITING) or ("", SIGN_IN)
    to = applicants.awaited(token, at=at)
    if to is None or (purpose != SIGN_IN and signed_in(request) is None):
        return _start_again(request, purpose)
    form = DigitsForm(request.POST if request.method == "POST" and "another" not in request.POST else None)
    if "another" in request.POST:
        form = DigitsForm({})
        form.errors.clear()
        if send(request, form, to, purpose):
            messages.success(request, gettext("新的验证码已经发出，以前的不再有效。"))
            return redirect("portal:code")
    elif form.is_valid():
        proven = _proven(request, form, token, to)
        if proven is not None:
            del request.session[WAITING]
            return _onward(request, proven, purpose)
        if applicants.awaited(token, at=at) is None:
            return _start_again(request, purpose)
    context = {"section": "account", "form": form, "to": to, "purpose": purpose, "back": reverse(_BEGINS[purpose])}
    return render(request, "portal/account/code.html", context)


def _proven(request: HttpRequest, form: DigitsForm, token: str, to: Proven) -> Proven | None:
    at = timezone.now()
    if wait := attempts.seconds_to_wait(request, to.address, at=at):
        form.add_error(None, gettext("连续输错多次，请等 %(seconds)s 秒再试。") % {"seconds": wait})
        return None
    proven = applicants.prove(token, form.cleaned_data["code"], at=at)
    if proven is None:
        attempts.failed(request, to.address, at=at)
        entries.turned_away(request, page=entries.OWN_DOOR, how="code")
        form.add_error("code", gettext("验证码不对。请看最近收到的那一条，再试一次。"))
        return None
    attempts.forget(request, to.address)
    return proven


#: Where each kind of proof begins.
_BEGINS: Final = {SIGN_IN: "portal:sign_in", AGAIN: "portal:again", ADDRESS: "portal:settings"}


def _start_again(request: HttpRequest, purpose: str) -> HttpResponse:
    if request.session.pop(WAITING, None):
        messages.warning(request, gettext("这个验证码已经失效：过了时间，或者试错太多次。请重新获取。"))
    return redirect(_BEGINS[purpose])


def _onward(request: HttpRequest, proven: Proven, purpose: str) -> HttpResponseBase:
    account = signed_in(request)
    if purpose == AGAIN and account is not None:
        request.session[PROVED] = timezone.now().timestamp()
        return redirect(where_to(request))
    if purpose == ADDRESS and account is not None:
        try:
            applicants.change_address(account, proven, at=timezone.now())
        except Refused as refused:
            messages.error(request, refused.sentence.read_in(request.LANGUAGE_CODE))
        else:
            messages.success(request, gettext("已经保存。以后可以用这个地址登录。"))
        return redirect("portal:settings")
    try:
        entered: Staff = applicants.enter(proven)
    except Refused as refused:
        messages.error(request, refused.sentence.read_in(request.LANGUAGE_CODE))
        return redirect("portal:sign_in")
    answer: HttpResponse = perform_login(request, entered, email_verification="none", redirect_url=where_to(request))
    return answer


@_ASKED
@own
def again(request: OwnRequest) -> HttpResponseBase:
    """Once more a code to an address of the account; who has none signs in anew where they came from."""
    ways = applicants.addresses(request.user)
    form = AddressForm(request.POST if request.method == "POST" else None)
    form.errors.clear()  # nothing is typed: which of the own addresses, says the button
    if request.method == "POST":
        chosen = dict(ways).get(CodeWay(request.POST["way"])) if request.POST.get("way") in CodeWay.values else None
        if chosen and send(request, form, Proven(CodeWay(request.POST["way"]), chosen), AGAIN):
            return redirect("portal:code")
    context: dict[str, Any] = {
        "section": "account",
        "form": form,
        "ways": ways,
        "province": settings.PROVINCE_OIDC_NAME,
    }
    return render(request, "portal/account/again.html", context)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, on this computer; what was opened by its code is closed as well."""
    if signed_in(request):
        logout(request)
    messages.success(request, gettext("已经退出账户。"))
    return redirect("portal:home")


def _if_configured(view: Any) -> Any:
    def configured(request: HttpRequest, provider_id: str) -> HttpResponseBase:
        if not settings.PROVINCE_OIDC_URL or provider_id != PROVINCE:
            raise Http404
        remember_where(request)
        answer: HttpResponseBase = view(request, provider_id)
        return answer

    return require_safe(never_cache(configured))


province = _if_configured(signon.login)
province_back = _if_configured(signon.callback)


@require_safe
@never_cache
def no_province(request: HttpRequest) -> HttpResponse:
    """Where allauth leads when the other service has refused."""
    messages.error(request, gettext("统一身份认证没有完成。请再试一次，或者用电子邮箱、手机号码登录。"))
    return redirect("portal:sign_in")


__all__ = ["ADDRESS", "AFTER", "AGAIN", "again", "code", "no_province", "province", "province_back", "send", "sign_in"]
