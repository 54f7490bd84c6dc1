"""From a channel's reference to a file: where it may come from, and how it is stored."""

from __future__ import annotations

import hashlib
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from bot.access_token import TokenManager
from bot.addresses import AllowedAddresses
from bot.aibot.pictures import AibotPictures
from bot.app_channel.client import AppClient, AppIssuer
from bot.download import PADDING, PICTURE_BOUNDS, Downloader
from bot.http_client import Bounds
from bot.media import PictureFetcher, PictureSource, store_picture
from bot.picture import MAX_BYTES, clean_picture
from bot.pictures_by_id import PicturesById
from bot.platform_api import PlatformApi
from domain.clock import MachineTime
from domain.errors import MediaError
from tests.contract.channels.sealing import AES_KEY, AIBOT, APP, cbc, pad
from tests.contract.channels.stand_in import Asked, Reply, StandIn, says
from tests.contract.channels.test_pictures import file, photo, with_gps

PHOTO = file(photo(), "JPEG", exif=with_gps(6))
QUICK = Bounds(connect=0.5, read=0.5, total=0.8, size=PICTURE_BOUNDS.size)
TOKEN = "t0ken-secret"


def sealed(data: bytes) -> bytes:
    return cbc(AES_KEY, pad(data))


def fetcher(platform: StandIn, folder: Path, bounds: Bounds = QUICK) -> PictureFetcher:
    downloader = Downloader(platform.base, {"cos.example.com"}, bounds)
    platform.answers.setdefault("/cgi-bin/gettoken", says(0, access_token=TOKEN, expires_in=7200))
    api = PlatformApi(platform.base)
    client = AppClient(
        api, TokenManager(AppIssuer(APP, api), None, lambda: MachineTime(datetime.now(UTC))), APP.agent_id
    )
    sources: dict[str, PictureSource] = {
        "aibot": AibotPictures(AIBOT, downloader),
        "app_channel": PicturesById(client, downloader),
    }
    return PictureFetcher(folder, sources)


def failed(pictures: PictureFetcher, channel: str, reference: str) -> MediaError:
    with pytest.raises(MediaError) as caught:
        pictures.fetch(channel, reference)
    assert TOKEN not in str(caught.value)
    return caught.value


def test_a_robots_picture(platform: StandIn, tmp_path: Path) -> None:
    platform.answers["/media/1"] = Reply(sealed(PHOTO))
    stored = fetcher(platform, tmp_path).fetch("aibot", f"{platform.base}/media/1?sign=abc")
    data = (tmp_path / stored.path).read_bytes()
    assert stored.path == f"{stored.hash[:2]}/{stored.hash}.jpg"
    assert stored.hash == hashlib.sha256(data).hexdigest()
    assert (stored.mime, stored.width, stored.height, stored.size) == ("image/jpeg", 40, 80, len(data))
    assert b"Secret" not in data


def test_an_apps_picture_by_address_and_by_id(platform: StandIn, tmp_path: Path) -> None:
    platform.answers["/pic"] = Reply(PHOTO)
    platform.answers["/cgi-bin/media/get"] = Reply(PHOTO, headers={"Content-Type": "image/jpeg"})
    pictures = fetcher(platform, tmp_path)
    by_address = pictures.fetch("app_channel", f"{platform.base}/pic media:M1")
    assert platform.paths() == ["/pic"]
    by_id = pictures.fetch("app_channel", "https://p.qpic.cn/1 media:M1")
    assert platform.asked[-1].query == {"access_token": TOKEN, "media_id": "M1"}
    assert by_id == by_address
    assert [path.name for path in tmp_path.rglob("*.*")] == [Path(by_id.path).name]


def test_a_stale_token_is_renewed_for_a_picture(platform: StandIn, tmp_path: Path) -> None:
    answers = iter([says(42001, "expired"), Reply(PHOTO)])
    platform.answers["/cgi-bin/media/get"] = lambda _: next(answers)
    assert fetcher(platform, tmp_path).fetch("app_channel", "media:M1").width == 40
    assert platform.paths().count("/cgi-bin/gettoken") == 2


