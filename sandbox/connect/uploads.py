"""Files in parts: announced, sent in any order, put together (DOC 101463)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from typing import Any

from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.connect.upload import Upload
from sandbox.media import content_type_of
from sandbox.world import World

MOST_PARTS = 100
PART_BYTES = 512 * 1024


def begin(world: World, _req_id: str, body: dict[str, Any]) -> Answer:
    kind, name, size, count = (body.get(key) for key in ("type", "filename", "total_size", "total_chunks"))
    most = {"image": world.limits.app_image_bytes, "file": world.limits.file_bytes}.get(str(kind))
    if most is None or not isinstance(name, str) or not name:
        raise ApiError(40004, "type image or file, and a filename")
    if not isinstance(size, int) or not 5 < size <= most:
        raise ApiError(40006, f"6 to {most} bytes")
    if not isinstance(count, int) or not 1 <= count <= MOST_PARTS:
        raise ApiError(40035, f"1 to {MOST_PARTS} parts")
    upload_id = secrets.token_hex(16)
    world.upload_parts[upload_id] = Upload(str(kind), name, size, count, str(body.get("md5") or ""))
    return Answer({"errcode": 0, "errmsg": "ok", "body": {"upload_id": upload_id}})


def part(world: World, _req_id: str, body: dict[str, Any]) -> Answer:
    """The same part again is ignored."""
    upload, index = _upload(world, body), body.get("chunk_index")
    try:
        data = base64.b64decode(str(body.get("base64_data")), validate=True)
    except binascii.Error as error:
        raise ApiError(40035, "base64_data") from error
    if not isinstance(index, int) or not 0 <= index < upload.count or not 0 < len(data) <= PART_BYTES:
        raise ApiError(40035, f"chunk_index from 0, at most {PART_BYTES} bytes")
    upload.parts.setdefault(index, data)
    return Answer({"errcode": 0, "errmsg": "ok"})


def end(world: World, _req_id: str, body: dict[str, Any]) -> Answer:
    upload = _upload(world, body)
    data = b"".join(upload.parts[index] for index in sorted(upload.parts))
    complete = len(upload.parts) == upload.count and len(data) == upload.size
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if not complete or upload.md5 not in {"", digest}:
        raise ApiError(40035, "parts are missing, or the md5 differs")
    if upload.kind == "image" and content_type_of(data) not in {"image/png", "image/jpeg"}:
        raise ApiError(40005, "PNG or JPG")
    media_id = world.uploads.put(data, f"aibot:{upload.kind}", upload.name)
    result = {"type": upload.kind, "media_id": media_id, "created_at": str(int(world.now()))}
    return Answer({"errcode": 0, "errmsg": "ok", "body": result})


def _upload(world: World, body: dict[str, Any]) -> Upload:
    found = world.upload_parts.get(str(body.get("upload_id")))
    if found is None:
        raise ApiError(40035, "upload_id")
    return found
