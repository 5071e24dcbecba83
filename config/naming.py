"""Every request gets a name: in each line of the log, in the answer, on the page that says something went wrong."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseServerError,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from config.headers import MACHINES
from notifications import trail


class Named:
    """Stands outermost, so that no line and no answer is without the name.

    The name that a proxy gave is kept, so that its log and ours agree; from anybody else's hand none is taken.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        proxied = settings.SECURE_PROXY_SSL_HEADER is not None
        name = (trail.given(request.headers.get(trail.HEADER, "")) if proxied else "") or trail.made()
        request.request_id = name  # type: ignore[attr-defined]
        with trail.followed(name):
            answer = self.get_response(request)
        answer[trail.HEADER] = name
        if isinstance(answer, StreamingHttpResponse) and not isinstance(answer, FileResponse):
            parts = answer.streaming_content
            assert isinstance(parts, Iterable)  # nothing here is asynchronous
            answer.streaming_content = _named(name, parts)
        return answer


def _named(name: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """What is written while it is sent is still the same request."""
    with trail.followed(name):
        yield from parts


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke that nobody foresaw. The page takes nothing from database or session: they may be what broke."""
    name = getattr(request, "request_id", "")
    if MACHINES.match(request.path):
        detail = f"请将编号{name}告知管理员。 / Tell the administrator this number: {name}"
        problem = {"type": "about:blank", "title": "出了问题 / Something went wrong", "status": 500, "detail": detail}
        return JsonResponse(problem, status=500, content_type="application/problem+json")
    return HttpResponseServerError(render_to_string("500.html", {"name": name}))
