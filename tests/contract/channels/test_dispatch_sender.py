"""Word to another system: signed, sent again under one name, given up where another try is useless."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator

import pytest

from bot.dispatch.sender import DispatchSender
from config import DispatchSource
from domain.errors import SendError
from domain.outgoing import Delivery
from tests.contract.channels.stand_in import Asked, Reply, StandIn, stand_in

SECRET = "a-secret-of-the-tests-alone"
WORD = Delivery("dispatch", "camera", '{"key":"k"}', "o7")


@pytest.fixture
def centre() -> Iterator[StandIn]:
    with stand_in() as server:
        yield server


def sender(centre: StandIn, path: str = "/progress") -> DispatchSender:
    return DispatchSender([DispatchSource("camera", "视频监控中心", SECRET, f"{centre.base}{path}")])


@pytest.mark.parametrize("status", [200, 202, 204])
def test_any_2xx_is_delivered(centre: StandIn, status: int) -> None:
    centre.answers["/progress"] = Reply(status=status)
    sender(centre).send(WORD)
    assert [asked.raw for asked in centre.asked] == [b'{"key":"k"}']


def test_it_is_signed(centre: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    def kept(_: object, __: str, ___: bytes, headers: dict[str, str]) -> None:
        seen.update(headers)
        raise AssertionError

    monkeypatch.setattr("bot.http_client.HttpClient.post", kept)
    with pytest.raises(AssertionError):
        sender(centre).send(WORD)
    signed = f"{seen['X-Timestamp']}\ndelivery-o7\nPOST /progress\n".encode() + b'{"key":"k"}'
    assert seen["X-Nonce"] == "delivery-o7"
    assert seen["X-Signature"] == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (500, False),
        (503, False),
        (429, False),
        (401, False),
        (403, False),
        (400, True),
        (404, True),
        (410, True),
    ],
)
def test_what_may_get_better_is_sent_again(centre: StandIn, status: int, permanent: bool) -> None:
    centre.answers["/progress"] = Reply(status=status)
    with pytest.raises(SendError) as refused:
        sender(centre).send(WORD)
    assert (refused.value.permanent, refused.value.code) == (permanent, status)


def test_no_redirect_is_followed(centre: StandIn) -> None:
    centre.answers["/progress"] = Reply(status=307, headers={"Location": f"{centre.base}/elsewhere"})
    with pytest.raises(SendError) as refused:
        sender(centre).send(WORD)
    assert refused.value.permanent
    assert centre.paths() == ["/progress"]


def test_a_lost_answer_is_uncertain(centre: StandIn) -> None:
    centre.answers["/progress"] = Reply(act=lambda handler: handler.connection.close())
    with pytest.raises(SendError) as lost:
        sender(centre).send(WORD)
    assert (lost.value.permanent, lost.value.uncertain) == (False, True)


def test_a_source_that_is_gone_is_told_nothing(centre: StandIn) -> None:
    with pytest.raises(SendError) as gone:
        DispatchSender([]).send(WORD)
    assert gone.value.permanent


def test_an_answer_may_not_be_endless(centre: StandIn) -> None:
    def huge(_: Asked) -> Reply:
        return Reply(b"x" * (65 * 1024))

    centre.answers["/progress"] = huge
    with pytest.raises(SendError) as refused:
        sender(centre).send(WORD)
    assert not refused.value.permanent
