"""Our pictures and files on their way out: what the platform is sent, and what is refused before a call."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.access_token import TokenManager
from bot.aibot.sender import ReplySender
from bot.app_channel.client import AppClient, AppIssuer
from bot.app_channel.sender import AppSender
from bot.platform_api import PlatformApi
from bot.webhook_push.sender import WebhookSender
from domain.clock import MachineTime
from domain.errors import SendError
from domain.outgoing import Attachment, Delivery
from tests.contract.channels.sealing import APP
from tests.contract.channels.stand_in import Reply, StandIn, says

PNG = b"\x89PNG\r\n\x1a\nnot really a picture"
PICTURE = Attachment("image", "out/day.png", "日报.png")
WORKBOOK = Attachment("file", "out/cases.xlsx", "台账 11月.xlsx")
SECRET = "s3cr3t"


@dataclass
class Ways:
    platform: StandIn
    webhook: WebhookSender
    app: AppSender

    def paths(self) -> list[str]:
        return [path.removeprefix("/cgi-bin/") for path in self.platform.paths()]


@pytest.fixture
def ways(platform: StandIn, tmp_path: Path) -> Ways:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "day.png").write_bytes(PNG)
    (tmp_path / "out" / "cases.xlsx").write_bytes(b"PK workbook")
    platform.answers["/cgi-bin/gettoken"] = says(0, access_token=SECRET, expires_in=7200)
    platform.answers["/cgi-bin/webhook/send"] = platform.answers["/cgi-bin/message/send"] = says(0)
    for path in ("webhook/upload_media", "media/upload"):
        platform.answers[f"/cgi-bin/{path}"] = says(0, media_id="m-1")
    api = PlatformApi(platform.base)
    tokens = TokenManager(AppIssuer(APP, api), None, lambda: MachineTime(datetime.now(UTC)))
    client = AppClient(api, tokens, APP.agent_id)
    return Ways(platform, WebhookSender(api, {"g-sup": SECRET}.get, tmp_path), AppSender(client, tmp_path))


def to_group(attachment: Attachment) -> Delivery:
    return Delivery("webhook", "g-sup", "", "o1", attachment=attachment)


def to_person(attachment: Attachment) -> Delivery:
    return Delivery("app", "sun", "", "o2", attachment=attachment)


def test_a_group_gets_the_picture_itself_with_its_checksum(ways: Ways) -> None:
    ways.webhook.send(to_group(PICTURE))
    assert ways.platform.asked[-1].document == {
        "msgtype": "image",
        "image": {
            "base64": base64.b64encode(PNG).decode(),
            "md5": hashlib.md5(PNG, usedforsecurity=False).hexdigest(),
        },
    }


def test_a_group_gets_a_file_by_its_media_id(ways: Ways) -> None:
    ways.webhook.send(to_group(WORKBOOK))
    assert ways.paths() == ["webhook/upload_media", "webhook/send"]
    upload, send = ways.platform.asked
    assert upload.query == {"key": SECRET, "type": "file"}
    assert b'name="media"; filename="' + "台账 11月.xlsx".encode() in upload.raw
    assert b"PK workbook" in upload.raw
    assert send.document == {"msgtype": "file", "file": {"media_id": "m-1"}}


@pytest.mark.parametrize("attachment", [PICTURE, WORKBOOK])
def test_a_person_gets_either_by_its_media_id(ways: Ways, attachment: Attachment) -> None:
    ways.app.send(to_person(attachment))
    assert ways.paths() == ["gettoken", "media/upload", "message/send"]
    assert ways.platform.asked[1].query == {"access_token": SECRET, "type": attachment.kind}
    document = ways.platform.asked[2].document
    assert (document["touser"], document["enable_duplicate_check"]) == ("sun", 1)
    assert (document["msgtype"], document[attachment.kind]) == (attachment.kind, {"media_id": "m-1"})


def test_a_repeated_call_names_the_same_upload_and_is_known_for_a_repetition(ways: Ways) -> None:
    ways.platform.answers["/cgi-bin/message/send"] = Reply(status=502)
    with pytest.raises(SendError):
        ways.app.send(to_person(WORKBOOK))
    ways.platform.answers["/cgi-bin/message/send"] = says(0)
    ways.app.send(to_person(WORKBOOK))
    assert ways.paths().count("media/upload") == 1
    first, second = (each.document for each in ways.platform.asked if each.path.endswith("message/send"))
    assert first == second


def test_a_lost_upload_shows_nobody_anything(ways: Ways) -> None:
    ways.platform.answers["/cgi-bin/media/upload"] = Reply(act=lambda handler: handler.connection.close())
    with pytest.raises(SendError) as caught:
        ways.app.send(to_person(WORKBOOK))
    assert (caught.value.permanent, caught.value.uncertain) == (False, False)


@pytest.mark.parametrize(("code", "permanent"), [(40006, True), (40004, True), (45009, False), (-1, False)])
def test_a_refused_upload_is_not_followed_by_a_message(ways: Ways, code: int, permanent: bool) -> None:
    ways.platform.answers["/cgi-bin/webhook/upload_media"] = says(code, f"refused {SECRET}")
    with pytest.raises(SendError) as caught:
        ways.webhook.send(to_group(WORKBOOK))
    assert (caught.value.permanent, caught.value.code) == (permanent, code)
    assert SECRET not in str(caught.value)
    assert ways.paths() == ["webhook/upload_media"]


def test_what_is_too_large_for_its_way_costs_no_call(ways: Ways, tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(PNG.ljust(2 * 1024 * 1024 + 1))
    large = replace(PICTURE, path="large.png")
    with pytest.raises(SendError) as caught:
        ways.webhook.send(to_group(large))
    assert (caught.value.permanent, caught.value.code, ways.paths()) == (True, 40006, [])
    ways.app.send(to_person(large))  # 10 MB there
    (tmp_path / "tiny.png").write_bytes(b"12345")
    with pytest.raises(SendError):
        ways.webhook.send(to_group(replace(PICTURE, path="tiny.png")))


def test_a_file_that_is_gone_is_given_up(ways: Ways) -> None:
    with pytest.raises(SendError) as caught:
        ways.webhook.send(to_group(replace(PICTURE, path="gone.png")))
    assert caught.value.permanent
    assert ways.paths() == []


def test_an_answer_address_carries_no_picture(ways: Ways, platform: StandIn) -> None:
    target = f"{platform.base}/cgi-bin/aibot/response?response_code=1"
    with pytest.raises(SendError) as caught:
        ReplySender(PlatformApi(platform.base)).send(Delivery("reply", target, "", "o3", attachment=PICTURE))
    assert (caught.value.permanent, ways.paths()) == (True, [])
