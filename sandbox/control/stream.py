"""Server-sent events: every new or changed message as it happens."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Response

from sandbox.world import World

HEARTBEAT = 15.0


def stream(world: World, since: int) -> Response:
    """Entries whose ``rev`` is higher than ``since``, then each new one; event id = rev."""
    headers = {"Cache-Control": "no-store"}
    return Response(_events(world, since), mimetype="text/event-stream", headers=headers)


def _events(world: World, since: int) -> Iterator[str]:
    yield "retry: 1000\n\n"
    while True:
        changed = world.transcript.changes.wait(since, HEARTBEAT)
        for entry in changed:
            since = entry.rev
            yield f"id: {entry.rev}\nevent: message\ndata: {json.dumps(entry.to_json())}\n\n"
        if not changed:
            yield ": still here\n\n"
