"""The way in: a token that holds, its scope, its share of requests; and what every answer has in common."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from math import ceil
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from ninja.security import HttpBearer

from casework.access import address_of
from casework.access.machines import SCOPES, Wrong, bearer
from casework.api import problems, watching
from casework.api.problems import Problem
from casework.digits import whole
from casework.law.words import Text
from casework.models import ApiToken, Scope

#: Bytes of a body: twenty files of an application in base64 and some text.
LARGEST_BODY: Final = 40 * 2**20


class TokenRequest(HttpRequest):
    """A request that came in by a token."""

    auth: ApiToken


class Bearer(HttpBearer):
    """``Authorization: Bearer gongkai_…``, with the scope that the address asks for.

    ``operation``: its name for the record; addresses that differ by their method alone share their pattern's.
    """

    def __init__(self, scope: Scope, operation: str) -> None:
        super().__init__()
        self.scope, self.operation = scope, operation

    def __call__(self, request: HttpRequest) -> ApiToken:
        request.operation = self.operation  # type: ignore[attr-defined]
        scheme, _, typed = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, typed.strip() if scheme.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        at = timezone.now()
        found = bearer(token, address=address_of(request), at=at)
        if isinstance(found, Wrong):
            if found is Wrong.ELSEWHERE:
                raise Problem("forbidden", _WRONG[found])
            raise Problem("unauthorized", _WRONG[found], headers={"WWW-Authenticate": 'Bearer realm="gongkai"'})
        if wait := found.spend(at=at, a_minute=settings.API_PER_MINUTE, at_once=settings.API_AT_ONCE):
            seconds = ceil(wait)
            raise Problem("too-many", _WAIT.format(seconds=seconds), headers={"Retry-After": str(seconds)})
        if self.scope not in found.scopes:
            raise Problem("forbidden", _SCOPE.format(scope=self.scope.value, words=SCOPES[self.scope].words))
        return found


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Every answer in the interface's own form, kept by nothing in between, tagged where it is read, and on record."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _finished(request, _answered(view, request, *args, **kwargs))
        watching.note(request, response)
        return response

    return answered


def _answered(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        _check_body(request)
        response = view(request, *args, **kwargs)
    except Problem as problem:
        return problems.answer(problem)
    except (RequestDataTooBig, BadRequest, SuspiciousOperation) as error:
        return problems.answer(Problem("too-large" if isinstance(error, RequestDataTooBig) else "malformed"))
    if problems.is_error(response):
        return problems.answer(problems.of_status(response.status_code, response.headers))
    return response


def _check_body(request: HttpRequest) -> None:
    if request.method not in ("POST", "PUT", "PATCH"):
        return
    length = whole(request.headers.get("Content-Length", "") or "0")
    if length is None or length > LARGEST_BODY:
        raise Problem("too-large")
    if request.content_type != "application/json":
        raise Problem("not-json")


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Authorization", "Accept-Language"))
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.streaming:
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
    if not response.has_header("ETag"):
        response["ETag"] = quote_etag(sha256(response.content).hexdigest()[:32])
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_cache=True)
    kept: HttpResponse = get_conditional_response(request, response["ETag"], None, response) or response
    return kept


_WRONG: Final[dict[Wrong, Text]] = {
    Wrong.UNKNOWN: Text(
        "请在Authorization中写“Bearer”和有效的令牌。", "Send “Bearer” and a token that holds in Authorization."
    ),
    Wrong.REVOKED: Text("令牌已经撤销，请向机关管理员索取新的令牌。", "The token was revoked; ask for a new one."),
    Wrong.EXPIRED: Text("令牌已经过期，请向机关管理员索取新的令牌。", "The token has expired; ask for a new one."),
    Wrong.ELSEWHERE: Text("令牌不能在这个网段使用。", "The token cannot be used from this network."),
}
_WAIT: Final = Text("请在{seconds}秒后再试。", "Try again in {seconds} seconds.")
_SCOPE: Final = Text("需要的权限：{scope}（{words}）。", "Needs the scope {scope} ({words}).")
