"""One way out to HTTP: calls bounded in time and size, no redirects, no cookies, nothing secret in words.

Addresses carry keys and tokens, and the exceptions of requests and urllib3 carry addresses. So what leaves
this module is a ``TransportFault`` with words of our own, raised outside the ``except`` block: not even its
``__context__`` holds the original.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3

from domain.errors import LuguanjiaError

# at DEBUG it logs each address with its query, at WARNING those whose headers it cannot parse
logging.getLogger("urllib3").setLevel(logging.ERROR)

CHUNK = 64 * 1024
_JSON: Mapping[str, str] = {"Content-Type": "application/json"}


class TransportFault(LuguanjiaError):
    """No usable HTTP answer. ``arrived``: the request may have reached the server all the same."""

    def __init__(self, reason: str, *, arrived: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.arrived = arrived


class TooLarge(TransportFault):
    """The answer's body is larger than the caller allowed."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds for connecting, for each read, and for the whole (exceeded by one read at most); bytes of the
    body."""

    connect: float = 3.0
    read: float = 5.0
    total: float = 10.0
    size: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """``date``: the server's clock, as its header says."""

    status: int
    content_type: str
    body: bytes
    date: str = ""


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of a form: the form field, the name people see, its bytes and type."""

    field: str
    name: str
    data: bytes
    mime: str


class _StayingSession(requests.Session):
    """Follows no redirect and, unlike ``allow_redirects=False``, does not read the redirect's body either,
    which would escape our bounds."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


class HttpClient:
    """A session per thread and process. ``proxies``: whether HTTPS_PROXY and the like are honoured; not for
    a platform on this machine."""

    def __init__(self, bounds: Bounds, *, proxies: bool) -> None:
        self._bounds = bounds
        self._proxies = proxies
        self._local = threading.local()

    def get(self, url: str, params: Mapping[str, str] | None = None) -> HttpAnswer:
        """Raises ``TransportFault``. Statuses other than 200 are answers, too."""
        return self._request("GET", url, params, {})

    def post_json(self, url: str, params: Mapping[str, str], document: Mapping[str, object]) -> HttpAnswer:
        """Raises ``TransportFault``. The platform dislikes ``\\uXXXX`` escapes, so it gets plain UTF-8."""
        text = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
        return self._request("POST", url, params, {"data": text, "headers": _JSON})

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> HttpAnswer:
        """POST JSON as it stands, with further headers. Raises ``TransportFault``."""
        return self._request("POST", url, {}, {"data": body, "headers": {**_JSON, **headers}})

    def post_file(self, url: str, params: Mapping[str, str], file: FilePart) -> HttpAnswer:
        """POST a form with one file. Raises ``TransportFault``."""
        part = {file.field: (file.name, file.data, file.mime)}
        return self._request("POST", url, params, {"files": part})

    def _request(
        self, method: str, url: str, params: Mapping[str, str] | None, content: Mapping[str, Any]
    ) -> HttpAnswer:
        fault: TransportFault
        deadline = time.monotonic() + self._bounds.total
        try:
            response = self._session().request(
                method,
                url,
                params=params,
                **content,
                timeout=(self._bounds.connect, self._bounds.read),
                allow_redirects=False,
                stream=True,
            )
            with response:
                body = self._body(response, deadline)
                headers = response.headers
                kind, date = headers.get("Content-Type", ""), headers.get("Date", "")
                return HttpAnswer(response.status_code, kind, body, date)
        except TransportFault as known:
            fault = known
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            fault = _fault(error)
        raise fault

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise TransportFault("answer is compressed, which was not asked for", arrived=True)
        parts, size = [], 0
        # read1 hands over what has come; read would wait for a full chunk from a server that drips
        while part := response.raw.read1(CHUNK):
            parts.append(part)
            size += len(part)
            if size > self._bounds.size:
                raise TooLarge(f"answer is larger than {self._bounds.size} bytes", arrived=True)
            if time.monotonic() > deadline:
                raise TransportFault(f"answer took longer than {self._bounds.total:g} s", arrived=True)
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and int(announced) != size:
            raise TransportFault("answer broke off", arrived=True)
        return b"".join(parts)

    def _session(self) -> requests.Session:
        # a forked worker must not write into the connections of its parent
        if getattr(self._local, "pid", None) != os.getpid():
            session = _StayingSession()
            session.trust_env = self._proxies
            session.headers.update({"Accept-Encoding": "identity", "User-Agent": "luguanjia"})
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            self._local.pid, self._local.session = os.getpid(), session
        current: requests.Session = self._local.session
        return current


def _fault(error: Exception) -> TransportFault:
    if isinstance(error, requests.ReadTimeout | urllib3.exceptions.ReadTimeoutError):
        return TransportFault("no answer in time", arrived=True)
    if reason := _never_sent(error):
        return TransportFault(reason, arrived=False)
    return TransportFault(f"connection broke off ({type(error).__name__})", arrived=True)


def _never_sent(error: Exception) -> str:
    """Why nothing can have been sent; empty if something may have been."""
    for kind, reason in _BEFORE_SENDING.items():
        if isinstance(error, kind):
            return reason
    cause = error.args[0] if error.args else None
    unreachable = isinstance(getattr(cause, "reason", None), urllib3.exceptions.ConnectTimeoutError)
    return "cannot connect" if unreachable else ""


_BEFORE_SENDING: dict[type[Exception], str] = {
    requests.ConnectTimeout: "connecting timed out",
    requests.exceptions.SSLError: "TLS failed: check certificates and the clock",
    requests.exceptions.ProxyError: "the proxy refused",
    ValueError: "not a callable address",
}
