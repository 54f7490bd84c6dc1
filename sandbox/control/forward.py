"""Questions that only the bot can answer, passed on to its ``/sandbox/…`` routes."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import requests
from flask import Response, jsonify

from sandbox.local_http import local_session
from sandbox.world import World


def forward(world: World, method: str, *path: str, body: Any = None) -> Response:
    """The bot's answer as it is; 502 with a sentence if there is none."""
    address = "/".join([world.settings.bot_url, "sandbox", *(quote(part, safe="") for part in path)])
    data = None if body is None else json.dumps(body)
    try:
        answer = local_session().request(method, address, data=data, timeout=35)
    except requests.RequestException as error:
        response = jsonify({"error": f"the bot does not answer: {type(error).__name__}"})
        response.status_code = 502
        return response
    if answer.ok:
        world.clock.learn(_json(answer))
    return Response(answer.content, status=answer.status_code, mimetype=answer.headers.get("Content-Type"))


def learn_clock(world: World) -> None:
    """Ask the bot what time it believes it is; no answer, no change."""
    address = f"{world.settings.bot_url}/sandbox/upcoming"
    with suppress(requests.RequestException):
        world.clock.learn(_json(local_session().get(address, timeout=5)))


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
