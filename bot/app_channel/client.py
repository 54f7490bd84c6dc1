"""The app's account: where its access_token comes from (vendor's document 91039), and its number."""

from __future__ import annotations

from bot.access_token import TokenManager
from bot.platform_api import Answer, PlatformApi
from bot.token_client import TokenClient
from config import AppSettings


class AppIssuer:
    """A ``bot.access_token.Issuer``. gettoken gives the same token again while it is good; a new one comes
    by itself when that was voided."""

    def __init__(self, settings: AppSettings, api: PlatformApi) -> None:
        self._settings = settings
        self._api = api

    @property
    def identity(self) -> str:
        settings = self._settings
        return "|".join((self._api.base, settings.corp_id, str(settings.agent_id), settings.secret))

    def issue(self, refused: str) -> Answer:  # noqa: ARG002
        secrets = {"corpid": self._settings.corp_id, "corpsecret": self._settings.secret}
        return self._api.get("gettoken", secrets)


class AppClient(TokenClient):
    """The platform's API for one app."""

    def __init__(self, api: PlatformApi, tokens: TokenManager, agent_id: int) -> None:
        super().__init__(api, tokens)
        self.agent_id = agent_id
