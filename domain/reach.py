"""By which ways people and groups can be reached now, beside the app: facts for ``handlers.routing``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """connect: the robot has a long connection, so that it can push by itself. keyed: chat ids of the groups
    with a push key. spoken: where somebody has spoken to the robot, so that it may push there: chat ids of
    groups, userids as the platform wrote them 1:1."""

    connect: bool = False
    keyed: frozenset[str] = frozenset()
    spoken: frozenset[str] = frozenset()


NOWHERE = Reach()
