"""Loading a dictionary is no hang: a worker does it before its first message."""

from __future__ import annotations

import pytest

from tests.property.street import classifier


@pytest.fixture(autouse=True, scope="session")
def _dictionary() -> None:
    classifier().read("28号门口")
