"""The vendor's published samples (wecom.md, "Test vectors")."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.aibot.callback import AibotCallback
from bot.app_channel.callback import AppCallback
from config import AibotSettings, AppSettings
from domain.clock import MachineTime
from domain.messages import Chat
from tests.contract.channels.sealing import API

VENDOR_APP = AppSettings(
    corp_id="wx5823bf96d3bd56c7",
    agent_id=218,
    secret="unused",
    token="QDG6eK",
    aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
)
ECHOSTR = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
ENCRYPT = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUk"
    "SUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekU"
    "NXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rU"
    "PA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+"
    "qN+E7Q=="
)


def at(seconds: int) -> MachineTime:
    return MachineTime(datetime.fromtimestamp(seconds, UTC))


def test_it_answers_the_vendors_address_check() -> None:
    query = {
        "msg_signature": ["5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"],
        "timestamp": ["1409659589"],
        "nonce": ["263014780"],
        "echostr": [ECHOSTR],
    }
    assert AppCallback(VENDOR_APP).verify(query, at(1409659589)) == "1616140317555161061"


def test_it_reads_the_vendors_message() -> None:
    query = {
        "msg_signature": ["477715d11cdb4164915debcba66cb864d751f3e6"],
        "timestamp": ["1409659813"],
        "nonce": ["1372623149"],
    }
    body = (
        "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>"
        f"<Encrypt><![CDATA[{ENCRYPT}]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>"
    )
    received = AppCallback(VENDOR_APP).receive(query, body.encode(), at(1409659813))
    assert received.message.text == "hello"
    assert received.message.sender == "mycreate"
    assert received.message.chat == Chat("single", "mycreate")
    assert received.message.dedupe_key == "app_channel:218:4561255354251345929"
    assert received.ignored == ""


def test_it_answers_the_check_of_a_robot_with_empty_receiver() -> None:
    robot = AibotSettings("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR")
    query = {
        "msg_signature": ["cab37b94c56462b96e10a280b847e209981a277f"],
        "timestamp": ["1411525903"],
        "nonce": ["461056294"],
        "echostr": [
            "9s4gMv99m88kKTh/H8IdkOS5Ow8CHcScNIOmy3aJyWVpzoK/YnSRhJYNwks3xrVbM02ATIXsPfSC2IOcgDubfg=="
        ],
    }
    assert AibotCallback(robot, (), API).verify(query, at(1411525903)) == "1616140317555161061"
