"""Whatever comes in by a callback: no 500, no hang, a recorded outcome, nothing private in a log.

Web application and worker are the real ones, in this process, on a real database of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, select
from werkzeug.test import Client

import config
from bot.app import create_app
from bot.door import MAX_BODY
from sandbox.cipher import Cipher
from store.database import Database
from store.tables import inbox, metadata
from tests.fleet.wire import Sealed, Via, Wire
from tests.fuzz import payloads
from tests.fuzz.harness import Log, no_hang, walk
from tests.integration.world import APP, KEY, put_roster_in_force
from workers import bootstrap, process_inbox
from workers.bootstrap import Parts

ENVIRONMENT = {
    **APP,
    "WECOM_BOT_TOKEN": "token",
    "WECOM_BOT_AES_KEY": KEY,
    "WECOM_BOT_NAMES": "路管家",
    "WECOM_API_BASE": "http://127.0.0.1:1",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


@dataclass
class Office:
    """Web and worker of one office, without a platform and without Redis."""

    client: Client
    parts: Parts
    log: Log

    def post(self, via: Via, sealed: Sealed) -> int:
        """Deliver; returns the status."""
        with no_hang():
            answer = self.client.post(f"/callback/{via}", query_string=sealed.query, data=sealed.body)
        return answer.status_code

    def work_off(self) -> None:
        """Handle what waits, with no message failing."""
        with no_hang():
            while process_inbox.batch(self.parts):
                pass
        text = self.log.taken()
        assert "failed " not in text.replace("wake failed", ""), text
        assert "Traceback" not in text, text

    def count(self) -> int:
        """Letters ever recorded; each must be done."""
        with self.parts.database.read() as connection:
            undone = connection.execute(select(func.count()).where(inbox.c.state != "done")).scalar_one()
            assert undone == 0
            return int(connection.execute(select(func.count()).select_from(inbox)).scalar_one())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("fuzz")
    url = f"sqlite:///{folder / 'fuzz.db'}"
    engine = create_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    settings = config.load({"DATABASE_URL": url, "MEDIA_DIR": str(folder / "media"), **ENVIRONMENT})
    put_roster_in_force(Database(url))
    log = Log()
    with log.kept():
        parts = bootstrap.build(settings)
        parts.office()
        parts.classifier().read(
            "28号门口"
        )  # as a lane does: its dictionary is loaded before the first message
        yield Office(Client(create_app(settings)), parts, log)


def wire(via: Via) -> Wire:
    receiver = ENVIRONMENT["WECOM_CORP_ID"] if via == "app" else ""
    return Wire("", via, Cipher("token", KEY, receiver), ENVIRONMENT["WECOM_CORP_ID"])


ROBOT, MEMBER = wire("aibot"), wire("app")


@walk(0.07)
@given(payload=payloads.robot())
def test_any_payload_of_the_robot_is_recorded_and_handled(office: Office, payload: str) -> None:
    _taken(office, ROBOT, payload)


@walk(0.06)
@given(payload=payloads.app())
def test_any_payload_of_the_app_is_recorded_and_handled(office: Office, payload: str) -> None:
    _taken(office, MEMBER, payload)


def _taken(office: Office, wire: Wire, payload: str) -> None:
    before, sealed = office.count(), wire.sealed(payload)
    if len(sealed.body) > MAX_BODY:
        assert office.post(wire.via, sealed) == 413
        return
    assert office.post(wire.via, sealed) == 200
    office.work_off()
    assert office.count() - before in {0, 1}, "0: it was said before"
    assert office.post(wire.via, wire.sealed(payload)) == 200
    assert office.count() - before in {0, 1}, "the same payload again is the same message"


PARAMETERS = ("msg_signature", "timestamp", "nonce", "echostr")


@walk(0.044)
@given(
    via=st.sampled_from(("aibot", "app")),
    body=st.binary(max_size=300) | st.none(),
    noise=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
    query=st.dictionaries(st.sampled_from(PARAMETERS), st.text(max_size=40) | st.none(), max_size=4),
)
def test_what_is_not_authentic_is_refused(
    office: Office, via: Via, body: bytes | None, noise: list[tuple[float, int]], query: dict[str, str | None]
) -> None:
    honest = (ROBOT if via == "aibot" else MEMBER).sealed('{"from": {"userid": "li"}, "chattype": "single"}')
    spoilt = bytearray(honest.body)
    for place, byte in noise:
        spoilt[int(place * len(spoilt))] = byte
    changed = {**honest.query, **query}
    sealed = replace(
        honest,
        body=bytes(spoilt) if body is None else body,
        query={name: value for name, value in changed.items() if value is not None},
    )
    status = office.post(via, sealed)
    assert status in {200, 403}
    if body is not None:
        assert status == 403
    office.work_off()
