"""Events of lines, published as Queue publishes them: with its account, and as often as wanted."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any, Self

import pika

from bench.lines import Lines
from suite.events import EXCHANGE, connect


class FeignedQueue:
    """Changes lines that are known to Realtime alone: the tables of Queue stay as they are."""

    def __init__(self, lines: Lines):
        self._lines = lines
        self._versions = [1] * lines.count
        self._called = [lines.called] * lines.count
        self._since = [_text(time.time())] * lines.count

    def __enter__(self) -> Self:
        self._connection = connect("queue")
        self._channel = self._connection.channel()
        # So the events of one change reach the broker together, as Queue publishes them.
        self._channel.tx_select()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call_next(self, queue: int) -> tuple[int, range]:
        """What a call publishes: the visit at the counter ends, the next ticket is called, and the turn of another one is
        near. Returns when it was published, in monotonic nanoseconds, and the versions."""
        before, now = self._called[queue], _text(time.time())
        self._called[queue], self._since[queue] = before + 1, now
        return self._publish(queue, [
            self._event(queue, "finished", self._ticket(queue, before, "finished"), now),
            self._event(queue, "called", self._ticket(queue, before + 1, "called", now), now),
            self._event(queue, "approached", self._ticket(queue, before + 4, "waiting"), now)])

    def change(self, queue: int, message: str | None = None, times: int = 1) -> tuple[int, range]:
        """The settings of the queue changed, or what it tells everyone, several times. Returns the same."""
        verb, now = "changed" if message is None else "announced", _text(time.time())
        return self._publish(queue, [self._event(queue, verb, None, now, message) for _ in range(times)])

    def _publish(self, queue: int, events: list[tuple[str, pika.BasicProperties, bytes]]) -> tuple[int, range]:
        for routing_key, properties, body in events:
            self._channel.basic_publish(EXCHANGE, routing_key, body, properties)
        begin, last = time.monotonic_ns(), self._versions[queue]
        self._channel.tx_commit()
        return begin, range(last - len(events) + 1, last + 1)

    def _event(
        self, queue: int, verb: str, ticket: dict | None, now: str, message: str | None = None,
    ) -> tuple[str, pika.BasicProperties, bytes]:
        self._versions[queue] += 1
        version, key, tenant = self._versions[queue], self._lines.queue(queue), self._lines.tenant.slug
        kind, id = f"guichet.queue.line.{verb}.v1", str(uuid.uuid4())
        data: dict[str, Any] = {"line": self._line(queue, message)} | ({"ticket": ticket} if ticket else {})
        event = {
            "specversion": "1.0", "id": id, "source": "/guichet/queue", "type": kind, "subject": f"line/{key}",
            "partitionkey": key, "sequence": f"{version:020}", "tenantid": tenant, "time": now, "correlationid": uuid.uuid4().hex,
            "datacontenttype": "application/json", "data": data}
        properties = pika.BasicProperties(
            content_type="application/cloudevents+json; charset=utf-8", type=kind, message_id=id, user_id="queue")
        return f"{tenant}.queue.line.{verb}.v1.0", properties, json.dumps(event, separators=(",", ":")).encode()

    def _line(self, queue: int, message: str | None) -> dict:
        called, counter = self._called[queue], self._lines.counter(queue)
        line = {
            "queue": self._lines.queue(queue), "name": f"Clinique {queue}", "isOpen": True, "nearAt": 2,
            "pace": {"typicalSeconds": 60, "slowSeconds": 60, "samples": 20},
            "counters": [{"id": counter, "label": "Cabinet 1", "isInService": True, "servingSince": self._since[queue]}],
            "calls": [
                {"ticket": self._lines.ticket(queue, called - place), "number": f"A{called - place:03}",
                 "counter": "Cabinet 1", "at": self._since[queue], "recalls": 0} for place in range(8)]}
        return line | ({"message": message} if message else {})

    def _ticket(self, queue: int, number: int, status: str, called: str | None = None) -> dict:
        joined = self._lines.since + number
        ticket = {
            "id": self._lines.ticket(queue, number), "number": f"A{number:03}", "status": status,
            "place": joined * 1000, "priority": "normal", "tokenDigest": self._lines.digest(queue, number),
            "joinedAt": _text(joined)}
        return ticket | ({"counter": "Cabinet 1", "calledAt": called} if called else {})


def _text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
