"""By which ways people and groups can be reached now, beside the app: facts for ``handlers.routing``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """connect: the robot has a long connection, so that it can push by itself. keyed: chat ids of the groups
    with a push key. spoken: where somebody has spoken to the robot, so that it may push there: chat ids of
    groups, userids as the platform wrote them 1:1. mp: there is a 公众号. talking: openids of its followers
    who wrote so lately that they may be answered there."""

    connect: bool = False
    keyed: frozenset[str] = frozenset()
    spoken: frozenset[str] = frozenset()
    mp: bool = False
    talking: frozenset[str] = frozenset()


NOWHERE = Reach()
