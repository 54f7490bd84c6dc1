"""A short run of ``make chaos`` on each database: whatever goes wrong, the bot and the model agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos.__main__ import show
from chaos.run import Plan, run
from tests.fleet.postgres import Cluster
from tests.fleet.templates import Databases

pytestmark = pytest.mark.timeout(300)
SHORT = Plan(seed=20261127, seconds=20, callbacks=1000)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nothing_is_lost_and_nothing_doubled(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    cluster: Cluster | None = request.getfixturevalue("cluster") if kind == "postgres" else None
    databases = Databases(tmp_path, cluster)
    url = databases.migrated()
    try:
        result = run(SHORT, url, tmp_path, cluster)
        show(kind, result)
        assert result.violations == {}
    finally:
        databases.drop(url)
        databases.drop_all()
