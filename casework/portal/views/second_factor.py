"""allauth's pages of the second factor in the look of the portal; no others of its pages are mounted for applicants."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.internal.stagekit import clear_login, unstash_login
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casework.portal.own import fresh, own

View = Callable[..., HttpResponseBase]
_ASKED: Final = require_http_methods(["GET", "HEAD", "POST"])
FRAME: Final = "portal/account/frame.html"
#: Pages that have other things to say here than at the desk.
_OTHERS: Final = {
    "mfa/index.html": "portal/account/second_factor.html",
    "mfa/authenticate.html": "portal/account/authenticate.html",
    "mfa/webauthn/authenticator_list.html": "portal/account/keys.html",
}


def _looking(view: View) -> View:
    """In the frame of the portal."""

    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        if isinstance(answer, SimpleTemplateResponse):
            names = answer.template_name if isinstance(answer.template_name, list | tuple) else [answer.template_name]
            answer.template_name = [_OTHERS.get(str(name), str(name)) for name in names]
            own_words = {"section": "account", "account_frame": FRAME, "for_applicant": True}
            answer.context_data = {**(answer.context_data or {}), **own_words}
        return answer

    return framed


def _inside(view: View) -> View:
    return _ASKED(fresh(_looking(view)))


def _at_the_door(view: View) -> View:
    """For an applicant on the way in; after too many wrong codes the account waits from that address."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        login = unstash_login(request, peek=True)
        if login is None or login.user is None or not login.user.is_applicant:
            clear_login(request)
            return redirect("portal:sign_in")
        name = str(login.user.username)
        if request.method == "POST" and not AxesProxyHandler.is_allowed(request, {"username": name}):
            messages.error(request, gettext("连续输错多次，请过一会儿再登录。您的申请凭登记编号和查询码仍然可以查看。"))
            return redirect("portal:sign_in")
        return view(request, *args, **kwargs)

    return _ASKED(never_cache(asked))


second_factor = _ASKED(own(_looking(mfa.index)))
authenticate = _at_the_door(_looking(mfa.authenticate))
activate_totp = _inside(totp.activate_totp)
deactivate_totp = _inside(totp.deactivate_totp)
recovery_codes = _inside(recovery.view_recovery_codes)
generate_recovery_codes = _inside(recovery.generate_recovery_codes)
keys = _inside(webauthn.list_webauthn)
add_key = _inside(webauthn.add_webauthn)
remove_key = _inside(webauthn.remove_webauthn)
rename_key = _inside(webauthn.edit_webauthn)
