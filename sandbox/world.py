"""Everything one sandbox process holds, put together in one place."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.business import BusinessClock
from sandbox.cgi_bin.tickets import Tickets
from sandbox.cgi_bin.windows import Memory, Windows
from sandbox.cipher import Cipher
from sandbox.connect.hub import Hub
from sandbox.connect.upload import Upload
from sandbox.faults import Faults
from sandbox.followers import Followers
from sandbox.journal import Journal
from sandbox.limits import Limits
from sandbox.media import MediaStore
from sandbox.roster_source import RosterSource
from sandbox.settings import Settings
from sandbox.transcript import Transcript

FOREVER = 10 * 365 * 86400.0


@dataclass(slots=True)
class World:
    """State shared by the platform API, the callbacks and the control API.

    base_url: where the bot reaches this process. calls: what the bot asked of the platform and was
    answered. deliveries: what was given to the bot. tokens, response_codes, card_codes: what was handed out
    and how long it is good; frames, moments: the same for ids of frames with messages and with events. hub:
    who is connected as the robot, at ws_url. followers: of the 公众号; subscribed: those who take its
    订阅通知; codes: its QR codes by ticket; menu: what stands under its chat. spoken: chats in which
    somebody spoke to the robot. shown: pictures for the page, media: pictures and uploads as the platform
    holds them.
    """

    settings: Settings
    limits: Limits
    now: Callable[[], float]
    base_url: str
    bot_cipher: Cipher
    app_cipher: Cipher
    clock: BusinessClock
    roster: RosterSource
    transcript: Transcript
    calls: Journal[dict[str, Any]]
    deliveries: Journal[dict[str, Any]]
    media: MediaStore
    uploads: MediaStore
    shown: MediaStore
    tokens: Tickets
    response_codes: Tickets
    card_codes: Tickets
    webhook_windows: Windows
    member_windows: Windows
    duplicates: Memory
    frames: Tickets
    moments: Tickets
    chat_minutes: Windows
    chat_hours: Windows
    hub: Hub
    followers: Followers
    mp_cipher: Cipher | None = None
    ws_url: str = ""
    subscribed: set[str] = field(default_factory=set)
    codes: dict[str, str] = field(default_factory=dict)
    menu: list[dict[str, Any]] = field(default_factory=list)
    spoken: set[str] = field(default_factory=set)
    streams: dict[str, bool] = field(default_factory=dict)
    upload_parts: dict[str, Upload] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)


def build_world(
    settings: Settings,
    limits: Limits | None = None,
    now: Callable[[], float] = time.time,
    base_url: str = "",
) -> World:
    """A fresh world. ``now`` gives Unix seconds and is the only clock of all windows and lifetimes."""
    limits, clock = limits or Limits(), BusinessClock(now)
    mp_key = settings.mp_aes_key
    return World(
        settings=settings,
        limits=limits,
        now=now,
        base_url=base_url or f"http://127.0.0.1:{settings.port}",
        bot_cipher=Cipher(settings.bot_token, settings.bot_aes_key, ""),
        app_cipher=Cipher(settings.app_token, settings.app_aes_key, settings.corp_id),
        clock=clock,
        roster=RosterSource(f"{settings.bot_url}/sandbox/roster"),
        transcript=Transcript(limits.kept, clock.stamp),
        calls=Journal(limits.kept),
        deliveries=Journal(limits.kept),
        media=MediaStore(now, limits.media_life),
        uploads=MediaStore(now, limits.file_life),
        shown=MediaStore(now, FOREVER),
        tokens=Tickets(now, limits.token_life),
        response_codes=Tickets(now, limits.response_url_life),
        card_codes=Tickets(now, limits.card_life),
        webhook_windows=Windows(now, limits.webhook_per_window, limits.window),
        member_windows=Windows(now, limits.member_per_window, limits.window),
        duplicates=Memory(now),
        frames=Tickets(now, limits.frame_life, size=1_000_000),
        moments=Tickets(now, limits.event_life),
        chat_minutes=Windows(now, limits.chat_per_window, limits.window),
        chat_hours=Windows(now, limits.chat_per_hour, 3600.0),
        hub=Hub(now, limits.frame_resend),
        followers=Followers(now, limits),
        mp_cipher=Cipher(settings.mp_token, mp_key, settings.mp_app_id) if mp_key else None,
    )
