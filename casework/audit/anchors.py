"""The head of the chain, written down where whoever owns the database does not write: a file, and a webhook.

The file has one JSON object a line. ``head``: the chain was so long and ended so. ``restored``: an older backup was
put back, so that heads beyond it are not to be found any more; what they covered is lost, and the line says when.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from casework import webhooks
from casework.law.words import Text
from casework.models import Seal, SealHead


def anchor(*, at: datetime) -> SealHead | None:
    """Write the head down, in the file and for every endpoint that asks; ``None`` while nothing is sealed.

    Raises ``OSError`` where the file can't be written: somebody has to hear of it.
    """
    head = SealHead.objects.filter(pk=1).exclude(seq=0).first()
    if head is None:
        return None
    _append({"at": at.isoformat(timespec="seconds"), "kind": "head", "seq": head.seq, "digest": head.digest})
    with transaction.atomic():
        webhooks.tell_anchor(head.seq, head.digest, at=at)
    return head


def note_restored(*, at: datetime, backup: str) -> None:
    """A backup was put back, and the chain ends where it ended then."""
    head = SealHead.objects.filter(pk=1).first()
    seq, digest = (head.seq, head.digest) if head else (0, "")
    line = {"at": at.isoformat(timespec="seconds"), "kind": "restored", "seq": seq, "digest": digest}
    _append({**line, "backup": backup})


def faults_of_anchors(path: Path | None = None) -> Iterator[Text]:
    """Every anchor that the chain does not bear out; a missing file is none, one that can't be read raises."""
    known: dict[int, str] = {}
    for number, line in _lines(path or Path(settings.AUDIT_ANCHOR_FILE)):
        try:
            seq, digest, kind = int(line["seq"]), str(line["digest"]), str(line["kind"])
        except (KeyError, TypeError, ValueError):
            yield _UNREADABLE.format(n=number)
            continue
        if kind == "restored":
            known = {each: value for each, value in known.items() if each <= seq}
        if seq:
            known[seq] = digest
    stored: dict[int, str] = {}
    keys = list(known)
    for begin in range(0, len(keys), 500):
        stored.update(Seal.objects.filter(seq__in=keys[begin : begin + 500]).values_list("seq", "digest"))
    for seq, digest in sorted(known.items()):
        if seq not in stored:
            yield _GONE.format(seq=seq)
        elif stored[seq] != digest:
            yield _OTHER.format(seq=seq)


def restorations(path: Path | None = None) -> Iterator[str]:
    """When a backup was put back, as the file says."""
    for _number, line in _lines(path or Path(settings.AUDIT_ANCHOR_FILE)):
        if line.get("kind") == "restored":
            yield f"{line.get('at')} {line.get('backup')} → {line.get('seq')}"


def _append(line: dict[str, Any]) -> None:
    path = Path(settings.AUDIT_ANCHOR_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(line, ensure_ascii=False) + "\n"
    # One write of a short line at the end: two processes do not mix theirs.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, content.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not path.exists():
        return
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if text.strip():
            try:
                line = json.loads(text)
            except ValueError:
                line = None
            yield number, line if isinstance(line, dict) else {}


_UNREADABLE: Final = Text("锚定文件第 {n} 行读不出来", "line {n} of the anchor file can’t be read")
_GONE: Final = Text("锚定文件记有第 {seq} 号封印，数据库中没有", "the anchor file has seal {seq}, the database has not")
_OTHER: Final = Text("第 {seq} 号封印的摘要与锚定文件不符", "seal {seq} has another digest than the anchor file")
