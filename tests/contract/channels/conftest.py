from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.channels.stand_in import StandIn, stand_in


@pytest.fixture
def platform() -> Iterator[StandIn]:
    with stand_in() as server:
        yield server
