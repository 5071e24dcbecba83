"""The switches between the languages, and between 关怀版 and the ordinary pages: cookies, no account, no script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from casework.portal import care


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch and go back to where the visitor was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    return switched(request, back)


def switches(request: HttpRequest) -> bool:
    """Whether a form was sent by the button of a switch, so that the page is shown anew and not left."""
    return "language" in request.POST or "care" in request.POST


def switched(request: HttpRequest, to: str) -> HttpResponse:
    """A redirect to ``to`` in the language, or the print, that the pressed button named."""
    response = HttpResponseRedirect(to)
    chosen = request.POST.get("language", "")
    if check_for_language(chosen):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    if request.POST.get("care") == care.ON:
        _remember(response, care.COOKIE, care.ON)
    elif "care" in request.POST:
        response.delete_cookie(care.COOKIE, samesite="Lax")
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=365 * 24 * 3600,
        secure=bool(settings.LANGUAGE_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
