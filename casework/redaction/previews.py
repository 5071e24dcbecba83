"""Pictures of pages kept on disk: drawn once, thrown away again when their folder grows too large, never the truth."""

import logging
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from .pages import opened, png

log = logging.getLogger(__name__)


def page_picture(digest: str, page: int, *, dots: int, read: Callable[[], bytes]) -> bytes:
    """The picture of a page of the PDF with that digest; ``read`` gives the PDF where it has to be drawn."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise ValueError("a digest is 64 hexadecimal digits")
    place = Path(settings.PREVIEW_ROOT) / digest / f"{dots}-{page}.png"
    with suppress(OSError):
        return place.read_bytes()
    with opened(read()) as paper:
        drawn = png(paper.picture(page, dots=dots))
    with suppress(OSError):  # a full disk costs time, no page
        _keep(place, drawn)
    return drawn


def forget(digest: str) -> None:
    """Throw away every picture of a PDF."""
    shutil.rmtree(Path(settings.PREVIEW_ROOT) / digest, ignore_errors=True)


def _keep(place: Path, drawn: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(drawn)
    Path(draft).replace(place)
    _make_room()


def _make_room() -> None:
    """Throw away the oldest until what is left fits into the room."""
    kept = sorted(Path(settings.PREVIEW_ROOT).glob("*/*.png"), key=_drawn_at)
    sizes = {path: _size(path) for path in kept}
    over = sum(sizes.values()) - settings.PREVIEW_MB * 2**20
    for path in kept:
        if over <= 0:
            return
        path.unlink(missing_ok=True)
        over -= sizes[path]


def _drawn_at(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
