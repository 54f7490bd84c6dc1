"""The WebSocket server: subscription, frames, results; and the weather on the way."""

from __future__ import annotations

import hmac
import http
import threading
import time
from collections.abc import Callable
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.connect.commands import act
from sandbox.connect.session import Frame, Session
from sandbox.faults import Fault
from sandbox.world import World

SUBSCRIBE = "aibot_subscribe"
NO_FAULT = Fault("")


def start(world: World, host: str, port: int) -> Callable[[], None]:
    """Listen (0: any port) and serve in the background; sets ``world.ws_url``. Returns how to stop. Raises
    OSError."""
    server = serve(
        lambda connection: _attend(world, connection),
        host,
        port,
        process_request=lambda connection, request: _at_the_door(world, connection, request),
        compression=None,
        ping_interval=None,
        close_timeout=0.5,
    )
    world.ws_url = f"ws://{host}:{server.socket.getsockname()[1]}"
    thread = threading.Thread(target=server.serve_forever, name="sandbox-ws", daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()

    return stop


def _at_the_door(world: World, connection: ServerConnection, _request: Request) -> Response | None:
    """The weather of the endpoint ``connect``: refused, slow, or no answer at all."""
    fault = world.faults.peek("connect")
    if fault is None or fault.errcode is not None:
        return None
    world.faults.take("connect")
    time.sleep(fault.delay or fault.timeout)
    if fault.timeout:
        connection.socket.close()
        return None
    return connection.respond(http.HTTPStatus(fault.status), "") if fault.status else None


def _attend(world: World, connection: ServerConnection) -> None:
    """One connection from its subscription to its end."""
    session = Session(connection)
    try:
        if not _subscribed(world, session):
            session.close()
            connection.wait_closed(1)
            return
        while True:
            frame = session.receive(world.limits.heartbeat)
            if frame is not None:
                _serve_under_weather(world, session, frame)
    except (ConnectionClosed, TimeoutError):
        connection.close()
    finally:
        world.hub.leave(session)


def _subscribed(world: World, session: Session) -> bool:
    """The first frame: bot id and secret."""
    frame = session.receive(world.limits.callback_timeout) or {}
    command, req_id, body = _parts(frame)
    if command != SUBSCRIBE:
        session.send(_result(req_id, ApiError(40008, "subscribe first").to_json()))
        return False
    fault = world.faults.take("connect")
    given, wanted = (str(body.get(key)) for key in ("bot_id", "secret")), world.settings
    right = all(
        hmac.compare_digest(one.encode(), other.encode())
        for one, other in zip(given, (wanted.bot_id, wanted.bot_secret), strict=True)
    )
    code = fault.errcode if fault and fault.errcode is not None else 0 if right else 40001
    if code:
        session.send(_result(req_id, ApiError(code).to_json()))
        return False
    world.hub.join(session, _result(req_id, {"errcode": 0, "errmsg": "ok"}))
    return True


def _serve_under_weather(world: World, session: Session, frame: Frame) -> None:
    """The weather of the endpoint ``connect_send``; what is slow keeps no other request waiting."""
    fault = NO_FAULT if _parts(frame)[0] == "ping" else world.faults.take("connect_send") or NO_FAULT
    if fault.delay:
        threading.Thread(target=_serve, args=(world, session, frame, fault), daemon=True).start()
    else:
        _serve(world, session, frame, fault)


def _serve(world: World, session: Session, frame: Frame, fault: Fault) -> None:
    """One request, recorded with its result."""
    started = time.monotonic()
    command, req_id, body = _parts(frame)
    time.sleep(fault.delay)
    if fault.timeout:
        _record(world, frame, started, Answer({}, note="timeout, nothing done"))
        return
    busy = -1 if fault.status is not None else None  # a frame has no HTTP status
    refusal = busy if fault.errcode is None else fault.errcode
    try:
        done = act(world, command, req_id, body) if refusal is None else None
        answer = done or Answer(ApiError(refusal or 0).to_json(), note="fault")
    except ApiError as error:
        answer = Answer(error.to_json())
    _record(world, frame, started, answer)
    if not fault.lose_answer:
        session.send(_result(req_id, answer.payload))


def _parts(frame: Frame) -> tuple[str, str, dict[str, Any]]:
    headers, body = frame.get("headers"), frame.get("body")
    req_id = headers.get("req_id") if isinstance(headers, dict) else ""
    return str(frame.get("cmd") or ""), str(req_id or ""), body if isinstance(body, dict) else {}


def _result(req_id: str, payload: dict[str, Any]) -> Frame:
    return {"headers": {"req_id": req_id}, **payload}


def _record(world: World, frame: Frame, started: float, answer: Answer) -> None:
    command, req_id, body = _parts(frame)
    if command == "ping":
        return
    shown = body if "base64_data" not in body else {**body, "base64_data": f"<{len(body['base64_data'])}>"}
    call = {
        "at": world.now(),
        "endpoint": "connect_send",
        "method": "WS",
        "path": command,
        "query": {"req_id": req_id},
        "body": shown,
        "status": 200,
        "ms": round((time.monotonic() - started) * 1000, 1),
        "answer": answer.payload,
        "chats": list(answer.chats),
        "note": answer.note,
    }
    world.calls.add(lambda number: {"n": number, **call})
