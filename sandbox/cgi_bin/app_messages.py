"""自建应用: tokens, media/upload and message/send (DOC 91039, 90389, 90236)."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from sandbox.cgi_bin import content
from sandbox.cgi_bin.answer import Answer
from sandbox.cgi_bin.errors import ApiError
from sandbox.media import MediaExpired, content_type_of
from sandbox.transcript import Draft, entry_of
from sandbox.world import World

APP_NAME = "路管家应用"


def token(world: World, corp_id: str, secret: str) -> Answer:
    """gettoken: the same token again while it is good, as the vendor does."""
    if corp_id != world.settings.corp_id:
        raise ApiError(40013)
    if secret != world.settings.app_secret:
        raise ApiError(40001)
    ticket = world.tokens.current("app")
    left = int(ticket.expires - world.now())
    return Answer({"errcode": 0, "errmsg": "ok", "access_token": ticket.code, "expires_in": left})


def check_token(world: World, access_token: str) -> None:
    if not access_token:
        raise ApiError(41001)
    state = world.tokens.state(access_token)
    if state != "good" or world.tokens.subject(access_token) != "app":
        raise ApiError(42001 if state == "expired" else 40014)


def check_agent(world: World, body: dict[str, Any]) -> None:
    """The platform takes the number as a string too."""
    if str(body.get("agentid")) != str(world.settings.agent_id):
        raise ApiError(40056)


def everybody(world: World) -> list[str]:
    return [person.userid for person in world.roster.known().people]


def send(world: World, access_token: str, body: dict[str, Any]) -> Answer:
    """1:1 messages. Unknown people come back in ``invaliduser``; over 30 a minute per person is dropped
    silently, and so are a card with a used task_id and, when ``enable_duplicate_check`` is set, a
    repetition. What was dropped is noted in the record."""
    check_token(world, access_token)
    check_agent(world, body)
    draft = _draft(world, body)
    wanted = _recipients(world, body)
    known = [userid for userid in wanted if world.roster.known().person(userid)]
    msgid = f"app-{secrets.token_hex(8)}"
    answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "msgid": msgid}
    if invalid := [userid for userid in wanted if userid not in known]:
        answer["invaliduser"] = "|".join(invalid)
    if draft.card and draft.card.buttons:
        answer["response_code"] = world.card_codes.issue(msgid).code
    if note := _is_repetition(world, body) or _is_old_task(world, draft):
        return Answer(answer, note=note)
    taken = [userid for userid in known if world.member_windows.take(userid)]
    for userid in taken:
        _say(world, msgid, userid, draft)
    dropped = [userid for userid in known if userid not in taken]
    note = f"dropped, over 30 a minute: {'|'.join(dropped)}" if dropped else ""
    return Answer(answer, note=note, chats=tuple(f"app:{userid}" for userid in taken))


def _draft(world: World, body: dict[str, Any]) -> Draft:
    match body.get("msgtype"):
        case "text":
            return content.text(body, world.limits.text_bytes)
        case "markdown":
            return content.markdown(body, "markdown", world.limits.text_bytes, mentions=False)
        case "textcard":
            return _textcard(body)
        case "image" | "file" as kind:
            return uploaded(world, body, kind, owner="app")
        case "template_card":
            return content.card(body, content.NOTICE_CARDS + content.BUTTON_CARDS)
    raise ApiError(40008, f"msgtype {body.get('msgtype')!r}")


def upload(world: World, access_token: str, kind: str, name: str, data: bytes | None) -> Answer:
    """media/upload (DOC 90389): a file for a later message of the app; lives three days."""
    check_token(world, access_token)
    most = {"image": world.limits.app_image_bytes, "file": world.limits.file_bytes}.get(kind)
    if most is None:
        raise ApiError(40004, "image or file; voice and video are not played here")
    if data is None:
        raise ApiError(40035, "the form field media is missing")
    if not 5 < len(data) <= most:
        raise ApiError(40009 if kind == "image" else 40006, f"6 to {most} bytes")
    if kind == "image" and content_type_of(data) not in {"image/png", "image/jpeg"}:
        raise ApiError(40005, "PNG or JPG")
    media_id = world.uploads.put(data, f"app:{kind}", name)
    created = str(int(world.now()))
    return Answer({"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media_id, "created_at": created})


def uploaded(world: World, body: dict[str, Any], kind: str, *, owner: str) -> Draft:
    """The file that ``owner`` uploaded, as people see it."""
    try:
        media = world.uploads.get(str(content.part(body, kind).get("media_id")))
    except (KeyError, MediaExpired) as error:
        raise ApiError(40007) from error
    if media.content_type != f"{owner}:{kind}":
        raise ApiError(40007, "uploaded as something else")
    if kind == "image":
        shown = world.shown.put(media.data, content_type_of(media.data), media.name)
        return Draft("image", pictures=(f"/sandbox-api/pictures/{shown}",))
    shown = world.shown.put(media.data, "application/octet-stream", media.name)
    return Draft("file", media.name, file=f"/sandbox-api/pictures/{shown}")


def _textcard(body: dict[str, Any]) -> Draft:
    fields = content.part(body, "textcard")
    title, description = str(fields.get("title") or ""), str(fields.get("description") or "")
    if not title or not description:
        raise ApiError(44004)
    if len(title.encode()) > 128 or len(description.encode()) > 512:
        raise ApiError(40058, "title 128 bytes, description 512 bytes")
    return Draft("textcard", f"{title}\n{description}")


def _recipients(world: World, body: dict[str, Any]) -> list[str]:
    touser = body.get("touser")
    if not isinstance(touser, str) or not touser:
        raise ApiError(40035, "touser")
    if touser == "@all":
        return everybody(world)
    names = list(dict.fromkeys(name for name in touser.split("|") if name))
    if len(names) > 1000:
        raise ApiError(40035, "at most 1000 users")
    return names


def _is_old_task(world: World, draft: Draft) -> str:
    """A task_id may not come twice per app; in the field the second card just never arrives."""
    task_id = draft.card.task_id if draft.card else ""
    used = task_id and world.duplicates.said_before(f"task:{task_id}", float("inf"))
    return "task_id used before: not delivered" if used else ""


def _is_repetition(world: World, body: dict[str, Any]) -> str:
    if body.get("enable_duplicate_check") != 1:
        return ""
    asked = float(body.get("duplicate_check_interval") or world.limits.duplicate_interval)
    said = json.dumps([body.get("touser"), body.get("msgtype"), body.get(str(body.get("msgtype")))])
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    said_before = world.duplicates.said_before(fingerprint, min(asked, world.limits.duplicate_interval_max))
    return "duplicate: not delivered" if said_before else ""


def _say(world: World, msgid: str, userid: str, draft: Draft) -> None:
    entry = entry_of(
        draft, id=f"{msgid}:{userid}", chat=f"app:{userid}", sender="app", userid="", name=APP_NAME
    )
    world.transcript.add(entry)