def test_media_ids_the_platform_refuses(platform: StandIn, tmp_path: Path) -> None:
    pictures = fetcher(platform, tmp_path)
    for answer, permanent in [
        (says(40007, f"invalid media_id {TOKEN}"), True),
        (says(-1, "busy"), False),
        (Reply(b"{broken", headers={"Content-Type": "application/json"}), False),
        (Reply(status=503), False),
    ]:
        platform.answers["/cgi-bin/media/get"] = answer
        assert failed(pictures, "app_channel", "media:M1").permanent is permanent
    platform.answers["/cgi-bin/gettoken"] = says(40001, "bad secret")
    assert not failed(fetcher(platform, tmp_path), "app_channel", "media:M1").permanent
    assert failed(pictures, "app_channel", " ").permanent


REFUSED_HOSTS = [
    "http://127.0.0.1:1/x",
    "http://localhost/x",
    "http://169.254.169.254/latest/meta-data",
    "https://evil.com/x",
    "http://cos.example.com/x",
    "https://cos.example.com:8443/x",
    "https://cos.example.com.evil.com/x",
    "https://a@cos.example.com/x",
    "file:///etc/passwd",
    "ftp://cos.example.com/x",
    "//cos.example.com/x",
    "media:M1",
    "",
]


@pytest.mark.parametrize("address", REFUSED_HOSTS)
def test_other_hosts_are_refused(platform: StandIn, tmp_path: Path, address: str) -> None:
    error = failed(fetcher(platform, tmp_path), "aibot", address)
    assert (error.permanent, error.reason) == (True, "address is not an allowed media host")
    assert platform.asked == []


def test_which_addresses_are_allowed() -> None:
    live = AllowedAddresses(
        "https://qyapi.weixin.qq.com", {"cos.example.com", "cdn.example.com:8443", "127.0.0.1"}
    )
    for address, allowed in {
        "https://cos.example.com/x": True,
        "https://COS.example.com:443/x": True,
        "https://cdn.example.com:8443/x": True,
        "https://cdn.example.com/x": False,
        "https://127.0.0.1/x": True,
        "https://127.0.0.1:6379/x": False,
        "http://127.0.0.1/x": False,
        "http://qyapi.weixin.qq.com/x": False,
    }.items():
        assert live.permits(address) is allowed, address
    stand_in = AllowedAddresses("http://127.0.0.1:9000", {"localhost", "cos.example.com"})
    for address, allowed in {
        "http://127.0.0.1:9000/x": True,
        "http://127.0.0.1:9001/x": False,
        "http://localhost:9001/x": True,
        "http://cos.example.com/x": False,
        "https://cos.example.com/x": True,
    }.items():
        assert stand_in.permits(address) is allowed, address


def test_redirects_are_not_followed(platform: StandIn, tmp_path: Path) -> None:
    platform.answers["/secret"] = Reply(sealed(PHOTO))
    platform.answers["/media/1"] = Reply(b"", 302, {"Location": f"{platform.base}/secret"})
    error = failed(fetcher(platform, tmp_path), "aibot", f"{platform.base}/media/1")
    assert (error.permanent, error.reason) == (True, "HTTP 302")
    assert platform.paths() == ["/media/1"]


@pytest.mark.parametrize(
    ("status", "permanent"), [(403, True), (404, True), (429, False), (500, False), (503, False)]
)
def test_http_errors(platform: StandIn, tmp_path: Path, status: int, permanent: bool) -> None:
    platform.answers["/media/1"] = Reply(b"<html>", status)
    assert failed(fetcher(platform, tmp_path), "aibot", f"{platform.base}/media/1").permanent is permanent


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        for _ in range(400):
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    handler.connection.settimeout(0.2)
    for _ in range(20):
        try:
            handler.wfile.write(b"x")
            handler.connection.recv(1)
        except TimeoutError:
            continue
        except OSError:
            return


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + sealed(PHOTO)[:320])


