"""Whose claim is this, and does that process still live? Tells only of processes of this machine (or container)."""

import functools
import hashlib
import os
import platform
import secrets
from pathlib import Path
from typing import Final

#: Where Linux tells of processes; elsewhere no claim is ever taken for a dead one's, and its lease decides.
_PROCESSES: Final = Path("/proc")


def token() -> str:
    """A new name for a claim of this process, of at most 32 characters, that no other claim has."""
    pid = os.getpid()
    return f"{_place()}{pid:x}.{_begun(pid):x}.{secrets.token_hex(4)}"


def is_dead(claimed_by: str) -> bool:
    """Whether whoever claimed has ended for certain. A later process of the same number is not the same process."""
    if not _PROCESSES.exists() or not claimed_by.startswith(_place()):
        return False
    try:
        pid, begun, _ = claimed_by.removeprefix(_place()).split(".")
        return _begun(int(pid, 16)) != int(begun, 16)
    except ValueError:
        return False


@functools.cache
def _place() -> str:
    """This run of this machine, and within it the container: numbers of processes mean something only inside."""
    try:
        boot = (_PROCESSES / "sys/kernel/random/boot_id").read_text()
        inside = str((_PROCESSES / "self/ns/pid").readlink())
    except OSError:
        boot = inside = secrets.token_hex()
    return hashlib.sha256(f"{platform.node()} {boot} {inside}".encode()).hexdigest()[:8]


def _begun(pid: int) -> int:
    """When the process began, in ticks of this machine; 0 where there is none, or it has ended and nobody has asked."""
    try:
        told = (_PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    state, begun = told[0], told[19]
    return 0 if state in "ZX" else int(begun)
