"""The 公众号's account: where its access_token comes from.

The stable interface is used: unlike plain ``token`` it does not void what others hold, and an office's
公众号 usually serves a second program (its editor, its website) as well.
"""

from __future__ import annotations

from bot.platform_api import Answer, PlatformApi
from config import MpSettings


class MpIssuer:
    """A ``bot.access_token.Issuer``."""

    def __init__(self, settings: MpSettings, api: PlatformApi) -> None:
        self._settings = settings
        self._api = api

    @property
    def identity(self) -> str:
        return "|".join(("mp", self._api.base, self._settings.app_id, self._settings.secret))

    def issue(self, refused: str) -> Answer:
        """The token in force; another one only if that is the one refused, because forcing is limited to
        twenty times a day."""
        answer = self._ask(force=False)
        same = bool(refused) and answer.body.get("access_token") == refused
        return self._ask(force=True) if same else answer

    def _ask(self, *, force: bool) -> Answer:
        document = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
            "force_refresh": force,
        }
        return self._api.post("stable_token", {}, document)
