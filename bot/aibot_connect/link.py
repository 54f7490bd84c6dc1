"""The connection there is now, if any, for whoever has something to send."""

from __future__ import annotations

from collections.abc import Mapping

from bot.aibot_connect.connection import Connection
from bot.aibot_connect.frames import Command
from bot.platform_api import Answer
from domain.errors import SendError


class Link:
    """Thread-safe: replaced as a whole."""

    def __init__(self) -> None:
        self.connection: Connection | None = None

    def request(
        self, command: Command, body: Mapping[str, object] | None, req_id: str | None = None
    ) -> Answer:
        """See ``Connection.request``; also raises ``SendError`` while there is no connection."""
        connection = self.connection
        if connection is None:
            raise SendError("the robot is not connected", permanent=False)
        return connection.request(command, body, req_id)
