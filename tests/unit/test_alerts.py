"""The alert rules: Prometheus can read them, and every figure they name is one that /metrics shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import promql_parser
import pytest
import redis
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot import metrics
from bot.wake import Waker
from store import schema
from store.database import Database
from store.tables import findings
from tests.integration.builders import NOW

FILE = Path(__file__).parents[2] / "docs" / "alerts.rules.yml"
KNOWN_ELSEWHERE = {"up"}
"""What Prometheus itself says of whatever it looks at."""


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(FILE.read_text("utf-8"))["groups"]
    assert [group["name"] for group in groups] == ["luguanjia"]
    return cast(list[dict[str, Any]], groups[0]["rules"])


def named_in(expression: Any) -> set[str]:
    """The metrics that a parsed expression looks at."""
    if isinstance(expression, promql_parser.VectorSelector):
        return {str(expression.name)}
    parts = ("expr", "lhs", "rhs", "vector_selector")
    inner = [getattr(expression, name) for name in parts if hasattr(expression, name)]
    inner += getattr(expression, "args", [])
    return set().union(*(named_in(part) for part in inner))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every sample and family that /metrics shows."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('metrics')}/m.db")
    schema.migrate(database)
    with database.write() as connection:
        for name in metrics.NOT_PUT_RIGHT:
            connection.execute(findings.insert().values(name=name, count=0, at=NOW))
    nobody = Waker(redis.Redis(port=1, socket_connect_timeout=0.1))
    metrics.callback("aibot", "new")
    metrics.answered("200")
    metrics.took(0.01)
    text = metrics.exposition(database, nobody, 1000).decode()
    database.close()
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation for family in families)
    return {name for family in families for name in (family.name, *(each.name for each in family.samples))}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_a_rule_can_be_read_and_looks_at_figures_that_exist(rule: dict[str, Any], shown: set[str]) -> None:
    names = named_in(promql_parser.parse(rule["expr"]))
    assert names, "it looks at something"
    assert names - KNOWN_ELSEWHERE <= shown
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"] in ({"severity": "page"}, {"severity": "ticket"})
    assert rule["annotations"]["summary"]
    if "for" in rule:
        promql_parser.parse(f"up[{rule['for']}]")


def test_every_figure_of_an_operator_is_watched_by_a_rule(shown: set[str]) -> None:
    watched = set().union(*(named_in(promql_parser.parse(rule["expr"])) for rule in rules()))
    ages = {name for name in shown if name.endswith(("_up", "_age_seconds", "_due_seconds", "_parked"))}
    assert ages <= watched
    assert len({rule["alert"] for rule in rules()}) == len(rules())


def test_a_name_that_nobody_shows_would_be_found(shown: set[str]) -> None:
    names = named_in(promql_parser.parse("sum(rate(luguanjia_inbox_wating[5m])) / luguanjia_inbox_limit > 1"))
    assert names == {"luguanjia_inbox_wating", "luguanjia_inbox_limit"}
    assert names - shown == {"luguanjia_inbox_wating"}
