"""The switch between Chinese and English: a cookie, no account, no script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch and go back to where the visitor was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    return switched(request, back)


def switched(request: HttpRequest, to: str) -> HttpResponse:
    """A redirect to ``to`` in the language that the pressed button named."""
    response = HttpResponseRedirect(to)
    chosen = request.POST.get("language", "")
    if check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=bool(settings.LANGUAGE_COOKIE_SECURE),
            httponly=True,
            samesite="Lax",
        )
    return response