def drop(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(("act", "permanent"), [(endless, True), (drip, False), (cut, False), (drop, False)])
def test_transfers_are_bounded(
    platform: StandIn, tmp_path: Path, act: Callable[[BaseHTTPRequestHandler], None], permanent: bool
) -> None:
    platform.answers["/media/1"] = Reply(act=act)
    assert failed(fetcher(platform, tmp_path), "aibot", f"{platform.base}/media/1").permanent is permanent


def test_the_largest_picture_passes_and_one_byte_more_does_not(platform: StandIn, tmp_path: Path) -> None:
    largest = PHOTO + b"\0" * (MAX_BYTES - len(PHOTO))
    pictures = fetcher(platform, tmp_path, replace(QUICK, total=10))
    platform.answers["/media/1"] = Reply(sealed(largest))
    assert len(sealed(largest)) == MAX_BYTES + PADDING
    assert pictures.fetch("aibot", f"{platform.base}/media/1").width == 40
    platform.answers["/media/1"] = Reply(sealed(largest + b"\0"))
    assert (
        failed(pictures, "aibot", f"{platform.base}/media/1").reason
        == "picture is larger than 10485760 bytes"
    )


WRONG_FILES = {
    "not encrypted": PHOTO + b"\0" * (-len(PHOTO) % 16),
    "not whole blocks": PHOTO + b"\0" * (1 - len(PHOTO) % 16),
    "empty": b"",
    "bad padding": cbc(AES_KEY, PHOTO + bytes([40]) * (-len(PHOTO) % 16 + 16)),
    "another key": cbc("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", pad(PHOTO)),
    "html": sealed(b"<html>expired</html>"),
    "truncated": sealed(PHOTO[: len(PHOTO) // 2]),
}


@pytest.mark.parametrize("body", WRONG_FILES.values(), ids=WRONG_FILES)
def test_files_that_are_not_the_picture(platform: StandIn, tmp_path: Path, body: bytes) -> None:
    platform.answers["/media/1"] = Reply(body)
    assert failed(fetcher(platform, tmp_path), "aibot", f"{platform.base}/media/1").permanent
    assert list(tmp_path.rglob("*")) == []


def test_a_channel_that_is_off(platform: StandIn, tmp_path: Path) -> None:
    assert failed(fetcher(platform, tmp_path), "mp", "x").permanent


def test_storing_twice_is_storing_once(tmp_path: Path) -> None:
    picture = clean_picture(PHOTO)
    first = store_picture(picture, tmp_path)
    written = (tmp_path / first.path).stat()
    assert store_picture(picture, tmp_path) == first
    assert (tmp_path / first.path).stat().st_mtime_ns == written.st_mtime_ns
    assert written.st_mode & 0o777 == 0o640


def test_half_a_file_is_replaced(tmp_path: Path) -> None:
    picture = clean_picture(PHOTO)
    stored = store_picture(picture, tmp_path)
    (tmp_path / stored.path).write_bytes(b"half")
    store_picture(picture, tmp_path)
    assert (tmp_path / stored.path).read_bytes() == picture.data


def test_a_disk_that_refuses_is_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MediaError) as caught:
        store_picture(clean_picture(PHOTO), tmp_path)
    assert not caught.value.permanent
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_signed_addresses_and_tokens_are_in_no_log(
    platform: StandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pictures = fetcher(platform, tmp_path)

    def refuse(asked: Asked) -> Reply:
        return says(40007, str(asked.query))

    platform.answers["/cgi-bin/media/get"] = refuse
    for reference in ("media:M1", f"{platform.base}/gone?sign=s1gned"):
        try:
            pictures.fetch("app_channel", reference)
        except MediaError:
            logging.getLogger("test").exception("no picture")
    assert "s1gned" not in caplog.text
    assert TOKEN not in caplog.text
