"""Encrypt and sign one payload as it goes over the wire to one channel of the bot."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from sandbox.callbacks import mp_xml
from sandbox.callbacks.app_xml import envelope
from sandbox.callbacks.said import Via
from sandbox.callbacks.tamper import HONEST, Tamper
from sandbox.cipher import Cipher, signature
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Sealed:
    """Address, query and body of one POST."""

    url: str
    query: dict[str, str]
    body: bytes


def seal(world: World, via: Via, plain: str, tamper: Tamper = HONEST) -> Sealed:
    """Fresh random bytes, timestamp and nonce each time."""
    if via == "mp" and world.mp_cipher is None:
        return Sealed(callback_url(world, via), openly_signed(world, tamper), plain.encode())
    encrypted = cipher_of(world, via).encrypt(plain, tamper.receiveid)
    query = signed(world, via, encrypted, tamper)
    return Sealed(callback_url(world, via), query, _envelope(world, via, encrypted))


def signed(world: World, via: Via, encrypted: str, tamper: Tamper = HONEST) -> dict[str, str]:
    """The query: signature, timestamp, nonce; the 公众号 signs these three beside the encrypted part, too."""
    cipher = cipher_of(world, via)
    timestamp = tamper.timestamp or str(int(world.now()))
    nonce = tamper.nonce or str(secrets.randbelow(10**16))
    proper = signature(cipher.token, timestamp, nonce, encrypted)
    query = {"msg_signature": tamper.msg_signature or proper, "timestamp": timestamp, "nonce": nonce}
    plain = {"signature": signature(cipher.token, timestamp, nonce), "encrypt_type": "aes"}
    return query | plain if via == "mp" else query


def openly_signed(world: World, tamper: Tamper = HONEST) -> dict[str, str]:
    """The query of the 公众号 in plain mode, and of its check of the address in either."""
    timestamp = tamper.timestamp or str(int(world.now()))
    nonce = tamper.nonce or str(secrets.randbelow(10**16))
    proper = signature(world.settings.mp_token, timestamp, nonce)
    return {"signature": tamper.msg_signature or proper, "timestamp": timestamp, "nonce": nonce}


def cipher_of(world: World, via: Via) -> Cipher:
    if via == "mp":
        assert world.mp_cipher is not None
        return world.mp_cipher
    return world.bot_cipher if via == "aibot" else world.app_cipher


def callback_url(world: World, via: Via) -> str:
    return f"{world.settings.bot_url}/callback/{via}"


def _envelope(world: World, via: Via, encrypted: str) -> bytes:
    if via == "aibot":
        return json.dumps({"encrypt": encrypted}).encode()
    if via == "mp":
        return mp_xml.envelope(encrypted).encode()
    return envelope(world.settings.corp_id, world.settings.agent_id, encrypted).encode()
