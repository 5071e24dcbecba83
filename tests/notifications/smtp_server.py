"""A mail server for the tests that does what it is told: takes mail, refuses it, hangs or hangs up."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[EmailMessage] = []
        self.connections = 0
        #: What to answer instead: command, or address of a receiver, → reply; "" hangs up, None says nothing.
        self.answers: dict[str, str | None] = {}
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        if not self._said("GREETING", "220 here"):
            return
        while line := self.rfile.readline().decode().strip():
            command = line.split(":")[0].split()[0].upper()
            address = line.partition("<")[2].partition(">")[0] if command == "RCPT" else ""
            if command == "DATA":
                if not self._said("DATA", "354 go on") or not self._took():
                    return
            elif command == "QUIT":
                self._said("QUIT", "221 bye")
                return
            elif not self._said(address if address in self.server.answers else command, "250 ok"):
                return

    def _took(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        parsed = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        if not (self.server.answers.get("END") or "250").startswith(("4", "5")):
            self.server.taken.append(parsed)
        return self._said("END", "250 taken")

    def _said(self, at: str, usual: str) -> bool:
        answer = self.server.answers.get(at, usual)
        if answer is None:
            self.server.closing.wait(30)
            return False
        if answer:
            self.wfile.write(answer.encode() + b"\r\n")
        return bool(answer) and not answer.startswith("421")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
