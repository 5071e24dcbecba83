"""The outermost door: methods that nobody needs end here, and every answer tells browsers what Django, django-csp and
whitenoise do not say. The whole list of headers is asserted in ``tests/platform/test_headers.py``.
"""

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase

#: Faculties of a machine that no page asks for; a script that slipped in could not ask for them either.
UNUSED: Final = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer"),
    *("microphone", "midi", "payment", "serial", "usb"),
)
#: Methods that would send a request back or lead elsewhere; what a page or the interface takes it says itself.
REFUSED: Final = frozenset({"TRACE", "TRACK", "CONNECT"})
#: Where machines speak; the page of the description is for people.
MACHINES: Final = re.compile(r"/api/v\d+/(?!docs/)")
STANDING: Final = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
}


class OuterDoor:
    """Stands outermost, so that files, redirects and refusals of the others carry them too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = _turned_away(request) or self.get_response(request)
        for name, value in STANDING.items():
            answer.headers.setdefault(name, value)
        return answer


def _turned_away(request: HttpRequest) -> HttpResponseBase | None:
    if request.method in REFUSED:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    # A person is led to HTTPS; a machine that was set up without it would send its token in clear for ever (ASVS 4.1.2)
    if settings.SECURE_SSL_REDIRECT and MACHINES.match(request.path) and not request.is_secure():
        problem = {"type": "about:blank", "title": "只接受 HTTPS / HTTPS only", "status": 403}
        return JsonResponse(problem, status=403, content_type="application/problem+json")
    return None
