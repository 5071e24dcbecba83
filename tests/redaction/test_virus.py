"""clamd is asked by its own protocol, and a file without a verdict is not a clean one."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django import Settings

from casework.redaction import virus

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """Speaks INSTREAM as clamd does: finds EICAR, and can be told to fall silent."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answers: list[bytes | None] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _peer = self.listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                command = stream.read(len(b"zINSTREAM\0"))
                content = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    content += stream.read(size)
                self.received.append(content)
                assert command == b"zINSTREAM\0"
                said = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"
                answer = self.answers.pop(0) if self.answers else said
                if answer is None:
                    stream.read(1)  # say nothing until the other gives up
                else:
                    connection.sendall(answer)

    def close(self) -> None:
        self.listener.close()


@contextmanager
def running() -> Iterator[Scanner]:
    scanner = Scanner()
    try:
        yield scanner
    finally:
        scanner.close()


@pytest.fixture
def scanner(settings: Settings) -> Iterator[Scanner]:
    with running() as found:
        settings.CLAMD, settings.CLAMD_TIMEOUT = found.address, 1
        yield found


def test_nobody_is_asked_without_an_address(settings: Settings) -> None:
    settings.CLAMD = ""
    assert not virus.configured()


def test_a_clean_file_arrives_whole(scanner: Scanner) -> None:
    content = bytes(range(256)) * 3000  # several chunks
    assert virus.scan(content).clean
    assert scanner.received == [content]


def test_a_virus_has_its_name(scanner: Scanner) -> None:
    verdict = virus.scan(b"before " + EICAR)
    assert not verdict.clean
    assert verdict.found == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: Can't open file ERROR\0", b"UNKNOWN COMMAND\0"]
)
def test_what_is_no_verdict_is_not_clean(scanner: Scanner, answer: bytes) -> None:
    scanner.answers = [answer, answer]
    with pytest.raises(virus.ScannerUnavailableError):
        virus.scan(b"x")


def test_silence_is_waited_for_once_more_and_then_it_counts_as_none(scanner: Scanner) -> None:
    scanner.answers = [None]
    assert virus.scan(b"x").clean
    scanner.answers = [None, None]
    with pytest.raises(virus.ScannerUnavailableError):
        virus.scan(b"x")


def test_nobody_there_is_not_clean(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        settings.CLAMD = f"127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(virus.ScannerUnavailableError):
        virus.scan(b"x")
