"""Signatures of outgoing requests by the Standard Webhooks specification (standardwebhooks.com), version 1.

``HMAC-SHA256`` with the secret over ``id.timestamp.body``: whoever holds the secret can tell that a request is ours
and whole, by the timestamp that it is fresh, and by the id, which is the same for each attempt, that it is not a
second one. Libraries for receivers exist in every common language.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
#: Bytes of a new secret; the specification asks for 24 to 64.
LENGTH: Final = 32


def new_secret() -> str:
    """A random secret in the form in which it is handed to the receiver."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def key_of(secret: str) -> bytes:
    """The key of a secret. Raises ``ValueError`` for a text that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("a secret is 24 to 64 bytes in base64, after whsec_")
    return key


def signed(name: str, body: bytes, secrets_in_use: Sequence[str], *, at: datetime) -> dict[str, str]:
    """The three headers of a request. While a secret is being changed it is signed with the old one as well."""
    timestamp = str(int(at.timestamp()))
    content = b".".join((name.encode(), timestamp.encode(), body))
    return {
        "webhook-id": name,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(key_of(secret), content) for secret in secrets_in_use),
    }


def _signature(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
