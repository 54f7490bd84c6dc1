"""One WebSocket of a bot: frames out in the order they were given, without waiting for a slow reader."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from queue import Queue
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

Frame = dict[str, Any]


class Session:
    """Thread-safe. frozen: half-open: the socket stays, but nothing passes it any more, either way."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self._outgoing: Queue[str | None] = Queue()
        self.frozen = False
        threading.Thread(target=self._write, name="sandbox-frames", daemon=True).start()

    def send(self, frame: Frame) -> None:
        """Goes out after all that was given before."""
        self._outgoing.put(json.dumps(frame, ensure_ascii=False))

    @property
    def idle(self) -> bool:
        """Whether all that was given has been taken up; the last of it may be on its way out."""
        return self._outgoing.empty()

    def receive(self, timeout: float) -> Frame | None:
        """The next frame; None: it is no JSON object. Raises ``ConnectionClosed``, ``TimeoutError``."""
        raw = self._connection.recv(timeout)
        while self.frozen:
            raw = self._connection.recv()
        try:
            frame = json.loads(raw)
        except ValueError:
            return None
        return frame if isinstance(frame, dict) else None

    def close(self, code: int = 1000) -> None:
        """Politely, after what was given before."""
        self._outgoing.put(None)
        self._code = code

    def drop(self) -> None:
        """Reset the TCP connection: what is on its way is gone."""
        sock = self._connection.socket
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.shutdown(socket.SHUT_RDWR)

    def _write(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while (text := self._outgoing.get()) is not None:
                if not self.frozen:
                    self._connection.send(text)
            self._connection.close(self._code)
