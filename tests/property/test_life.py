"""Random people say random things in random chats while time passes; after every step bot and model agree.

In CI the walk is the same every time. ``PROPERTY_STEPS=200000 pytest tests/property`` walks further, by
another way each time; with ``PROPERTY_SHRINK=1`` a failure is made shorter, which takes minutes.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machine import Life

STEPS_A_LIFE = 50
STEPS = int(os.environ.get("PROPERTY_STEPS", "10000"))


@pytest.mark.timeout(3600)
def test_whatever_people_do_the_bot_and_the_model_agree() -> None:
    Life.steps = 0
    chosen = settings(
        max_examples=STEPS // (STEPS_A_LIFE - 8) + 10,
        stateful_step_count=STEPS_A_LIFE,
        derandomize="PROPERTY_STEPS" not in os.environ,
        database=None,
        deadline=None,
        phases=[Phase.generate, *([Phase.shrink] if "PROPERTY_SHRINK" in os.environ else [])],
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=chosen)
    assert Life.steps >= STEPS
