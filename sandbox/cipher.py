"""The platform's message encryption, written from the vendor's description (DOC 90968, 101033).

plaintext = 16 random bytes + 4-byte big-endian length + message + receiveid, padded by PKCS#7 to 32 bytes,
AES-256-CBC with iv = key[:16]; key = base64(43 characters + "=").
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher as Aes
from cryptography.hazmat.primitives.ciphers import algorithms, modes

BLOCK = 32


class CipherError(Exception):
    """A text that this key did not encrypt, or that is meant for somebody else."""


def signature(*parts: str) -> str:
    """sha1 over token, timestamp, nonce and, where something is encrypted, that; sorted and joined."""
    joined = "".join(sorted(parts))
    return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()


class Cipher:
    """One channel's key. ``receiveid``: corp id for the app, "" for an in-house robot."""

    def __init__(self, token: str, aes_key: str, receiveid: str) -> None:
        self.token = token
        self.receiveid = receiveid
        self._key = base64.b64decode(aes_key + "=")

    @classmethod
    def of(cls, key: bytes) -> Cipher:
        """For one file with a key of its own."""
        return cls("", base64.b64encode(key).decode().rstrip("="), "")

    def encrypt(self, message: str, receiveid: str | None = None) -> str:
        """Base64 of the encrypted message; ``receiveid`` differs from the channel's only in tests."""
        body = message.encode()
        tail = (self.receiveid if receiveid is None else receiveid).encode()
        plain = secrets.token_bytes(16) + struct.pack(">I", len(body)) + body + tail
        return base64.b64encode(self.encrypt_bytes(plain)).decode()

    def encrypt_bytes(self, data: bytes) -> bytes:
        """Raw AES as used for robot pictures: no random prefix, no length, no receiveid."""
        fill = BLOCK - len(data) % BLOCK
        encryptor = self._aes().encryptor()
        return encryptor.update(data + bytes([fill]) * fill) + encryptor.finalize()

    def decrypt(self, encrypted: str) -> str:
        """The inverse of ``encrypt``; raises CipherError for anything else."""
        try:
            plain = self.decrypt_bytes(base64.b64decode(encrypted, validate=True))
            (length,) = struct.unpack(">I", plain[16:20])
            message, tail = plain[20 : 20 + length].decode(), plain[20 + length :].decode()
        except (ValueError, binascii.Error, struct.error) as error:
            raise CipherError("not encrypted with this key") from error
        if tail != self.receiveid:
            raise CipherError("meant for another receiveid")
        return message

    def decrypt_bytes(self, data: bytes) -> bytes:
        decryptor = self._aes().decryptor()
        plain = decryptor.update(data) + decryptor.finalize()
        fill = plain[-1] if plain else 0
        if not 1 <= fill <= BLOCK or plain[-fill:] != bytes([fill]) * fill:
            raise CipherError("bad padding")
        return plain[:-fill]

    def signed_by(self, given: str, timestamp: str, nonce: str, encrypted: str) -> bool:
        expected = signature(self.token, timestamp, nonce, encrypted)
        return hmac.compare_digest(expected.encode(), given.encode())

    def _aes(self) -> Aes[modes.CBC]:
        return Aes(algorithms.AES(self._key), modes.CBC(self._key[:16]))
