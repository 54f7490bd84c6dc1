"""What the platform posts to the bot, and how often. The fake bot opens it with wechatpy."""

from __future__ import annotations

import base64

import requests
import xmltodict
from wechatpy.enterprise import parse_message
from wechatpy.enterprise.crypto import WeChatCrypto

from sandbox.samples import sample
from sandbox.settings import DEFAULTS
from tests.contract.sandbox.conftest import Sandbox
from tests.contract.sandbox.fake_bot import FakeBot


def statuses(result: dict[str, list[dict[str, int]]]) -> list[int | None]:
    return [delivery["status"] for delivery in result["deliveries"]]


def test_a_group_text_arrives_as_the_vendor_documents_it(sandbox: Sandbox, bot: FakeBot) -> None:
    result = sandbox.say("门口有人乱停车")
    (callback,) = bot.callbacks
    url = callback.json.pop("response_url")
    assert callback.json == {
        "msgid": result["msgid"],
        "aibotid": "aib-sandbox",
        "chatid": "wr-yiminlu",
        "chattype": "group",
        "from": {"userid": "shop-yiminlu-2"},
        "response_url": url,
        "msgtype": "text",
        "text": {"content": "@路管家 门口有人乱停车"},
    }
    assert url.startswith(f"{sandbox.world.base_url}/cgi-bin/aibot/response?response_code=")
    assert statuses(result) == [200]


