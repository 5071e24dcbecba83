"""One request, one effect: the answer is stored under the caller's key in the transaction of what it answers."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.db import IntegrityError, transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Schema

from casework.api.door import TokenRequest
from casework.api.problems import Problem
from casework.models import ApiAnswer
from casework.models.apitoken import ANSWERS_KEPT

P = ParamSpec("P")

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
PARAMETER: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": (
        "每个写入请求一个，重试时不变；同键同内容返回同一答复（24小时内），同键不同内容为422。 / "
        "One for each request that writes, the same for its retries: one answer for 24 hours, 422 for another body."
    ),
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,200}$"},
}
REPLAYED: Final = "Idempotent-Replayed"


def key_of(request: TokenRequest) -> str:
    """The caller's key; ``Problem`` where there is none."""
    key: str = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise Problem("no-key")
    return key


def once(
    view: Callable[Concatenate[TokenRequest, P], tuple[int, Schema]],
) -> Callable[Concatenate[TokenRequest, P], HttpResponse]:
    """Do it once for a key and give the same answer again; two at the same moment become one.

    Whatever is refused leaves nothing behind, the key neither, so that it can be sent again once it is mended.
    """

    @wraps(view)
    def answered(request: TokenRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = hashlib.sha256(key_of(request).encode()).hexdigest()
        digest = _digest(request)
        for last in (False, True):
            if found := _found(request, key, digest):
                return found
            try:
                with transaction.atomic():
                    # A second one waits here for the first: for its row, or for SQLite's one writer.
                    kept = ApiAnswer.objects.create(token=request.auth, key=key, digest=digest, made_at=timezone.now())
                    status, answer = view(request, *args, **kwargs)
                    body = answer.model_dump(mode="json", by_alias=True)
                    kept.keep(status, body)
            except IntegrityError:  # the first one was quicker, by this token or by another of the agency
                if last:
                    raise
                continue
            return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
        raise AssertionError("unreachable")

    return answered


def _found(request: TokenRequest, key: str, digest: str) -> HttpResponse | None:
    """The stored answer; one that is too old to be shown is out of the way, and the sweep has not come yet."""
    answers = ApiAnswer.objects.filter(token=request.auth, key=key)
    found = answers.first()
    if found is None:
        return None
    if found.made_at <= timezone.now() - ANSWERS_KEPT:
        answers.filter(pk=found.pk).delete()
        return None
    if found.digest != digest:
        raise Problem("key-reused")
    answer = JsonResponse(found.body, status=found.status, json_dumps_params={"ensure_ascii": False})
    answer[REPLAYED] = "true"
    return answer


def _digest(request: TokenRequest) -> str:
    what = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(what + request.body).hexdigest()
