"""Identity data at rest: sealed with AES-GCM or SM4-GCM under rotating keys, found again by a keyed blind index.

A sealed value is ``digest of the key's name (4 bytes) | nonce (12) | ciphertext | tag (16)``; the associated data binds
it to its purpose. The first key of ``settings.IDENTITY_KEYS`` seals, every key opens (PIPL 51(3); law.md 10.2). The
key's name says its cipher, so that values of both lie side by side while the office changes from one to the other:
``sm4…`` is SM4 (GB/T 32907-2016, GM/T 0002-2012) in Galois/counter mode as in RFC 8998, every other AES-256.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from django.conf import settings

#: Bytes of the tag of both ciphers; a shorter one would be easier to guess.
_TAG: Final = 16


class Sm4Gcm:
    """SM4 in Galois/counter mode with the calls of ``AESGCM``, which ``cryptography`` has for AES alone."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        encryptor = Cipher(self._algorithm, GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        if len(data) < _TAG:
            raise InvalidTag
        decryptor = Cipher(self._algorithm, GCM(nonce, data[-_TAG:])).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(data[:-_TAG]) + decryptor.finalize()


def seal(plain: str, purpose: str) -> bytes:
    """Encrypt a text for one purpose, such as ``identity``."""
    name, key = next(iter(settings.IDENTITY_KEYS.items()))
    nonce = os.urandom(12)
    return _mark(name) + nonce + _cipher(name, key).encrypt(nonce, plain.encode(), purpose.encode())


def is_of_first_key(sealed: bytes) -> bool:
    """Whether a value was sealed with the key that seals today."""
    return sealed[:4] == _mark(next(iter(settings.IDENTITY_KEYS)))


def unseal(sealed: bytes, purpose: str) -> str:
    """Decrypt; raises ``LookupError`` when the key is gone and ``InvalidTag`` when the value was tampered with."""
    for name, key in settings.IDENTITY_KEYS.items():
        if _mark(name) == sealed[:4]:
            return _cipher(name, key).decrypt(sealed[4:16], sealed[16:], purpose.encode()).decode()
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
def _cipher(name: str, key: bytes) -> AESGCM | Sm4Gcm:
    return Sm4Gcm(key) if name.lower().startswith("sm4") else AESGCM(key)


@lru_cache(maxsize=64)
def _mark(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()[:4]
