"""``/relay/issues``: what other systems hand over, honest and otherwise. The worker is not running here."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.dispatch import reception
from domain.messages import HandedOver, IncomingMessage
from store import dispatches
from store.tables import inbox, media
from tests.contract.channels.signed import SECRET, Caller, caller
from tests.contract.channels.test_relay import picture

ISSUES = "/relay/issues"
CAMERA: dict[str, Any] = {
    "DISPATCH_SOURCES": "camera,patrol",
    "DISPATCH_SECRET_CAMERA": SECRET,
    "DISPATCH_SECRET_PATROL": "another-secret-of-the-tests",
    "DISPATCH_TITLE_CAMERA": "视频监控中心",
    "DISPATCH_MEDIA_HOSTS": "pictures.example.gov.cn",
}


@pytest.fixture
def camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    monkeypatch.setattr(reception, "WAIT_S", 0.0)
    made = caller(tmp_path, source="camera", **CAMERA)
    yield made
    made.database.close()


def body(**fields: Any) -> bytes:
    return json.dumps({"text": "电动车占满盲道", **fields}, ensure_ascii=False).encode()


def kept(camera: Caller) -> list[IncomingMessage]:
    with camera.database.read() as connection:
        rows = connection.execute(select(inbox.c.document).order_by(inbox.c.id)).scalars()
        return [IncomingMessage.from_json(row) for row in rows]


def test_a_channel_that_is_off_has_no_route(tmp_path: Path) -> None:
    off = caller(tmp_path, source="camera")
    assert off.send("POST", ISSUES, body()).status_code == 404
    assert off.send("GET", f"{ISSUES}/key-0001").status_code == 404
    off.database.close()


def test_a_problem_is_kept_with_what_its_source_says(camera: Caller) -> None:
    content = body(
        section="益民路", house_number=28, place="北侧", coordinates="34.7,113.6", category="停车秩序"
    )
    answer = camera.send("POST", ISSUES, content, nonce="key-0001")
    assert (answer.status_code, answer.get_json()) == (
        202,
        {"key": "key-0001", "status": "waiting", "issue": None, "status_url": "/relay/issues/key-0001"},
    )
    (said,) = kept(camera)
    assert (said.channel, said.sender, said.chat.id) == ("dispatch", "dispatch:camera", "camera")
    assert said.text == "益民路28号 北侧 电动车占满盲道 (坐标 34.7,113.6)"
    handed = said.handed_over
    assert isinstance(handed, HandedOver)
    assert (handed.section, handed.house_number, handed.category) == ("益民路", 28, "parking")


def test_a_kind_alone_is_enough(camera: Caller) -> None:
    camera.send("POST", ISSUES, b'{"category":"parking","section":"\\u76ca\\u6c11\\u8def"}')
    assert kept(camera)[0].text == "益民路 停车秩序"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"text": 7}, "text:"),
        ({"text": "", "category": ""}, "text 和 category 至少填一个"),
        ({"text": "x" * 2001}, "text:"),
        ({"category": "weather"}, "category:没有「weather」"),
        ({"category": "parking", "sub": "weather"}, "sub:这一大类里没有「weather」"),
        ({"house_number": "28"}, "house_number:"),
        ({"house_number": True}, "house_number:"),
        ({"danger": "yes"}, "danger:"),
        ({"colour": "red"}, "colour:没有这个字段"),
        ({"pictures": "x"}, "pictures:"),
        ({"pictures": [7]}, "pictures 第1项:"),
        ({"pictures": ["http://pictures.example.gov.cn/a.jpg"]}, "pictures 第1项:"),
        ({"pictures": ["https://169.254.169.254/latest"]}, "pictures 第1项:"),
        ({"pictures": ["https://pictures.example.gov.cn@evil.example/a"]}, "pictures 第1项:"),
        ({"pictures": ["data:image/png;base64,AAAA"]}, "pictures 第1项:"),
        ({"pictures": ["data:image/png;base64,###"]}, "pictures 第1项:"),
    ],
)
def test_what_is_wrong_is_said(camera: Caller, fields: dict[str, Any], problem: str) -> None:
    answer = camera.send("POST", ISSUES, body(**fields))
    assert answer.status_code == 422
    assert any(each.startswith(problem) for each in answer.get_json()["problems"]), answer.get_json()
    assert kept(camera) == []


def test_all_that_is_wrong_is_said_at_once(camera: Caller) -> None:
    answer = camera.send("POST", ISSUES, body(house_number=0, danger=1, category="weather"))
    assert [each.partition(":")[0] for each in answer.get_json()["problems"]] == [
        "house_number", "danger", "category",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 5000])
def test_what_is_no_json_object_is_said(camera: Caller, content: bytes) -> None:
    assert camera.send("POST", ISSUES, content).status_code == 422


def test_pictures_come_in_three_ways(camera: Caller) -> None:
    uploaded = camera.send("POST", "/relay/uploads", picture()).get_json()["picture"]
    inside = "data:image/png;base64," + base64.b64encode(picture()).decode()
    address = "https://pictures.example.gov.cn/a.jpg?t=1"
    camera.send("POST", ISSUES, body(pictures=[uploaded, inside, address]))
    with camera.database.read() as connection:
        refs = connection.execute(select(media.c.channel, media.c.ref).order_by(media.c.id)).all()
    assert refs == [("dispatch", uploaded), ("dispatch", uploaded), ("dispatch", address)]


def test_the_same_key_stands_for_one_body(camera: Caller) -> None:
    first = camera.send("POST", ISSUES, body(), nonce="key-0001")
    assert camera.send("POST", ISSUES, body(), nonce="key-0001").get_json() == first.get_json()
    assert camera.send("POST", ISSUES, body(text="别的"), nonce="key-0001").status_code == 409
    assert len(kept(camera)) == 1


def test_also_when_the_nonces_are_forgotten(camera: Caller) -> None:
    camera.send("POST", ISSUES, body(), nonce="key-0001")
    with camera.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM nonces")
    assert camera.send("POST", ISSUES, body(text="别的"), nonce="key-0001").status_code == 409
    assert camera.send("POST", ISSUES, body(), nonce="key-0001").status_code == 202


def test_a_key_belongs_to_its_source(camera: Caller) -> None:
    camera.send("POST", ISSUES, body(), nonce="key-0001")
    patrol = Caller(camera.client, camera.database, CAMERA["DISPATCH_SECRET_PATROL"], "patrol")
    assert patrol.send("GET", f"{ISSUES}/key-0001").status_code == 404
    assert patrol.send("POST", ISSUES, body(text="别的"), nonce="key-0001").status_code == 202


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another-secret-of-the-tests"},
        {"at": time.time() - 400},
        {"nonce": "short"},
        {"signed": b"another body"},
        {"headers": {"X-Source": "nobody"}},
        {"headers": {"X-Source": "patrol"}},
        {"headers": {"X-Source": ""}},
        {"headers": {"X-Signature": "\u00e9"}},
    ],
)
def test_what_is_not_authentic_gets_one_same_answer(camera: Caller, how: dict[str, Any]) -> None:
    for method, path in (
        ("POST", ISSUES),
        ("GET", f"{ISSUES}/key-0001"),
        ("POST", f"{ISSUES}/key-0001/verdict"),
    ):
        answer = camera.send(method, path, body() if method == "POST" else b"", **how)
        assert (answer.status_code, answer.get_data(as_text=True)) == (403, "forbidden")
    assert kept(camera) == []


def test_a_key_is_made_of_plain_characters(camera: Caller) -> None:
    assert camera.send("POST", ISSUES, body(), nonce="key 0001/x").status_code == 422


def test_a_body_over_the_limit_is_told_what_to_do(camera: Caller) -> None:
    answer = camera.send("POST", ISSUES, b"x" * (256 * 1024 + 1))
    assert answer.status_code == 413
    assert "/relay/uploads" in answer.get_json()["error"]


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b'{"verdict":"maybe"}',
        b'{"verdict":"dissatisfied"}',
        b'{"verdict":[]}',
        b'{"verdict":"satisfied","reason":7}',
    ],
)
def test_a_verdict_that_says_nothing_is_refused(camera: Caller, content: bytes) -> None:
    assert camera.send("POST", f"{ISSUES}/key-0001/verdict", content).status_code == 422


def test_nothing_is_judged_that_has_no_number(camera: Caller) -> None:
    camera.send("POST", ISSUES, body(), nonce="key-0001")
    answer = camera.send("POST", f"{ISSUES}/key-0001/verdict", b'{"verdict":"satisfied"}')
    assert answer.status_code == 404


def test_the_same_words_about_another_problem_are_another_verdict(camera: Caller) -> None:
    for number in (1, 2):
        camera.send("POST", ISSUES, body(), nonce=f"key-000{number}")
        with camera.database.write() as connection:
            dispatches.remember(connection, "camera", f"key-000{number}", number)

    def judged(key: str) -> int:
        path = f"{ISSUES}/{key}/verdict"
        return camera.send("POST", path, b'{"verdict":"satisfied"}', nonce="judge-0001").status_code

    assert [judged("key-0001"), judged("key-0001"), judged("key-0002")] == [202, 202, 409]
    assert [said.text for said in kept(camera)[2:]] == ["满意 1"]


def test_a_database_that_is_away_is_a_503(tmp_path: Path) -> None:
    away = caller(tmp_path, source="camera", migrated=False, **CAMERA)
    assert away.send("POST", ISSUES, body()).status_code == 503
    assert away.send("GET", f"{ISSUES}/key-0001").status_code == 503
    away.database.close()
