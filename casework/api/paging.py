"""Pages by cursor: the last key seen, signed and bound to its list, so that what is added moves nothing."""

from typing import Any, Final

from django.core import signing
from django.db.models import QuerySet

from casework.api.problems import Problem
from casework.law.words import Text

MOST: Final = 200
USUAL: Final = 50
_SALT: Final = "api-cursor"


def page_of(rows: QuerySet[Any], *, of: str, cursor: str, limit: int) -> tuple[list[Any], str | None]:
    """The next rows in the order in which they were stored, and the cursor of those after them, if there are any.

    ``of`` names the list with all that narrows it: its cursor opens no other.
    """
    found = list(rows.filter(pk__gt=seen(cursor, of=of, first=0)).order_by("pk")[: limit + 1])
    here = found[:limit]
    return here, mark(here[-1].pk, of=of) if len(found) > limit else None


def mark(last: int | str, *, of: str) -> str:
    return signing.dumps(last, salt=f"{_SALT}:{of}", compress=True)


def seen(cursor: str, *, of: str, first: Any) -> Any:
    """The key in a cursor of this list; ``first`` without one."""
    if not cursor:
        return first
    try:
        return signing.loads(cursor, salt=f"{_SALT}:{of}")
    except signing.BadSignature:
        raise Problem("invalid", faults=[("cursor", _WRONG)]) from None


_WRONG: Final = Text(
    "游标不属于这个列表，请从第一页重新开始。", "The cursor is not of this list; begin again with the first page."
)
