"""Clients at one server, each on a connection that stays open: so light that the server is what takes the time."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

_LENGTH = b"content-length:"


@dataclass
class Run:
    """What came of some requests: how many of each status, and how long each took in seconds."""

    seconds: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return sum(self.answers.values()) / self.seconds

    def slowest_of(self, share: float) -> float:
        """Milliseconds that this share of the answers did not exceed."""
        return sorted(self.waits)[int(share * (len(self.waits) - 1))] * 1000


def post(path: str, body: bytes, *, cookie: str = "") -> bytes:
    """A form as a browser sends it on a connection that stays open."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    head += f"Content-Length: {len(body)}\r\n" + (f"Cookie: {cookie}\r\n" if cookie else "") + "\r\n"
    return head.encode() + body


def sent(port: int, requests: Iterable[bytes], *, clients: int) -> Run:
    """Send them all, so many at a time; each client takes the next when its answer is there."""
    left, lock, run = iter(requests), threading.Lock(), Run()
    everybody = [threading.Thread(target=_client, args=(port, left, lock, run)) for _ in range(clients)]
    began = time.perf_counter()
    for each in everybody:
        each.start()
    for each in everybody:
        each.join()
    run.seconds = time.perf_counter() - began
    return run


def _client(port: int, left: Iterator[bytes], lock: threading.Lock, run: Run) -> None:
    connection: socket.socket | None = None
    while True:
        with lock:
            request = next(left, None)
        if request is None:
            break
        began = time.perf_counter()
        try:
            if connection is None:
                connection = socket.create_connection(("127.0.0.1", port), timeout=60)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(request)
            status, stays = _answer(connection)
        except OSError:
            status, stays = 0, False
        if not stays and connection is not None:
            connection.close()
            connection = None
        with lock:
            run.answers[status] += 1
            run.waits.append(time.perf_counter() - began)
    if connection is not None:
        connection.close()


def _answer(connection: socket.socket) -> tuple[int, bool]:
    """Status, and whether the server keeps the connection. Every answer that is measured says its length."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65536)
        if not part:
            raise ConnectionResetError
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line[len(_LENGTH) :]) for line in lines if line.startswith(_LENGTH)), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return int(lines[0].split()[1]), b"connection: close" not in lines
