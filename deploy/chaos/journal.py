"""What the clients asked for and what was answered: the history that the verdict judges."""

import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from suite.http import Answer, Client, Unanswered
from suite.people import User

PATIENCE_SECONDS = 25
# For so long an attempt without an answer may still have its effect (docs/api.md), with a second for the way to the gateway.
DEADLINE_SECONDS = 11
RETRIED = {408, 429, 500, 502, 503, 504}
# Answers that say that nothing was done: the others of those above leave it open.
WITHOUT_EFFECT = {408, 429}


@dataclass
class Operation:
    """One intention of a client under one idempotency key, however often it is sent."""

    kind: str
    # None for what needs no account.
    user: User | None
    method: str
    path: str
    body: dict | None = None
    headers: dict[str, str] = field(default_factory=dict)
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    begun: float = 0
    ended: float = 0
    attempts: int = 0
    # An operation is unknown when no attempt got a definite answer in time.
    outcome: Literal["running", "ok", "fail", "unknown"] = "running"
    answer: Answer | None = None
    doubtful_until: float = 0

    def attempt(self, client: Client) -> None:
        """Sends it until the answer is definite or patience ends."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            self.attempts += 1
            sent = time.monotonic()
            try:
                self.answer = client.request(
                    self.method, self.path, token=self.user and self.user.token, json_body=self.body,
                    headers={**self.headers, "Idempotency-Key": self.key})
            except Unanswered:
                self.doubtful_until = sent + DEADLINE_SECONDS
            else:
                if self.answer.status < 300:
                    self.outcome = "ok"
                    return
                if not self._is_open and time.monotonic() >= self.doubtful_until:
                    self.outcome = "fail"
                    return
                if self._is_open and self.answer.status not in WITHOUT_EFFECT:
                    self.doubtful_until = sent + DEADLINE_SECONDS
            # A refusal counts once no earlier attempt can have its effect any more.
            time.sleep(0.2 if self.answer is None or self._is_open else max(0.2, self.doubtful_until - time.monotonic()))
        self.outcome = "unknown" if self.doubtful_until else "fail"

    def resolve(self, client: Client) -> None:
        """Asks again once nothing else is under way: what is answered now is what happened."""
        self.doubtful_until = 0
        self.attempt(client)
        self.ended = time.monotonic()

    @property
    def _is_open(self) -> bool:
        return self.answer.status in RETRIED or b"idempotency-key-in-use" in self.answer.body


class Journal:
    """All operations, in the order in which they began."""

    def __init__(self):
        self.operations: list[Operation] = []
        self.acknowledged_at: list[float] = []
        self.strange: Counter[str] = Counter()
        self._lock = threading.Lock()

    def perform(self, operation: Operation, client: Client) -> Operation:
        operation.begun = time.monotonic()
        with self._lock:
            self.operations.append(operation)
        operation.attempt(client)
        operation.ended = time.monotonic()
        with self._lock:
            if operation.outcome == "ok":
                self.acknowledged_at.append(operation.ended)
            elif operation.answer is not None and operation.answer.status in (401, 403, 404, 422, 500):
                self.strange[f"{operation.kind}: {operation.answer!r}"[:300]] += 1
        return operation

    def of(self, *kinds: str) -> list[Operation]:
        return [operation for operation in self.operations if operation.kind in kinds]

    @property
    def unknown(self) -> list[Operation]:
        return [operation for operation in self.operations if operation.outcome == "unknown"]

    def longest_silence(self, begin: float, end: float) -> float:
        """The longest time without a successful answer."""
        times = sorted([begin, end, *(t for t in list(self.acknowledged_at) if begin < t < end)])
        return max(later - earlier for earlier, later in zip(times, times[1:]))
