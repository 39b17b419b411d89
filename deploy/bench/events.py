"""How soon and how fast events reach a subscriber."""

import json
import threading
import time
from datetime import datetime
from typing import Self

import pika

from bench.place import Place
from suite import database, stack
from suite.events import EXCHANGE


class Subscriber:
    """Notes when each event of a tenant's appointments arrives, from `with` on."""

    def __init__(self, tenant: str):
        self.arrivals: list[tuple[float, bytes]] = []
        self._connection = pika.BlockingConnection(
            pika.URLParameters(stack.ENVIRONMENT["GUICHET_SUITE_AMQP_URL"]))
        self._channel = self._connection.channel()
        queue = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(queue, EXCHANGE, f"{tenant}.booking.appointment.#")
        self._channel.basic_consume(queue, self._receive, auto_ack=True)
        self._thread = threading.Thread(target=self._channel.start_consuming, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.add_callback_threadsafe(self._channel.stop_consuming)
        self._thread.join()
        self._connection.close()

    def await_events(self, count: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while len(self.arrivals) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(self.arrivals)} of {count} events came within {seconds} s")
            time.sleep(0.05)

    def delays(self) -> list[float]:
        """Milliseconds from the time that an event states, which is before its commit, to its arrival; sorted."""
        return sorted(
            (arrival - datetime.fromisoformat(json.loads(body)["time"]).timestamp()) * 1000
            for arrival, body in self.arrivals)

    def _receive(self, _channel: object, _method: object, _properties: object, body: bytes) -> None:
        self.arrivals.append((time.time(), body))


def drain(place: Place, count: int) -> float:
    """Events a second, when an outbox holds `count` unpublished events."""
    with Subscriber(place.tenant.slug) as subscriber:
        database.execute(
            "INSERT INTO outbox (event_id, aggregate, version, routing_key, body) "
            "SELECT gen_random_uuid(), 'backlog/' || number, 1, routing_key, body "
            f"FROM (SELECT routing_key, body FROM outbox WHERE aggregate LIKE 'appointment/%' LIMIT 1) AS model, "
            f"generate_series(1, {count}) AS number",
            place.schema)
        subscriber.await_events(count, seconds=120)
    times = [arrival for arrival, _ in subscriber.arrivals]
    return count / (times[-1] - times[0])
