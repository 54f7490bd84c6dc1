"""Route ``card``: what a pressed card shows, delivered like everything else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app_channel.sender import AppSender, CardSender
from domain.errors import SendError
from domain.outgoing import Delivery
from tests.contract.channels.sealing import APP
from tests.contract.channels.stand_in import StandIn, says
from tests.contract.channels.test_senders import app_way

UPDATE = "/cgi-bin/message/update_template_card"
PRESSED = Delivery("card", "rc-1", "已认领", "o7", mentions=("chief1",))


@pytest.fixture(name="card")
def _card(platform: StandIn) -> CardSender:
    sender = app_way(platform).sender
    assert isinstance(sender, AppSender)
    return CardSender(sender)


def test_the_buttons_of_who_pressed_are_replaced(card: CardSender, platform: StandIn) -> None:
    platform.answers[UPDATE] = says(0)
    card.send(PRESSED)
    assert platform.asked[-1].document == {
        "userids": ["chief1"],
        "agentid": APP.agent_id,
        "response_code": "rc-1",
        "button": {"replace_name": "已认领"},
    }


@pytest.mark.parametrize(("code", "permanent"), [(40029, True), (-1, False)])
def test_a_used_code_is_final_a_busy_platform_is_not(
    card: CardSender, platform: StandIn, code: int, permanent: bool
) -> None:
    platform.answers[UPDATE] = says(code, "no")
    with pytest.raises(SendError) as caught:
        card.send(PRESSED)
    assert caught.value.permanent is permanent


def test_nothing_longer_than_a_button_is_sent(card: CardSender, platform: StandIn) -> None:
    with pytest.raises(SendError):
        card.send(replace(PRESSED, text="已" * 21))
    assert not [call for call in platform.asked if call.path == UPDATE]
