"""A short run of ``make chaos`` on each database: whatever goes wrong, the bot and the model agree."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from chaos.__main__ import show
from chaos.run import Plan, run
from tests.fleet import postgres as postgresql
from tests.fleet.no_skips import require
from tests.fleet.templates import Databases

pytestmark = pytest.mark.timeout(300)
SHORT = Plan(seed=20261127, seconds=20, callbacks=1000)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nothing_is_lost_and_nothing_doubled(kind: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        cluster = None
        if kind == "postgres":
            binaries = postgresql.installed()
            require("PostgreSQL", binaries)
            assert binaries is not None
            cluster = stack.enter_context(postgresql.running(binaries, postgresql.SURVIVES_A_KILL))
        url = Databases(tmp_path, cluster).migrated()
        result = run(SHORT, url, tmp_path, cluster)
        show(kind, result)
        assert result.violations == {}
