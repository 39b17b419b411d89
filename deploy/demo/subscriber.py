"""A subscriber as an outsider writes one: an account of RabbitMQ that reads queues with the events of one tenant only."""

import base64
import json
import secrets
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

import pika
from pika.exceptions import ChannelClosedByBroker

from demo import kept
from suite import stack
from suite.events import EXCHANGE, Auditor, Received, connect


# The aggregate whose events no service records: the next one repeats what was lost.
UNRECORDED = "audience"
# As docs/events.md recommends.
LIMITS = {"max-connections": 8, "max-channels": 32}


def admit(slug: str) -> tuple[str, str]:
    """What the operator does for a subscriber: an account that reads its own queues, and limits for it."""
    user, secret = f"sub-{slug}", f"subscriber-{slug}"
    if kept.secret(secret) is None:
        kept.keep(secret, secrets.token_hex(16))
    password = kept.secret(secret)
    host = quote(urlsplit(stack.ENVIRONMENT["GUICHET_SUITE_AMQP_URL"]).path.lstrip("/"), safe="")
    _manage(f"users/{user}", {"password": password, "tags": ""})
    _manage(f"permissions/{host}/{user}", {"configure": "^$", "write": "^$", "read": rf"^sub\.{slug}\."})
    for limit, value in LIMITS.items():
        _manage(f"user-limits/{user}/{limit}", {"value": value})
    return user, password


def _manage(path: str, definition: dict) -> None:
    url = urlsplit(stack.ENVIRONMENT["GUICHET_TEST_AMQP_MANAGEMENT_URL"])
    login = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    request = urllib.request.Request(
        f"{url.scheme}://{url.hostname}:{url.port}/api/{path}", json.dumps(definition).encode(),
        {"Authorization": f"Basic {login}", "Content-Type": "application/json"}, method="PUT")
    urllib.request.urlopen(request, timeout=10).close()


class Subscriber(Auditor):
    """Consumes all events of one tenant with the subscriber's own account."""

    def __init__(self, slug: str):
        self.user, password = admit(slug)
        super().__init__(
            slug, topic="#", queue=f"sub.{slug}.demo", credentials=pika.PlainCredentials(self.user, password))

    def refusals(self, keys: Iterable[str]) -> list[int | None]:
        """How the broker answers when the subscriber binds these keys: a reply code each, or None where it may."""
        answers: list[int | None] = []
        for key in keys:
            connection = connect(credentials=self.credentials)
            try:
                connection.channel().queue_bind(self.queue, EXCHANGE, key)
                answers.append(None)
                connection.channel().queue_unbind(self.queue, EXCHANGE, key)
            except ChannelClosedByBroker as closed:
                answers.append(closed.reply_code)
            connection.close()
        return answers

    def missing(self, ids: set[str], seconds: float = 15) -> set[str]:
        """Waits until all these events have come; returns those that have not."""
        deadline = time.monotonic() + seconds
        while (missing := ids - self.ids) and time.monotonic() < deadline:
            time.sleep(0.05)
        return missing

    @property
    def ids(self) -> set[str]:
        return {event.id for event in list(self.events)}

    @property
    def recorded(self) -> list[Received]:
        """The events that the services have recorded."""
        return [event for event in list(self.events) if event.subject.partition("/")[0] != UNRECORDED]

    def gaps(self) -> list[tuple[str, str]]:
        """The aggregates (appointments, days, the calendar, …) whose versions did not come one after the other."""
        return [aggregate for aggregate, seen in self._versions().items()
                if any(later != earlier + 1 for earlier, later in zip(seen, seen[1:]))]

    def aggregates(self) -> Counter[str]:
        """The number of aggregates that the events belong to, by kind."""
        return Counter(subject.split("/")[0] for _, subject in self._versions())

    def _versions(self) -> dict[tuple[str, str], list[int]]:
        versions: dict[tuple[str, str], list[int]] = {}
        for event in self.recorded:
            versions.setdefault((event.event.get_source(), event.subject), []).append(event.sequence)
        return versions

    def of_kind(self, kind: str) -> list[Received]:
        """The events of a type, without its prefix and version (`booking.appointment.confirmed`)."""
        return [event for event in list(self.events) if event.event.get_type() == f"guichet.{kind}.v1"]

    def delays(self, source: str) -> list[float]:
        """The seconds from the writing of each event of a source to its arrival."""
        return [event.arrived - event.event.get_time().timestamp()
                for event in list(self.events) if event.event.get_source() == source]

    def await_event(
        self, kind: str, is_wanted: Callable[[Received], bool], seconds: float = 15
    ) -> Received | None:
        """The first event of a type that is wanted; None when it does not come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := next(filter(is_wanted, self.of_kind(kind)), None):
                return found
            time.sleep(0.02)
        return None