def test_a_private_text_has_no_chatid(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("待办", chat_id=None, mention=False)
    payload = bot.callbacks[0].json
    assert payload["chattype"] == "single"
    assert "chatid" not in payload
    assert payload["text"]["content"] == "待办"


def test_a_group_message_without_the_name_is_not_delivered(sandbox: Sandbox, bot: FakeBot) -> None:
    result = sandbox.say("大家好", mention=False)
    assert (result["heard"], result["reason"], result["deliveries"]) == (False, "机器人收不到", [])
    assert bot.callbacks == []
    assert sandbox.messages()[0]["heard"] is False


def test_the_name_counts_wherever_it_stands(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("收到 12 ＠路管家", mention=False)
    assert bot.callbacks[0].json["text"]["content"] == "收到 12 ＠路管家"


def test_words_and_pictures_are_one_mixed_message(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("电动车堵门", pictures=["scooters"])
    payload = bot.callbacks[0].json
    words, picture = payload["mixed"]["msg_item"]
    assert payload["msgtype"] == "mixed"
    assert words == {"msgtype": "text", "text": {"content": "@路管家 电动车堵门"}}
    fetched = requests.get(picture["image"]["url"], timeout=5).content
    assert sandbox.world.bot_cipher.decrypt_bytes(fetched) == sample("scooters")


def test_a_lone_picture_arrives_only_in_private(sandbox: Sandbox, bot: FakeBot) -> None:
    assert sandbox.say("", pictures=["garbage"], mention=False)["heard"] is False
    sandbox.say("", pictures=["garbage"], mention=False, chat_id=None)
    assert bot.callbacks[0].json["msgtype"] == "image"


def test_a_quoted_photo_can_be_fetched(sandbox: Sandbox, bot: FakeBot) -> None:
    photo = sandbox.say("", pictures=["manhole"], mention=False)
    sandbox.say("这个井盖坏了", quote=photo["msgid"])
    quote = bot.callbacks[0].json["quote"]
    fetched = requests.get(quote["image"]["url"], timeout=5).content
    assert quote["msgtype"] == "image"
    assert sandbox.world.bot_cipher.decrypt_bytes(fetched) == sample("manhole")


def test_a_quoted_text_is_handed_on(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.push({"msgtype": "markdown", "markdown": {"content": "#12 停车秩序"}})
    sandbox.say("收到", quote=sandbox.messages()[0]["id"])
    assert bot.callbacks[0].json["quote"] == {"msgtype": "text", "text": {"content": "#12 停车秩序"}}


def test_voice_comes_transcribed_in_private(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("井盖坏了", kind="voice", chat_id=None)
    assert bot.callbacks[0].json["voice"] == {"content": "@路管家 井盖坏了"}
    assert sandbox.say("井盖坏了", kind="voice")["heard"] is False


def test_entering_the_chat_is_an_event(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("", kind="enter", chat_id=None, mention=False)
    assert bot.callbacks[0].json["event"] == {"eventtype": "enter_chat"}


def test_the_app_speaks_xml_that_wechatpy_reads(sandbox: Sandbox, bot: FakeBot) -> None:
    result = sandbox.say("待办 ]]> <b>", via="app", chat_id=None, mention=False)
    message = parse_message(bot.callbacks[0].plain)
    assert (message.type, message.content, message.source) == ("text", "待办 ]]> <b>", "shop-yiminlu-2")
    assert str(message.id) == result["msgid"]
    assert message.agent == int(DEFAULTS["WECOM_AGENT_ID"])
    assert bot.callbacks[0].xml["ToUserName"] == DEFAULTS["WECOM_CORP_ID"]


def test_app_pictures_are_plain_and_by_media_id(sandbox: Sandbox, bot: FakeBot) -> None:
    result = sandbox.say("看", via="app", chat_id=None, mention=False, pictures=["stall"])
    message = parse_message(bot.callbacks[1].plain)
    by_id = requests.get(
        sandbox.url("/cgi-bin/media/get"),
        params={"access_token": sandbox.token(), "media_id": message.media_id},
        timeout=5,
    )
    assert len(result["msgids"]) == 2
    assert requests.get(message.image, timeout=5).content == by_id.content == sample("stall")


def test_app_voice_location_and_entering(sandbox: Sandbox, bot: FakeBot) -> None:
    common = {"via": "app", "chat_id": None, "mention": False}
    place = {"latitude": 34.75, "longitude": 113.65, "label": "益民路28号"}
    sandbox.say("井盖坏了", kind="voice", **common)
    sandbox.say("", kind="location", location=place, **common)
    sandbox.say("", kind="enter", **common)
    voice, location, entered = (parse_message(callback.plain) for callback in bot.callbacks)
    assert (voice.type, voice.recognition) == ("voice", "井盖坏了")
    assert (location.location, location.label) == (("34.750000", "113.650000"), "益民路28号")
    assert bot.callbacks[2].xml["Event"] == "enter_agent"
    assert entered.source == "shop-yiminlu-2"


def test_it_delivers_up_to_four_times_until_a_200(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.answers.extend([503, 500, 200])
    assert statuses(sandbox.say()) == [503, 500, 200]
    bot.answers.extend([503, 503, 503, 503, 200])
    assert statuses(sandbox.say()) == [503, 503, 503, 503]


def test_a_slow_answer_is_delivered_again(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.answers.append(0.6)
    result = sandbox.say()
    assert statuses(result) == [None, 200]
    assert result["deliveries"][0]["error"] == "timeout"


def test_a_redelivery_is_the_same_message_in_a_fresh_envelope(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.answers.append(503)
    sandbox.say()
    first, second = bot.callbacks
    assert first.plain == second.plain
    assert first.query["nonce"] != second.query["nonce"]
    assert first.body != second.body


def test_copies_arrive_at_the_same_time_and_may_be_the_very_same_bytes(
    sandbox: Sandbox, bot: FakeBot
) -> None:
    bot.answers.extend([0.1, 0.1, 0.1])
    result = sandbox.say(copies=3, same_bytes=True)
    assert statuses(result) == [200, 200, 200]
    assert len({(callback.body, callback.query["nonce"]) for callback in bot.callbacks}) == 1
    assert len(sandbox.messages()) == 1


def test_an_earlier_message_can_be_delivered_again(sandbox: Sandbox, bot: FakeBot) -> None:
    msgid = sandbox.say()["msgid"]
    sandbox.post("/sandbox-api/redeliver", {"msgid": msgid, "copies": 2})
    assert {callback.plain for callback in bot.callbacks} == {bot.callbacks[0].plain}
    assert len(bot.callbacks) == 3


def test_any_payload_can_be_sent_encrypted(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.post("/sandbox-api/raw", {"payload": "{not json", "attempts": 1})
    assert bot.callbacks[0].plain == "{not json"


def test_every_delivery_is_recorded_with_status_and_latency(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.answers.append(503)
    msgid = sandbox.say()["msgid"]
    recorded = sandbox.get("/sandbox-api/deliveries", msgid=msgid)["deliveries"]
    assert [(one["attempt"], one["status"]) for one in recorded] == [(1, 503), (2, 200)]
    assert all(one["ms"] > 0 for one in recorded)
    assert recorded[0]["plain"] == bot.callbacks[0].plain


def test_a_bot_that_is_down_is_reported(sandbox: Sandbox, bot: FakeBot) -> None:
    object.__setattr__(sandbox.world.settings, "bot_url", "http://127.0.0.1:9")
    result = sandbox.say()
    assert [delivery["error"] for delivery in result["deliveries"]] == ["refused"] * 4


def test_verification_wants_the_bare_text(sandbox: Sandbox) -> None:
    assert sandbox.post("/sandbox-api/verify", {"via": "aibot"})["ok"] is True
    wrong = sandbox.post("/sandbox-api/verify", {"via": "app"})
    assert (wrong["ok"], wrong["status"]) == (False, 200)


def test_verification_waits_a_second_and_no_longer(sandbox: Sandbox, bot: FakeBot) -> None:
    bot.verification_takes = 1.2
    result = sandbox.post("/sandbox-api/verify", {})
    assert (result["ok"], result["status"], result["error"]) == (False, None, "ReadTimeout")
    assert 1000 <= result["ms"] < 1200


def test_base64_pictures_and_lone_surrogates_go_through(sandbox: Sandbox, bot: FakeBot) -> None:
    sandbox.say("坏\ud800字", pictures=[base64.b64encode(b"not a picture").decode()])
    assert bot.callbacks[0].json["mixed"]["msg_item"][0]["text"]["content"] == "@路管家 坏\ud800字"


def test_a_passive_stream_reply_is_shown(sandbox: Sandbox, bot: FakeBot) -> None:
    crypto = WeChatCrypto(DEFAULTS["WECOM_BOT_TOKEN"], DEFAULTS["WECOM_BOT_AES_KEY"], "")
    inner = '{"msgtype":"stream","stream":{"id":"1","finish":true,"content":"收到"}}'
    outer = crypto.encrypt_message(inner, "nonce", "1795000000")
    fields = xmltodict.parse(outer)["xml"]
    reply = (
        f'{{"encrypt":"{fields["Encrypt"]}","msgsignature":"{fields["MsgSignature"]}",'
        '"timestamp":"1795000000","nonce":"nonce"}'
    )
    bot.answers.append(reply)
    sandbox.say()
    assert [message["text"] for message in sandbox.messages()][-1] == "收到"
