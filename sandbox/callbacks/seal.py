"""Encrypt and sign one payload as it goes over the wire to one channel of the bot."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from sandbox.callbacks.app_xml import envelope
from sandbox.callbacks.said import Via
from sandbox.callbacks.tamper import HONEST, Tamper
from sandbox.cipher import signature
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Sealed:
    """Address, query and body of one POST."""

    url: str
    query: dict[str, str]
    body: bytes


def seal(world: World, via: Via, plain: str, tamper: Tamper = HONEST) -> Sealed:
    """Fresh random bytes, timestamp and nonce each time."""
    cipher = world.bot_cipher if via == "aibot" else world.app_cipher
    encrypted = cipher.encrypt(plain, tamper.receiveid)
    query = signed(world, via, encrypted, tamper)
    return Sealed(callback_url(world, via), query, _envelope(world, via, encrypted))


def signed(world: World, via: Via, encrypted: str, tamper: Tamper = HONEST) -> dict[str, str]:
    """The query: signature, timestamp, nonce."""
    cipher = world.bot_cipher if via == "aibot" else world.app_cipher
    timestamp = tamper.timestamp or str(int(world.now()))
    nonce = tamper.nonce or str(secrets.randbelow(10**16))
    proper = signature(cipher.token, timestamp, nonce, encrypted)
    return {"msg_signature": tamper.msg_signature or proper, "timestamp": timestamp, "nonce": nonce}


def callback_url(world: World, via: Via) -> str:
    return f"{world.settings.bot_url}/callback/{via}"


def _envelope(world: World, via: Via, encrypted: str) -> bytes:
    if via == "aibot":
        return json.dumps({"encrypt": encrypted}).encode()
    return envelope(world.settings.corp_id, world.settings.agent_id, encrypted).encode()
