"""The main dialog, word for word the same, over every channel: (who, said, answered)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from store.tables import media
from tests.e2e.voices import CHANNELS, ON, Cast
from tests.fleet import STREETS, Fleet
from tests.fleet.fleet import ROOT

NUMBER = re.compile(r"#(\d+)")


@dataclass(frozen=True)
class Line:
    """who: reporter or chief. said: his words, empty where the bot speaks first. heard: fragments of the one
    answer, or of what he is told unasked since the line before. or_read: what he reads in the group
    instead, where there is no way to tell him 1:1."""

    who: str
    said: str
    heard: Sequence[str]
    pictures: Sequence[str] = ()
    or_read: Sequence[str] = ()


MAIN = (
    Line("reporter", "{problem}", ("#{a} 已受理:停车秩序·", "保全街", "责任人 保全街三级路长")),
    Line("chief", "", ("#{a} 新问题:停车秩序·", "前处理")),
    Line("chief", "收到 {a}", ("#{a} 已认领",)),
    Line("chief", "办结 {a}", ("#{a} 已登记办结",), ("clean",)),
    Line("reporter", "", ("#{a}", "您看好了吗")),
    Line("reporter", "满意 {a}", ("#{a} 已结案",)),
    Line("chief", "", ("#{a} 上报人已确认满意",), or_read=("#{a} 已结案",)),
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.usefixtures("databases")
def test_the_main_dialog(request: pytest.FixtureRequest, channel: str) -> None:
    street = STREETS["baoquanjie"]
    fleet: Fleet = request.getfixturevalue(ON.get(channel, "archive_fleet"))
    cast = CHANNELS[channel](fleet, street)
    names = {"problem": fleet.new_problem(street)}
    since = fleet.town.last()
    for line in MAIN:
        since = fleet.town.last() if line.said else since
        _play(cast, line, names, since)
    number = int(names["a"])
    assert fleet.records.actions(number) == ["上报", "认领", "办结", "满意"]
    closed = fleet.records.issue(number)
    assert (closed.state, closed.close_reason, closed.owner) == ("closed", "confirmed", street.chief)


def _play(cast: Cast, line: Line, names: dict[str, str], since: int) -> None:
    voice = cast.reporter if line.who == "reporter" else cast.chief
    if line.said:
        answers = voice.say(line.said.format(**names), line.pictures)
        assert len(answers) == 1, f"{line}: {answers}"
        if "a" not in names:
            found = NUMBER.search(answers[0])
            assert found, answers
            names["a"] = found[1]
    else:
        answers = voice.told(since)
    wanted = [[words.format(**names) for words in ways] for ways in (line.heard, line.or_read) if ways]
    heard = any(all(words in text for words in ways) for text in answers for ways in wanted)
    assert heard, f"{wanted}: {answers}"


def test_what_robot_and_archive_both_hear_has_one_effect(archive_fleet: Fleet) -> None:
    street, fleet = STREETS["fuhuajie"], archive_fleet
    words, before = f"@路管家 {fleet.new_problem(street)}", fleet.records.last_number()
    by_robot = fleet.say(street.shop(), words, group=street.group)
    by_archive = fleet.say(street.shop(), words, group=street.group, via="archive")
    assert len(fleet.answers_to(by_robot)) == 1
    assert fleet.answers_to(by_archive) == []
    assert [fleet.outcome_of(said) for said in (by_robot, by_archive)] == ["reported", "heard_already"]
    assert fleet.records.last_number() == before + 1


def test_the_sample_poller_hands_a_file_over_and_may_do_so_again(
    archive_fleet: Fleet, tmp_path: Path
) -> None:
    street, fleet, file = STREETS["fuhuajie"], archive_fleet, tmp_path / "day.jsonl"
    now = int(time.time() * 1000)
    head = {
        "action": "send",
        "from": street.shop(),
        "roomid": street.group,
        "msgtime": now,
        "msgtype": "text",
    }
    words = fleet.new_problem(street)
    shutil.copy(ROOT / "sandbox" / "page" / "pictures" / "flyers.png", tmp_path / "a.png")
    said = {**head, "msgid": "poller-1", "seq": 1, "text": {"content": words}, "picture_files": ["a.png"]}
    wrong = {**head, "msgid": "poller-2", "seq": 2}
    file.write_text("\n".join(json.dumps(each) for each in (said, wrong)), "utf-8")
    runs = [_poll(fleet, file) for _ in range(2)]
    assert [run.returncode for run in runs] == [1, 1]
    assert [run.stdout.strip() for run in runs] == [
        "{'accepted': 1, 'ignored': 0, 'known': 0, 'refused': 1}",
        "{'accepted': 0, 'ignored': 0, 'known': 1, 'refused': 1}",
    ]
    assert "missing text" in runs[0].stderr
    fleet.wait_for(lambda: fleet.records.handled(fleet.records.inbox_of("poller-1")), what="it is dealt with")
    (row,) = fleet.records.inbox_of("poller-1")
    assert row.outcome == "reported"
    assert (
        fleet.records.count(select(media.c.id).where(media.c.inbox_id == row.id, media.c.state == "stored"))
        == 1
    )


def _poll(fleet: Fleet, file: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RELAY_SECRET": fleet.environment["RELAY_SECRET"]}
    poller = [sys.executable, str(ROOT / "deploy" / "archive_poller.py"), fleet.web_url, str(file)]
    return subprocess.run(poller, env=environment, capture_output=True, text=True, check=False)
