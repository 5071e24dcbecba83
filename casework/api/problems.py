"""What went wrong, for a machine and for whoever reads its log: ``application/problem+json`` (RFC 9457)."""

import http
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from ninja import Schema
from pydantic import Field

from casework.law.refusals import Refused
from casework.law.words import Text

MEDIA_TYPE: Final = "application/problem+json"
#: Faults that are named; a body of 100 MB may have a million.
MOST_FAULTS: Final = 20


class Fault(Schema):
    """One place of the request that is wrong."""

    pointer: str = Field(description="JSON Pointer（正文），或者参数名。 / JSON Pointer into the body, or a parameter.")
    detail: str


class ProblemAnswer(Schema):
    """RFC 9457."""

    type: str = Field(description="问题的种类。 / The kind of problem: `/api/v1/docs/#problem-…`.")
    title: str
    status: int
    detail: str
    law: str | None = Field(None, description="依据的条文。 / The article that says so.")
    errors: list[Fault] = []


class Problem(Exception):
    """An answer that is an error; raised anywhere below an address of the interface."""

    def __init__(
        self,
        kind: str,
        detail: Text | None = None,
        *,
        law: str = "",
        faults: Sequence[tuple[str, Text]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.law, self.faults = kind, detail, law, faults
        self.headers = dict(headers or {})


#: Kind → status, title. The words of a status are those of HTTP; what to do about it stands in the detail.
KINDS: Final[dict[str, tuple[int, Text]]] = {
    "malformed": (400, Text("请求不是有效的JSON", "The body is not valid JSON")),
    "no-key": (400, Text("缺少Idempotency-Key", "Idempotency-Key is missing")),
    "unauthorized": (401, Text("令牌无效", "The token does not hold")),
    "forbidden": (403, Text("令牌没有这项权限", "The token has no such scope")),
    "not-found": (404, Text("没有这个对象", "There is no such thing")),
    "not-allowed": (405, Text("这个地址没有这种方法", "No such method at this address")),
    "conflict": (409, Text("与现在的情况冲突", "In conflict with how things stand")),
    "too-large": (413, Text("请求过大", "The request is too large")),
    "not-json": (415, Text("请求正文应为application/json", "The body must be application/json")),
    "invalid": (422, Text("请求中的内容不能接受", "Something in the request cannot be accepted")),
    "refused": (422, Text("依法不能办理", "The law or the state of the case does not allow it")),
    "key-reused": (422, Text("Idempotency-Key用于另一请求", "The Idempotency-Key was used for something else")),
    "too-many": (429, Text("请求过于频繁", "Too many requests")),
}
_DETAILS: Final[dict[str, Text]] = {
    "malformed": Text("请核对请求正文的JSON。", "Check the JSON of the body."),
    "no-key": Text(
        "写入的请求须带Idempotency-Key（1至200个可见的ASCII字符），重试时使用同一个。",
        "A request that writes carries an Idempotency-Key of 1 to 200 visible ASCII characters, the same for retries.",
    ),
    "not-found": Text("没有这个对象，或者不属于本令牌。", "There is none, or it is not open to this token."),
    "not-allowed": Text("允许的方法见Allow。", "See Allow for the methods."),
    "conflict": Text("请重新读取后再决定。", "Read it again and decide anew."),
    "too-large": Text("请求正文超过上限。", "The body is larger than allowed."),
    "not-json": Text("请设置Content-Type: application/json。", "Send Content-Type: application/json."),
    "invalid": Text("请按errors逐项改正。", "Correct what `errors` names."),
    "key-reused": Text(
        "同一个Idempotency-Key已经用于内容不同的请求。请为新的请求另取一个。",
        "This Idempotency-Key came with another request. Take a new one for a new request.",
    ),
}


def answer(problem: Problem) -> HttpResponse:
    """The problem in the language of the request."""
    status, title = KINDS[problem.kind]
    said: dict[str, Any] = {
        "type": f"/api/v1/docs/#problem-{problem.kind}",
        "title": _read(title),
        "status": status,
        "detail": _read(problem.detail or _DETAILS.get(problem.kind, title)),
    }
    if problem.law:
        said["law"] = problem.law
    said["errors"] = [{"pointer": pointer, "detail": _read(text)} for pointer, text in problem.faults]
    body = json.dumps(said, ensure_ascii=False)
    response = HttpResponse(body, status=status, content_type=MEDIA_TYPE, headers=problem.headers)
    response["Cache-Control"] = "no-store"
    return response


def of_refusal(refused: Refused) -> Problem:
    """A refusal of the law or of the state of a case; its field is the name in the body."""
    faults = [(_pointer(refused.field), refused.sentence)] if refused.field else []
    return Problem("refused", refused.sentence, law=refused.law, faults=faults)


def of_validation(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """What the types found wrong."""
    return Problem("invalid", faults=list(_faults(errors[:MOST_FAULTS])))


def of_status(status: int, headers: Mapping[str, str]) -> Problem:
    """An error that was answered before the interface was asked."""
    kinds = {code: kind for kind, (code, _title) in reversed(KINDS.items())}
    kept = {name: value for name, value in headers.items() if name in ("Allow", "Retry-After")}
    return Problem(kinds.get(status, "malformed"), headers=kept)


def _faults(errors: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Text]]:
    for error in errors:
        where, *rest = error["loc"]
        if where == "body":
            pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in rest[1:])
        else:
            pointer = str(rest[-1] if rest else where)
        yield pointer[:200], _sentence(error)


def _sentence(error: Mapping[str, Any]) -> Text:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "custom":  # pragma: no cover - said by ourselves
        return Text(context["zh"], context["en"])
    found = _SENTENCES.get(kind) or next((text for ending, text in _ENDINGS if kind.endswith(ending)), _OTHER)
    safe = {name: value if isinstance(value, int | float | str) else str(value) for name, value in context.items()}
    return found.format(**{"expected": "", "max_length": "", "ge": "", "le": "", "min_length": "", **safe})


_OTHER: Final = Text("这个值不能用，请对照接口说明。", "This value cannot be used; see the description.")
_SENTENCES: Final[dict[str, Text]] = {
    "missing": Text("缺少这一项。", "This is missing."),
    "extra_forbidden": Text("没有这一项，请核对名称。", "There is no such member; check its name."),
    "string_too_long": Text("最多{max_length}个字。", "At most {max_length} characters."),
    "string_too_short": Text("至少{min_length}个字。", "At least {min_length} characters."),
    "string_pattern_mismatch": Text("不符合规定的写法。", "It is not written as described."),
    "string_unicode": Text("含有不成对的代理字符，不是有效的文字。", "It holds half a character and is no text."),
    "too_long": Text("最多{max_length}项。", "At most {max_length} entries."),
    "literal_error": Text("可用的值：{expected}。", "One of {expected}."),
    "enum": Text("可用的值：{expected}。", "One of {expected}."),
    "greater_than_equal": Text("不得小于{ge}。", "Not less than {ge}."),
    "less_than_equal": Text("不得大于{le}。", "Not more than {le}."),
    "model_attributes_type": Text("应为一个对象。", "This must be an object."),
    "dict_type": Text("应为一个对象。", "This must be an object."),
    "bool_parsing": Text("应为true或者false。", "This must be true or false."),
}
_ENDINGS: Final = (
    ("string_type", Text("应为文字。", "This must be a text.")),
    ("bool_type", Text("应为true或者false。", "This must be true or false.")),
    ("list_type", Text("应为一个列表。", "This must be a list.")),
    ("_type", Text("类型不对，请对照接口说明。", "It is of the wrong type; see the description.")),
    ("date_parsing", Text("应为日期，例如2026-11-18。", "This must be a date such as 2026-11-18.")),
    ("date_from_datetime_parsing", Text("应为日期，例如2026-11-18。", "This must be a date such as 2026-11-18.")),
    ("int_parsing", Text("应为整数。", "This must be a whole number.")),
    ("int_parsing_size", Text("数字过大。", "The number is too large.")),
)


def _pointer(field: str) -> str:
    return "/" + field.replace(".", "/").replace("[", "/").replace("]", "").lstrip("/")


def _read(text: Text) -> str:
    return text.read_in(get_language())


def is_error(response: HttpResponse) -> bool:
    """Whether an answer is an error that does not say so in the form of this interface yet."""
    return response.status_code >= http.HTTPStatus.BAD_REQUEST and response.headers["Content-Type"] != MEDIA_TYPE


@csrf_exempt  # no cookie lets anybody in here, so there is nothing to forge
def unknown(request: HttpRequest, path: str = "") -> HttpResponse:
    """Any address below the interface that there is not."""
    return answer(Problem("not-found"))
