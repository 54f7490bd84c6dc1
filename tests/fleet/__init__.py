"""The whole system as real processes, for end-to-end and fault tests (see ``tests/conftest.py``)."""

from tests.fleet.fleet import MORNING, Fleet
from tests.fleet.net import wait_until
from tests.fleet.town import STREETS, Said, Street

__all__ = ["MORNING", "STREETS", "Fleet", "Said", "Street", "wait_until"]
