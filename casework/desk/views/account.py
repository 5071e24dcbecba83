"""allauth's pages in our frame: the second factor, and the way to the single sign-on; no others are mounted."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework import access, signon
from casework.desk.pages import DeskRequest, at_door, frame
from casework.models import APPLICANT_NAME

View = Callable[..., HttpResponseBase]
_ASKED = require_http_methods(["GET", "HEAD", "POST"])


def _inside(view: View, methods: Callable[[View], View] = _ASKED) -> View:
    """For whoever has logged in and has a password of their own, set up or not what their roles need."""

    @wraps(view)
    def framed(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.stand_at(access.address_of(request)) and not request.user.roles:
            return redirect("desk:account")
        if access.must_change_password(request.user, at=timezone.now()):
            return redirect("desk:password")
        answer = view(request, *args, **kwargs)
        if isinstance(answer, SimpleTemplateResponse):
            answer.context_data = {
                **frame(request, "roles"),
                "needed": access.lacks_second_factor(request.user),
                **(answer.context_data or {}),
            }
        return answer

    return methods(never_cache(at_door(framed)))


def _at_the_door(view: View) -> View:
    """For staff on the way in; after too many wrong codes the account waits as after wrong passwords."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = _stage_of(request)
        if stage.startswith(APPLICANT_NAME):  # on the way into their own account, which has another door
            return redirect("desk:login")
        if request.method == "POST" and stage and not AxesProxyHandler.is_allowed(request, {"username": stage}):
            messages.error(request, gettext("连续输错多次，请过一会儿再登录。着急的，请本机关管理员解除锁定。"))
            return redirect("desk:login")
        return view(request, *args, **kwargs)

    return _ASKED(never_cache(asked))


def _stage_of(request: HttpRequest) -> str:
    """The username of whoever has given the right password and not yet the code."""
    from allauth.account.internal.stagekit import unstash_login

    login = unstash_login(request, peek=True)
    return str(login.user.username) if login and login.user else ""


def _if_configured(view: View) -> View:
    @wraps(view)
    def configured(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        from django.conf import settings

        if not settings.OIDC_URL:
            raise Http404
        return view(request, **kwargs)

    return _ASKED(never_cache(configured))


@_ASKED
@never_cache
def no_single_sign_on(request: HttpRequest) -> HttpResponseBase:
    """Where allauth leads when the other service has refused, or would have let somebody sign up."""
    messages.error(request, gettext("统一身份认证没有完成。请再试一次，或者用密码登录。"))
    return redirect("desk:login")


second_factor = _inside(mfa.index, require_safe)
again_by_password = _inside(account.reauthenticate)
again_by_code = _inside(mfa.reauthenticate)
again_by_key = _inside(webauthn.reauthenticate_webauthn)
activate_totp = _inside(totp.activate_totp)
deactivate_totp = _inside(totp.deactivate_totp)
recovery_codes = _inside(recovery.view_recovery_codes, require_safe)
generate_recovery_codes = _inside(recovery.generate_recovery_codes)
keys = _inside(webauthn.list_webauthn, require_safe)
add_key = _inside(webauthn.add_webauthn)
remove_key = _inside(webauthn.remove_webauthn)
rename_key = _inside(webauthn.edit_webauthn)
authenticate = _at_the_door(mfa.authenticate)
single_sign_on = _if_configured(signon.login)
single_sign_on_back = _if_configured(signon.callback)
