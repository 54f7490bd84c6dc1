"""``python -m tests.fuzz.guided [SECONDS]``: inputs that are chosen by which lines of ours they reach.

Reading, masking and parsing are watched by atheris (libFuzzer), which keeps what reaches something new and
changes it further. It stops at the first input that raises or takes longer than a second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["nlp", "domain", "bot"]):
    from bot.addresses import AllowedAddresses
    from bot.aibot.parse import parse as parse_robot
    from bot.app_channel.parse import parse as parse_app
    from bot.mentions import MentionStripper
    from domain.masking import mask
    from nlp.classifier import load_classifier

from tests.fuzz.harness import HANG_S, WORDS
from tests.unit.handlers.town import ROSTER
from workers.bootstrap import gazetteer

CLASSIFIER = load_classifier(gazetteer(ROSTER))
MENTIONS, ADDRESSES = MentionStripper(("路管家",)), AllowedAddresses("http://127.0.0.1:1")
MIXED = (
    '{"msgid":"1","aibotid":"a","chattype":"group","chatid":"g","from":{"userid":"li"},"msgtype":"mixed",'
    '"mixed":{"msg_item":[{"msgtype":"text","text":{"content":"x"}},{"msgtype":"image","image":{"url":"u"}}]},'
    '"quote":{"msgtype":"text","text":{"content":"#1"}}}'
)
LOCATION = (
    "<xml><FromUserName><![CDATA[li]]></FromUserName><MsgType><![CDATA[location]]></MsgType>"
    "<Location_X>34.7</Location_X><Location_Y>113.6</Location_Y><Label><![CDATA[x]]></Label>"
    "<MsgId>1</MsgId><AgentID>1</AgentID></xml>"
)
SEEDS = (
    *WORDS,
    "28号门口电动车乱停把路堵死了",
    "转派 12 @李路",
    "延期 1、2 到15:00 等材料",
    MIXED,
    LOCATION,
)


def one_input(data: bytes) -> None:
    """The first byte says which way the rest takes."""
    way, text = data[:1], data[1:].decode("utf-8", "replace")
    began = time.thread_time()
    if way < b"\x60":
        CLASSIFIER.read(text, mention=way < b"\x40")
    elif way < b"\x80":
        assert len(mask(text)) == len(text)
    elif way < b"\xc0":
        parse_robot(text, "0" * 64, MENTIONS, ADDRESSES)
    else:
        parse_app(text, "0" * 64, 1)
    assert time.thread_time() - began < HANG_S, "hang"


def main() -> None:
    """Run for so many seconds, 60 unless told."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    CLASSIFIER.read("28号门口")
    with tempfile.TemporaryDirectory(prefix="luguanjia-fuzz-") as folder:
        for number, seed in enumerate(SEEDS):
            for way in (0x20, 0x70, 0xA0, 0xE0):
                (Path(folder) / f"{number}-{way}").write_bytes(bytes([way]) + seed.encode())
        options = [f"-max_total_time={seconds}", "-max_len=2000", "-print_final_stats=1", folder]
        atheris.Setup([sys.argv[0], *options], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
