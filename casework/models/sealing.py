"""Identity data at rest: sealed with AES-GCM under rotating keys, found again by a keyed blind index.

A sealed value is ``digest of the key's name (4 bytes) | nonce (12) | ciphertext``; the associated data binds it to its
purpose. The first key of ``settings.IDENTITY_KEYS`` seals, every key opens (PIPL 51(3); law.md 10.2).
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


def seal(plain: str, purpose: str) -> bytes:
    """Encrypt a text for one purpose, such as ``identity``."""
    name, key = next(iter(settings.IDENTITY_KEYS.items()))
    nonce = os.urandom(12)
    return _mark(name) + nonce + _cipher(key).encrypt(nonce, plain.encode(), purpose.encode())


def unseal(sealed: bytes, purpose: str) -> str:
    """Decrypt; raises ``LookupError`` when the key is gone and ``InvalidTag`` when the value was tampered with."""
    for name, key in settings.IDENTITY_KEYS.items():
        if _mark(name) == sealed[:4]:
            return _cipher(key).decrypt(sealed[4:16], sealed[16:], purpose.encode()).decode()
    raise LookupError("no key of IDENTITY_KEYS opens this value")


def blind_index(plain: str) -> str:
    """The keyed hash under which equal identity numbers meet, without being readable; empty for an empty text."""
    if not plain:
        return ""
    return hmac.new(settings.IDENTITY_INDEX_KEY, plain.encode(), hashlib.sha256).hexdigest()


def masked(plain: str) -> str:
    """First three and last two characters, the rest as asterisks (law.md 10.2)."""
    if len(plain) < 8:
        return "*" * len(plain)
    return plain[:3] + "*" * (len(plain) - 5) + plain[-2:]


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=64)
def _mark(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()[:4]
