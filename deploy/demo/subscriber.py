"""A subscriber as an outsider writes one: a RabbitMQ user of its own that reaches the events of one tenant only."""

import base64
import json
import secrets
import threading
import time
import urllib.request
from collections import Counter
from datetime import datetime
from urllib.parse import quote, urlsplit

import pika

EXCHANGE = "guichet.events"
BOOKING, AVAILABILITY = "/guichet/booking", "/guichet/availability"


def admit(installation, slug):
    """What the operator does for a subscriber: a user, permissions for its own queues, and the topic of its tenant."""
    user, secret = f"sub-{slug}", f"subscriber-{slug}"
    if installation.secret(secret) is None:
        installation.keep_secret(secret, secrets.token_hex(16))
    password = installation.secret(secret)
    host = quote(urlsplit(installation.broker).path.lstrip("/"), safe="")
    own = rf"^sub\.{slug}\."
    _manage(installation, f"users/{user}", {"password": password, "tags": ""})
    _manage(installation, f"permissions/{host}/{user}", {
        "configure": own, "write": own, "read": rf"^(guichet\.events$|sub\.{slug}\.)"})
    _manage(installation, f"topic-permissions/{host}/{user}", {
        "exchange": EXCHANGE, "write": "^$", "read": rf"^{slug}\."})
    return user, password


def _manage(installation, path, definition):
    url = urlsplit(installation.broker_management)
    login = base64.b64encode(f"{url.username}:{url.password}".encode()).decode()
    request = urllib.request.Request(
        f"{url.scheme}://{url.hostname}:{url.port}/api/{path}", json.dumps(definition).encode(),
        {"Authorization": f"Basic {login}", "Content-Type": "application/json"}, method="PUT")
    urllib.request.urlopen(request, timeout=10).close()


class Subscriber:
    """Consumes the events of one tenant into `events`, each once however often it is delivered."""

    def __init__(self, installation, slug, user, password):
        url = urlsplit(installation.broker)
        self._parameters = pika.ConnectionParameters(
            url.hostname, url.port, url.path.lstrip("/"), pika.PlainCredentials(user, password))
        self.slug, self.queue = slug, f"sub.{slug}.demo"
        self.events, self.delays, self.repeated = {}, [], 0
        self._connection = self._open()
        channel = self._connection.channel()
        channel.queue_declare(self.queue, durable=True, arguments={"x-queue-type": "quorum"})
        channel.queue_purge(self.queue)  # what an interrupted morning left
        channel.queue_bind(self.queue, EXCHANGE, f"{slug}.#")
        channel.basic_qos(prefetch_count=100)
        channel.basic_consume(self.queue, self._receive)
        self._thread = threading.Thread(target=channel.start_consuming, daemon=True)
        self._channel = channel
        self._thread.start()

    def _open(self):
        return pika.BlockingConnection(self._parameters)

    def _receive(self, channel, delivery, _properties, body):
        event = json.loads(body)
        if event["id"] in self.events:
            self.repeated += 1
        else:
            if event["source"] == BOOKING:
                self.delays.append(time.time() - datetime.fromisoformat(event["time"]).timestamp())
            self.events[event["id"]] = event
        channel.basic_ack(delivery.delivery_tag)

    def refusals(self, keys):
        """How the broker answers when the subscriber binds these keys: a reply code each, or None where it may."""
        answers = []
        for key in keys:
            connection = self._open()
            try:
                connection.channel().queue_bind(self.queue, EXCHANGE, key)
                answers.append(None)
                connection.channel().queue_unbind(self.queue, EXCHANGE, key)
            except pika.exceptions.ChannelClosedByBroker as closed:
                answers.append(closed.reply_code)
            connection.close()
        return answers

    def await_events(self, ids, seconds=15):
        """Waits until all these events are here; returns those that are not."""
        deadline = time.monotonic() + seconds
        while (missing := [id for id in ids if id not in self.events]) and time.monotonic() < deadline:
            time.sleep(0.05)
        return missing

    def gaps(self):
        """The aggregates (appointments, days, the calendar, …) whose versions did not come one after the other."""
        return [aggregate for aggregate, seen in self._versions().items()
                if any(later != earlier + 1 for earlier, later in zip(seen, seen[1:]))]

    def aggregates(self):
        """How many appointments, days and so on the events are about, by kind."""
        return Counter(subject.split("/")[0] for _, subject in self._versions())

    def _versions(self):
        versions = {}
        for event in list(self.events.values()):
            versions.setdefault((event["source"], event["subject"]), []).append(int(event["sequence"]))
        return versions

    def told(self, kind):
        """The events of a type, without its prefix and version (`booking.appointment.confirmed`)."""
        return [event for event in list(self.events.values()) if event["type"] == f"guichet.{kind}.v1"]

    def await_event(self, kind, is_wanted, seconds=15):
        """The first event of a type that is the wanted one; None when it does not come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := next(filter(is_wanted, self.told(kind)), None):
                return found
            time.sleep(0.02)
        return None

    def close(self):
        """Stops, and takes the queue away: nobody would empty it."""
        self._connection.add_callback_threadsafe(self._channel.stop_consuming)
        self._thread.join()
        self._channel.queue_delete(self.queue)
        self._connection.close()
