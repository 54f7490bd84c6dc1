"""Opening an encrypted callback: signature first, then time, then decryption, each with one exit.

Every fault is one ``CallbackRefused``, because the answer to an outsider must not tell which check failed.
wechatpy supplies the cipher only: its own checks compare signatures with ``!=``, trust the padding and the
length field, and leak a dozen kinds of exceptions on hostile input.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto

from bot.channel import Envelope, Query
from domain.clock import MachineTime
from domain.errors import CallbackRefused

WINDOW = timedelta(minutes=5)
BLOCK = 32
"""The platform pads to 32 bytes, twice the block of the cipher."""
HEAD = 16 + 4
"""Random bytes and the length of the message stand before it."""
MAX_NONCE = 128


def parameter(query: Query, name: str) -> str:
    """The one value of a query parameter; missing, empty or repeated is refused."""
    values = query.get(name, ())
    if len(values) != 1 or not values[0]:
        raise CallbackRefused(f"query parameter {name}: {len(values)} values")
    return values[0]


def strip_padding(data: bytes) -> bytes:
    """Remove PKCS#7 padding to 32 bytes. Raises ``ValueError`` unless every padding byte is right."""
    count = data[-1] if data else 0
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise ValueError("bad padding")
    return data[:-count]


def aes_key(encoding_aes_key: str) -> bytes:
    """The 32 byte key behind the 43 characters an administrator copies from the platform's page."""
    return base64.b64decode(encoding_aes_key + "=")


class FileCipher:
    """AES-256-CBC with the key's first half as IV, as the platform encrypts callbacks and robot files."""

    def __init__(self, key: bytes) -> None:
        # wechatpy's object holds the prepared cipher; building it per message would cost half a decryption
        self._cipher = PrpCrypto(key).cipher

    def decrypt(self, data: bytes) -> bytes:
        """Plaintext without padding. Raises ``ValueError`` for anything that was not so encrypted."""
        if not data or len(data) % 16:
            raise ValueError("not whole blocks")
        plaintext: bytes = self._cipher.decrypt(data)
        return strip_padding(plaintext)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature covers beside token, timestamp and nonce, and the parameter that holds it."""

    parameter: str
    content: str | None = None


def checked_nonce(query: Query, token: str, signed: Signed, now: MachineTime) -> str:
    """The nonce of a query. Raises ``CallbackRefused`` unless its signature is right and its time is now."""
    timestamp, nonce = parameter(query, "timestamp"), parameter(query, "nonce")
    parts = (token, timestamp, nonce) if signed.content is None else (token, timestamp, nonce, signed.content)
    given = parameter(query, signed.parameter).encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(_signature(*parts).encode(), given):
        raise CallbackRefused("wrong signature")
    check_time(timestamp, now)
    if len(nonce) > MAX_NONCE or not (nonce.isascii() and nonce.isprintable()):
        raise CallbackRefused("nonce is not a short printable text")
    return nonce


def envelope_of(nonce: str, message: bytes) -> Envelope:
    """An authentic payload. Raises ``CallbackRefused`` if it is no text."""
    try:
        payload = message.decode().replace("\0", "\ufffd")
    except UnicodeDecodeError as error:
        raise CallbackRefused("payload is not UTF-8") from error
    return Envelope(nonce, payload, hashlib.sha256(message).digest())


class EnvelopeOpener:
    """Checks and decrypts callbacks of one channel. Keys are prepared once; safe for many threads.

    ``receiver`` is what must stand at the end of the plaintext: the corp id for an app, empty for an
    in-house robot.
    """

    def __init__(self, token: str, encoding_aes_key: str, receiver: str) -> None:
        self._token = token
        self._receiver = receiver.encode()
        self._cipher = FileCipher(WeChatCrypto(token, encoding_aes_key, receiver).key)

    def open(self, query: Query, encrypted: str, now: MachineTime) -> Envelope:
        """The decrypted payload. Raises ``CallbackRefused`` unless signature, time, padding, length and
        receiver are all right."""
        signed = Signed("msg_signature", encrypted)
        nonce = checked_nonce(query, self._token, signed, now)
        return envelope_of(nonce, self._message(encrypted))

    def _message(self, encrypted: str) -> bytes:
        try:
            content = self._cipher.decrypt(base64.b64decode(encrypted, validate=True))
        except (ValueError, binascii.Error) as error:
            raise CallbackRefused(f"cannot decrypt: {error}") from error
        length = int.from_bytes(content[16:HEAD], "big")
        if len(content) < HEAD or HEAD + length > len(content):
            raise CallbackRefused("length field exceeds the content")
        if not hmac.compare_digest(content[HEAD + length :], self._receiver):
            raise CallbackRefused("wrong receiver id")
        return content[HEAD : HEAD + length]


class Sealer:
    """The platform's side of a callback, to try our own address with."""

    def __init__(self, token: str, encoding_aes_key: str, receiver: str) -> None:
        self._token = token
        self._receiver = receiver
        self._crypto = PrpCrypto(aes_key(encoding_aes_key))

    def verification(self, echo: str, now: MachineTime) -> dict[str, str]:
        """The query by which an address is verified; it must answer with ``echo``."""
        encrypted = self._crypto.encrypt(echo, self._receiver).decode()
        timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
        signature = _signature(self._token, timestamp, nonce, encrypted)
        return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": encrypted}


def plain_verification(token: str, echo: str, now: MachineTime) -> dict[str, str]:
    """The query by which the platform checks the address of a 公众号; it must answer with ``echo``."""
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(8)
    signature = _signature(token, timestamp, nonce)
    return {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}


def _signature(*parts: str) -> str:
    # the protocol prescribes SHA-1 over the sorted parts; surrogates must not raise before the answer
    signed = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha1(signed, usedforsecurity=False).hexdigest()


def check_time(timestamp: str, now: MachineTime) -> None:
    """Raises ``CallbackRefused`` unless a time in Unix seconds is within five minutes of now."""
    # int() would also take signs, underscores and the digits of other scripts
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 10):
        raise CallbackRefused("timestamp is not a number")
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise CallbackRefused("timestamp outside the window")
