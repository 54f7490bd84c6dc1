"""The vendor's published vectors (wecom.md), and what must not open."""

from __future__ import annotations

import pytest
from wechatpy.enterprise.crypto import WeChatCrypto

from sandbox.cipher import Cipher, CipherError, signature
from sandbox.settings import DEFAULTS

APP = Cipher("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
ROBOT = Cipher("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "")
ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
HELLO = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg"
    "3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+k"
    "DZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6ti"
    "WSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p"
    "8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
ROBOT_ECHO = "9s4gMv99m88kKTh/H8IdkOS5Ow8CHcScNIOmy3aJyWVpzoK/YnSRhJYNwks3xrVbM02ATIXsPfSC2IOcgDubfg=="


def test_the_apps_verification_vector() -> None:
    assert signature("QDG6eK", "1409659589", "263014780", ECHO) == "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert APP.decrypt(ECHO) == "1616140317555161061"


def test_the_apps_message_vector() -> None:
    given = "477715d11cdb4164915debcba66cb864d751f3e6"
    assert APP.signed_by(given, "1409659813", "1372623149", HELLO)
    opened = APP.decrypt(HELLO)
    assert "<![CDATA[hello]]>" in opened
    assert "<MsgId>4561255354251345929</MsgId>" in opened


def test_the_vector_with_an_empty_receiveid() -> None:
    assert ROBOT.decrypt(ROBOT_ECHO) == "1616140317555161061"
    assert ROBOT.signed_by("cab37b94c56462b96e10a280b847e209981a277f", "1411525903", "461056294", ROBOT_ECHO)


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 31, 32, 500])
def test_what_it_encrypts_wechatpy_opens(length: int) -> None:
    cipher = Cipher(DEFAULTS["WECOM_BOT_TOKEN"], DEFAULTS["WECOM_BOT_AES_KEY"], "")
    crypto = WeChatCrypto(DEFAULTS["WECOM_BOT_TOKEN"], DEFAULTS["WECOM_BOT_AES_KEY"], "")
    message = "路" * length
    encrypted = cipher.encrypt(message)
    signed = signature(cipher.token, "1", "2", encrypted)
    opened = crypto.decrypt_message({"Encrypt": encrypted}, signed, "1", "2")
    assert (opened if isinstance(opened, str) else opened.decode()) == message
    assert cipher.decrypt(encrypted) == message


def test_two_encryptions_of_one_message_differ() -> None:
    assert ROBOT.encrypt("x") != ROBOT.encrypt("x")


def test_another_key_another_receiveid_and_rubbish_do_not_open() -> None:
    with pytest.raises(CipherError):
        ROBOT.decrypt(ECHO)
    with pytest.raises(CipherError):
        ROBOT.decrypt(ROBOT.encrypt("x", receiveid="somebody"))
    for rubbish in ("", "!!!!", "AAAA", ROBOT_ECHO[:-4]):
        with pytest.raises(CipherError):
            ROBOT.decrypt(rubbish)


def test_a_wrong_signature_is_not_accepted() -> None:
    assert not ROBOT.signed_by("0" * 40, "1411525903", "461056294", ROBOT_ECHO)
    assert not ROBOT.signed_by("名", "1411525903", "461056294", ROBOT_ECHO)
