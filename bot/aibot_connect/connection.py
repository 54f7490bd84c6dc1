"""One subscribed connection to the platform.

One thread reads (``receive``); any thread asks (``request``) and waits for the result, which the reading
thread hands it. Whatever ends the connection raises ``Disconnected`` in all of them.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from bot.aibot_connect import frames
from bot.aibot_connect.frames import CALLBACKS, Command, Frame
from bot.aibot_connect.results import Results
from bot.fields import Malformed
from bot.platform_api import Answer
from config import ConnectSettings, is_loopback
from domain.errors import Disconnected, SendError

log = logging.getLogger(__name__)

MAX_FRAME = 1024 * 1024
READ_AHEAD = 256


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. ping: between two signs of life. dead: without a frame from the platform for so long, the
    connection counts as gone, though nobody closed it (half-open). answer: the wait for a result."""

    open: float = 10.0
    close: float = 5.0
    ping: float = 30.0
    dead: float = 70.0
    answer: float = 10.0


class Connection:
    """A context manager: opens and subscribes, closes in the end. Raises ``Disconnected`` where that fails,
    ``refused`` if the platform did not accept bot id and secret."""

    def __init__(self, settings: ConnectSettings, pace: Pace) -> None:
        self._settings = settings
        self._pace = pace
        self._results = Results()
        self._silent_since = time.monotonic()
        self._reading = threading.Event()
        self._why = ""
        self.kicked = False
        """Another connection of the same bot has taken our place."""

    def __enter__(self) -> Connection:
        # the environment names a proxy (HTTPS_PROXY, NO_PROXY); a stand-in on this machine needs none
        proxy: Literal[True] | None = None if is_loopback(self._settings.url) else True
        try:
            self._opening = connect(
                self._settings.url,
                proxy=proxy,
                compression=None,
                open_timeout=self._pace.open,
                close_timeout=self._pace.close,
                ping_interval=None,  # the platform's own sign of life is a frame
                max_size=MAX_FRAME,
                max_queue=READ_AHEAD,
            )
            self._socket: ClientConnection = self._opening.__enter__()
        except (OSError, TimeoutError, WebSocketException) as error:
            raise Disconnected(f"cannot connect: {type(error).__name__}") from error
        except ImportError as error:  # how the library says it of a SOCKS proxy
            raise Disconnected("the proxy of the environment must be http:// or https://") from error
        try:
            self._subscribe()
        except BaseException:
            self._socket.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._results.none_will_come()

    def _subscribe(self) -> None:
        req_id = frames.fresh_id(Command.SUBSCRIBE)
        body = {"bot_id": self._settings.bot_id, "secret": self._settings.secret}
        try:
            self._socket.send(frames.write(Command.SUBSCRIBE, req_id, body))
            answer = frames.read(self._socket.recv(self._pace.open))
        except (ConnectionClosed, TimeoutError, Malformed) as error:
            raise Disconnected(f"no answer to the subscription: {type(error).__name__}") from error
        if answer.req_id != req_id or answer.code is None:
            raise Disconnected("the answer to the subscription cannot be read")
        if answer.code:
            raise Disconnected(answer.message or "subscription refused", refused=answer.code)

    def receive(self, most: int) -> list[Frame]:
        """The callbacks that have come, in order: waits for the first one. Raises ``Disconnected``."""
        self._silent_since = time.monotonic()
        self._reading.set()
        found: list[Frame] = []
        try:
            while not found:
                self._sort(self._socket.recv(), found)
            while len(found) < most:
                self._sort(self._socket.recv(timeout=0), found)
        except TimeoutError:
            return found
        except ConnectionClosed as closed:
            if found:
                return found
            self._results.none_will_come()
            raise Disconnected(self._why or _reason(closed), kicked=self.kicked) from closed
        finally:
            self._reading.clear()
        return found

    def _sort(self, raw: str | bytes, found: list[Frame]) -> None:
        """A callback is kept for the reader; a result goes to whoever waits for it."""
        self._silent_since = time.monotonic()
        try:
            frame = frames.read(raw)
        except Malformed as fault:
            log.warning("frame not understood fault=%s size=%d", fault, len(raw))
            return
        if frame.says_kicked:
            self.kicked = True
        elif frame.command in CALLBACKS:
            found.append(frame)
        elif frame.code is not None:
            self._results.hand_over(frame)
        else:
            log.warning("frame of an unknown kind cmd=%r", frame.command[:40])

    def request(
        self, command: Command, body: Mapping[str, object] | None, req_id: str | None = None
    ) -> Answer:
        """Ask, and wait for the result. req_id: of the frame that is answered. Raises ``SendError``,
        ``uncertain`` when it was sent and no result came. While nobody reads, because what came cannot be
        kept, nothing is sent: its result would not be heard, and it would be said again and again."""
        if not self._reading.wait(self._pace.answer):
            raise SendError("the robot's connection is not being read", permanent=False)
        req_id = req_id or frames.fresh_id(command)
        with self._results.expected(req_id) as waiter:
            try:
                self._socket.send(frames.write(command, req_id, body))
            except ConnectionClosed as closed:
                raise SendError("the robot's connection is gone", permanent=False) from closed
            answer = waiter.wait(self._pace.answer)
        if answer is None:
            raise SendError("no result from the platform", permanent=False, uncertain=True)
        return answer

    def ping(self) -> None:
        """A sign of life; its result is one from the other side."""
        with contextlib.suppress(ConnectionClosed):
            self._socket.send(frames.write(Command.PING, frames.fresh_id(Command.PING)))

    def silent_for(self) -> float:
        """Seconds since the last frame; 0 while we ourselves are not listening."""
        return time.monotonic() - self._silent_since if self._reading.is_set() else 0.0

    def end(self) -> None:
        """Say goodbye; what has come until the platform says it too can still be received."""
        self._why = "told to stop"
        self._socket.close()

    def abort(self, why: str) -> None:
        """Drop the connection at once, without waiting for anybody."""
        self._why = why
        with contextlib.suppress(OSError):
            self._socket.socket.shutdown(socket.SHUT_RDWR)


def _reason(closed: ConnectionClosed) -> str:
    code = closed.rcvd.code if closed.rcvd else None
    return f"closed by the platform: {code}" if code else "connection lost"
