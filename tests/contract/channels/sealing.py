"""The platform's side of a callback: seals payloads as the vendor does, or wrongly on purpose."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from config import AibotSettings, AppSettings, MpSettings
from domain.clock import MachineTime

NOW = MachineTime(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
AES_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
AIBOT = AibotSettings(token="aibot-token", aes_key=AES_KEY)
APP = AppSettings("wwcorp", 1000002, "app-secret", "app-token", AES_KEY)
MP = MpSettings("wxapp1", "mp-secret", "mp-token", AES_KEY, "https://api.weixin.qq.com", None)
API = "https://qyapi.weixin.qq.com"


def cbc(key: str, padded: bytes) -> bytes:
    raw = base64.b64decode(key + "=")
    encryptor = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return encryptor.update(padded) + encryptor.finalize()


def pad(data: bytes) -> bytes:
    count = 32 - len(data) % 32
    return data + bytes([count]) * count


@dataclass(frozen=True)
class Seal:
    """How a payload is sealed; every field may be made wrong."""

    token: str
    receiver: str
    key: str = AES_KEY
    timestamp: str = str(int(NOW.timestamp()))
    nonce: str = "nonce-1"

    def but(self, **changes: str) -> Seal:
        return replace(self, **changes)

    def encrypt(self, payload: str | bytes) -> str:
        data = payload.encode() if isinstance(payload, str) else payload
        return self.encrypt_raw(
            pad(os.urandom(16) + len(data).to_bytes(4, "big") + data + self.receiver.encode())
        )

    def encrypt_raw(self, padded: bytes) -> str:
        return base64.b64encode(cbc(self.key, padded)).decode()

    def query(self, encrypted: str) -> dict[str, list[str]]:
        parts = sorted([self.token, self.timestamp, self.nonce, encrypted])
        signature = hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
        return {"msg_signature": [signature], "timestamp": [self.timestamp], "nonce": [self.nonce]}


AIBOT_SEAL = Seal(AIBOT.token, "")
APP_SEAL = Seal(APP.token, APP.corp_id)
MP_SEAL = Seal(MP.token, MP.app_id)


def json_body(encrypted: str) -> bytes:
    return json.dumps({"encrypt": encrypted}).encode()


def xml_body(encrypted: str) -> bytes:
    return f"<xml><ToUserName>wwcorp</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
