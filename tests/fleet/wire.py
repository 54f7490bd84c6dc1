"""The encrypted protocol by hand, for callbacks that no honest platform would send."""

from __future__ import annotations

import base64
import json
import secrets
import struct
import time
from dataclasses import dataclass, replace
from typing import Any, Literal

import requests

from sandbox.cipher import Cipher, signature

Via = Literal["aibot", "app"]


@dataclass(frozen=True)
class Sealed:
    """One POST, ready to go; change what shall be wrong with ``dataclasses.replace`` or ``with_query``."""

    query: dict[str, str]
    body: bytes

    def with_query(self, **changes: str) -> Sealed:
        return replace(self, query={**self.query, **changes})

    def with_body(self, body: bytes) -> Sealed:
        return replace(self, body=body)


@dataclass(frozen=True)
class Wire:
    """One channel of one running bot."""

    url: str
    via: Via
    cipher: Cipher
    corp_id: str

    def text(self, content: str, **fields: Any) -> str:
        """A plain payload as this channel writes it: somebody says something to the bot, 1:1."""
        msgid = str(fields.pop("msgid", secrets.randbelow(10**18)))
        if self.via == "aibot":
            payload = {
                "msgid": msgid,
                "aibotid": "aib-sandbox",
                "chattype": "single",
                "from": {"userid": "wx-hostile"},
                "msgtype": "text",
                "text": {"content": content},
            }
            return json.dumps(payload | fields)
        return (
            f"<xml><ToUserName>{self.corp_id}</ToUserName><FromUserName>wx-hostile</FromUserName>"
            f"<CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[{content}]]></Content>"
            f"<MsgId>{msgid}</MsgId><AgentID>1000002</AgentID></xml>"
        )

    def sealed(self, plain: str, *, receiveid: str | None = None) -> Sealed:
        """Encrypted and signed as the platform does it."""
        return self.signed(self.cipher.encrypt(plain, receiveid))

    def with_padding(self, plain: str, padding: bytes) -> Sealed:
        """Encrypted with a padding of one's own; lengths are the caller's business."""
        body = plain.encode()
        content = secrets.token_bytes(16) + struct.pack(">I", len(body)) + body
        content += self.cipher.receiveid.encode()
        whole = content + b"." * (-(len(content) + len(padding)) % 32) + padding
        encryptor = self.cipher._aes().encryptor()
        return self.signed(base64.b64encode(encryptor.update(whole) + encryptor.finalize()).decode())

    def signed(self, encrypted: str, nonce: str | None = None, at: float | None = None) -> Sealed:
        """Any text in the place of the encrypted one, properly signed."""
        timestamp = str(int(time.time() if at is None else at))
        nonce = nonce or secrets.token_hex(8)
        query = {
            "msg_signature": signature(self.cipher.token, timestamp, nonce, encrypted),
            "timestamp": timestamp,
            "nonce": nonce,
        }
        return Sealed(query, self.envelope(encrypted))

    def envelope(self, encrypted: str) -> bytes:
        if self.via == "aibot":
            return json.dumps({"encrypt": encrypted}).encode()
        return f"<xml><ToUserName>{self.corp_id}</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()

    def post(self, what: Sealed | str, timeout: float = 10, **how: Any) -> requests.Response:
        """Deliver; a text is sealed honestly first."""
        sealed = self.sealed(what) if isinstance(what, str) else what
        how = {"data": sealed.body, **how}
        return requests.post(self.url, params=sealed.query, timeout=timeout, **how)

    def verify(self, echostr: str, query: dict[str, str]) -> requests.Response:
        """The platform's check of the address."""
        return requests.get(self.url, params={**query, "echostr": echostr}, timeout=10)
