"""Offices reach the platform through a proxy that the environment names."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from bot.aibot_connect.connection import Connection
from domain.errors import Disconnected
from tests.contract.connect.conftest import QUICK, Platform


class Proxy:
    """Passes CONNECT on to this machine, whatever host is asked for, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._tunnel, args=(client,), daemon=True).start()

    def _tunnel(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        place = head.split()[1].decode()
        self.asked.append(f"{head.split()[0].decode()} {place}")
        server = socket.create_connection(("127.0.0.1", int(place.rpartition(":")[2])))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_pump, args=(server, client), daemon=True)
        back.start()
        _pump(client, server)
        back.join()
        client.close()
        server.close()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    proxy = Proxy()
    for name in ("http_proxy", "https_proxy", "no_proxy", "ws_proxy", "wss_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    yield proxy
    proxy.close()


def test_it_goes_through_the_proxy(platform: Platform, proxy: Proxy) -> None:
    port = urlsplit(platform.world.ws_url).port
    with Connection(replace(platform.settings, url=f"ws://platform.test:{port}"), QUICK):
        assert platform.world.hub.joined == 1
    assert proxy.asked == [f"CONNECT platform.test:{port}"]


def test_a_stand_in_on_this_machine_needs_none(platform: Platform, proxy: Proxy) -> None:
    with Connection(platform.settings, QUICK):
        assert platform.world.hub.joined == 1
    assert proxy.asked == []


def test_a_proxy_that_is_not_there_is_said(
    platform: Platform, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with (
        pytest.raises(Disconnected),
        Connection(replace(platform.settings, url="ws://platform.test:1"), QUICK),
    ):
        pass


def test_a_proxy_of_another_kind_is_named_and_ends_nothing(
    platform: Platform, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:9")
    elsewhere = replace(platform.settings, url="ws://platform.test:9")
    with pytest.raises(Disconnected, match="must be http"), Connection(elsewhere, QUICK):
        pass
