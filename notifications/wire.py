"""One POST to an address that may be hostile: where it really leads is judged first, and that address is called.

Only HTTPS; plain HTTP only within this machine. The name is resolved once, every address behind it is judged, and the
connection goes to the address that was judged, so that a name which changes in between gains nothing. Redirects are
not followed, proxies of the environment are not used, and the body of an answer is not read.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Seconds for the connection and for each answer …
PATIENCE: Final = 10.0
#: … and for all of it: a server that sends a byte now and then is cut off.
LONGEST: Final = 30.0
ANYWHERE: Final[tuple[Network, ...]] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
#: IPv6 addresses that stand for an IPv4 one: mapped, translated (two ways), 6to4, Teredo.
_DISGUISES: Final = tuple(
    map(ipaddress.IPv6Network, ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
)


class Forbidden(Exception):
    """The address is none that may be called. ``reason`` is a word for the outbox and names nothing of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """Where a URL leads: the name it is called by, and the address behind it."""

    secure: bool
    host: str
    port: int
    path: str
    address: str


def located(url: str, *, allowed: Sequence[Network] = ()) -> Place:
    """Where the URL leads; ``allowed`` are networks that are not public and may be called all the same.

    Raises ``Forbidden``, and ``OSError`` where the name cannot be resolved now.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("BadAddress") from None
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password or port == 0:
        raise Forbidden("BadAddress")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Forbidden("BadAddress")
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    found = [
        ipaddress.ip_address(str(entry[4][0]).partition("%")[0])
        for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    if not all(_may_be_called(address, allowed) for address in found):
        raise Forbidden("PrivateAddress")
    if not secure and not all(address.is_loopback for address in found):
        raise Forbidden("NotSecure")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(secure, host, port, path, str(found[0]))


def post(place: Place, body: bytes, headers: Mapping[str, str]) -> int:
    """The status of the answer. Raises ``OSError`` or ``http.client.HTTPException`` where there is none."""
    connection = _Secure(place) if place.secure else _Plain(place)
    cut = threading.Timer(LONGEST, connection.cut)
    cut.daemon = True
    cut.start()
    try:
        connection.request("POST", place.path, body, {"Content-Type": "application/json", **headers})
        status = connection.getresponse().status
        if connection.was_cut:  # what came before may be half an answer that reads like a whole one
            raise TimeoutError
        return status
    finally:
        cut.cancel()
        connection.close()


def _may_be_called(address: Address, allowed: Sequence[Network]) -> bool:
    if any(address in network for network in allowed):
        return True
    if isinstance(address, ipaddress.IPv6Address) and any(address in network for network in _DISGUISES):
        return False
    return address.is_global and not address.is_multicast


class _Plain(http.client.HTTPConnection):
    """A connection to the address that was judged, whatever the name leads to by now."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=PATIENCE)
        self.place = place
        self.was_cut = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self.place.address, self.place.port), PATIENCE)

    def cut(self) -> None:
        """End it from outside, whatever it waits for."""
        self.was_cut = True
        with suppress(OSError, AttributeError):  # not yet begun, or over
            self.sock.shutdown(socket.SHUT_RDWR)


class _Secure(_Plain):
    """The same over TLS; the certificate is asked for the name, not for the address."""

    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        # the handshake by itself, so that ``cut`` reaches a server that draws it out
        self.sock = context.wrap_socket(self.sock, server_hostname=self.place.host, do_handshake_on_connect=False)
        self.sock.do_handshake()
