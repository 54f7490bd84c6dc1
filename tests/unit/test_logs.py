"""Logs: one line per outcome on standard error, and nothing of a person in it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in ("rq", "alembic")}
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)


def formatted(message: str, *args: object, exc_info: object = None) -> str:
    record = logging.LogRecord("bot", logging.INFO, "file", 1, message, args, exc_info)  # type: ignore[arg-type]
    return logs.MaskingFormatter("%(levelname)s %(name)s %(message)s").format(record)


def test_what_happened_can_be_read() -> None:
    assert (
        formatted("handled inbox=%d outcome=%s", 12, "reported")
        == "INFO bot handled inbox=12 outcome=reported"
    )


def test_a_phone_number_is_masked() -> None:
    assert "13812345678" not in formatted("said %s", "电话13812345678")


def test_an_identity_number_is_masked() -> None:
    assert "410102199001011234" not in formatted("said %s", "身份证 410102199001011234")


def test_a_plate_is_masked() -> None:
    assert "豫A12345" not in formatted("said %s", "豫A12345 堵门")


def test_a_traceback_is_masked() -> None:
    try:
        int("电话13812345678")
    except ValueError:
        line = formatted("failed", exc_info=sys.exc_info())
    assert "Traceback" in line
    assert "13812345678" not in line


def test_what_libraries_log_is_masked_too(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logging.getLogger("some.library").warning("number 13812345678")
    error = capsys.readouterr().err
    assert "some.library" in error
    assert "13812345678" not in error


def test_setting_up_twice_says_everything_once(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up()
    logs.set_up()
    logging.getLogger("bot").info("once")
    assert capsys.readouterr().err.count("once") == 1


def test_chatty_libraries_are_quiet(root: logging.Logger, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logging.getLogger("rq.anything").info("job started")
    logging.getLogger("alembic.runtime").info("context")
    assert capsys.readouterr().err == ""
