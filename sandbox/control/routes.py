"""The control API. JSON in and out; a bad request is 400 ``{"error": sentence}``.

People
  POST /sandbox-api/say     {person, via: "aibot"|"app"|"mp" = "aibot", chat_id: null = 1:1, text,
                             mention: bool, pictures: [sample name | base64], quote: message id,
                             kind: "text"|"image"|"voice"|"location"|"enter", by mp also "follow"|"scan"|
                             "unfollow"|"click" (text: scene or menu key), location: {latitude, longitude,
                             label}, copies: n parallel deliveries, attempts: 1–100 (default 4),
                             same_bytes: bool}
      → {msgid, msgids, heard, held, reason, deliveries: [{copy, attempt, status, ms, error}]}
      In a group the robot hears only text that names it (mention puts "@路管家 " in front); otherwise
      heard is false, reason 机器人收不到, and nothing is delivered. Unknown persons and chats are allowed.
  POST /sandbox-api/press   {message: card's id, key, copies} → {msgid, held, deliveries}
  POST /sandbox-api/redeliver {msgid, copies, attempts} → {deliveries}   the same payload again
  POST /sandbox-api/raw     {via, payload: string | object, msgid, copies, attempts, same_bytes, and to be
                             wrong on purpose receiveid, timestamp, nonce, msg_signature} → {deliveries}
  POST /sandbox-api/verify  {via} → {ok, status, ms, error}              the GET verification
What happened (``since``: the last number one has seen)
  GET  /sandbox-api/transcript?since=&chat=&person= → {messages: [entry], last}   transcript.Entry
  GET  /sandbox-api/calls?since=&endpoint=          → {calls: [{n, at, endpoint, method, path, query, body,
                                                       status, ms, answer, chats, note}], last}
  GET  /sandbox-api/deliveries?since=&msgid=        → {deliveries: [{n, at, via, msgid, query, body, plain,
                                                       copy, attempt, status, ms, error, answer, lost}], last}
  GET  /sandbox-api/tally                           → {said, posts, acknowledged, handled, answered, silent,
                                                       lost}: counts (control/tally.py)
  GET  /sandbox-api/stream?since=rev                → server-sent events "message" with an entry as data
  POST /sandbox-api/reset   {}                      forgets messages, calls, deliveries, faults, windows
Town: GET /sandbox-api/groups, /people, /samples, /state; POST /sandbox-api/roster (push, or {} = fetch)
Weather: GET | POST | DELETE /sandbox-api/faults (faults.Fault; DELETE ?endpoint=)
  POST /sandbox-api/followers {person, action: "close"|"subscribe"|"unsubscribe"}  → {openid, following}
                             as if his 48 h were over; he takes 订阅通知, or no longer
  POST /sandbox-api/tokens  {action: "expire"|"revoke"}                  → 42001 | 40014 from now on
  GET  /sandbox-api/connection                       → {connected, joined, kicked}   the long connection
  POST /sandbox-api/connection {action: "close" (server restart) | "drop" (reset) | "freeze" (half-open) |
                             "kick" (somebody else connects)}
The bot's own: POST /sandbox-api/clock; GET /sandbox-api/upcoming, /issues/<n>, /messages/<msgid>
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from sandbox.callbacks.dispatch import Dispatcher
from sandbox.cgi_bin.routes import file_response
from sandbox.control import acting, looking
from sandbox.control.forward import forward
from sandbox.control.requests_in import obj
from sandbox.control.stream import stream
from sandbox.control.tally import Tally
from sandbox.faults import parse_fault
from sandbox.press import PressError
from sandbox.world import World


def control_routes(world: World) -> Blueprint:
    routes = Blueprint("control", __name__, url_prefix="/sandbox-api")
    _acting(routes, world, Dispatcher(world))
    _looking(routes, world)
    _weather(routes, world)
    _forwarding(routes, world)

    @routes.errorhandler(ValueError)
    @routes.errorhandler(PressError)
    def refused(error: Exception) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    return routes


def _acting(routes: Blueprint, world: World, dispatcher: Dispatcher) -> None:
    @routes.post("/say")
    def say() -> Response:
        return jsonify(acting.say_it(world, dispatcher, _json()))

    @routes.post("/press")
    def press() -> Response:
        return jsonify(acting.press_it(world, dispatcher, _json()))

    @routes.post("/redeliver")
    def redeliver() -> Response:
        return jsonify(acting.redeliver(world, dispatcher, _json()))

    @routes.post("/raw")
    def raw() -> Response:
        return jsonify(acting.raw(dispatcher, _json()))

    @routes.post("/verify")
    def verify() -> Response:
        return jsonify(acting.verify_it(world, _json()))

    @routes.post("/reset")
    def reset() -> Response:
        acting.reset(world)
        return jsonify({})


def _looking(routes: Blueprint, world: World) -> None:
    for name in ("transcript", "calls", "deliveries", "groups", "people", "samples", "state"):
        look = getattr(looking, name)
        routes.add_url_rule(f"/{name}", name, lambda look=look: jsonify(look(world, request.args)))

    tally = Tally(world)

    @routes.get("/tally")
    def count() -> Response:
        return jsonify(tally.count())

    @routes.get("/stream")
    def live() -> Response:
        seen = request.headers.get("Last-Event-ID") or request.args.get("since", "0")
        return stream(world, int(seen))

    @routes.get("/pictures/<picture_id>")
    def picture(picture_id: str) -> Response:
        return file_response(world.shown, picture_id)


def _weather(routes: Blueprint, world: World) -> None:
    @routes.get("/faults")
    def show_faults() -> Response:
        return jsonify({"faults": world.faults.to_json()})

    @routes.post("/faults")
    def set_fault() -> Response:
        world.faults.set(parse_fault(_json()))
        return show_faults()

    @routes.delete("/faults")
    def clear_faults() -> Response:
        world.faults.clear(request.args.get("endpoint"))
        return show_faults()

    @routes.post("/followers")
    def followers() -> Response:
        return jsonify(acting.move_follower(world, _json()))

    @routes.post("/tokens")
    def tokens() -> Response:
        acting.spoil_tokens(world, _json())
        return jsonify({})

    @routes.get("/connection")
    def connection() -> Response:
        return jsonify(acting.connection(world))

    @routes.post("/connection")
    def disturb_connection() -> Response:
        return jsonify(acting.disturb_connection(world, _json()))


def _forwarding(routes: Blueprint, world: World) -> None:
    @routes.post("/clock")
    def clock() -> Response:
        move = _json()
        undo = world.clock.expect(move)
        answer = forward(world, "POST", "clock", body=move)
        if answer.status_code != 200:
            undo()
        return answer

    @routes.post("/roster")
    def roster() -> Response:
        return jsonify(acting.set_roster(world, _json()))

    @routes.get("/upcoming")
    def upcoming() -> Response:
        return forward(world, "GET", "upcoming")

    @routes.get("/issues/<number>")
    def issue(number: str) -> Response:
        return forward(world, "GET", "issues", number)

    @routes.get("/messages/<msgid>")
    def message(msgid: str) -> Response:
        return forward(world, "GET", "messages", msgid)


def _json() -> dict[str, object]:
    return obj(request.get_json(force=True, silent=True))
