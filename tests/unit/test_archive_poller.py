"""The sample poller for an archive: what it reads, and how it cuts it into batches."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from tests.unit.handlers.town import ROOT

POLLER: dict[str, Any] = runpy.run_path(str(ROOT / "deploy" / "archive_poller.py"))
WORDS = ("28号门口\u2028又堵了", "第一行\n第二行\x0b第三行\x85", "今天生意冷清")


def test_whatever_people_type_is_one_message(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    lines = (json.dumps({"text": {"content": words}}, ensure_ascii=False) for words in WORDS)
    file.write_text("\n".join(lines) + "\n\n", "utf-8")
    assert [message["text"]["content"] for message in POLLER["messages_of"](file)] == list(WORDS)


def test_batches_keep_order_and_limits() -> None:
    lines = [b"x" * 1000 + b"\n"] * 2500
    bodies = list(POLLER["batches"](iter(lines)))
    assert b"".join(bodies) == b"".join(lines)
    assert max(len(body) for body in bodies) <= 256 * 1024
    assert max(body.count(b"\n") for body in bodies) <= 1000
