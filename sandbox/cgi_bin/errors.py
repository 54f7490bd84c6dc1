"""The platform's error codes (wecom.md; DOC 90313). They come as HTTP 200."""

from __future__ import annotations

from typing import Any

MESSAGES = {
    -1: "system busy",
    40001: "invalid credential",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid type",
    40006: "invalid file size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40029: "invalid response_code",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40053: "invalid action info",
    40056: "invalid agentid",
    40058: "content exceed max length. invalid Request Parameter",
    40125: "invalid appsecret",
    41001: "access_token missing",
    42001: "access_token expired",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "api freq out of limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    48001: "api unauthorized",
    47003: "argument invalid",
    846605: "invalid req_id",
    846607: "aibot send msg frequency limit exceeded",
    846608: "stream message update expired",
    47001: "data format error",
    60020: "not allow to access from your ip",
    93000: "invalid webhook url",
    93004: "robot is disabled",
    93008: "robot is not in this group",
    301019: "file md5 not match",
}


class ApiError(Exception):
    """The platform refuses a call; nothing was done. ``hint`` tells a developer more."""

    def __init__(self, errcode: int, hint: str = "") -> None:
        self.errcode = errcode
        self.hint = hint
        super().__init__(errcode, hint)

    def to_json(self) -> dict[str, Any]:
        message = MESSAGES.get(self.errcode, "error")
        return {"errcode": self.errcode, "errmsg": f"{message}, {self.hint}" if self.hint else message}
