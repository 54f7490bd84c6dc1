"""The people of the sample town, and the sandbox through which they talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Street:
    """Who is who on one street of the sample roster."""

    key: str
    name: str
    area: str

    @property
    def group(self) -> str:
        return f"wr-{self.key}"

    @property
    def chief(self) -> str:
        """三级路长, the daily owner."""
        return f"chief3-{self.key}"

    @property
    def chief_name(self) -> str:
        return f"{self.name}三级路长"

    @property
    def leader(self) -> str:
        """二级路长."""
        return f"chief2-{self.area}"

    @property
    def supervisor(self) -> str:
        return f"sup-{self.area}"

    @property
    def supervisors(self) -> str:
        """The chat of the supervisor group."""
        return f"wr-sup-{self.area}"

    def shop(self, number: int = 2) -> str:
        """The keeper of 12号烩面馆 (1), 28号五金店 (2) or 56号便利店 (3)."""
        return f"shop-{self.key}-{number}"


STREETS = {
    street.key: street
    for street in (
        Street("yiminlu", "益民路", "jiefang"),
        Street("datonglu", "大同路", "yimalu"),
        Street("qiantanglu", "钱塘路", "yimalu"),
        Street("caochangjie", "操场街", "yimalu"),
        Street("dunmulu", "敦睦路", "yimalu"),
        Street("longhailu", "陇海路", "yimalu"),
        Street("jianxinjie", "建新街", "wulipu"),
        Street("hezuolu", "合作路", "wulipu"),
        Street("zhongyuanlu", "中原路", "daxue"),
        Street("tieyingjie", "铁英街", "jianzhong"),
        Street("jianzhongjie", "建中街", "jianzhong"),
        Street("qinlaojie", "勤劳街", "huaihe"),
        Street("huaihelu", "淮河路", "huaihe"),
        Street("huainanjie", "淮南街", "huaihe"),
        Street("baoquanjie", "保全街", "fuhua"),
        Street("fuhuajie", "福华街", "fuhua"),
        Street("ermalu", "二马路", "minggong"),
    )
}


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said. ``since``: place in the transcript before it. ``statuses``: of every delivery."""

    msgid: str
    chat: str
    since: int
    heard: bool
    deliveries: tuple[Json, ...]

    @property
    def statuses(self) -> list[int | None]:
        return [delivery["status"] for delivery in self.deliveries]


class Town:
    """The sandbox's control API, as its page uses it. Safe for many threads."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", HTTPAdapter(pool_connections=4, pool_maxsize=64))

    def close(self) -> None:
        self._session.close()

    def say(
        self,
        person: str,
        text: str = "",
        *,
        group: str | None = None,
        pictures: Sequence[str] = (),
        quote: str | None = None,
        copies: int = 1,
        **more: Any,
    ) -> Said:
        """Say it in a group, with the @ that it takes to be heard, or (``group`` None) 1:1 to the app.
        ``more``: other fields of the control API (via, kind, attempts, same_bytes, mention …)."""
        fields = {
            "person": person,
            "text": text,
            "chat_id": group,
            "via": "aibot" if group else "app",
            "mention": group is not None,
            "pictures": list(pictures),
            "quote": quote,
            "copies": copies,
            **more,
        }
        since = self.last()
        result = self.post("say", fields)
        chat = group or f"{fields['via']}:{person}"
        return Said(result["msgid"], chat, since, result["heard"], tuple(result["deliveries"]))

    def press(self, message: str, key: str, copies: int = 1) -> Said:
        """Press the button of a card."""
        since = self.last()
        result = self.post("press", {"message": message, "key": key, "copies": copies})
        return Said(result["msgid"], "", since, True, tuple(result["deliveries"]))

    def raw(self, payload: str | Json, via: str = "aibot", **more: Any) -> list[Json]:
        """Deliver any decrypted payload, honest or not."""
        answer = self.post("raw", {"payload": payload, "via": via, "attempts": 1, **more})
        return list(answer["deliveries"])

    def last(self) -> int:
        """The place of the newest entry of the transcript."""
        return int(self.get("state")["last"])

    def transcript(self, since: int = 0, chat: str | None = None) -> list[Json]:
        """What stands in all chats, or in one."""
        query = {"since": since, **({"chat": chat} if chat else {})}
        return list(self.get("transcript", **query)["messages"])

    def fetch(self, address: str) -> bytes:
        """A picture or file that stands in a chat."""
        return self._session.get(f"{self.base}{address}", timeout=10).content

    def calls(self, endpoint: str, since: int = 0) -> list[Json]:
        """What the bot asked of one endpoint of the platform."""
        return list(self.get("calls", endpoint=endpoint, since=since)["calls"])

    def last_call(self) -> int:
        return int(self.get("calls")["last"])

    def plain(self, msgid: str) -> str:
        """The decrypted payload that was delivered under this id."""
        found = self.get("deliveries", msgid=msgid)["deliveries"]
        return str(found[-1]["plain"])

    def faults(self, endpoint: str, **fault: Any) -> None:
        """Bad weather at one endpoint of the platform (sandbox/faults.py)."""
        self.post("faults", {"endpoint": endpoint, **fault})

    def fair_weather(self) -> None:
        self._session.delete(f"{self.base}/sandbox-api/faults", timeout=10).raise_for_status()

    def post(self, path: str, body: Json) -> Json:
        return self._checked(self._session.post(f"{self.base}/sandbox-api/{path}", json=body, timeout=120))

    def get(self, path: str, **query: Any) -> Json:
        return self._checked(self._session.get(f"{self.base}/sandbox-api/{path}", params=query, timeout=20))

    @staticmethod
    def _checked(answer: requests.Response) -> Json:
        assert answer.status_code == 200, (
            f"{answer.url.partition('?')[0]}: {answer.status_code} {answer.text}"
        )
        document: Json = answer.json()
        return document
