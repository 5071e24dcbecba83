"""Verifying: the whole chain from its first link, row by row; the first fault is the first in the order of sealing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from casework.law.words import Text
from casework.models import Salt, Seal, SealHead

from . import guards
from .logs import LOGS, Log, commitment, leaf, taken_apart
from .sealing import LOWEST, digest_of, leaves_of

Progress = Callable[[str, int, int], None]


def _quiet(_what: str, _done: int, _all: int) -> None:
    """For whoever wants to hear nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit: the seal in whose range it lies, and the row; no row where the link itself is wrong."""

    seq: int
    log: str
    row: int | None
    words: Text

    def __str__(self) -> str:
        return f"{self.words.zh} / {self.words.en}"


def first_fault(progress: Progress = _quiet) -> Fault | None:
    """The first row that does not fit; ``None`` where all do."""
    return next(faults(progress), None)


def faults(progress: Progress = _quiet) -> Iterator[Fault]:
    """Every fault in the order of sealing. Reads only; inside one snapshot it judges one moment."""
    head = SealHead.objects.filter(pk=1).first()
    whole = head.seq if head else 0
    until = dict.fromkeys(LOGS, LOWEST)
    last, digest = 0, ""
    for seal in Seal.objects.order_by("seq").iterator(chunk_size=20):
        yield from _link(seal, last, digest, until)
        last, digest = seal.seq, seal.digest
        if (log := LOGS.get(seal.log)) is not None:
            yield from _rows(log, seal)
            until[seal.log] = seal.until
        progress("verify", seal.seq, max(whole, seal.seq))
    if (last, digest) != ((head.seq, head.digest) if head else (0, "")):
        yield Fault(last, "", None, _HEAD.format(last=last, head=whole))
    for log in LOGS.values():
        keys = Salt.objects.filter(log=log.key, row__gt=until[log.key]).order_by("row").values_list("row", flat=True)
        if (row := keys.first()) is not None:
            yield Fault(last, log.key, row, _SALT.format(log=log.key, row=row))
    for missing in guards.missing():
        yield Fault(last, "", None, _GUARD.format(name=missing))


def _link(seal: Seal, last: int, digest: str, until: dict[str, int]) -> Iterator[Fault]:
    """Whether a seal follows the one before, and says of itself what was computed of it."""
    if seal.seq != last + 1:
        yield Fault(seal.seq, seal.log, None, _GAP.format(seq=seal.seq, last=last))
    elif seal.previous != digest:
        yield Fault(seal.seq, seal.log, None, _PREVIOUS.format(seq=seal.seq, last=last))
    elif digest_of(seal) != seal.digest or seal.log not in LOGS:
        yield Fault(seal.seq, seal.log, None, _SEAL.format(seq=seal.seq))
    elif seal.after != until[seal.log]:
        yield Fault(seal.seq, seal.log, None, _RANGE.format(seq=seal.seq, log=seal.log))


def _rows(log: Log, seal: Seal) -> Iterator[Fault]:
    """The rows of one seal against its leaves, in the order of their keys."""
    within = {"pk__gt": seal.after, "pk__lte": seal.until}
    found = {row["id"]: row for row in log.model._default_manager.filter(**within).order_by("pk").values(*log.columns)}
    stored = Salt.objects.filter(log=log.key, row__gt=seal.after, row__lte=seal.until)
    salts = {salt.row: salt for salt in stored}
    leaves = leaves_of(seal)
    for key in sorted(found.keys() | leaves.keys() | salts.keys()):
        if key not in leaves:
            words = _INSERTED if key in found else _SALT
        elif key not in found:
            words = _DELETED
        elif not _fits(log, found[key], salts.get(key), leaves[key]):
            words = _CHANGED
        else:
            continue
        yield Fault(seal.seq, log.key, key, words.format(log=log.key, row=key))


def _fits(log: Log, row: dict[str, Any], salt: Salt | None, wanted: bytes) -> bool:
    if salt is None:
        return leaf(log, row, "") == wanted
    fixed, personal = taken_apart(row, tuple(salt.keys))
    if salt.salt is None:  # erased: nothing of it may be there any more
        return not any(personal.values()) and leaf(log, fixed, salt.commitment) == wanted
    return leaf(log, fixed, commitment(bytes(salt.salt), personal)) == wanted


_CHANGED: Final = Text("{log} 第 {row} 行与封存时不一致", "{log} row {row} is not what was sealed")
_DELETED: Final = Text("{log} 第 {row} 行已封存，现在不见了", "{log} row {row} was sealed and is gone")
_INSERTED: Final = Text("{log} 第 {row} 行是封存以后插入的", "{log} row {row} was put in after the sealing")
_SALT: Final = Text("{log} 第 {row} 行有盐值，却没有封存", "{log} row {row} has a salt but was not sealed")
_GAP: Final = Text("第 {seq} 号封印接不上第 {last} 号", "seal {seq} does not follow seal {last}")
_PREVIOUS: Final = Text(
    "第 {seq} 号封印记的前一封印摘要与第 {last} 号不符", "seal {seq} names another digest than that of seal {last}"
)
_SEAL: Final = Text("第 {seq} 号封印与其摘要不符", "seal {seq} is not what its digest says")
_RANGE: Final = Text("第 {seq} 号封印与 {log} 的前一段不衔接", "seal {seq} does not go on where {log} had ended")
_HEAD: Final = Text("封印到第 {last} 号为止，链头却是第 {head} 号", "the seals end with {last}, but the head is {head}")
_GUARD: Final = Text("数据库触发器 {name} 不见了或者改过", "the trigger {name} is gone or was changed")
