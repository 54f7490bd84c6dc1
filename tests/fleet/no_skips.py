"""In CI every part is installed, so a skipped test is a hole nobody sees: there it is a failure."""

from __future__ import annotations

import os

import pytest


def require(part: str, present: object) -> None:
    """Skip the test when a part of the machine is absent, saying which; in CI that is a failure."""
    if not present:
        pytest.skip(f"{part} is not installed")


def judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where CI=true. What is expected to fail (xfail) stays as it is."""
    if not report.skipped or hasattr(report, "wasxfail") or os.environ.get("CI", "").lower() != "true":
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"skipped in CI, where nothing may be missing: {reason}"
