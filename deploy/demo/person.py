"""Who uses the API in the demo: requests with the token of a user, repeated where that cannot do a thing twice."""

import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from suite.http import Answer, Client, Unanswered
from suite.people import User

PATIENCE_SECONDS = 30  # for one request, repetitions included
TIMEOUT_SECONDS = 10


class Refused(Exception):
    """The suite refused a request; its problem document (RFC 9457) says why."""

    def __init__(self, request: str, answer: Answer):
        self.status, self.kind = answer.status, answer.problem_kind
        self.problem = answer.json if self.kind else {"title": answer.body[:200].decode(errors="replace")}
        words = [str(self.problem[name]) for name in ("title", "detail", "errors") if name in self.problem]
        super().__init__(f"{request}: {answer.status} {' '.join(words)}")


class RetryingClient(Client):
    """Repeats requests without a definite answer: those under an idempotency key, and those that are repeatable anyway."""

    def __init__(self) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self.retries = 0
        self._counting = threading.Lock()

    def request(self, method: str, path: str, *, headers: dict[str, str] | None = None, **parts: Any) -> Answer:
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, 0.05
        is_repeatable = method in ("GET", "PUT") or "Idempotency-Key" in (headers or {})
        while True:
            try:
                answer = super().request(method, path, headers=headers, **parts)
                if not (is_repeatable and _is_passing(answer)):
                    return answer
                wait = float(answer.headers.get("retry-after") or pause)
                if time.monotonic() + wait > deadline:
                    return answer
            except Unanswered:
                wait = pause
                if not is_repeatable or time.monotonic() + wait > deadline:
                    raise
            with self._counting:
                self.retries += 1
            time.sleep(wait)
            pause = min(pause * 2, 1)


def _is_passing(answer: Answer) -> bool:
    return answer.status in (429, 502, 503, 504) or answer.problem_kind == "idempotency-key-in-use"


class Person:
    """Somebody with a role, or a citizen without a token. Threads may share a person."""

    def __init__(self, client: Client, user: User | None = None):
        self.client, self.user = client, user

    def get(self, path: str, **query: Any) -> Answer:
        present = {name: value for name, value in query.items() if value is not None}
        return self._call("GET", f"{path}?{urlencode(present)}" if present else path)

    def pages(self, path: str, **query: Any) -> Iterator[dict]:
        """The items of all pages of a list."""
        cursor = None
        while True:
            page = self.get(path, limit=100, cursor=cursor, **query)
            yield from page["items"]
            if not (cursor := page.json.get("next")):
                return

    def post(self, path: str, body: dict | None = None, key: str | None = None) -> Answer:
        """Posts under an idempotency key, a new one by default."""
        return self._call("POST", path, body, _keyed(key))

    def put(self, path: str, body: dict, etag: str | None = None) -> Answer:
        return self._call("PUT", path, body, {"If-Match": etag} if etag else {})

    def patch(self, path: str, body: dict, etag: str) -> Answer:
        return self._call("PATCH", path, body, {"If-Match": etag, **_keyed()})

    def delete(self, path: str, **query: str) -> Answer:
        return self._call("DELETE", f"{path}?{urlencode(query)}" if query else path, headers=_keyed())

    def _call(self, method: str, path: str, body: dict | None = None, headers: dict | None = None) -> Answer:
        token = self.user.token if self.user else None
        answer = self.client.request(method, path, token=token, json_body=body, headers=headers)
        if answer.status >= 400:
            raise Refused(f"{method} {path}", answer)
        return answer


def _keyed(key: str | None = None) -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid.uuid4())}
