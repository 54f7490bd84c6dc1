"""A system that hands problems over (docs/派单接口.md), as far as it listens to how they go on."""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.world import World

PATH = "/command-centre/progress"
ENDPOINT = "command-centre"


def centre_routes(world: World) -> Blueprint:
    """What is properly signed is kept among the calls of the bot, under the endpoint ``command-centre``."""
    routes = Blueprint("command_centre", __name__)

    def progress() -> ResponseReturnValue:
        body, stamp = request.get_data(), request.headers.get("X-Timestamp", "")
        nonce = request.headers.get("X-Nonce", "")
        signed = f"{stamp}\n{nonce}\nPOST {PATH}\n".encode() + body
        expected = hmac.new(world.settings.dispatch_secret.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, request.headers.get("X-Signature", "")):
            return "forbidden", 403
        seen = {"endpoint": ENDPOINT, "nonce": nonce, "body": request.get_json(force=True)}
        world.calls.add(lambda number: {"n": number, **seen})
        return "", 204

    routes.add_url_rule(PATH, view_func=progress, methods=["POST"])
    return routes
