"""Around every call of the bot: faults, the record, and errors as HTTP 200."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from typing import Any

from flask import Response, jsonify, request

from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.faults import Fault
from sandbox.world import World

NO_FAULT = Fault("")


def serve(world: World, endpoint: str, act: Callable[[], Answer | Response]) -> Response:
    """Do ``act`` under the weather of the endpoint and record the call with its answer."""
    started = time.monotonic()
    fault = world.faults.take(endpoint) or NO_FAULT
    time.sleep(fault.delay or fault.timeout)
    if fault.timeout:
        _record(world, endpoint, started, note="timeout, nothing done")
        return _drop()
    if fault.status is not None:
        _record(world, endpoint, started, status=fault.status, note="fault")
        return Response(status=fault.status)
    result = _act(act, fault)
    if isinstance(result, Response):
        _record(world, endpoint, started, status=result.status_code)
        response = result
    else:
        note = "; ".join(part for part in (result.note, "answer lost" if fault.lose_answer else "") if part)
        _record(world, endpoint, started, answer=result.payload, chats=result.chats, note=note)
        response = jsonify(result.payload)
    return _drop() if fault.lose_answer else response


def json_body() -> dict[str, Any]:
    """The body as a JSON object, else 47001. The content type does not matter to the platform."""
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:
        raise ApiError(47001) from error
    if not isinstance(body, dict):
        raise ApiError(47001)
    return body


def _act(act: Callable[[], Answer | Response], fault: Fault) -> Answer | Response:
    if fault.errcode is not None:
        return Answer(ApiError(fault.errcode).to_json(), note="fault")
    try:
        return act()
    except ApiError as error:
        return Answer(error.to_json())


def _drop() -> Response:
    """Cut the connection without an answer; what is returned goes nowhere."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=504)


def _record(world: World, endpoint: str, started: float, **seen: Any) -> None:
    call = {
        "at": world.now(),
        "endpoint": endpoint,
        "method": request.method,
        "path": request.path,
        "query": request.args.to_dict(),
        "body": _shown_body(),
        "status": seen.pop("status", 200),
        "ms": round((time.monotonic() - started) * 1000, 1),
        "answer": seen.pop("answer", None),
        "chats": list(seen.pop("chats", ())),
        "note": seen.pop("note", ""),
    }
    world.calls.add(lambda number: {"n": number, **call})


def _shown_body() -> Any:
    """JSON where it is JSON; of anything else only its size, so that the record stays small."""
    data = request.get_data()
    if len(data) > 65_536 or request.mimetype == "multipart/form-data":
        return f"<{len(data)} bytes>"
    try:
        return json.loads(data) if data else None
    except (ValueError, RecursionError):
        return data.decode("utf-8", "replace")
