"""关怀版: large print, high contrast, one question a page, read aloud. A cookie remembers it: no account, no script."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

COOKIE: Final[str] = settings.CARE_COOKIE_NAME
ON: Final = "on"


def wanted(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == ON


def context(request: HttpRequest) -> dict[str, bool]:
    """What every template may ask; the desk has its own frame and takes no notice."""
    return {"care": wanted(request)}
