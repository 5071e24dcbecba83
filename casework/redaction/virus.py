"""Asks clamd whether a file holds a virus, by its INSTREAM command; without an address nobody is asked."""

import socket
import struct
from dataclasses import dataclass
from typing import Final

from django.conf import settings

#: What clamd reads at once; its own limit of a stream is ``StreamMaxLength`` in clamd.conf.
_CHUNK: Final = 256 * 1024
_ATTEMPTS: Final = 2


class ScannerUnavailableError(Exception):
    """Nobody answered, or not with a verdict: the file counts as not scanned."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said: the name of what it found, or nothing."""

    found: str = ""

    @property
    def clean(self) -> bool:
        return not self.found


def configured() -> bool:
    """Whether files have to be scanned here."""
    return bool(settings.CLAMD)


def scan(content: bytes) -> Verdict:
    """The verdict on a file; raises ``ScannerUnavailableError`` where there is none after a second attempt."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _verdict(_asked(content))
        except (OSError, ScannerUnavailableError) as error:
            if attempt == _ATTEMPTS:
                raise ScannerUnavailableError(str(error) or type(error).__name__) from error
    raise AssertionError("the last attempt returns or raises")


def _asked(content: bytes) -> str:
    with _connected() as connection:
        connection.sendall(b"zINSTREAM\0")
        for at in range(0, len(content), _CHUNK):
            part = content[at : at + _CHUNK]
            connection.sendall(struct.pack("!I", len(part)) + part)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            if not (more := connection.recv(4096)):
                break
            answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected() -> socket.socket:
    address = settings.CLAMD
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(settings.CLAMD_TIMEOUT)
        connection.connect(address)
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=settings.CLAMD_TIMEOUT)


def _verdict(answer: str) -> Verdict:
    """``stream: OK`` and ``stream: Name FOUND`` are verdicts; everything else is none."""
    _stream, _colon, said = answer.partition(": ")
    if said == "OK":
        return Verdict()
    if said.endswith(" FOUND"):
        return Verdict(said.removesuffix(" FOUND"))
    raise ScannerUnavailableError(answer[:200] or "closed without an answer")
