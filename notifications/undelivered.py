"""How a channel says that it could not hand a message over."""


class Undelivered(Exception):
    """The message was not taken. ``reason`` is a class of error and no word of the server's, which may name people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rejected(Undelivered):
    """It never will be: no address, or the server refuses the address or the text for good."""


class Deferred(Undelivered):
    """Not now; the fault may be this message's."""


class Outage(Undelivered):
    """Not now, and no other message either: the server is away, hangs or refuses us altogether."""
