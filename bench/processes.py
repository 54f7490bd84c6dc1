"""Start time and memory of every process, and how fast texts are read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import requests

from bench.district import LINES
from bench.report import Table
from tests.fleet.daemon import Daemon, children_of
from tests.fleet.fleet import procfile, redis_binary, settings_for
from tests.fleet.net import free_port, wait_until
from tests.fleet.templates import Databases

READ = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
began = time.perf_counter()
from nlp.classifier import load_classifier
from nlp.reading import Gazetteer
classifier = load_classifier(Gazetteer())
loaded = time.perf_counter() - began
texts = json.load(sys.stdin)
for text in texts[:200]:
    classifier.read(text)
began = time.process_time()
for text in texts:
    classifier.read(text)
spent = time.process_time() - began
mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([loaded, len(texts) / spent, mb]))
"""
"""In a process of its own, so that start and memory are its own too."""


def measure(folder: Path) -> Table:
    """Each process of the Procfile with its children, once everything answers."""
    url = Databases(folder).with_roster()
    ports = {name: free_port() for name in ("web", "redis")} | {"sandbox": 1}
    environment = settings_for(url, folder, ports) | {"SANDBOX": "0"}
    redis_line = [redis_binary(), "--port", str(ports["redis"]), "--bind", "127.0.0.1", "--save", ""]
    lines = {"redis": redis_line, **{name: procfile()[name] for name in ("web", "worker", "cron")}}
    rows, daemons = [], []
    try:
        for name, line in lines.items():
            words = [
                word.replace("$PORT", str(ports["web"])).replace("0.0.0.0", "127.0.0.1") for word in line
            ]
            daemon = Daemon(name, words, environment, folder / f"{name}.log")
            daemons.append(daemon)
            rows.append(_one(daemon, ports["web"]))
    finally:
        for daemon in reversed(daemons):
            daemon.stop()
    rows.append(_classifier())
    columns = ("process", "ready after s", "MB (RSS, with children)", "remark")
    notes = ("Budget: web ready < 2 s and < 120 MB; classifier loaded ≤ 1.5 s, ≥ 5,000 messages/s and core.",)
    return Table("Processes", columns, rows, notes)


def _one(daemon: Daemon, port: int) -> tuple[str, str, str, str]:
    began = time.perf_counter()
    daemon.start()
    if daemon.name == "web":
        wait_until(lambda: _healthy(port), 20, "web answers", 0.02)
    elif daemon.name == "worker":
        wait_until(lambda: daemon.tail(50).count("lane ready") == 3, 20, "all lanes are ready", 0.02)
    ready = time.perf_counter() - began
    time.sleep(1.0)
    lanes = [f"{_rss(pid):.0f}" for pid in sorted(daemon.children())]
    return daemon.name, f"{ready:.2f}", f"{_tree_rss(daemon.pid):.0f}", " + ".join(lanes)


def _healthy(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).status_code == 200
    except requests.RequestException:
        return False


def _rss(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _tree_rss(pid: int) -> float:
    return _rss(pid) + sum(_tree_rss(child) for child in children_of(pid))


def _classifier() -> tuple[str, str, str, str]:
    texts = [json.loads(line)["text"] for line in LINES.read_text("utf-8").splitlines()]
    root = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", READ, root],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded, rate, mb = json.loads(done.stdout)
    return "classifier alone", f"{loaded:.2f}", f"{mb:.0f}", f"{rate:,.0f} messages/s of processor time"
