"""The platform's limits, as numbers that a test may shrink. Sources: the vendor's pages in wecom.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts.

    retry_pause is ours: the vendor does not publish how long it waits between two deliveries.
    reorder_hold is ours too: how long a message held back by the reorder fault waits for a later one.
    frame_resend too: for so long what was not answered is handed over again on the next long connection; the
    vendor promises nothing of the kind. heartbeat: without a frame for so long a connection is closed.
    """

    word_life: float = 48 * 3600.0
    per_word: int = 5
    tap_life: float = 60.0
    per_tap: int = 3
    callback_timeout: float = 5.0
    callback_attempts: int = 4
    retry_pause: float = 1.0
    reorder_hold: float = 10.0
    window: float = 60.0
    webhook_per_window: int = 20
    member_per_window: int = 30
    chat_per_window: int = 30
    chat_per_hour: int = 1000
    frame_life: float = 24 * 3600.0
    event_life: float = 5.0
    frame_resend: float = 300.0
    heartbeat: float = 100.0
    response_url_life: float = 3600.0
    card_life: float = 72 * 3600.0
    token_life: float = 7200.0
    media_life: float = 300.0
    file_life: float = 3 * 86400.0
    duplicate_interval: float = 1800.0
    duplicate_interval_max: float = 4 * 3600.0
    text_bytes: int = 2048
    markdown_bytes: int = 4096
    reply_bytes: int = 20480
    image_bytes: int = 2 * 1024 * 1024
    app_image_bytes: int = 10 * 1024 * 1024
    file_bytes: int = 20 * 1024 * 1024
    kept: int = 20_000
