"""A small HTTP client: one kept connection per thread, no retries."""

import http.client
import json
import ssl
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from suite import stack

PROBLEM = "application/problem+json"
_TRUST = ssl.create_default_context(cafile=stack.AUTHORITY)
# The gateway closes connections that idle for 30 s: one that idled nearly as long is not trusted.
_IDLE_LIMIT = 20


class Unanswered(Exception):
    """No answer came: whether the request had an effect is unknown."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    def __getitem__(self, member: str) -> Any:
        return self.json[member]

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def problem_kind(self) -> str | None:
        """The last part of a problem's type, for example `slot-refused`; None for other answers."""
        return self.json.get("type", "").rpartition("/")[2] if self.media_type == PROBLEM else None

    def __repr__(self) -> str:
        return f"{self.status} {self.media_type} {self.body[:600].decode(errors='replace')}"


class Client:
    """Asks one address; threads may share it."""

    def __init__(self, address: str = stack.GATEWAY, timeout: float = 30):
        self._url = urlsplit(address)
        self._timeout = timeout
        self._local = threading.local()

    def request(
        self, method: str, path: str, *, token: str | None = None, query: dict | None = None, json_body: Any = None,
        body: bytes | None = None, headers: dict[str, str] | None = None,
    ) -> Answer:
        fields = dict(headers or {})
        if token:
            fields["Authorization"] = f"Bearer {token}"
        if json_body is not None:
            body = json.dumps(json_body).encode()
            fields.setdefault("Content-Type", "application/json")
        if query:
            path += "?" + urlencode(query)
        try:
            return self._exchange(method, path, body, fields)
        except (OSError, http.client.HTTPException) as error:
            self._local.connection = None
            raise Unanswered(f"{method} {path}: {error!r}") from error

    def get(self, path: str, token: str | None = None, **query: Any) -> Answer:
        return self.request("GET", path, token=token, query=query)

    def _exchange(self, method: str, path: str, body: bytes | None, fields: dict[str, str]) -> Answer:
        connection = self._connection()
        try:
            connection.request(method, path, body=body, headers=fields)
        except OSError:
            # A server that refuses a long body answers before it has read it, and closes the connection.
            if not body or connection.sock is None:
                raise
        response = connection.getresponse()
        content = response.read()
        self._local.used = time.monotonic()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    def _connection(self) -> http.client.HTTPConnection:
        connection = getattr(self._local, "connection", None)
        if connection is None or time.monotonic() - self._local.used > _IDLE_LIMIT:
            host, port = self._url.hostname, self._url.port
            if self._url.scheme == "https":
                connection = http.client.HTTPSConnection(host, port, timeout=self._timeout, context=_TRUST)
            else:
                connection = http.client.HTTPConnection(host, port, timeout=self._timeout)
            self._local.connection = connection
        return connection
