"""How an address of the interface is declared: its scope, its answer, its errors; without a scope there is no way."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from casework.access.machines import SCOPES
from casework.api import problems
from casework.api.door import Bearer
from casework.api.once import PARAMETER, once
from casework.api.problems import Problem, ProblemAnswer
from casework.law.refusals import Refused
from casework.models import Conflict, Scope

TITLE: Final = "公开：政府信息依申请公开接口 / Gongkai: applications for disclosure"
ABOUT: Final = """\
供行政机关自己的门户提交和查询申请，供上级平台收集年度报告。用法见 docs/api/README.md。

- 每个请求带 `Authorization: Bearer 令牌`；令牌由机关管理员在“接口令牌”页发放，按权限使用。
- 写入的请求带 `Idempotency-Key`，重试时不变，只办理一次。
- 列表用 `cursor` 翻页，中途新增的不会造成重复或者遗漏。
- 读取的答复带 `ETag`，可以用 `If-None-Match` 询问有没有变化。
- 错误为 `application/problem+json`（RFC 9457），语言按 `Accept-Language`（zh 或 en）。

For an agency's own portal to lodge and follow applications, and for a platform above to collect annual reports.
Every request carries a token, every write an `Idempotency-Key`; lists are paged by cursor, what is read has an `ETag`,
errors are problem details.
"""
_ERRORS: Final = {
    400: "请求不能读取。 / It cannot be read.",
    401: "没有有效的令牌。 / No token that holds.",
    403: "令牌没有这项权限。 / The token lacks the scope.",
    404: "没有，或者不属于本令牌。 / There is none, or not for this token.",
    413: "过大。 / Too large.",
    415: "不是JSON。 / Not JSON.",
    409: "与现在的情况冲突。 / In conflict with how things stand.",
    422: "内容不能接受。 / Something in it cannot be accepted.",
    429: "过于频繁，见Retry-After。 / Too many; see Retry-After.",
}
_READING: Final = (401, 403, 404, 422, 429)
_WRITING: Final = (400, 401, 403, 404, 409, 413, 415, 422, 429)

api = NinjaAPI(title=TITLE, version="1", description=ABOUT, urls_namespace="api", openapi_url=None, docs_url=None)


def reads(path: str, scope: Scope, answer: Any, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a GET."""
    declared = _declared(scope, {200: answer}, _READING, {}, more)
    return lambda view: api.get(path, operation_id=view.__name__, auth=Bearer(scope, view.__name__), **declared)(view)


def computes(path: str, scope: Scope, answer: Any, **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a POST that changes nothing: its body is only too long for an address."""
    declared = _declared(scope, {200: answer}, _WRITING, {}, more)
    return lambda view: api.post(path, operation_id=view.__name__, auth=Bearer(scope, view.__name__), **declared)(view)


def writes(
    path: str, scope: Scope, status: int, answer: Any, **more: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a POST that is done once for its key."""
    parameters = {"parameters": [PARAMETER]}
    declared = _declared(scope, {200: answer, status: answer}, _WRITING, parameters, more)
    return lambda view: api.post(path, operation_id=view.__name__, auth=Bearer(scope, view.__name__), **declared)(
        once(view)
    )


def _declared(
    scope: Scope, answers: dict[int, Any], errors: tuple[int, ...], extra: dict[str, Any], more: dict[str, Any]
) -> dict[str, Any]:
    words = SCOPES[scope].words
    description = f"权限 `{scope.value}`（{words.zh}）。 / Scope `{scope.value}` ({words.en})."
    files = {"x-files": list(more.pop("files"))} if "files" in more else {}
    if said := more.pop("description", ""):
        description = f"{said}\n\n{description}"
    return {
        "response": answers | dict.fromkeys(errors, ProblemAnswer),
        "description": description,
        "openapi_extra": {**extra, **files, "x-scope": scope.value},
        "tags": [words.zh],
        **more,
    }


def described() -> dict[str, Any]:
    """The description, OpenAPI 3.1: what the types say, and the errors in their own media type."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="api/v1/"))
    found["jsonSchemaDialect"] = "https://json-schema.org/draft/2020-12/schema"
    found["servers"] = [{"url": "/"}]
    for methods in found["paths"].values():
        for operation in methods.values():
            for code, response in operation["responses"].items():
                status = int(code)
                if status in _ERRORS:
                    response["description"] = _ERRORS[status]
                    response["content"] = {problems.MEDIA_TYPE: response["content"].pop("application/json")}
                    if status == 429:
                        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
                else:
                    response["description"] = "成功。 / Done."
                    binary = {"schema": {"type": "string", "format": "binary"}}
                    response["content"] |= dict.fromkeys(operation.get("x-files", ()), binary)
    return found


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problems.answer(problem)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return problems.answer(problems.of_refusal(refused))


@api.exception_handler(Conflict)
def _conflict(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    return problems.answer(Problem("conflict", conflict.sentence))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.answer(problems.of_validation(error.errors))


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.answer(Problem("not-found"))


@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.answer(Problem("malformed"))
