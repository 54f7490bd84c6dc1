"""The sandbox as a listening process: one thread per connection, on loopback only."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.app import build_app
from sandbox.connect import server as connect
from sandbox.world import World

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Something else listens on the port."""


class QuietHandler(WSGIRequestHandler):
    """Says nothing about requests: the record is in the control API, and addresses hold keys."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers at ``world.base_url`` until ``stop``."""

    world: World
    stop: Callable[[], None]


def start(world: World, poll: float = 0.1) -> Running:
    """Listen on the port of the settings (0: any) and serve in the background; raises PortTaken.
    ``poll``: seconds between two looks whether to stop."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, world.settings.port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        raise PortTaken(f"port {world.settings.port} on {HOST}: {error.strerror}") from error
    port = listener.getsockname()[1]
    try:
        stop_sockets = connect.start(world, HOST, world.settings.ws_port) if world.settings.connect else None
    except OSError as error:
        listener.close()
        raise PortTaken(f"port {world.settings.ws_port} on {HOST}: {error.strerror}") from error
    world.base_url = f"http://{HOST}:{port}"
    server = make_server(
        HOST, port, build_app(world), threaded=True, request_handler=QuietHandler, fd=listener.fileno()
    )
    listener.close()
    thread = threading.Thread(target=server.serve_forever, args=(poll,), name="sandbox", daemon=True)
    thread.start()

    def stop() -> None:
        if stop_sockets is not None:
            stop_sockets()
        _stop(server, thread)

    return Running(world, stop)


def _stop(server: BaseWSGIServer, thread: threading.Thread) -> None:
    server.shutdown()
    thread.join()
    server.server_close()
