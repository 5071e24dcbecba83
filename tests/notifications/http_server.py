"""A web server for the tests that does what it is told: takes requests, refuses them, hangs, dawdles or hangs up."""

import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


class WebServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.tls = tls
        self.taken: list[Request] = []
        #: A status; "" hangs up after the request, None says nothing, "dawdle" sends a byte now and then.
        self.answer: int | str | None = 200
        self.location = ""
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/hook") -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}{path}"

    def get_request(self) -> tuple[socket.socket, Any]:
        taken, address = super().get_request()
        return (self.tls.wrap_socket(taken, server_side=True) if self.tls else taken), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gives up is what the tests are about."""


class Conversation(BaseHTTPRequestHandler):
    server: WebServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.taken.append(Request(self.path, headers, body))
        if self.server.answer is None:
            self.server.closing.wait(30)
        elif self.server.answer == "dawdle":
            self._dawdle()
        elif isinstance(self.server.answer, int):
            self.send_response(self.server.answer)
            if self.server.location:
                self.send_header("Location", self.server.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _dawdle(self) -> None:
        with suppress(OSError):
            for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 600:
                self.wfile.write(bytes([byte]))
                time.sleep(0.05)

    def log_message(self, *_: Any) -> None:
        """The tests read what was taken."""


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    with WebServer(tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
